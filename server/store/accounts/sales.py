"""What was sold and paid, numbered without gaps, each as it was sold: settings that change later change nothing here.

A payment of what was owed is in the same series. A row is never changed; one that takes another back is its negative.
"""

import sqlite3
from collections.abc import Iterable
from datetime import date
from typing import Literal

from msgspec import Struct, structs

from device.contract.instant import Instant
from server.errors import Refusal
from server.store.database import Database
from server.store.journal import counters
from server.store.stored_values import read_row

PaidBy = Literal["cash", "card", "transfer", "other"]

MEANS: tuple[PaidBy, ...] = ("cash", "card", "transfer", "other")

REMOVED = "sales_removed"
"""The count of the numbers that years which were removed had."""

VAT_WHOLE_BP = 10_000
"""Basis points in a whole: 20 % are 2,000."""


class Sale(Struct, frozen=True, kw_only=True):
    """A pass sold, or a debt paid, on `day`; prices in cents, tax included. `cancels` is the number it takes back.

    `pass_id` is None for a debt; `first_day` the day from which what was sold counts.
    """

    number: int
    written_at: Instant
    day: date
    operator: str
    member: int
    what: Literal["pass", "debt"]
    pass_id: str | None
    title: str
    first_day: date
    price_cents: int
    vat_bp: int
    paid_by: PaidBy
    reduced: bool = False
    reason: str = ""
    cancels: int | None = None

    @property
    def vat_cents(self) -> int:
        """The tax in the price, half a cent rounded up."""
        tax, whole = abs(self.price_cents) * self.vat_bp, VAT_WHOLE_BP + self.vat_bp
        rounded = (2 * tax + whole) // (2 * whole)
        return rounded if self.price_cents >= 0 else -rounded

    @property
    def net_cents(self) -> int:
        """The price without the tax."""
        return self.price_cents - self.vat_cents


def write(db: Database, sale: Sale) -> Sale:
    """The sale under the next number, whatever number it came with; within the transaction that is open."""
    last = int(db.value("SELECT coalesce(max(number), 0) FROM sales"))
    number = max(last, counters.count(db, REMOVED)) + 1
    numbered = structs.replace(sale, number=number)
    fields = (
        number,
        str(sale.written_at),
        sale.day.isoformat(),
        sale.operator,
        sale.member,
        sale.what,
        sale.pass_id,
        sale.title,
        sale.first_day.isoformat(),
        sale.price_cents,
        sale.vat_bp,
        sale.paid_by,
        sale.reduced,
        sale.reason,
        sale.cancels,
    )
    db.execute(f"INSERT INTO sales VALUES ({', '.join('?' * len(fields))})", fields)
    return numbered


def find(db: Database, number: int) -> Sale:
    """The sale of that number; raises `Refusal` where there is none."""
    row = db.row("SELECT * FROM sales WHERE number = ?", (number,))
    if row is None:
        raise Refusal("no_such_sale", number=number)
    return _sale(row)


def cancelled_by(db: Database, number: int) -> int | None:
    """The number of what took that sale back."""
    return db.value("SELECT number FROM sales WHERE cancels = ?", (number,))  # type: ignore[no-any-return]


def between(db: Database, first: date, last: date) -> list[Sale]:
    """What was written from `first` to `last`, both included, by number."""
    sql = "SELECT * FROM sales WHERE day BETWEEN ? AND ? ORDER BY number"
    return _sales(db.rows(sql, (first.isoformat(), last.isoformat())))


def of_member(db: Database, member: int) -> list[Sale]:
    """All that was sold to one member, by number."""
    return _sales(db.rows("SELECT * FROM sales WHERE member = ? ORDER BY number", (member,)))


def newest(db: Database, member: int) -> Sale | None:
    """What was last sold to that member, paid by them or taken back."""
    row = db.row("SELECT * FROM sales WHERE member = ? ORDER BY number DESC LIMIT 1", (member,))
    return None if row is None else _sale(row)


def missing_numbers(db: Database) -> list[int]:
    """Numbers that the series lacks; there are none in books that are right."""
    rows = db.rows("SELECT number FROM sales ORDER BY number")
    have = {row["number"] for row in rows}
    first = counters.count(db, REMOVED) + 1  # what was sold in years that were removed
    return [number for number in range(first, max(have, default=0) + 1) if number not in have]


def note_removed(db: Database, last: date) -> None:
    """The series begins after what was sold up to that date."""
    highest = int(db.value("SELECT coalesce(max(number), 0) FROM sales WHERE day <= ?", (last.isoformat(),)))
    counters.add(db, REMOVED, max(0, highest - counters.count(db, REMOVED)))


def _sales(rows: Iterable[sqlite3.Row]) -> list[Sale]:
    return [_sale(row) for row in rows]


def _sale(row: sqlite3.Row) -> Sale:
    return read_row({**row, "pass_id": row["pass"]}, Sale)
