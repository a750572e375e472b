"""What was set aside: messages that do not keep to the contract, and events that cannot be believed.

The newest are kept with their bytes, for the desk to judge; all are counted, so that a flood fills no disk.
"""

import sqlite3
from collections.abc import Sequence
from typing import Literal

from msgspec import Struct

from device.contract.instant import Instant
from server.store.database import Database, SQLValue
from server.store.journal import counters
from server.store.stored_values import read_row

FaultKind = Literal["malformed", "stranger", "early", "old", "failed"]
"""Not of the contract; from a unit that is not in the books; from the future; from too long ago; our own failure."""

MAX_KEPT = 10_000
MAX_KEPT_BYTES = 64 * 1024 * 1024
MAX_PAYLOAD = 64 * 1024
MAX_TOPIC = 300
MAX_FAULT = 500

TALLY = "faults"


class Fault(Struct, frozen=True, kw_only=True):
    """One thing set aside. One event of a run has its identity too; `payload` is cut at `MAX_PAYLOAD` bytes."""

    received_at: Instant
    kind: FaultKind
    topic: str
    fault: str
    payload: bytes
    unit: str | None = None
    epoch: str | None = None
    seq: int | None = None
    id: int = 0


def set_aside(db: Database, faults: Sequence[Fault], *, uncounted: int = 0) -> None:
    """Keeps `faults`, and counts them and as many more as were not worth keeping."""
    db.execute_each(
        "INSERT INTO faults (received_at, kind, topic, unit, epoch, seq, fault, payload)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        map(_row, faults),
    )
    before = counters.count(db, TALLY)
    counters.add(db, TALLY, len(faults) + uncounted)
    if before // 100 != (before + len(faults)) // 100:  # looking at sizes is too slow for every one of a flood
        _prune(db)


def newest(db: Database, *, limit: int = MAX_KEPT) -> list[Fault]:
    """What was set aside, in order of arrival."""
    rows = db.rows("SELECT * FROM faults ORDER BY id DESC LIMIT ?", (limit,))
    return [_fault(row) for row in reversed(rows)]


def count(db: Database) -> int:
    """How many were ever set aside, those no longer kept included."""
    return counters.count(db, TALLY)


def reached(db: Database, unit: str, epoch: str) -> int:
    """The highest number of that epoch among what is kept here; 0 where nothing of it is."""
    return int(db.value("SELECT max(seq) FROM faults WHERE unit = ? AND epoch = ?", (unit, epoch)) or 0)


def may_reach(db: Database, unit: str, epoch: str, seq: int) -> bool:
    """Whether the event of that number, of that epoch, was set aside, or may have been before others took its place."""
    if counters.count(db, TALLY) > db.value("SELECT count(*) FROM faults"):
        return True
    return reached(db, unit, epoch) == seq


def _prune(db: Database) -> None:
    db.execute(
        "DELETE FROM faults WHERE id <= (SELECT max(id) FROM ("
        " SELECT id, row_number() OVER newest AS nth, sum(length(payload)) OVER newest AS bytes FROM faults"
        " WINDOW newest AS (ORDER BY id DESC)) WHERE nth > ? OR bytes > ?)",
        (MAX_KEPT, MAX_KEPT_BYTES),
    )


def _row(fault: Fault) -> tuple[SQLValue, ...]:
    identity = (fault.unit, fault.epoch, fault.seq)
    said = fault.fault.encode("utf-8", "replace").decode()[:MAX_FAULT]
    return (str(fault.received_at), fault.kind, fault.topic[:MAX_TOPIC], *identity, said, fault.payload[:MAX_PAYLOAD])


def _fault(row: sqlite3.Row) -> Fault:
    return read_row(row, Fault)
