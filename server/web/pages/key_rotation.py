"""The rotation of the badge keys at the desk, for admins: what it means, begun, how far it is, finished."""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from flask import Blueprint, abort, render_template, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from server.accounts.work import Work
from server.errors import Refusal
from server.publishing.changes import Topic
from server.site import key_rotation
from server.store.people import badge_keys, members
from server.store.people.badge_keys import LeftBadge
from server.web.access import open_to_admins
from server.web.language import told
from server.web.operator_actions import ActionOutcome, carry_out, redirect_to, tell, tell_fault
from server.web.parts import digest, live_parts
from server.web.place import the_place
from server.web.reading import the_books
from server.web.texts import gettext as _
from server.web.texts import ngettext

pages = Blueprint("key_rotation", __name__, url_prefix="/badges/keys")


class _Left(NamedTuple):
    """A badge that still holds the former keys."""

    badge: LeftBadge
    name: str


PARTS = ("count", "deed", "left")
"""How far it is, what can be done next, and whose badges are left: the first is read out as it changes."""
CHANGED_BY: Mapping[Topic, tuple[str, ...]] = {"card": PARTS, "people": PARTS}


@pages.get("/")
@open_to_admins
def show() -> str:
    """What a rotation does, or how far the one is that goes on, live."""
    return render_template(
        "badges/keys.html", parts={name: (Markup(html), digest(html)) for name, html in _rendered().items()}
    )


@pages.get("/parts/<name>")
@open_to_admins
def part(name: str) -> str:
    """One live part of the page, as it is now."""
    if name not in PARTS:
        abort(404)
    return _rendered()[name]


@pages.get("/live")
@open_to_admins
def live() -> Response:
    """Which parts changed, until the login is over."""
    return live_parts(CHANGED_BY, _rendered)


def _rendered() -> dict[str, str]:
    db, keys = the_books(), the_place().site_keys()
    names = members.names(db)
    left = badge_keys.left_on(db, keys.former) if keys.former is not None else []
    counts = badge_keys.counts(db, keys.present)
    facts = {
        "site_keys": keys,
        "left": [_Left(badge, names.get(badge.member or 0, "")) for badge in left],
        "moved": sum(number for (scheme, held), number in counts.items() if scheme != "uid" and held == keys.present),
    }
    return {name: render_template(f"badges/keys/{name}.html", **facts) for name in PARTS}


@pages.post("/begin")
@open_to_admins
def begin() -> Response:
    """From now on badges are given the new version; those that have the former one open as before."""
    return _carried_out("keys.rotate", rotating=True)


@pages.post("/finish")
@open_to_admins
def finish() -> Response:
    """The former version opens nothing any more; badges that still hold it only where that is meant."""
    return _carried_out("keys.finish", rotating=False)


def _carried_out(what: str, *, rotating: bool) -> Response:
    secrets = _secrets()
    try:
        if rotating:
            carry_out(what, _rotate, secrets=secrets)
            tell(_("New badge keys are given out from now on."))
        else:
            is_meant = bool(request.form.get("even_with_badges"))
            left = carry_out(what, _finish, secrets=secrets, even_with_badges=is_meant).result
            tell(_finished(left))
    except Refusal as refusal:  # another tab, or somebody else, was quicker: the page says how it stands
        tell_fault(told(refusal))
    return redirect_to(url_for("key_rotation.show"))


def _finished(left: int) -> str:
    text = _("The former badge keys are over.")
    if not left:
        return text
    number = ngettext("%(num)d badge opens nothing any more.", "%(num)d badges open nothing any more.", left)
    return f"{text} {number}"


def _secrets() -> Path:
    return the_place().cards.site.secrets_folder


def _rotate(work: Work, *, secrets: Path) -> ActionOutcome[None]:
    keys = key_rotation.rotate(work.db, secrets, work.now)
    return ActionOutcome(None, before={"key_version": keys.former}, after={"key_version": keys.present})


def _finish(work: Work, *, secrets: Path, even_with_badges: bool) -> ActionOutcome[int]:
    left = key_rotation.finish(work.db, secrets, work.now, even_with_badges=even_with_badges)
    return ActionOutcome(len(left), after={"refused": len(left)})
