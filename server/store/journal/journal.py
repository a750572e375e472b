"""What happened at the doors, every event once: `(unit, epoch, seq)` is its identity. Logs are for engineers."""

import sqlite3
from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from msgspec import Struct

from device.contract.instant import Instant
from server.store.damage import DamagedDatabase
from server.store.database import Database, SQLValue
from server.store.journal import faults
from server.store.stored_values import read_row, stored_instant, stored_json


class Head(Struct, kw_only=True):
    """How far the journal of one epoch of a unit is kept; `passed_at` is its newest passage, by the unit's own clock
    where that was set."""

    id: int
    unit: str
    epoch: str
    through: int
    heard_at: Instant
    passed_at: Instant | None = None


class NewEntry(NamedTuple):
    """An event on its way into the journal: `at` is when it happened as far as the server can tell."""

    head: int
    seq: int
    at: Instant
    day: date
    received_at: Instant
    kind: str
    member: int | None
    body: bytes


class JournalEntry(Struct, frozen=True, kw_only=True):
    """One event of the journal; `event` is what the unit sent, its own `at` included."""

    id: int
    unit: str
    epoch: str
    seq: int
    at: Instant
    received_at: Instant
    kind: str
    member: int | None
    event: dict[str, Any]


def head(db: Database, unit: str, epoch: str) -> Head | None:
    """How far that epoch is kept; None for one of which nothing is.

    Raises `DamagedDatabase` where it says more or less than the journal has: on either word events would be lost.
    """
    row = db.row("SELECT * FROM heads WHERE unit = ? AND epoch = ?", (unit, epoch))
    if row is None:
        return None
    found = read_row(row, Head)
    newest = db.value("SELECT max(seq) FROM events WHERE head = ?", (found.id,)) or 0
    if newest > found.through or (newest < found.through and not faults.may_reach(db, unit, epoch, found.through)):
        raise DamagedDatabase(f"{unit}/{epoch} is kept through {found.through}, the journal has it through {newest}")
    return found


def begin(db: Database, new: Head) -> int:
    """A new epoch; its number."""
    sql = "INSERT INTO heads (unit, epoch, through, heard_at) VALUES (?, ?, ?, ?) RETURNING id"
    [(number,)] = db.rows(sql, (new.unit, new.epoch, new.through, str(new.heard_at)))
    return int(number)


def latest_heads(db: Database) -> list[tuple[str, str, int]]:
    """Unit, epoch and through of the epoch that each unit of the place last sent in."""
    sql = """
        SELECT unit, epoch, through, max(heard_at) FROM heads JOIN units ON units.name = heads.unit
        WHERE units.removed_at IS NULL GROUP BY unit
    """
    return [(row["unit"], row["epoch"], row["through"]) for row in db.rows(sql)]


def move_heads(db: Database, heads: Iterable[Head]) -> None:
    """Keeps how far each head has come."""
    db.execute_each(
        "UPDATE heads SET through = ?, heard_at = ?, passed_at = ? WHERE id = ?",
        [(at.through, str(at.heard_at), str(at.passed_at) if at.passed_at else None, at.id) for at in heads],
    )


def newest_moment(db: Database) -> Instant | None:
    """When the newest event of the journal happened."""
    found = db.value("SELECT max(at) FROM events")
    return None if found is None else stored_instant(found)


def last_passages(db: Database) -> dict[str, Instant]:
    """By unit, when it last reported a passage, by its own clock and from its newest epoch."""
    sql = "SELECT unit, passed_at FROM heads WHERE passed_at IS NOT NULL ORDER BY id"
    return {row["unit"]: stored_instant(row["passed_at"]) for row in db.rows(sql)}


def write(db: Database, entries: Iterable[NewEntry]) -> None:
    """Adds events; raises `sqlite3.IntegrityError` for one that is there already."""
    db.execute_each(
        "INSERT INTO events (head, seq, at, day, received_at, kind, member, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        map(_event_row, entries),
    )


def lines(
    db: Database, *, since: Instant | None = None, unit: str | None = None, limit: int | None = None
) -> list[JournalEntry]:
    """What happened from `since` on, in order of time; with `limit` only the newest so many."""
    return _lines(db, "at >= ? AND (? IS NULL OR unit = ?)", (str(since or ""), unit, unit), limit)


def taps(db: Database, *, since: Instant | None = None, limit: int = 50) -> list[JournalEntry]:
    """The newest badges presented, in order of time; `since` saves looking through years where there are few."""
    return _lines(db, "kind = 'access' AND at >= ?", (str(since or ""),), limit)


def after(db: Database, event: int, *, limit: int = 500) -> list[JournalEntry]:
    """What arrived after the event of that number, in order of arrival."""
    rows = db.rows(f"{_LINES} WHERE events.id > ? ORDER BY events.id LIMIT ?", (event, limit))
    return [_line(row) for row in rows]


def count_nameless(db: Database, day: date, *, until: Instant | None = None) -> int:
    """How many passages of `day` never named anybody since the desk settled it; those let through by it do not count.

    With `until`, as it stood at that moment.
    """
    last = str(until) if until else "9999"
    return int(
        db.value(
            "SELECT count(*) FROM events WHERE day = ?1 AND kind = 'passage' AND member IS NULL AND at <= ?2"
            " AND NOT named"
            " AND body ->> '$.by' <> 'command'"
            " AND at > coalesce((SELECT max(at) FROM settlements WHERE day = ?1 AND at <= ?2), '')",
            (day.isoformat(), last),
        )
    )


def settle(db: Database, day: date, *, operator: str, at: Instant) -> None:
    """The desk has counted: what was uncertain until `at` no longer is."""
    db.execute("INSERT INTO settlements (day, at, operator) VALUES (?, ?, ?)", (day.isoformat(), str(at), operator))


def behind(db: Database) -> list[tuple[str, str, int, int]]:
    """Unit, epoch, head and last event of each journal that has events after its head, as none should."""
    sql = """
        SELECT unit, epoch, through, max(seq) AS last FROM heads JOIN events ON events.head = heads.id
        GROUP BY heads.id HAVING last > through ORDER BY unit, epoch
    """
    return [(row["unit"], row["epoch"], row["through"], row["last"]) for row in db.rows(sql)]


def _event_row(entry: NewEntry) -> tuple[SQLValue, ...]:
    head, seq, at, day, received_at, kind, member, body = entry
    return head, seq, str(at), day.isoformat(), str(received_at), kind, member, body.decode()


_LINES = """
SELECT events.id, unit, epoch, seq, at, received_at, kind, member, body
FROM events JOIN heads ON heads.id = events.head
"""


def _lines(db: Database, where: str, parameters: tuple[str | None, ...], limit: int | None) -> list[JournalEntry]:
    newest = "" if limit is None else f" LIMIT {limit:d}"
    rows = db.rows(f"{_LINES} WHERE {where} ORDER BY at DESC, events.id DESC{newest}", parameters)
    return [_line(row) for row in reversed(rows)]


def _line(row: sqlite3.Row) -> JournalEntry:
    return read_row({**row, "event": stored_json(row["body"], dict[str, Any])}, JournalEntry)
