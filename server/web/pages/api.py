"""`/api`: the figures of the place for any program, without names and without a login."""

from collections.abc import Iterator

import msgspec
from flask import Blueprint, Response

from device.contract.codec import encode
from server.publishing.changes import Change
from server.web.access import open_to_all
from server.web.pages.rooms import room_documents
from server.web.place import the_place
from server.web.reading import look_again, the_books
from server.web.streams import Event, event, stream

pages = Blueprint("api", __name__, url_prefix="/api")


@pages.get("/occupancy")
@open_to_all
def occupancy() -> Response:
    """How many are in, as in the contract."""
    return json_answer(encode(the_place().occupancy(the_books())))


@pages.get("/rooms")
@open_to_all
def rooms() -> Response:
    """Every room with its `id`, as in the contract."""
    return json_answer(b"[%s]" % b",".join(room_documents(the_place(), the_books()).values()))


@pages.get("/stream")
@open_to_all
def live() -> Response:
    """Both, now and whenever they change."""
    place = the_place()

    def first() -> Iterator[Event]:
        db = look_again()
        yield event("occupancy", encode(place.occupancy(db)))
        yield event("hours", encode(place.hours()))
        yield from (event("room", document) for document in room_documents(place, db).values())

    def told(ring: Change) -> Iterator[Event]:
        if ring.payload:
            yield event(ring.topic, ring.payload)

    return stream(place.feed, ("occupancy", "hours", "room"), first, told)


def json_answer(document: bytes) -> Response:
    """A JSON document that any page may read."""
    answer = Response(document, mimetype="application/json")
    answer.headers["Access-Control-Allow-Origin"] = "*"
    return answer


def json_of(content: object) -> bytes:
    """`content` as JSON, moments as in the contract."""
    return msgspec.json.encode(content, enc_hook=str)
