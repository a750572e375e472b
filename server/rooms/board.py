"""The rooms as the place sees them: worked out from the books each time, so that nothing can fall out of step."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta

from msgspec import Struct

from device.contract.codec import encode
from device.contract.instant import Instant
from device.contract.messages import MOST_PEOPLE, RoomSet, RoomStatus
from device.contract.uses import FREE, UseSettings
from server.core.calendar.calendar import days_between
from server.core.house_rules import HouseRules
from server.core.rooms import (
    Booking,
    Spell,
    Word,
    in_order,
    minutes_by_use,
    person_minutes,
    reservation,
    spells,
)
from server.errors import Refusal
from server.site.settings import RoomSettings
from server.store import room_words
from server.store.database import Database

_NEXT = timedelta(milliseconds=1)

Bookings = Callable[[str], Sequence[Booking]]
"""What is known of a room's calendar now."""


class RoomDay(Struct, frozen=True, kw_only=True):
    """How one room was used on one date."""

    room: str
    day: date
    minutes: dict[str, float]
    person_minutes: float
    most_people: int


def no_bookings(room: str) -> Sequence[Booking]:
    """A place without calendars."""
    return ()


class RoomBoard:
    """The rooms of the settings, their uses, and their calendars; for any thread, each with books of its own."""

    def __init__(
        self,
        rooms: Sequence[RoomSettings],
        uses: Sequence[UseSettings],
        house: HouseRules,
        bookings: Bookings = no_bookings,
    ) -> None:
        self._rooms = {room.id: room for room in rooms}
        self._uses = {use.id: use for use in uses}
        self._house, self._bookings = house, bookings

    def unknown(self, said: RoomSet) -> str | None:
        """What of a dial's event the settings do not have."""
        if said.room not in self._rooms:
            return f'room: there is no "{said.room}"; the settings have {", ".join(self._rooms)}'
        if said.use not in self._uses:
            return f'use: there is no "{said.use}"; the settings have {", ".join(self._uses)}'
        return None

    def statuses(self, db: Database, now: Instant) -> dict[str, RoomStatus]:
        """Each room at `now`, in the order of the settings."""
        day = self._house.day_of(now)
        midnight, next_midnight = self._house.calendars.on(day).day_bounds(day)
        # What a clock a little ahead has reported counts already, just past midnight too.
        said = room_words.words(db, midnight, next_midnight + timedelta(hours=1))
        freed_at = self._freed_at(day, now)
        return {id: self._status(room, in_order(said.get(id, ()), freed_at), now) for id, room in self._rooms.items()}

    def set_by_desk(self, db: Database, room: str, use: str, people: int, *, operator: str, now: Instant) -> RoomStatus:
        """An operator sets a room; raises `Refusal` for what the settings do not have.

        It holds from now on, also over a dial whose clock is a little ahead of ours.
        """
        if room not in self._rooms:
            raise Refusal("no_such_room", room=room, rooms=", ".join(self._rooms))
        if use not in self._uses:
            raise Refusal("no_such_use", use=use, uses=", ".join(self._uses))
        if not 0 <= people <= MOST_PEOPLE:
            raise Refusal("people_out_of_range", most=MOST_PEOPLE)
        with db.writing():
            at = max(now, self.statuses(db, now)[room].since + _NEXT)
            room_words.write(db, room, use, people, at=at, operator=operator, now=now)
            return self.statuses(db, now)[room]

    def used(self, db: Database, first: date, last: date, now: Instant) -> list[RoomDay]:
        """How each room was used on each date from `first` to `last`, as far as it has come by `now`."""
        days = [day for day in days_between(first, last) if self._house.calendars.on(day).day_bounds(day)[0] < now]
        return [each for day in days for each in self._used_on(db, day, now)]

    def _used_on(self, db: Database, day: date, now: Instant) -> list[RoomDay]:
        midnight, end = self._house.calendars.on(day).day_bounds(day)
        said = room_words.words(db, midnight, end)
        freed_at = self._freed_at(day, now)
        return [_room_day(id, day, spells(in_order(said.get(id, ()), freed_at), min(end, now))) for id in self._rooms]

    def _freed_at(self, day: date, now: Instant) -> list[Instant]:
        """When the rooms went free on `day`: at its midnight, and at closing time once that has come."""
        midnight, _ = self._house.calendars.on(day).day_bounds(day)
        closing_at = self._house.evening(day).closing_at
        return [midnight] if closing_at is None or closing_at > now else [midnight, closing_at]

    def _status(self, room: RoomSettings, words: list[Word], now: Instant) -> RoomStatus:
        last = words[-1]
        use = self._uses.get(last.use) or self._uses[FREE]
        today = self._todays_bookings(room.id, now)
        return RoomStatus(
            name=room.name,
            seats=room.seats,
            people=last.people,
            use=use.id,
            label=use.label,
            colour=use.colour,
            since=last.at,
            set_by=last.set_by,
            reservation=reservation(today, spells(words, now), now) if today else None,
        )

    def _todays_bookings(self, room: str, now: Instant) -> list[Booking]:
        """Those of this date; one from before the opening begins with it, since nobody can take it up earlier."""
        day = self._house.day_of(now)
        calendar = self._house.calendars.on(day)
        midnight, next_midnight = calendar.day_bounds(day)
        opens_at = next((begins for begins, _ in calendar.opening(day)), midnight)
        return [
            Booking(max(booking.begins_at, opens_at), booking.ends_at)
            for booking in self._bookings(room)
            if booking.begins_at < next_midnight and booking.ends_at > opens_at
        ]


def room_document(id: str, status: RoomStatus) -> bytes:
    """A room as other programs are given it: JSON as in the contract, with its `id`."""
    return b'{"id":"%s",' % id.encode() + encode(status)[1:]


def _room_day(room: str, day: date, used: list[Spell]) -> RoomDay:
    return RoomDay(
        room=room,
        day=day,
        minutes=minutes_by_use(used),
        person_minutes=person_minutes(used),
        most_people=max((spell.people for spell in used), default=0),
    )
