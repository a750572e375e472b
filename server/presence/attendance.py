"""Who is in, kept up to date: the journal and the desk's entries in, stays out (rules 3)."""

from datetime import date

from msgspec import Struct

from device.contract.instant import Instant
from device.contract.messages import Direction
from server.accounts.accounts import Accounts
from server.core.house_rules import ONE_DAY, House
from server.core.presence.occupancy_level import Crowd
from server.presence.openings import counted
from server.store.accounts.ledger import CLOCK, Cause
from server.store.database import Books
from server.store.journal import journal
from server.store.presence import desk_entries, guests, stays
from server.store.presence.desk_entries import DeskEntry
from server.store.presence.guests import Guest
from server.store.presence.stays import Visit


class Attendance(Struct, frozen=True, kw_only=True):
    """Who was in at a moment, and how many nameless passages of its date make that uncertain."""

    members: list[Visit]
    guests: list[Guest]
    uncertain: int


def recount(books: Books, house: House, member: int, day: date, now: Instant, cause: Cause = CLOCK) -> bool:
    """Brings one member's date, and their books, to what all that is known of it says; whether it changed presence.

    So are the dates that an opening joins to it.
    """
    found = counted(books, house, member, day, now)
    changed = [each for each, presence in found.items() if stays.replace(books, member, each, presence)]
    Accounts(books, house).bring_up(member, min((*changed, day)), cause, now)
    return bool(changed)


def check_out_due(books: Books, house: House, now: Instant) -> bool:
    """Ends the stays and visits whose place has closed by `now`, and has others go on into the new date; whether there
    were any.
    """
    due = [visit for visit in stays.lasting(books) if house.evening(visit.day).end_of(visit.began_at)[1] <= now]
    gone = [guest for guest in guests.lasting(books) if house.end_of(guest.arrived_at)[1] <= now]
    if not due and not gone:
        return False
    with books.writing():
        for visit in due:
            recount(books, house, visit.member, visit.day, now)
        for guest in gone:
            guests.check_out(books, guest, at=house.end_of(guest.arrived_at)[0])
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
