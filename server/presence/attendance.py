"""Who was in at a moment, and how many (rules 3)."""

from datetime import date

from msgspec import Struct

from device.contract.instant import Instant
from server.core.house_rules import ONE_DAY, HouseRules
from server.core.presence.occupancy_level import Crowd
from server.store.database import Database
from server.store.journal import journal
from server.store.presence import guests, stays
from server.store.presence.guests import Guest
from server.store.presence.stays import Visit


class Attendance(Struct, frozen=True, kw_only=True):
    """Who was in at a moment, and how many nameless passages of its date make that uncertain.

    `nameless` is how many more members were in, on a date whose names were removed since.
    """

    members: list[Visit]
    guests: list[Guest]
    uncertain: int
    nameless: int = 0


def crowd(db: Database, house: HouseRules, now: Instant) -> Crowd:
    """How many are in."""
    today = house.day_of(now)
    return Crowd(stays.count_inside(db, today), guests.count(db, today), journal.count_nameless(db, today))


def attendance(db: Database, house: HouseRules, at: Instant, *, latest: bool = False) -> Attendance:
    """Who was in at that moment, as far as is known now.

    With `latest`, `at` being now, as the books stand: what clocks a little ahead have reported counts already.
    """
    day = house.day_of(at)
    if latest:
        return Attendance(
            members=_members_inside(db, house, day, at),
            guests=guests_inside(db, house, at),
            uncertain=journal.count_nameless(db, day),
        )
    lasting = [visit for visit in _stayed_over(db, house, day, at) if visit.began_at <= at]
    return Attendance(
        members=[*lasting, *stays.present(db, day, at)],
        guests=[guest for guest in guests.present(db, day, at) if not _is_over(house, guest.arrived_at, at)],
        uncertain=journal.count_nameless(db, day, until=at),
        nameless=stays.count_nameless(db, day, at),
    )


def guests_inside(db: Database, house: HouseRules, now: Instant) -> list[Guest]:
    """The guests who are in."""
    found = guests.inside(db, house.day_of(now))
    return [guest for guest in found if not _is_over(house, guest.arrived_at, now)]


def _members_inside(db: Database, house: HouseRules, day: date, now: Instant) -> list[Visit]:
    return [*_stayed_over(db, house, day, now), *stays.inside(db, day)]


def _stayed_over(db: Database, house: HouseRules, day: date, at: Instant) -> list[Visit]:
    """Who stays in over midnight, while the books, their server being down, still have them in the day before."""
    if not house.evening(day - ONE_DAY).goes_on:
        return []
    return [visit for visit in stays.lasting(db) if visit.day < day and not _is_over(house, visit.began_at, at)]


def _is_over(house: HouseRules, began_at: Instant, at: Instant) -> bool:
    return house.end_of(began_at)[1] <= at
