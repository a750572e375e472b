"""The desk: what is going on, live. Each part of the page is fetched again when the bell says that it changed."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from flask import Blueprint, Response, abort, render_template

from server import attendance
from server.bell import Ring, Topic
from server.store import faults, journal, members, units
from server.web.access import login_ends_at
from server.web.api import json_of
from server.web.place import the_place
from server.web.reading import the_books
from server.web.streams import Event, event, stream

pages = Blueprint("desk", __name__)

TAPS_SHOWN = 20
FAULTS_SHOWN = 5


def _occupancy() -> dict[str, Any]:
    return {"occupancy": the_place().occupancy(the_books()), "hours": the_place().hours()}


def _people() -> dict[str, Any]:
    place, books = the_place(), the_books()
    return {"attendance": attendance.attendance(books, place.house, place.now()), "names": members.names(books)}


def _taps() -> dict[str, Any]:
    books = the_books()
    taps = journal.taps(books, limit=TAPS_SHOWN)
    return {"taps": taps[::-1], "names": members.names(books)}


def _units() -> dict[str, Any]:
    return {"units": units.every(the_books()), "broker_up": the_place().line.is_up}


def _set_aside() -> dict[str, Any]:
    books = the_books()
    return {"faults": faults.newest(books, limit=FAULTS_SHOWN)[::-1], "fault_count": faults.count(books)}


PARTS: Mapping[str, Callable[[], dict[str, Any]]] = {
    "occupancy": _occupancy,
    "people": _people,
    "taps": _taps,
    "units": _units,
    "set_aside": _set_aside,
}
"""What each part of the page is made from, by the name of its template in `parts/`."""

CHANGED_BY: Mapping[Topic, tuple[str, ...]] = {
    "occupancy": ("occupancy",),
    "hours": ("occupancy",),
    "presence": ("people",),
    "tap": ("taps",),
    "unit": ("units",),
    "fault": ("set_aside",),
    "people": ("people", "taps", "units"),
}
"""Which parts to look at again when something rings."""


@pages.get("/")
def desk() -> str:
    """All of it."""
    content: dict[str, Any] = {}
    for part in PARTS.values():
        content |= part()
    return render_template("desk.html", parts=tuple(PARTS), **content)


@pages.get("/parts/<name>")
def part(name: str) -> str:
    """One part of the page, as it is now."""
    if name not in PARTS:
        abort(404)
    return render_template(f"parts/{name}.html", **PARTS[name]())


@pages.get("/live")
def live() -> Response:
    """Which parts changed, until the login is over."""
    place, ends_at = the_place(), login_ends_at()

    def told(ring: Ring) -> Iterator[Event]:
        yield event("changed", json_of(CHANGED_BY[ring.topic]))

    return stream(
        place.bell,
        CHANGED_BY,
        lambda: [event("changed", json_of(tuple(PARTS)))],
        told,
        desk=True,
        goes_on=lambda: place.now() < ends_at,
    )
