"""The desk: what is going on, live. Each part of the page is fetched again when the feed of changes says so."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, abort, render_template
from markupsafe import Markup

from server.desk.context import ServerContext
from server.presence import attendance
from server.publishing.changes import Topic
from server.store.journal import journal
from server.store.people import directory
from server.web.pages.attention import attention_now
from server.web.pages.doors import doors_now
from server.web.pages.presence import people_now
from server.web.pages.rooms import rooms_now
from server.web.parts import digest, live_parts
from server.web.place import the_place
from server.web.reading import the_books

pages = Blueprint("desk", __name__)

TAPS_SHOWN = 15
TAPS_SINCE = timedelta(days=7)


def _occupancy() -> dict[str, Any]:
    place = the_place()
    return {"occupancy": place.occupancy(the_books()), "hours": place.hours(), "nameless": _nameless(place)}


def _nameless(place: ServerContext) -> int:
    roll = attendance.attendance(the_books(), place.house, place.now(), latest=True)
    return sum(guest.name is None for guest in roll.guests)


def _taps() -> dict[str, Any]:
    db = the_books()
    taps = journal.taps(db, since=the_place().now() - TAPS_SINCE, limit=TAPS_SHOWN)
    return {"taps": taps[::-1], "names": directory.names(db, (tap.member for tap in taps))}


PARTS: Mapping[str, Callable[[], dict[str, Any]]] = {
    "matters": attention_now,
    "occupancy": _occupancy,
    "doors": doors_now,
    "rooms": rooms_now,
    "people": people_now,
    "taps": _taps,
}
"""What each part of the page is made from, by the name of its template in `parts/`, which its address has too."""

CHANGED_BY: Mapping[Topic, tuple[str, ...]] = {
    "occupancy": ("occupancy", "matters"),
    "hours": ("occupancy",),
    "presence": ("people", "matters"),
    "room": ("rooms", "matters"),
    "tap": ("taps", "matters"),
    "unit": ("doors", "matters"),
    "fault": ("matters",),
    "line": ("doors", "matters"),
    "people": tuple(PARTS),
}
"""Which parts to look at again when something rings."""


@pages.get("/")
def desk() -> str:
    """All of it."""
    rendered = {name: _rendered(name) for name in PARTS}
    return render_template("desk.html", parts={name: (Markup(html), digest(html)) for name, html in rendered.items()})


@pages.get("/parts/<name>")
def part(name: str) -> str:
    """One part of the page, as it is now."""
    if name not in PARTS:
        abort(404)
    return _rendered(name)


def _rendered(name: str) -> str:
    return render_template(f"parts/{name}.html", **PARTS[name]())


@pages.get("/live")
def live() -> Response:
    """Which parts changed, until the login is over; at first how each is, so that a page sees what it missed."""
    return live_parts(CHANGED_BY, lambda: {name: _rendered(name) for name in PARTS})
