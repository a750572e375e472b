"""How long members used the dates whose stays were removed: what a charge is reckoned from, not when they came."""

from datetime import date

from server.core.charge.facts import PastUse
from server.store.database import Database
from server.store.stored_values import stored_date


def of_member(db: Database, member: int, after: date, until: date) -> dict[date, PastUse]:
    """A member's such dates after one day and up to another."""
    sql = "SELECT day, morning_ms, afternoon_ms, automatic FROM used_time WHERE member = ? AND day > ? AND day <= ?"
    rows = db.rows(sql, (member, after.isoformat(), until.isoformat()))
    return {stored_date(row["day"]): PastUse(row[1], row[2], bool(row[3])) for row in rows}


def put(db: Database, member: int, day: date, use: PastUse) -> None:
    """Keeps how long; within the transaction that is open."""
    db.execute("INSERT OR REPLACE INTO used_time VALUES (?, ?, ?, ?, ?)", (member, day.isoformat(), *use))
