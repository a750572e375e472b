"""`/healthz`: whether the server can do its work, for whoever watches it."""

import sqlite3

from flask import Blueprint, Response

from server.desk.context import ServerContext
from server.store.units import units
from server.web.access import open_to_all
from server.web.pages.api import json_of
from server.web.place import the_place
from server.web.reading import the_books

pages = Blueprint("health", __name__)


@pages.get("/healthz")
@open_to_all
def health() -> Response:
    """200 when broker and books answer, 503 with the reasons otherwise."""
    reasons = list(troubles(the_place()))
    document = {"ok": not reasons, "reasons": reasons}
    return Response(json_of(document), 503 if reasons else 200, mimetype="application/json")


def troubles(place: ServerContext) -> list[str]:
    """What does not work, one English line each."""
    found = []
    if not place.line.is_up:
        found.append("broker: no connection")
    if not place.writer.is_alive:
        found.append("books: the writer has ended")
    elif place.figures.disk_fault:
        found.append(f"books: cannot be written: {place.figures.disk_fault}")
    if place.figures.damage:
        found.append(f"books: damaged, restore the backup: {place.figures.damage}")
    found += [f"books: {topic} is stuck: {fault}" for topic, fault in sorted(place.figures.stuck.items())]
    try:
        units.names(the_books())
    except sqlite3.Error as error:
        found.append(f"books: cannot be read: {error}")
    return found
