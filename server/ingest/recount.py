"""Changes who is in by other ways than a passage: closing time, the desk's entries. Presence first, then its cost."""

from datetime import date

from device.contract.instant import Instant
from device.contract.messages import Direction
from server.accounts.work import Work
from server.presence.openings import counted
from server.store.accounts.ledger import CLOCK, Cause
from server.store.presence import desk_entries, guests, stays
from server.store.presence.desk_entries import DeskEntry


def recount_date(work: Work, member: int, day: date, cause: Cause = CLOCK) -> bool:
    """Brings one member's date, and their books, to what all that is known of it says; whether it changed presence.

    So are the dates that an opening joins to it.
    """
    found = counted(work.db, work.house, member, day, work.now)
    changed = [each for each, presence in found.items() if stays.replace(work.db, member, each, presence)]
    work.bring_up(member, min((*changed, day)), cause)
    return bool(changed)


def check_out_due(work: Work) -> bool:
    """Ends the stays and visits whose place has closed by now, and has others go on into the new date; whether there
    were any.
    """
    db, house, now = work.db, work.house, work.now
    due = [visit for visit in stays.lasting(db) if house.evening(visit.day).end_of(visit.began_at)[1] <= now]
    gone = [guest for guest in guests.lasting(db) if house.end_of(guest.arrived_at)[1] <= now]
    if not due and not gone:
        return False
    with db.writing():
        for visit in due:
            recount_date(work, visit.member, visit.day)
        for guest in gone:
            guests.check_out(db, guest, at=house.end_of(guest.arrived_at)[0])
    return True


def enter_by_desk(work: Work, member: int, side: Direction, *, at: Instant) -> DeskEntry:
    """An operator checks a member in or out as of `at`; raises `Refusal` where there is no such member."""
    with work.db.writing():
        day = work.house.day_of(at)
        entry = desk_entries.write(work.db, member, side, day=day, at=at, operator=work.operator, now=work.now)
        recount_date(work, member, day, Cause(f"desk entry {entry.id}", work.operator))
        return entry


def lift_entry(work: Work, entry: int) -> DeskEntry:
    """Takes an operator's entry back; raises `Refusal` where there is none, or it was."""
    with work.db.writing():
        lifted = desk_entries.lift(work.db, entry, now=work.now)
        recount_date(work, lifted.member, lifted.day, Cause(f"desk entry {entry} lifted", work.operator))
        return lifted
