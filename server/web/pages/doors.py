"""Orders to doors: open once, free passage until an hour, locked, as usual. What the door answers is waited for."""

import logging
import sqlite3
from datetime import datetime
from functools import partial
from typing import Any, Literal
from zoneinfo import ZoneInfo

from flask import Blueprint, request, url_for
from werkzeug.wrappers import Response

from device.contract.instant import Instant
from device.contract.messages import DoorMode
from server.accounts.work import Work
from server.desk.context import ServerContext
from server.desk.door_link import DeskDoorLink
from server.errors import Refusal, Undecided
from server.mqtt.door_command import command_door
from server.store.people.changes import State
from server.store.units import door_modes, units
from server.store.units.units import Unit
from server.web.access import the_operator
from server.web.formats import clock
from server.web.language import told
from server.web.operator_actions import (
    ActionOutcome,
    back,
    carry_out,
    may_come_about,
    order_to_books,
    tell,
    tell_fault,
)
from server.web.place import the_place
from server.web.reading import the_books, the_reading
from server.web.texts import gettext as _

log = logging.getLogger(__name__)

pages = Blueprint("doors", __name__, url_prefix="/doors")


def doors_now() -> dict[str, Any]:
    """What the desk's part is made from."""
    place, db = the_place(), the_books()
    known = units.every(db)
    return {
        "doors": [unit for unit in known if unit.kind == "door"],
        "others": [unit for unit in known if unit.kind != "door"],
        "modes": door_modes.in_force(db, place.now()),
        "broker_up": place.line.is_up,
    }


@pages.post("/<name>/open")
def open_once(name: str) -> Response:
    """Releases the strike as a granted badge would."""
    door = _door(name)
    fault = _write_down("door.open", door, {}) or _send(door.name, "release")
    if fault:
        tell_fault(fault)
    else:
        tell(_("%(door)s is open.", door=door.name))
    return back()


@pages.post("/<name>/mode")
def set_mode(name: str) -> Response:
    """Free passage or locked until an hour of today, or as usual again."""
    door, place = _door(name), the_place()
    mode = next((known for known in door_modes.MODES if known == request.form.get("mode")), None)
    until = None if mode == "normal" else _until(place, request.form.get("until", ""))
    if mode is None or (mode != "normal" and until is None):
        tell_fault(_("Give a time later today, such as 18:00."))
        return back()
    fault = _write_down("door.mode", door, {"mode": mode, "until": str(until) if until else None}) or _send(
        door.name, "mode", value=mode, until=until
    )
    if fault:
        tell_fault(fault)
        return back()
    try:
        order_to_books(partial(_note_mode, door=door.name, mode=mode, until=until))
    except (TimeoutError, sqlite3.DatabaseError) as error:
        log.error("a door's mode could not be noted door=%s mode=%s error=%s", door.name, mode, error)
        tell_fault(
            _(
                "%(door)s did it, but the books could not note it: what is shown here may be the former mode.",
                door=door.name,
            )
        )
        return back()
    undo = url_for("doors.set_mode", name=door.name) if mode != "normal" else ""
    tell(_mode_told(door, mode, until), undo=undo, fields={"mode": "normal"})
    return back()


def _note_mode(work: Work, *, door: str, mode: DoorMode, until: Instant | None) -> None:
    door_modes.tell(work.db, door, mode, until=until, operator=work.operator, now=work.now)


def _mode_told(door: Unit, mode: DoorMode, until: Instant | None) -> str:
    time = clock(until) if until else ""
    if mode == "free":
        return _("%(door)s: free passage until %(time)s.", door=door.name, time=time)
    if mode == "locked":
        return _("%(door)s: locked to everybody until %(time)s.", door=door.name, time=time)
    return _("%(door)s: as usual.", door=door.name)


def _door(name: str) -> Unit:
    door = units.find(the_books(), name)
    if door.kind != "door":
        raise Refusal("not_a_door", name=name)
    return door


def _until(place: ServerContext, text: str) -> Instant | None:
    try:
        wall = datetime.strptime(text, "%H:%M").time()
    except ValueError:
        return None
    zone = ZoneInfo(place.settings.site.timezone)
    today = place.now().astimezone(zone).date()
    until = Instant.of(datetime.combine(today, wall, zone))
    return until if until > place.now() else None


def _write_down(what: str, door: Unit, after: State) -> str:
    """Notes the order before it is sent; why it is not sent, or nothing."""
    try:
        carry_out(what, _nothing_but_the_note, door=door.name, after=after)
    except Undecided as error:  # at most the note of it comes about: the door was not asked
        log.error("an order to a door could not be noted door=%s error=%s", door.name, error)
        return _("The books do not answer: %(door)s did not get the order.", door=door.name)
    return ""


def _nothing_but_the_note(_work: Work, *, door: str, after: State) -> ActionOutcome[None]:
    return ActionOutcome(None, subject=door, after=after)


def _send(
    door: str, kind: Literal["release", "mode"], *, value: DoorMode | None = None, until: Instant | None = None
) -> str:
    """Has the door carry out the order; what went wrong, or nothing."""
    place = the_place()
    link = DeskDoorLink(place, door, the_reading().view, may_come_about)
    try:
        command_door(link, kind, by=the_operator().name, now=place.now(), value=value, until=until)
    except Refusal as refusal:
        return told(refusal)
    return ""
