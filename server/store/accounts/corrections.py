"""An operator's word on what a date was, or costs (rules 4.8).

The newest word on a date holds, and one may be that the date is as it was computed.
"""

import sqlite3
from collections.abc import Sequence
from datetime import date

import msgspec
from msgspec import Struct

from device.contract.instant import Instant
from server.core.charge.facts import ChargeCorrection, Correction
from server.store.database import Database
from server.store.stored_values import stored_date, stored_instant, stored_json


class CorrectionWritten(Struct, frozen=True, kw_only=True):
    """A correction in the books; `correction` is None where it lifts the one before."""

    id: int
    member: int
    day: date
    correction: Correction | None
    reason: str
    operator: str
    written_at: Instant


def write(
    db: Database, member: int, day: date, correction: Correction | None, *, reason: str, operator: str, now: Instant
) -> CorrectionWritten:
    """A new word on that date; within the transaction that is open."""
    presence = None if correction is None or correction.presence is None else _text(correction.presence)
    charge = None if correction is None or correction.charge is None else _text(correction.charge)
    row = (member, day.isoformat(), presence, charge, reason, operator, str(now))
    columns = "member, day, presence, charge, reason, operator, written_at"
    number = db.execute(f"INSERT INTO corrections ({columns}) VALUES (?, ?, ?, ?, ?, ?, ?)", row).lastrowid
    return _written(db.rows("SELECT * FROM corrections WHERE id = ?", (number,))[0])


def in_force(db: Database, member: int, *, after: date = date.min) -> dict[date, Correction]:
    """The corrections that hold for a member's dates after that day."""
    rows = db.rows("SELECT * FROM corrections WHERE member = ? AND day > ? ORDER BY id", (member, after.isoformat()))
    newest = {written.day: written.correction for written in map(_written, rows)}
    return {day: correction for day, correction in newest.items() if correction is not None}


def of_day(db: Database, member: int, day: date) -> list[CorrectionWritten]:
    """Every word on that date, the oldest first."""
    sql = "SELECT * FROM corrections WHERE member = ? AND day = ? ORDER BY id"
    return [_written(row) for row in db.rows(sql, (member, day.isoformat()))]


def _text(part: Sequence[tuple[Instant, Instant]] | ChargeCorrection) -> str:
    return msgspec.json.encode(part, enc_hook=str).decode()


def _written(row: sqlite3.Row) -> CorrectionWritten:
    correction: Correction | None = None
    if row["presence"] is not None or row["charge"] is not None:
        correction = Correction(
            None if row["presence"] is None else _presence(row["presence"]),
            None if row["charge"] is None else stored_json(row["charge"], ChargeCorrection),
        )
    return CorrectionWritten(
        id=row["id"],
        member=row["member"],
        day=stored_date(row["day"]),
        correction=correction,
        reason=row["reason"],
        operator=row["operator"],
        written_at=stored_instant(row["written_at"]),
    )


def _presence(text: str) -> tuple[tuple[Instant, Instant], ...]:
    pairs = stored_json(text, list[tuple[str, str]])
    return tuple((stored_instant(began_at), stored_instant(ended_at)) for began_at, ended_at in pairs)
