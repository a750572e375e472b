"""`poincon setup` while it runs: the page is there until the place is made, and a moment longer."""

import logging
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType

from device.contract.instant import Instant
from server.errors import Refusal
from server.setup.app import create_setup_app, is_followed, is_made
from server.setup.new_place import clear_unfinished, has_place, is_unfinished
from server.site.connection_settings import WebSettings
from server.web.serving import WebServer

log = logging.getLogger(__name__)

LOOK_S = 0.2
FOLLOWED_WITHIN_S = 60.0
"""So long the page stays for a browser whose script does not ask for the desk."""
LAST_ANSWER_S = 1.0
"""What was answered last is on its way."""


def serve_setup(folder: Path, host: str, port: int, now: Callable[[], Instant]) -> bool:
    """Serves the page until the place is made, or SIGTERM; whether it was made. Raises `Refusal` where there is one."""
    if has_place(folder) and not is_unfinished(folder):
        raise Refusal("folder_has_place", folder=folder)
    folder.mkdir(parents=True, exist_ok=True)
    clear_unfinished(folder)
    logging.basicConfig(level=logging.INFO, stream=sys.stderr, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    app = create_setup_app(folder, now)
    made, followed = is_made(app), is_followed(app)
    is_told = False

    def stop(number: int, frame: FrameType | None) -> None:
        nonlocal is_told
        is_told = True

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    web = WebServer(app, WebSettings(host=host, port=port, streams=4), spool=folder)
    web.start()
    log.info("waiting for a place folder=%s port=%s", folder, web.port)
    while not is_told and not made.wait(LOOK_S):
        pass
    until_s = time.monotonic() + FOLLOWED_WITHIN_S
    while made.is_set() and not is_told and not followed.wait(LOOK_S) and time.monotonic() < until_s:
        pass
    if followed.is_set():
        time.sleep(LAST_ANSWER_S)
    web.stop()
    return made.is_set()
