"""The web inside the server's process: waitress on threads of its own."""

import logging
import time
from collections.abc import Callable
from pathlib import Path
from threading import Event, Thread
from typing import Any

from flask import Flask
from waitress import wasyncore
from waitress.adjustments import Adjustments
from waitress.task import ThreadedTaskDispatcher

from server.site.connection_settings import WebSettings
from server.web import bodies
from server.web.connections import CONNECTIONS, LOOK_S, BoundedListener, Bounds, Connection

log = logging.getLogger(__name__)

SPARE_THREADS = 16
"""On top of one thread for each open stream: what answers pages."""
MAX_HEADER = 32 * 1024
PROXY = "127.0.0.1"
"""Where a proxy with HTTPS is believed to be, and to say who asks."""
STOP_TIMEOUT_S = 2.0


class WebServer:
    """Answers HTTP from `start` to `stop`; the folder `spool` is for bodies that are too large for the memory."""

    def __init__(
        self,
        app: Flask,
        settings: WebSettings,
        *,
        monotonic_s: Callable[[], float] = time.monotonic,
        spool: Path | None = None,
    ) -> None:
        # it tells of every live page that was closed, and of every queue of two
        logging.getLogger("waitress").setLevel(logging.ERROR)
        adjustments = _adjustments(settings)
        self._map: dict[int, Any] = {}
        self._dispatcher = ThreadedTaskDispatcher()
        self._dispatcher.set_thread_count(adjustments.threads)
        self._bounds = Bounds(self._map, settings.per_address, monotonic_s, PROXY if settings.behind_tls else None)
        self._listeners = [
            BoundedListener(
                app,
                lambda environ: bodies.allowed(app, environ),
                monotonic_s,
                spool,
                map=self._map,
                dispatcher=self._dispatcher,
                adj=adjustments,
                sockinfo=where,
            )
            for where in adjustments.listen
        ]
        self._stopping = Event()
        self._thread = Thread(target=self._run, name="web", daemon=True)

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._listeners[0].effective_port)

    @property
    def connections(self) -> list[Connection]:
        """All that are open, the oldest first."""
        return self._bounds.connections

    def start(self) -> None:
        """Begins to answer."""
        self._thread.start()
        for listener in self._listeners:
            log.info("dashboard host=%s port=%s", listener.effective_host, listener.effective_port)

    def stop(self) -> None:
        """Ends; open streams are cut."""
        self._stopping.set()
        self._listeners[0].pull_trigger()
        self._thread.join(STOP_TIMEOUT_S)
        self._dispatcher.shutdown(timeout=1)
        wasyncore.close_all(self._map)

    def _run(self) -> None:
        while not self._stopping.is_set():
            wasyncore.poll2(LOOK_S, self._map)  # not by select(): it knows no more than 1,024 files
            self._bounds.look()
        for connection in self.connections:
            connection.handle_close()


def _adjustments(settings: WebSettings) -> Adjustments:
    behind_proxy = {"trusted_proxy": PROXY, "trusted_proxy_count": 1, "trusted_proxy_headers": "x-forwarded-for"}
    return Adjustments(
        host=settings.host,
        port=settings.port,
        threads=settings.streams + SPARE_THREADS,
        connection_limit=CONNECTIONS * 2,  # never reached: room is made before
        channel_request_lookahead=1,  # lets a stream see that its page is gone
        max_request_header_size=MAX_HEADER,
        max_request_body_size=bodies.SMALL + 1,
        inbuf_overflow=bodies.LARGEST + 1,  # what is larger goes to the disk, in `spool`
        url_scheme="https" if settings.behind_tls else "http",
        ident=None,
        clear_untrusted_proxy_headers=True,
        **(behind_proxy if settings.behind_tls else {}),
    )
