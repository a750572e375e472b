"""Credit that was given for services rendered (rules 4.11): tickets, by whom and why."""

import sqlite3
from datetime import date

from msgspec import Struct

from device.contract.instant import Instant
from server.core.charge.passes import TicketKind
from server.errors import Refusal
from server.store.database import Database
from server.store.stored_values import read_row


class Gift(Struct, frozen=True, kw_only=True):
    """Tickets given, counting from `first_day`; `cancels` is the gift that it takes back, `size` then negative."""

    id: int
    written_at: Instant
    operator: str
    member: int
    kind: TicketKind
    size: int
    first_day: date
    reason: str
    cancels: int | None = None


def write(db: Database, gift: Gift) -> Gift:
    """The gift under a number of its own; within the transaction that is open."""
    row = (
        str(gift.written_at),
        gift.operator,
        gift.member,
        gift.kind,
        gift.size,
        gift.first_day.isoformat(),
        gift.reason,
        gift.cancels,
    )
    columns = "written_at, operator, member, kind, size, first_day, reason, cancels"
    number = db.execute(f"INSERT INTO gifts ({columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row).lastrowid
    return find(db, number or 0)


def find(db: Database, gift: int) -> Gift:
    """The gift of that number; raises `Refusal` where there is none."""
    row = db.row("SELECT * FROM gifts WHERE id = ?", (gift,))
    if row is None:
        raise Refusal("no_such_gift", number=gift)
    return _gift(row)


def newest(db: Database, member: int) -> Gift | None:
    """What was last given to that member, or taken back."""
    row = db.row("SELECT * FROM gifts WHERE member = ? ORDER BY id DESC LIMIT 1", (member,))
    return None if row is None else _gift(row)


def cancelled_by(db: Database, gift: int) -> int | None:
    """The number of what took that gift back."""
    return db.value("SELECT id FROM gifts WHERE cancels = ?", (gift,))  # type: ignore[no-any-return]


def _gift(row: sqlite3.Row) -> Gift:
    return read_row(row, Gift)
