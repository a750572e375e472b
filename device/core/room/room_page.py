"""What the small screen beside a room's ring says: how many of how many, what for, and until when."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from device.contract.instant import Instant
from device.contract.messages import Reserved
from device.core.lights.reservation_mark import holds
from device.core.lights.room_ring import Room


@dataclass(frozen=True)
class RoomPage:
    """The lines of the screen; `until` is empty where nothing is known."""

    name: str
    people: int
    seats: int
    use: str
    until: str


def room_page(
    name: str, room: Room, reserved: Reserved | None, closes_at: Instant | None, now: Instant | None, zone: ZoneInfo
) -> RoomPage:
    """The page at `now`, None where the clock is not to be trusted."""
    until = "" if now is None else _until(room.people, reserved, closes_at, now, zone)
    return RoomPage(name, room.people, room.seats, room.use.label, until)


def _until(people: int, reserved: Reserved | None, closes_at: Instant | None, now: Instant, zone: ZoneInfo) -> str:
    if reserved is not None and holds(reserved, people, now):
        return f"réservée jusqu'à {_wall(reserved.until, zone)}"
    if reserved is not None and now < reserved.from_:
        return f"réservée à {_wall(reserved.from_, zone)}"
    return f"jusqu'à {_wall(closes_at, zone)}" if closes_at is not None and now < closes_at else ""


def _wall(moment: Instant, zone: ZoneInfo) -> str:
    return f"{moment.astimezone(zone):%-H:%M}"
