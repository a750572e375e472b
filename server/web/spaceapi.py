"""`/spaceapi.json`: the place among other places."""

from flask import Blueprint, Response, request, url_for

from device.contract.instant import Instant
from server.core.spaceapi import Site, space_document
from server.place import Place
from server.web.access import open_to_all
from server.web.api import json_answer, json_of
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
    site = Site(settings.name, settings.timezone, request.url_root, logo)
    return json_answer(
        json_of(space_document(site, place.occupancy(the_books()), place.hours(), _last_change(place, place.now())))
    )


def _last_change(place: Place, now: Instant) -> Instant | None:
    day = place.house.day_of(now)
    changes = [moment for interval in place.house.calendars.on(day).opening(day) for moment in interval]
    return max((moment for moment in changes if moment <= now), default=None)
