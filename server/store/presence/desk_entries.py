"""What an operator wrote of somebody's coming and going: it counts as a passage, and can be lifted."""

from datetime import date

from msgspec import Struct

from device.contract.instant import Instant
from device.contract.messages import Direction
from server.errors import Refusal
from server.store.database import Database
from server.store.people import members
from server.store.retention import removals
from server.store.stored_values import stored_date, stored_instant


class DeskEntry(Struct, frozen=True, kw_only=True):
    """A member was checked in or out by name, as of `at`."""

    id: int
    member: int
    day: date
    at: Instant
    side: Direction
    operator: str
    written_at: Instant
    lifted_at: Instant | None


def write(
    db: Database, member: int, side: Direction, *, day: date, at: Instant, operator: str, now: Instant
) -> DeskEntry:
    """A new entry; whoever writes it has the presence of that member and `day` counted anew."""
    members.find(db, member)
    removals.check_names(db, day)
    row = (member, day.isoformat(), str(at), side, operator, str(now))
    entry = db.execute(
        "INSERT INTO desk_entries (member, day, at, side, operator, written_at) VALUES (?, ?, ?, ?, ?, ?)", row
    ).lastrowid
    return find(db, entry or 0)


def lift(db: Database, entry: int, *, now: Instant) -> DeskEntry:
    """The entry, without effect from now on; raises `Refusal` where it is lifted or never was."""
    if find(db, entry).lifted_at is not None:
        raise Refusal("entry_lifted_already")
    db.execute("UPDATE desk_entries SET lifted_at = ? WHERE id = ?", (str(now), entry))
    return find(db, entry)


def find(db: Database, entry: int) -> DeskEntry:
    """The entry of that number; raises `Refusal` where there is none."""
    row = db.row("SELECT * FROM desk_entries WHERE id = ?", (entry,))
    if row is None:
        raise Refusal("no_such_entry")
    return DeskEntry(
        id=row["id"],
        member=row["member"],
        day=stored_date(row["day"]),
        at=stored_instant(row["at"]),
        side=row["side"],
        operator=row["operator"],
        written_at=stored_instant(row["written_at"]),
        lifted_at=row["lifted_at"] and stored_instant(row["lifted_at"]),
    )
