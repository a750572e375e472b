"""`/spaceapi.json`: the place among other places."""

from datetime import date

from flask import Blueprint, Response, request, url_for

from device.contract.instant import Instant
from server.desk.context import ServerContext
from server.formats.spaceapi import SpaceIdentity, space_document
from server.store.database import Database
from server.store.presence import guests, stays
from server.web.access import open_to_all
from server.web.pages.api import json_answer, json_of
from server.web.place import the_place
from server.web.reading import the_books

pages = Blueprint("spaceapi", __name__)


@pages.get("/spaceapi.json")
@open_to_all
def spaceapi() -> Response:
    """SpaceAPI 15, for pages of any host."""
    place = the_place()
    settings = place.settings.site
    logo = url_for("static", filename="logo.svg", _external=True)
    site = SpaceIdentity(settings.name, settings.timezone, request.url_root, logo)
    db, now = the_books(), place.now()
    document = space_document(
        site,
        place.occupancy(db),
        place.hours(),
        changed_at=_last_change(place, now),
        counted_at=_last_step(db, place.house.day_of(now), now),
    )
    return json_answer(json_of(document))


def _last_step(db: Database, day: date, now: Instant) -> Instant | None:
    steps = (stays.last_step(db, day), guests.last_step(db, day))
    return max((min(step, now) for step in steps if step is not None), default=None)


def _last_change(place: ServerContext, now: Instant) -> Instant | None:
    day = place.house.day_of(now)
    changes = [moment for interval in place.house.calendars.on(day).opening(day) for moment in interval]
    return max((moment for moment in changes if moment <= now), default=None)
