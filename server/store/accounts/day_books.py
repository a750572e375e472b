"""What the books say of each member's dates, as last reckoned: what the next reckoning is compared with."""

import sqlite3
from collections.abc import Iterable, Iterator
from datetime import date

import msgspec

from server.core.charge.postings import PostedDay
from server.store.database import Database, SQLValue
from server.store.stored_values import stored_date, stored_json

DayRow = tuple[SQLValue, ...]

_encode = msgspec.json.Encoder().encode


def day_row(member: int, day: date, kept: PostedDay) -> DayRow:
    """What `put` takes."""
    charge = kept.charge.charge if kept.charge else None
    payer, half_days, minutes = (charge.payer, len(charge.use.used), charge.use.minutes) if charge else (None, 0, 0)
    return member, day.isoformat(), payer, half_days, minutes, _encode(kept).decode()


def put(db: Database, rows: Iterable[DayRow]) -> None:
    """Keeps them, over what was kept of the same dates."""
    db.execute_each("INSERT OR REPLACE INTO day_books VALUES (?, ?, ?, ?, ?, ?)", rows)


def remove(db: Database, dates: Iterable[tuple[int, date]]) -> None:
    """Nothing is known of these any more."""
    rows = [(member, day.isoformat()) for member, day in dates]
    db.execute_each("DELETE FROM day_books WHERE member = ? AND day = ?", rows)


def after(db: Database, member: int, day: date) -> dict[date, PostedDay]:
    """A member's dates after that day."""
    sql = "SELECT day, books FROM day_books WHERE member = ? AND day > ? ORDER BY day"
    return dict(map(_read, db.rows(sql, (member, day.isoformat()))))


def between(db: Database, member: int, first: date, last: date) -> dict[date, PostedDay]:
    """A member's dates from `first` to `last`, both included."""
    sql = "SELECT day, books FROM day_books WHERE member = ? AND day BETWEEN ? AND ? ORDER BY day"
    return dict(map(_read, db.rows(sql, (member, first.isoformat(), last.isoformat()))))


def of_days(db: Database, member: int, days: Iterable[date]) -> dict[date, PostedDay]:
    """Those of `days` that something is known of."""
    sql = "SELECT day, books FROM day_books WHERE member = ? AND day = ?"
    rows = (db.row(sql, (member, day.isoformat())) for day in days)
    return dict(_read(row) for row in rows if row is not None)


def members_since(db: Database, day: date) -> list[int]:
    """Who has dates from that day on."""
    rows = db.rows("SELECT DISTINCT member FROM day_books WHERE day >= ? ORDER BY member", (day.isoformat(),))
    return [row["member"] for row in rows]


def half_days_by_payer(db: Database, first: date, last: date) -> Iterator[tuple[str, str, int, int]]:
    """Date (ISO), payer, half-days and minutes of what was charged from `first` to `last`."""
    sql = """
        SELECT day, payer, sum(half_days), sum(minutes) FROM day_books
        WHERE day BETWEEN ? AND ? AND payer IS NOT NULL GROUP BY day, payer
    """
    yield from db.execute(sql, (first.isoformat(), last.isoformat()))


def _read(row: sqlite3.Row) -> tuple[date, PostedDay]:
    return stored_date(row["day"]), stored_json(row["books"], PostedDay)
