"""The page for who has a backup instead of a new place: its file, and the key from the safe."""

import tempfile
from pathlib import PurePosixPath, PureWindowsPath
from typing import IO, BinaryIO, cast
from zoneinfo import ZoneInfo

from flask import Blueprint, Request, Response, make_response, render_template, request
from werkzeug.exceptions import RequestEntityTooLarge

from device.contract.instant import Instant
from server.errors import Refusal
from server.i18n.speech import Speech
from server.setup.former_place import SentBackup, restore_sent
from server.setup.new_place import WrongField, proposed_host
from server.setup.state import over, said, the_setup
from server.site.backup import FULL
from server.site.connection_settings import is_loopback
from server.site.folder import SiteFolder
from server.store import copies
from server.store.database import open_database
from server.web.access import open_to_all
from server.web.bodies import takes_up_to
from server.web.body_on_disk import BodyLost
from server.web.texts import language

GIB = 1 << 30
MOST = 4 * GIB
LONGEST_KEY, LONGEST_NAME = 1_000, 100

pages = Blueprint("restore", __name__)


class SetupRequest(Request):
    """Keeps a file that is sent where there is room for it: on the disk of the place, without a name."""

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        folder = the_setup().folder
        return tempfile.TemporaryFile(dir=folder if folder.exists() else folder.parent)


def receive() -> Response | None:
    """Takes in what is sent to this page, before anything else reads it; answers where that is not to be had."""
    if request.endpoint != "restore.bring_back":
        return None
    if the_setup().is_over:
        return over()
    try:
        _ = request.form
    except RequestEntityTooLarge:
        return _form({"file": said(Refusal("sent_file_too_large", most=MOST // GIB))}, 413)
    except (BodyLost, OSError) as error:
        failure = error.failure if isinstance(error, BodyLost) else error
        if failure.errno not in FULL:
            raise
        return _form({"file": said(Refusal("disk_full", folder=the_setup().folder.absolute()))}, 507)
    return None


@pages.get("/restore")
def show() -> Response:
    """The form, while there is no place."""
    return over() if the_setup().is_over else _form()


@pages.post("/restore")
@open_to_all
@takes_up_to(MOST)
def bring_back() -> Response | str:
    """Brings the place back; of two that are sent at once the second is refused."""
    setup = the_setup()
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        return _form({"file": said(Refusal("no_backup_chosen"))}, 422)
    backup = SentBackup(cast(BinaryIO, sent.stream), _plain_name(sent.filename))
    with setup.making:
        if setup.is_over:
            return over()
        try:
            made = restore_sent(setup.folder, backup, request.form.get("key", "")[:LONGEST_KEY], setup.now())
        except WrongField as wrong:
            return _form({wrong.field: said(wrong.refusal)}, 422)
        setup.made.set()
    return _done(made)


def _form(faults: dict[str, str] | None = None, status: int = 200) -> Response:
    # who mistyped one of its 74 signs, or took the wrong file, does not type them all again
    key = "" if status in (413, 507) else request.form.get("key", "")[:LONGEST_KEY]
    return make_response(render_template("restore.html", key=key, faults=faults or {}, most=MOST // GIB), status)


def _done(made: SiteFolder) -> str:
    site, host = made.settings.site, made.settings.broker.host
    with open_database(made.database_path) as db:
        known = copies.newest(db)
    newest = max((at for at in (known.sold_at, known.heard_at) if at is not None), default=None)
    return render_template(
        "restore_done.html",
        name=site.name,
        newest=_on_the_wall(newest, ZoneInfo(site.timezone)) if newest else None,
        host=host,
        is_found=is_loopback(host) or host == proposed_host(),
    )


def _on_the_wall(at: Instant, zone: ZoneInfo) -> dict[str, str]:
    speech, local = Speech(language()), at.astimezone(zone)
    return {"day": speech.full_date(local.date()), "time": speech.clock(local)}


def _plain_name(name: str) -> str:
    """What the file is called, without its folders."""
    plain = PureWindowsPath(PurePosixPath(name).name).name
    return "".join(sign for sign in plain if sign.isprintable())[:LONGEST_NAME] or "?"
