"""The ledger: entries that are never changed, each with its cause. A balance is the sum of its entries."""

import sqlite3
from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from msgspec import Struct

from device.contract.instant import Instant
from server.core.charge.postings import EntryKind, Posting, What
from server.store.database import Database, SQLValue
from server.store.stored_values import read_row


class Cause(NamedTuple):
    """Why an entry was written: the events (`event front/9f2c41aa/1043`), a number (`sale 12`), or the `clock`.

    `corrects` is the date that an operator's correction is about.
    """

    text: str
    operator: str | None = None
    corrects: date | None = None


CLOCK = Cause("clock")
"""A boundary, a begun hour, a closing, a midnight passed."""


class LedgerEntry(Struct, frozen=True, kw_only=True):
    """One line of the ledger; `day` is the date that it is about, `lot` or `held_pass` what it moves.

    Of `cents`, the amount is money: negative where it came to be owed, positive where it was paid or is owed no more.
    """

    id: int
    member: int
    day: date
    kind: EntryKind
    what: What
    lot: int | None
    held_pass: int | None
    amount: int
    cause: str
    operator: str | None
    written_at: Instant


class Sum(NamedTuple):
    """What the entries of one date about one thing add up to; `day` is empty for what expired."""

    day: str
    what: str
    lot: int | None
    held_pass: int | None


EntryRow = tuple[SQLValue, ...]


def entry_row(member: int, posting: Posting, cause: Cause, written_at: str) -> EntryRow:
    """A posting as `post` takes it."""
    day, kind, what, amount, lot, held_pass = posting
    return (member, day.isoformat(), kind, what, lot, held_pass, amount, cause.text, cause.operator, written_at)


def post(db: Database, rows: Iterable[EntryRow]) -> None:
    """Adds entries; within the transaction that is open."""
    columns = "member, day, kind, what, lot, held_pass, amount, cause, operator, written_at"
    db.execute_each(f"INSERT INTO ledger ({columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)


def of_member(db: Database, member: int, *, limit: int | None = None) -> list[LedgerEntry]:
    """A member's entries in the order they were written; with `limit` only the newest so many."""
    newest = "" if limit is None else f" LIMIT {limit:d}"
    rows = db.rows(f"SELECT * FROM ledger WHERE member = ? ORDER BY id DESC{newest}", (member,))
    return [_entry(row) for row in reversed(rows)]


def of_day(db: Database, member: int, day: date) -> list[LedgerEntry]:
    """A member's entries about one date, in the order they were written."""
    sql = "SELECT * FROM ledger WHERE member = ? AND day = ? ORDER BY id"
    return [_entry(row) for row in db.rows(sql, (member, day.isoformat()))]


def sums(db: Database, member: int) -> Counter[Sum]:
    """What a member's entries add up to, by date and thing."""
    sql = """
        SELECT CASE kind WHEN 'expiry' THEN '' ELSE day END AS about, what, lot, held_pass, sum(amount)
        FROM ledger WHERE member = ? GROUP BY about, what, lot, held_pass
    """
    return Counter({Sum(*about): amount for *about, amount in db.execute(sql, (member,))})


def left_of_lot(db: Database, member: int, lot: int, day: date) -> int:
    """What is left of a lot by the entries about dates up to `day`, expired or not."""
    sql = """
        SELECT coalesce(sum(amount), 0) FROM ledger
        WHERE member = ? AND (day <= ? OR kind = 'opening') AND lot = ? AND kind <> 'expiry'
    """
    return int(db.value(sql, (member, day.isoformat(), lot)))


def members_concerned(db: Database) -> list[int]:
    """Everybody the books have something to say of, or should."""
    sql = """
        SELECT DISTINCT member FROM ledger UNION SELECT DISTINCT member FROM day_books
        UNION SELECT DISTINCT member FROM stays UNION SELECT DISTINCT member FROM used_time
        UNION SELECT DISTINCT member FROM lots
        UNION SELECT DISTINCT member FROM held_passes UNION SELECT DISTINCT member FROM corrections
        UNION SELECT member FROM standings ORDER BY member
    """
    return [row[0] for row in db.execute(sql)]


def _entry(row: sqlite3.Row) -> LedgerEntry:
    return read_row(row, LedgerEntry)
