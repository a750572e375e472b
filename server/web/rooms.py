"""The rooms as the desk, the walls and other programs see them."""

from typing import Any

from device.contract.messages import RoomStatus
from server.rooms import room_document
from server.store.database import Books
from server.web.place import Place, the_place
from server.web.reading import the_books


def room_statuses(place: Place, books: Books) -> dict[str, RoomStatus]:
    """Each room of the settings, in their order."""
    return place.rooms.statuses(books, place.now())


def room_documents(place: Place, books: Books) -> dict[str, bytes]:
    """Each room as JSON, with its `id`."""
    return {room: room_document(room, status) for room, status in room_statuses(place, books).items()}


def rooms_now() -> dict[str, Any]:
    """What the desk's part is made from."""
    return {"rooms": room_statuses(the_place(), the_books())}
