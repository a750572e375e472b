"""Who is in, kept up to date: the journal and the desk's entries in, stays out (rules 3)."""

from datetime import date

from msgspec import Struct

from device.contract.instant import Instant
from device.contract.messages import Direction
from server.accounts import Accounts
from server.core.capacity import Crowd
from server.core.house import House
from server.core.presence import presence
from server.store import desk_entries, guests, journal, stays
from server.store.database import Books
from server.store.desk_entries import DeskEntry
from server.store.guests import Guest
from server.store.ledger import CLOCK, Cause
from server.store.stays import Visit


class Attendance(Struct, frozen=True, kw_only=True):
    """Who was in at a moment, and how many nameless passages of its date make that uncertain."""

    members: list[Visit]
    guests: list[Guest]
    uncertain: int


def recount(books: Books, house: House, member: int, day: date, now: Instant, cause: Cause = CLOCK) -> bool:
    """Brings one member's date, and their books, to what all that is known of it says; whether it changed presence."""
    counted = presence(stays.steps(books, member, day), house.evening(day), now)
    changed = stays.replace(books, member, day, counted)
    Accounts(books, house).bring_up(member, day, cause, now)
    return changed


def check_out_due(books: Books, house: House, now: Instant) -> bool:
    """Ends the stays and visits whose place has closed by `now`; whether there were any."""
    due = [visit for visit in stays.lasting(books) if house.evening(visit.day).end_of(visit.began_at)[1] <= now]
    gone = [guest for guest in guests.lasting(books) if house.evening(guest.day).end_of(guest.arrived_at)[1] <= now]
    if not due and not gone:
        return False
    with books.writing():
        for visit in due:
            recount(books, house, visit.member, visit.day, now)
        for guest in gone:
            guests.check_out(books, guest, at=house.evening(guest.day).end_of(guest.arrived_at)[0])
    return True


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
            members=stays.inside(books, day),
            guests=guests.inside(books, day),
            uncertain=journal.count_nameless(books, day),
        )
    return Attendance(
        members=stays.present(books, day, at),
        guests=guests.present(books, day, at),
        uncertain=journal.count_nameless(books, day, until=at),
    )


def enter_by_desk(
    books: Books, house: House, member: int, side: Direction, *, at: Instant, operator: str, now: Instant
) -> DeskEntry:
    """An operator checks a member in or out as of `at`; raises `Refusal` where there is no such member."""
    with books.writing():
        day = house.day_of(at)
        entry = desk_entries.write(books, member, side, day=day, at=at, operator=operator, now=now)
        recount(books, house, member, day, now, Cause(f"desk entry {entry.id}", operator))
        return entry


def lift_entry(books: Books, house: House, entry: int, *, now: Instant, operator: str | None = None) -> DeskEntry:
    """Takes an operator's entry back; raises `Refusal` where there is none, or it was."""
    with books.writing():
        lifted = desk_entries.lift(books, entry, now=now)
        recount(books, house, lifted.member, lifted.day, now, Cause(f"desk entry {entry} lifted", operator))
        return lifted
