"""Changes who is in by other ways than a passage: closing time, the desk's entries. Presence first, then its cost."""

from datetime import date

from device.contract.instant import Instant
from device.contract.messages import Direction
from server.accounts.accounts import Accounts
from server.core.house_rules import HouseRules
from server.presence.openings import counted
from server.store.accounts.ledger import CLOCK, Cause
from server.store.database import Database
from server.store.presence import desk_entries, guests, stays
from server.store.presence.desk_entries import DeskEntry


def recount_date(db: Database, house: HouseRules, member: int, day: date, now: Instant, cause: Cause = CLOCK) -> bool:
    """Brings one member's date, and their books, to what all that is known of it says; whether it changed presence.

    So are the dates that an opening joins to it.
    """
    found = counted(db, house, member, day, now)
    changed = [each for each, presence in found.items() if stays.replace(db, member, each, presence)]
    Accounts(db, house).bring_up(member, min((*changed, day)), cause, now)
    return bool(changed)


def check_out_due(db: Database, house: HouseRules, now: Instant) -> bool:
    """Ends the stays and visits whose place has closed by `now`, and has others go on into the new date; whether there
    were any.
    """
    due = [visit for visit in stays.lasting(db) if house.evening(visit.day).end_of(visit.began_at)[1] <= now]
    gone = [guest for guest in guests.lasting(db) if house.end_of(guest.arrived_at)[1] <= now]
    if not due and not gone:
        return False
    with db.writing():
        for visit in due:
            recount_date(db, house, visit.member, visit.day, now)
        for guest in gone:
            guests.check_out(db, guest, at=house.end_of(guest.arrived_at)[0])
    return True


def enter_by_desk(
    db: Database, house: HouseRules, member: int, side: Direction, *, at: Instant, operator: str, now: Instant
) -> DeskEntry:
    """An operator checks a member in or out as of `at`; raises `Refusal` where there is no such member."""
    with db.writing():
        day = house.day_of(at)
        entry = desk_entries.write(db, member, side, day=day, at=at, operator=operator, now=now)
        recount_date(db, house, member, day, now, Cause(f"desk entry {entry.id}", operator))
        return entry


def lift_entry(db: Database, house: HouseRules, entry: int, *, now: Instant, operator: str | None = None) -> DeskEntry:
    """Takes an operator's entry back; raises `Refusal` where there is none, or it was."""
    with db.writing():
        lifted = desk_entries.lift(db, entry, now=now)
        recount_date(db, house, lifted.member, lifted.day, now, Cause(f"desk entry {entry} lifted", operator))
        return lifted
