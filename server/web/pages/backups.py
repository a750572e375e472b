"""Backups at the desk, for admins: the newest one to carry elsewhere, and another key to seal with, shown once."""

from pathlib import Path
from typing import NamedTuple

from flask import Blueprint, make_response, render_template, request, send_file, url_for
from werkzeug.wrappers import Response

from server.accounts.work import Work
from server.backups import sealing
from server.backups.carried import SealedBackup, carried_at, newest_sealed, note_carried
from server.site.folder import SiteFolder
from server.web.access import open_to_admins
from server.web.login_tries import TooSoon
from server.web.operator_actions import ActionOutcome, carry_out, redirect_to, tell_fault
from server.web.pages.login import LONGEST_PASSWORD, is_own_password, slowed, too_soon
from server.web.place import the_place
from server.web.texts import gettext as _

pages = Blueprint("backups", __name__, url_prefix="/backups")


class _Kept(NamedTuple):
    """What the page shows."""

    newest: SealedBackup | None
    has_key: bool


@pages.get("/")
@open_to_admins
def show() -> str:
    """What there is, what to carry elsewhere, and the key."""
    place = the_place()
    return render_template("backups.html", copies=place.copies(), kept=_kept(), carried_at=carried_at(_site().folder))


@pages.post("/newest")
@open_to_admins
def download() -> Response:
    """The newest sealed backup, as it lies there; that it was taken is written down before it goes."""
    newest = _kept().newest
    if newest is None:
        tell_fault(_("There is no sealed backup to download."))
        return redirect_to(url_for("backups.show"))
    carry_out("backup.download", _note_download, file=newest.path.name)
    note_carried(_site().folder, the_place().now())
    answer = send_file(
        newest.path.absolute(),
        "application/octet-stream",
        as_attachment=True,
        download_name=newest.path.name,
        conditional=False,
        etag=False,
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _note_download(_work: Work, *, file: str) -> ActionOutcome[None]:
    return ActionOutcome(None, subject=file)


@pages.get("/key")
@open_to_admins
def ask_for_key() -> str:
    """What another key means, and the form that asks for it."""
    return _key_form({})


@pages.post("/key")
@open_to_admins
def make_key() -> Response:
    """Another key, for who knows the password of this login: whoever has it opens every backup from now on."""
    try:
        is_right = is_own_password(request.form.get("password", "")[:LONGEST_PASSWORD])
    except TooSoon as soon:
        return slowed(_key_form({"password": too_soon(soon)}), soon)
    if not is_right:
        return make_response(_key_form({"password": _("That is not your present password.")}), 422)
    pair, site = sealing.make_key(), _site()
    former = sealing.public_key(site)
    carry_out("backup.key", _note_key, public=pair.public, former=former)
    sealing.use_key(site, pair)  # once the books say so: a key that nobody was shown must never be sealed with
    return make_response(render_template("backup_key.html", key=pair.private, had_one=former is not None))


def _note_key(_work: Work, *, public: str, former: str | None) -> ActionOutcome[None]:
    return ActionOutcome(None, before={"key": former}, after={"key": public})


def _key_form(faults: dict[str, str]) -> str:
    return render_template("backup_key_new.html", faults=faults, has_key=_kept().has_key)


def _kept() -> _Kept:
    return _Kept(newest_sealed(the_place().copies().backup), sealing.public_key(_site()) is not None)


def _site() -> SiteFolder:
    return SiteFolder(Path(the_place().database_path).parent)
