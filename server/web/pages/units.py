"""Units at the desk: what each says of itself, and for admins adding one, making its card again, removing it."""

from collections.abc import Mapping
from typing import NamedTuple

from flask import Blueprint, Response, abort, render_template, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response as Answer

from server.accounts.work import Work
from server.cards.unit_cards import UnitCards
from server.publishing.changes import Topic
from server.site import key_rotation
from server.store.database import Database
from server.store.people import badge_keys
from server.store.people.badges import BadgeAssignment
from server.store.people.changes import State
from server.store.units import units
from server.store.units.units import Unit
from server.web.access import open_to_admins
from server.web.operator_actions import ActionOutcome, carry_out, redirect_to, tell
from server.web.parts import digest, live_parts
from server.web.place import the_place
from server.web.reading import the_books
from server.web.texts import gettext as _
from server.web.texts import ngettext
from server.web.unit_findings import shown_findings

pages = Blueprint("units", __name__, url_prefix="/units")

CHANGED_BY: Mapping[Topic, tuple[str, ...]] = {"unit": ("state",), "line": ("state",), "people": ("state",)}
"""Which parts of a unit's page to look at again when something rings."""


@pages.get("/")
def every() -> str:
    """All of them; after one that had door keys was removed, with the offer of new ones."""
    removed = request.args.get("removed", "")
    return render_template(
        "units.html", units=units.every(the_books()), broker_up=the_place().line.is_up, removed=removed
    )


@pages.get("/<name>")
def show(name: str) -> str:
    """One unit: its state and what it finds, live."""
    unit, html = units.find(the_books(), name), _state(name)
    held = _held_by(unit, the_books())
    return render_template(
        "unit.html",
        unit=unit,
        state=Markup(html),
        digest=digest(html),
        held=len(held),
        holders=key_rotation.holders(the_books(), held),
        rotates=the_place().site_keys().former is not None,
    )


@pages.get("/<name>/parts/<part>")
def part(name: str, part: str) -> str:
    """The live part of its page, as it is now."""
    if part != "state":
        abort(404)
    return _state(name)


@pages.get("/<name>/live")
def live(name: str) -> Response:
    """When to look at its page again, until the login is over."""
    units.find(the_books(), name)
    return live_parts(CHANGED_BY, lambda: {"state": _state(name)})


@pages.post("/<name>/remove")
@open_to_admins
def remove(name: str) -> Answer:
    """Takes it out of the place: the broker refuses it from now on; what it reported stays."""
    rotates = bool(request.form.get("rotate"))
    done = carry_out("unit.remove", _remove, name=name, cards=the_place().cards, rotates=rotates).result
    text = _("%(unit)s is removed: it is shut out.", unit=name)
    if done.held:
        text += " " + ngettext(
            "It had the door key of %(num)d badge: %(holders)s.",
            "It had the door keys of %(num)d badges: %(holders)s.",
            done.held,
            holders=done.holders,
        )
    if done.version:
        text += " " + _("Version %(version)s of the badge keys is given out from now on.", version=done.version)
    tell(text, undo=url_for("units.restore", name=name))
    offers_keys = done.held and not done.version and the_place().site_keys().former is None
    return redirect_to(url_for("units.every", removed=name if offers_keys else None))


class _Removed(NamedTuple):
    """How many badges' door keys the unit had, and whose; the version of the keys that began, if one did."""

    held: int
    holders: str
    version: int | None


def _remove(work: Work, *, name: str, cards: UnitCards, rotates: bool) -> ActionOutcome[_Removed]:
    """A rotation that goes on already keeps no stolen unit in the place: another one is begun once it is finished."""
    removed = units.find(work.db, name)
    held = _held_by(removed, work.db)
    units.remove(work.db, name, now=work.now)
    begins = rotates and cards.site.badge_keys.former is None
    version = key_rotation.rotate(work.db, cards.site.secrets_folder, work.now).present if begins else None
    cards.shut_out(name)  # the last: it cannot be taken back with what the books hold
    done = _Removed(len(held), key_rotation.holders(work.db, held), version)
    return ActionOutcome(
        done, subject=name, before=state_of(removed), after={"key_version": version} if version else None
    )


def _held_by(unit: Unit, db: Database) -> list[BadgeAssignment]:
    """The badges whose door keys it was told."""
    return [] if unit.kind == "room" else badge_keys.with_door_keys(db)


@pages.post("/<name>/restore")
@open_to_admins
def restore(name: str) -> Answer:
    """Takes the removal back."""
    is_let_in = carry_out("unit.restore", _restore, name=name, cards=the_place().cards).result
    if is_let_in:
        tell(_("%(unit)s is back.", unit=name))
    else:
        tell(_("%(unit)s is back, but its card is not: make it again.", unit=name))
    return redirect_to(url_for("units.show", name=name))


def _restore(work: Work, *, name: str, cards: UnitCards) -> ActionOutcome[bool]:
    restored = units.restore(work.db, name)
    return ActionOutcome(cards.let_in(name), subject=name, after=state_of(restored))


def state_of(unit: Unit) -> State:
    """What is written down of a unit."""
    return {"kind": unit.kind, "room": unit.room}


def _state(name: str) -> str:
    unit = units.find(the_books(), name)
    found = shown_findings(unit.state)
    return render_template("unit/state.html", unit=unit, findings=found, broker_up=the_place().line.is_up)
