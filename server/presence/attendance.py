"""Who was in at a moment, and how many (rules 3)."""

from datetime import date

from msgspec import Struct

from device.contract.instant import Instant
from server.core.house_rules import ONE_DAY, House
from server.core.presence.occupancy_level import Crowd
from server.store.database import Books
from server.store.journal import journal
from server.store.presence import guests, stays
from server.store.presence.guests import Guest
from server.store.presence.stays import Visit


class Attendance(Struct, frozen=True, kw_only=True):
    """Who was in at a moment, and how many nameless passages of its date make that uncertain."""

    members: list[Visit]
    guests: list[Guest]
    uncertain: int


def crowd(books: Books, house: House, now: Instant) -> Crowd:
    """How many are in."""
    today = house.day_of(now)
    return Crowd(stays.count_inside(books, today), guests.count(books, today), journal.count_nameless(books, today))


def attendance(books: Books, house: House, at: Instant, *, latest: bool = False) -> Attendance:
    """Who was in at that moment, as far as is known now.

    With `latest`, `at` being now, as the books stand: what clocks a little ahead have reported counts already.
    """
    day = house.day_of(at)
    if latest:
        return Attendance(
            members=_members_inside(books, house, day, at),
            guests=guests_inside(books, house, at),
            uncertain=journal.count_nameless(books, day),
        )
    lasting = [visit for visit in _stayed_over(books, house, day, at) if visit.began_at <= at]
    return Attendance(
        members=[*lasting, *stays.present(books, day, at)],
        guests=[guest for guest in guests.present(books, day, at) if not _is_over(house, guest.arrived_at, at)],
        uncertain=journal.count_nameless(books, day, until=at),
    )


def guests_inside(books: Books, house: House, now: Instant) -> list[Guest]:
    """The guests who are in."""
    found = guests.inside(books, house.day_of(now))
    return [guest for guest in found if not _is_over(house, guest.arrived_at, now)]


def _members_inside(books: Books, house: House, day: date, now: Instant) -> list[Visit]:
    return [*_stayed_over(books, house, day, now), *stays.inside(books, day)]


def _stayed_over(books: Books, house: House, day: date, at: Instant) -> list[Visit]:
    """Who stays in over midnight, while the books, their server being down, still have them in the day before."""
    if not house.evening(day - ONE_DAY).goes_on:
        return []
    return [visit for visit in stays.lasting(books) if visit.day < day and not _is_over(house, visit.began_at, at)]


def _is_over(house: House, began_at: Instant, at: Instant) -> bool:
    return house.end_of(began_at)[1] <= at
