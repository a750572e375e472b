"""Screens on the walls: how full the place is and what each room is used for. Nobody's name."""

from flask import Blueprint, abort, render_template

from server.web.access import open_to_all
from server.web.pages.rooms import room_statuses
from server.web.place import the_place
from server.web.reading import the_books

pages = Blueprint("display", __name__)


@pages.get("/display")
@open_to_all
def entrance() -> str:
    """The screen at the entrance."""
    place, db = the_place(), the_books()
    return render_template(
        "display.html",
        occupancy=place.occupancy(db),
        hours=place.hours(),
        rooms=room_statuses(place, db),
    )


@pages.get("/display/rooms/<room>")
@open_to_all
def one_room(room: str) -> str:
    """The screen at a room's door."""
    status = room_statuses(the_place(), the_books()).get(room)
    if status is None:
        abort(404)
    return render_template("display_room.html", id=room, room=status, hours=the_place().hours())


@pages.get("/display/hours")
@open_to_all
def hours() -> str:
    """The line that says how long it is open, when that has changed."""
    return render_template("hours.html", hours=the_place().hours())
