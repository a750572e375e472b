"""The rooms as the desk, the walls and other programs see them."""

from typing import Any

from flask import Blueprint, request, url_for
from werkzeug.wrappers import Response

from device.contract.messages import RoomStatus
from server.accounts.work import Work
from server.desk.context import ServerContext
from server.rooms.board import RoomBoard, room_document
from server.store.database import Database
from server.store.people import changes
from server.store.people.changes import State
from server.web.formats import named
from server.web.numbers import form_number
from server.web.operator_actions import ActionOutcome, back, carry_out, tell
from server.web.place import the_place
from server.web.reading import the_books
from server.web.texts import gettext as _

pages = Blueprint("rooms", __name__, url_prefix="/rooms")


@pages.post("/")
def set_one() -> Response:
    """What a room is used for and by how many, from now on; its ring follows."""
    room, use, people = request.form.get("room", ""), request.form.get("use", ""), form_number("people") or 0
    done = carry_out("room.set", _set, board=the_place().rooms, room=room, use=use, people=people)
    before, after = changes.find(the_books(), done.change, "room.set").change.before or {}, done.result
    text = _("%(room)s: %(label)s, %(people)d.", room=named(after.name), label=named(after.label), people=after.people)
    undo = {"room": room, "use": str(before["use"]), "people": str(before["people"])}
    tell(text, undo=url_for("rooms.set_one"), fields=undo)
    return back()


def _set(work: Work, *, board: RoomBoard, room: str, use: str, people: int) -> ActionOutcome[RoomStatus]:
    before = board.statuses(work.db, work.now).get(room)
    after = board.set_by_desk(work.db, room, use, people, operator=work.operator, now=work.now)
    return ActionOutcome(after, subject=room, before=_state(before) if before else None, after=_state(after))


def room_statuses(place: ServerContext, db: Database) -> dict[str, RoomStatus]:
    """Each room of the settings, in their order."""
    return place.rooms.statuses(db, place.now())


def room_documents(place: ServerContext, db: Database) -> dict[str, bytes]:
    """Each room as JSON, with its `id`."""
    return {room: room_document(room, status) for room, status in room_statuses(place, db).items()}


def rooms_now() -> dict[str, Any]:
    """What the desk's part is made from."""
    place = the_place()
    return {"rooms": room_statuses(place, the_books()), "uses": place.settings.uses}


def _state(status: RoomStatus) -> State:
    return {"use": status.use, "people": status.people}
