"""A unit's card at the desk: asked for in a form, downloaded once, made at that moment. For admins."""

import tempfile
from typing import get_args

from flask import Blueprint, make_response, render_template, request, send_file, url_for
from werkzeug.wrappers import Response

from device.contract.messages import UnitKind
from server.accounts.work import Work
from server.cards.card import MachineCard, unit_host
from server.cards.first_start import FirstStart, wifi_of
from server.cards.unit_cards import UnitCards, UnitWish
from server.cards.writing import write_zip
from server.errors import Refusal
from server.site.unit_card import PROFILES, USUAL_PROFILE, Readers
from server.store.units import units
from server.store.units.units import Unit
from server.web.access import open_to_admins
from server.web.language import beside
from server.web.operator_actions import ActionOutcome, carry_out, redirect_to, tell, tell_fault
from server.web.pages.units import state_of
from server.web.place import the_place, the_wishes
from server.web.reading import the_books
from server.web.texts import gettext as _

pages = Blueprint("unit_cards", __name__, url_prefix="/units")

KINDS: tuple[UnitKind, ...] = get_args(UnitKind)
READERS: tuple[Readers, ...] = get_args(Readers)
BLANK = {"name": "", "kind": "door", "room": "", "readers": "both", "profile": USUAL_PROFILE, "wifi": ""}
"""What the form has at first; a Wi-Fi password is never shown again."""
LONGEST = 200

FAULTS = {"name": "name", "room": "room", "wifi": "wifi", "wifi_password": "wifi_password"}


@pages.get("/new")
@open_to_admins
def new() -> str:
    """The form for a new unit."""
    return _form(BLANK)


@pages.post("/new")
@open_to_admins
def add() -> Response:
    """A new unit in the books; its card waits to be downloaded."""
    typed = _typed()
    kind = next((known for known in KINDS if known == typed["kind"]), KINDS[0])
    room = typed["room"] or None if kind == "room" else None
    try:
        wish = _wish(typed)
        added = carry_out("unit.add", _add, name=typed["name"], kind=kind, room=room).result
    except Refusal as refusal:
        return make_response(_form(typed, faults=beside(refusal, FAULTS)), 422)
    the_wishes().keep(added.name, wish, the_place().now())
    tell(_("%(unit)s belongs to the place.", unit=added.name), undo=url_for("units.remove", name=added.name))
    return redirect_to(url_for("unit_cards.show", name=added.name))


def _add(work: Work, *, name: str, kind: UnitKind, room: str | None) -> ActionOutcome[Unit]:
    added = units.add(work.db, name, kind, room=room, now=work.now)
    return ActionOutcome(added, subject=name, after=state_of(added))


@pages.get("/<name>/card/new")
@open_to_admins
def again(name: str) -> str:
    """The form for another card of a unit: the former one was lost, or its hardware is another."""
    return _form(BLANK, units.find(the_books(), name))


@pages.post("/<name>/card/new")
@open_to_admins
def ask_again(name: str) -> Response:
    """The card waits to be downloaded; the former one is good until then."""
    unit, typed = units.find(the_books(), name), _typed()
    try:
        wish = _wish(typed)
    except Refusal as refusal:
        return make_response(_form(typed, unit, faults=beside(refusal, FAULTS)), 422)
    the_wishes().keep(name, wish, the_place().now())
    return redirect_to(url_for("unit_cards.show", name=name))


@pages.get("/<name>/card")
@open_to_admins
def show(name: str) -> str:
    """The card, if it waits, and the steps from here to a unit that works."""
    unit, place = units.find(the_books(), name), the_place()
    return render_template(
        "unit_card.html",
        unit=unit,
        waits=the_wishes().waits(name, place.now()),
        has_program=place.cards.release is not None,
        is_for_this_machine=place.settings.broker.is_loopback,
    )


@pages.post("/<name>/card")
@open_to_admins
def download(name: str) -> Response:
    """The card as a ZIP, once: its key is made now, and nowhere kept."""
    units.find(the_books(), name)
    wish = the_wishes().take(name, the_place().now())
    if wish is None:
        tell_fault(_("That card was downloaded already, or waited too long: make it again."))
        return redirect_to(url_for("unit_cards.show", name=name))
    card = carry_out("unit.card", _make, name=name, wish=wish, cards=the_place().cards).result
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the answer closes it
    write_zip(card, file)
    file.seek(0)
    answer = send_file(file, "application/zip", as_attachment=True, download_name=f"{unit_host(name)}.zip")
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _make(work: Work, *, name: str, wish: UnitWish, cards: UnitCards) -> ActionOutcome[MachineCard]:
    card = cards.make(units.find(work.db, name), wish)
    return ActionOutcome(card, subject=name, after={"readers": wish.readers, "profile": wish.profile})


def _wish(typed: dict[str, str]) -> UnitWish:
    password = request.form.get("wifi_password", "")[:LONGEST]
    wifi = wifi_of(typed["wifi"], password) if typed["wifi"] else None
    readers = next((known for known in READERS if known == typed["readers"]), READERS[0])
    profile = typed["profile"] if typed["profile"] in PROFILES else USUAL_PROFILE
    return UnitWish(readers, profile, FirstStart(wifi=wifi))


def _typed() -> dict[str, str]:
    return {key: request.form.get(key, "").strip()[:LONGEST] for key in BLANK}


def _form(typed: dict[str, str], unit: Unit | None = None, faults: dict[str, str] | None = None) -> str:
    return render_template(
        "unit_new.html",
        typed=typed,
        unit=unit,
        faults=faults or {},
        rooms=the_place().settings.rooms,
        kinds=KINDS,
        readers=READERS,
        profiles=PROFILES,
    )
