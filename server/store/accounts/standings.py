"""Where each member stands: what is held and owed, as last reckoned, and when time alone will next change it."""

import sqlite3
from collections.abc import Iterable
from datetime import date
from typing import Any

from msgspec import Struct, structs

from device.contract.instant import Instant
from server.core.charge.may_come import may_come
from server.core.charge.passes import PAYING_KINDS, Cover
from server.store.database import Database, SQLValue
from server.store.stored_values import read_row, stored_instant

StandingRow = tuple[SQLValue, ...]


class Balance(Struct, frozen=True, kw_only=True, gc=False):
    """A member at `settled_at`; tickets by kind, of those that are valid then, and half-days of a Nomade's allowance.

    `covered_by` is a pass that holds then; `expires` the last valid day of the tickets that go first.
    """

    member: int
    settled_at: Instant
    due_at: Instant | None = None
    owed_cents: int = 0
    credit_cents: int = 0
    hour: int = 0
    half_day: int = 0
    day: int = 0
    golden: int = 0
    nomade_left: int | None = None
    covered_by: Cover | None = None
    expires: date | None = None

    def may_come(self, max_owed_cents: int) -> bool:
        """Whether a pass, a ticket or some credit is left."""
        has_tickets = any(getattr(self, kind) for kind in PAYING_KINDS)
        return may_come(self.owed_cents, max_owed_cents, has_tickets=has_tickets, has_pass=self.covered_by is not None)


def standing_row(standing: Balance) -> StandingRow:
    """What `put` takes."""
    return tuple(_as_stored(value) for value in structs.astuple(standing))


def put(db: Database, rows: Iterable[StandingRow]) -> None:
    """Keeps them in the place of what was known of the same members."""
    columns = Balance.__struct_fields__
    places = ", ".join("?" for _ in columns)
    db.execute_each(f"INSERT OR REPLACE INTO standings ({', '.join(columns)}) VALUES ({places})", rows)


def of_member(db: Database, member: int) -> Balance | None:
    """One member's; None for who never had anything to do with the books."""
    row = db.row("SELECT * FROM standings WHERE member = ?", (member,))
    return None if row is None else _standing(row)


def every(db: Database) -> dict[int, Balance]:
    """Everybody's, by member."""
    return {row["member"]: _standing(row) for row in db.rows("SELECT * FROM standings ORDER BY member")}


def due(db: Database, now: Instant) -> list[tuple[int, Instant]]:
    """Whose books time alone has changed by `now`, and when they were last settled."""
    rows = db.rows("SELECT member, settled_at FROM standings WHERE due_at <= ? ORDER BY due_at", (str(now),))
    return [(row["member"], stored_instant(row["settled_at"])) for row in rows]


def without_credit(db: Database, max_owed_cents: int) -> set[int]:
    """Members who may not come; who never had anything to do with the books owes nothing and holds nothing."""
    sql = f"""
        SELECT id, coalesce(owed_cents, 0) AS owed_cents, covered_by IS NOT NULL AS has_pass,
            coalesce({" + ".join(PAYING_KINDS)}, 0) > 0 AS has_tickets
        FROM members LEFT JOIN standings ON member = id
    """
    return {
        row["id"]
        for row in db.rows(sql)
        if not may_come(
            row["owed_cents"],
            max_owed_cents,
            has_tickets=bool(row["has_tickets"]),
            has_pass=bool(row["has_pass"]),
        )
    }


def _as_stored(value: Any) -> SQLValue:
    if isinstance(value, Instant):
        return str(value)
    return value.isoformat() if isinstance(value, date) else value


def _standing(row: sqlite3.Row) -> Balance:
    return read_row(row, Balance)
