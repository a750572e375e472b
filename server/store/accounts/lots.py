"""What members hold: lots of tickets with their prolongations, and passes. What was taken back is not held."""

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from device.contract.instant import Instant
from server.core.charge.passes import Coverage, HeldPass, Lot, Prolongation, Tickets
from server.errors import Refusal
from server.store.database import Database
from server.store.stored_values import stored_date

_STANDING_LOTS = """
SELECT lots.* FROM lots WHERE member = ?
AND (sale IS NULL OR sale NOT IN (SELECT cancels FROM sales WHERE cancels IS NOT NULL))
AND (gift IS NULL OR gift NOT IN (SELECT cancels FROM gifts WHERE cancels IS NOT NULL))
"""

_STANDING_PASSES = """
SELECT * FROM held_passes WHERE member = ?
AND (sale IS NULL OR sale NOT IN (SELECT cancels FROM sales WHERE cancels IS NOT NULL))
"""


class Origin(NamedTuple):
    """Where a lot came from: the number of a sale or of a gift."""

    sale: int | None = None
    gift: int | None = None


def add_lot(db: Database, member: int, tickets: Tickets, origin: Origin) -> Lot:
    """A new lot; within the transaction that is open."""
    first, last = tickets.first_day.isoformat(), tickets.last_day.isoformat()
    row = (origin.sale, origin.gift, member, tickets.kind, tickets.number, first, last)
    columns = "sale, gift, member, kind, size, first_day, last_day"
    number = db.execute(f"INSERT INTO lots ({columns}) VALUES (?, ?, ?, ?, ?, ?, ?)", row).lastrowid
    return Lot(number or 0, tickets.kind, tickets.number, tickets.first_day, tickets.last_day)


def add_pass(db: Database, member: int, sale: int, covered: Coverage) -> HeldPass:
    """A new pass; within the transaction that is open."""
    first, last = covered.first_day.isoformat(), covered.last_day.isoformat()
    row = (sale, member, covered.cover, first, last, covered.allowance)
    columns = "sale, member, cover, first_day, last_day, allowance"
    number = db.execute(f"INSERT INTO held_passes ({columns}) VALUES (?, ?, ?, ?, ?, ?)", row).lastrowid
    return HeldPass(number or 0, *covered)


def prolong(db: Database, lot: int, prolongation: Prolongation, *, reason: str, operator: str, now: Instant) -> int:
    """An operator's word that the lot is valid for longer, and its number."""
    row = (
        lot,
        prolongation.on.isoformat(),
        prolongation.last_day.isoformat(),
        reason,
        operator,
        str(now),
    )
    columns = "lot, given_on, last_day, reason, operator, written_at"
    number = db.execute(f"INSERT INTO prolongations ({columns}) VALUES (?, ?, ?, ?, ?, ?)", row).lastrowid
    return number or 0


def holder_of(db: Database, lot: int) -> int:
    """Whose lot it is; raises `Refusal` where there is none."""
    member = db.value("SELECT member FROM lots WHERE id = ?", (lot,))
    if member is None:
        raise Refusal("no_such_lot", number=lot)
    return int(member)


def of_member(db: Database, member: int, *, after: date = date.min, named: Iterable[int] = ()) -> list[Lot]:
    """A member's lots that begin after that day, and the `named` ones."""
    rows = db.rows(f"{_STANDING_LOTS} AND first_day > ? ORDER BY id", (member, after.isoformat()))
    # a state that names a lot which was taken back is no longer kept
    older = [] if after == date.min else [lot for lot in numbered(db, named) if lot.first_day <= after]
    return [*older, *_lots(rows, _prolongations(db, [row["id"] for row in rows]))]


def numbered(db: Database, numbers: Iterable[int]) -> list[Lot]:
    """The lots of those numbers, taken back or not."""
    wanted = list(numbers)
    rows = db.rows(f"SELECT * FROM lots WHERE id IN ({', '.join('?' * len(wanted))})", wanted)
    return _lots(rows, _prolongations(db, wanted))


def prolonged_after(db: Database, member: int, day: date) -> list[int]:
    """The numbers of a member's older lots that were prolonged after that day."""
    # prolongations are few: they are looked through before the lots
    sql = """
        SELECT DISTINCT lot FROM prolongations CROSS JOIN lots ON lots.id = lot
        WHERE given_on > ?1 AND member = ?2 AND first_day <= ?1
    """
    return [row["lot"] for row in db.rows(sql, (day.isoformat(), member))]


def of_origin(db: Database, origin: Origin) -> list[Lot]:
    """The lots of one sale or gift, taken back or not."""
    rows = db.rows("SELECT * FROM lots WHERE sale IS ? AND gift IS ? ORDER BY id", origin)
    return _lots(rows, {})


def passes_of_member(db: Database, member: int, *, after: date = date.min) -> list[HeldPass]:
    """A member's passes that hold on some date after that day."""
    rows = db.rows(f"{_STANDING_PASSES} AND last_day > ? ORDER BY id", (member, after.isoformat()))
    return [_pass(row) for row in rows]


def passes_of_sale(db: Database, sale: int) -> list[HeldPass]:
    """The passes of one sale, taken back or not."""
    return [_pass(row) for row in db.rows("SELECT * FROM held_passes WHERE sale = ?", (sale,))]


def passes_numbered(db: Database, numbers: Iterable[int]) -> list[HeldPass]:
    """The passes of those numbers, taken back or not."""
    wanted = list(numbers)
    rows = db.rows(f"SELECT * FROM held_passes WHERE id IN ({', '.join('?' * len(wanted))})", wanted)
    return [_pass(row) for row in rows]


def _prolongations(db: Database, lots: Sequence[int]) -> dict[int, list[Prolongation]]:
    found: dict[int, list[Prolongation]] = defaultdict(list)
    marks = ", ".join("?" * len(lots))
    for row in db.rows(f"SELECT * FROM prolongations WHERE lot IN ({marks}) ORDER BY id", lots):
        dates = stored_date(row["given_on"]), stored_date(row["last_day"])
        found[row["lot"]].append(Prolongation(*dates))
    return found


def _lots(rows: Iterable[sqlite3.Row], prolonged: dict[int, list[Prolongation]]) -> list[Lot]:
    return [
        Lot(
            row["id"],
            row["kind"],
            row["size"],
            stored_date(row["first_day"]),
            stored_date(row["last_day"]),
            tuple(prolonged.get(row["id"], ())),
        )
        for row in rows
    ]


def _pass(row: sqlite3.Row) -> HeldPass:
    first_day, last_day = stored_date(row["first_day"]), stored_date(row["last_day"])
    return HeldPass(row["id"], row["cover"], first_day, last_day, row["allowance"])
