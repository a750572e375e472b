"""The rooms as the walls and other programs see them: what their dials last said today."""

from typing import Any

from device.contract.codec import encode
from device.contract.messages import RoomStatus
from device.contract.uses import UseSettings
from server.settings import RoomSettings
from server.store import room_events
from server.store.database import Books
from server.store.room_events import DialEvent
from server.web.place import Place, the_place
from server.web.reading import the_books


def room_statuses(place: Place, books: Books) -> dict[str, RoomStatus]:
    """Each room of the settings, in their order; at midnight every room is free again."""
    now = place.now()
    today = place.house.day_of(now)
    midnight = place.house.calendars.on(today).day_bounds(today)[0]
    closed_at = place.house.evening(today).closing_at
    said = {event.room: event for event in room_events.latest(books, midnight)}
    uses = {use.id: use for use in place.settings.uses}
    statuses = {}
    for room in place.settings.rooms:
        event = said.get(room.id)
        if event is not None and closed_at is not None and event.at < closed_at <= now:
            event = None
        since = closed_at if event is None and closed_at is not None and closed_at <= now else midnight
        statuses[room.id] = _status(room, event or DialEvent(room.id, since, place.settings.uses[0].id, 0), uses)
    return statuses


def room_documents(place: Place, books: Books) -> dict[str, bytes]:
    """Each room as JSON, with its `id`."""
    return {
        name: b'{"id":"%s",' % name.encode() + encode(status)[1:]
        for name, status in room_statuses(place, books).items()
    }


def rooms_now() -> dict[str, Any]:
    """What the desk's part is made from."""
    return {"rooms": room_statuses(the_place(), the_books())}


def _status(room: RoomSettings, event: DialEvent, uses: dict[str, UseSettings]) -> RoomStatus:
    use = uses.get(event.use) or next(iter(uses.values()))
    return RoomStatus(
        name=room.name,
        seats=room.seats,
        people=event.people,
        use=use.id,
        label=use.label,
        colour=use.colour,
        since=event.at,
        set_by="dial" if event.people or use is not next(iter(uses.values())) else "closing",
    )
