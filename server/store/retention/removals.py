"""How far things have been removed: nothing that comes later may be reckoned as of before."""

from datetime import date
from typing import Literal

from device.contract.instant import Instant
from server.errors import Refusal
from server.store.database import Database
from server.store.stored_values import stored_date

Removed = Literal["names", "books"]
"""Who came on a date; all that was sold, given and charged in a year."""


def through(db: Database, what: Removed) -> date:
    """The last date of which that was removed; `date.min` where it never was."""
    found = db.value("SELECT through FROM removals WHERE what = ?", (what,))
    return date.min if found is None else stored_date(found)


def note(db: Database, what: Removed, day: date, *, now: Instant) -> None:
    """It is removed of all dates up to that one; never less than it was."""
    sql = (
        "INSERT INTO removals (what, through, removed_at) VALUES (?, ?, ?) ON CONFLICT (what) DO UPDATE"
        " SET through = max(through, excluded.through), removed_at = excluded.removed_at"
    )
    db.execute(sql, (what, day.isoformat(), str(now)))


def check_names(db: Database, day: date) -> None:
    """Raises `Refusal` for a date of which nobody knows any more who came."""
    last = through(db, "names")
    if day <= last:
        raise Refusal("names_removed", day=day, last=last)


def check_books(db: Database, day: date) -> None:
    """Raises `Refusal` for a date of a year that was removed."""
    last = through(db, "books")
    if day <= last:
        raise Refusal("year_removed", day=day, last=last)
