"""A member's rows of years that are removed: what goes on loses its origin, the rest goes.

The database lets go of what is written only while `closing` holds, which is within one transaction.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import date
from typing import NamedTuple

import msgspec

from server.store.database import Database

_CONCERNED = """
SELECT member FROM (
    SELECT member FROM ledger WHERE day <= ?1 UNION SELECT member FROM day_books WHERE day <= ?1
    UNION SELECT member FROM sales WHERE day <= ?1 UNION SELECT member FROM gifts WHERE first_day <= ?1
    UNION SELECT member FROM lots WHERE first_day <= ?1 UNION SELECT member FROM held_passes WHERE first_day <= ?1
    UNION SELECT member FROM corrections WHERE day <= ?1 UNION SELECT member FROM used_time WHERE day <= ?1
    UNION SELECT member FROM stays WHERE day <= ?1)
WHERE member NOT IN (SELECT member FROM balances_forward WHERE day >= ?1) ORDER BY member
"""

_STAYS_ON = "SELECT value FROM json_each(?3)"


class KeptRows(NamedTuple):
    """Of a member's rows, those that go on: lots, passes, and the dates that are still owed for."""

    lots: Collection[int]
    passes: Collection[int]
    days: Collection[date]


def first_year(db: Database) -> int | None:
    """The year that the books begin in."""
    found = db.value(
        "SELECT min(day) FROM (SELECT min(day) AS day FROM ledger UNION ALL SELECT min(day) FROM sales"
        " UNION ALL SELECT min(day) FROM day_books UNION ALL SELECT min(day) FROM corrections)"
    )
    return None if found is None else int(str(found)[:4])


def members_to_close(db: Database, last: date) -> list[int]:
    """Who has anything in the books up to that date, and whose balances do not begin after it yet."""
    return [row["member"] for row in db.rows(_CONCERNED, (last.isoformat(),))]


@contextmanager
def closing(db: Database, last: date) -> Iterator[None]:
    """What is written up to that date may be removed; within the transaction that is open."""
    db.execute("INSERT INTO closing_year VALUES (?)", (last.isoformat(),))
    yield
    db.execute("DELETE FROM closing_year")


def standing_lots(db: Database, member: int, last: date) -> set[int]:
    """The lots that were not taken back and begin later, which go on whatever the year."""
    sql = """
        SELECT id FROM lots WHERE member = ? AND first_day > ?
        AND (sale IS NULL OR sale NOT IN (SELECT cancels FROM sales WHERE cancels IS NOT NULL))
        AND (gift IS NULL OR gift NOT IN (SELECT cancels FROM gifts WHERE cancels IS NOT NULL))
    """
    return {row["id"] for row in db.rows(sql, (member, last.isoformat()))}


def remove(db: Database, member: int, last: date, kept: KeptRows) -> dict[str, int]:
    """Removes a member's rows up to that date but those `kept`; of which table how many."""
    span = (member, last.isoformat())
    days, lots, passes = (_listed([*each]) for each in ([day.isoformat() for day in kept.days], kept.lots, kept.passes))
    removed: dict[str, int] = {}

    def delete(table: str, where: str, *parameters: str) -> None:
        removed[table] = db.execute(f"DELETE FROM {table} WHERE {where}", (*span, *parameters)).rowcount

    # a date that is owed for keeps what it took and gave back; what takes a sale or a payment back is negative
    goes_on = (
        "(kind IN ('debit', 'correction') OR kind = 'reversal' AND amount > 0)"
        f" AND day IN ({_STAYS_ON}) AND (lot IS NULL OR lot IN (SELECT value FROM json_each(?4)))"
        " AND (held_pass IS NULL OR held_pass IN (SELECT value FROM json_each(?5)))"
    )
    gone_for_good = (
        "lot IN (SELECT id FROM lots WHERE member = ?1 AND first_day <= ?2"
        " AND id NOT IN (SELECT value FROM json_each(?4)))"
    )
    delete(
        "ledger", f"member = ?1 AND ((day <= ?2 AND NOT coalesce({goes_on}, 0)) OR {gone_for_good})", days, lots, passes
    )
    _remove_taken_back(db, span)
    delete("expired_lots", f"member = ?1 AND lot NOT IN ({_STAYS_ON}) AND ?2 = ?2", lots)
    delete(
        "prolongations",
        f"lot IN (SELECT id FROM lots WHERE member = ?1 AND first_day <= ?2 AND id NOT IN ({_STAYS_ON}))",
        lots,
    )
    delete("lots", f"member = ?1 AND first_day <= ?2 AND id NOT IN ({_STAYS_ON})", lots)
    delete("held_passes", f"member = ?1 AND last_day <= ?2 AND id NOT IN ({_STAYS_ON})", passes)
    _remove_origins(db, span, removed)
    delete("day_books", f"member = ?1 AND day <= ?2 AND day NOT IN ({_STAYS_ON})", days)
    delete("corrections", "member = ?1 AND day <= ?2")
    delete("used_time", "member = ?1 AND day <= ?2")
    return removed


def remove_beside(db: Database, last: date) -> dict[str, int]:
    """Removes what no member's books are made of: what operators did and dismissed, musters, who hosted whom."""
    day, end = last.isoformat(), (last.isoformat() + "T~")
    db.execute(
        "UPDATE guests SET member = NULL, invited = NULL, imprint = NULL"
        " WHERE day <= ? AND coalesce(member, invited, imprint) IS NOT NULL",
        (day,),
    )
    db.execute("DELETE FROM muster_people WHERE muster IN (SELECT id FROM musters WHERE began_at <= ?)", (end,))
    deletions = {
        "changes": ("at <= ?", end),
        "looked_at": ("at <= ?", end),
        "musters": ("began_at <= ? AND ended_at IS NOT NULL", end),
        "settlements": ("day <= ?", day),
        "desk_rooms": ("at <= ?", end),
    }
    return {
        table: db.execute(f"DELETE FROM {table} WHERE {where}", (until,)).rowcount
        for table, (where, until) in deletions.items()
    }


_TAKEN_BACK_SALES = """
SELECT cancels FROM sales WHERE member = ?1 AND cancels IS NOT NULL AND day <= ?2
"""
_TAKEN_BACK_GIFTS = """
SELECT cancels FROM gifts WHERE member = ?1 AND cancels IS NOT NULL AND substr(written_at, 1, 10) <= ?2
"""


def _remove_taken_back(db: Database, span: tuple[int, str]) -> None:
    """What was taken back by then and counted from later on: without its sale it would seem to be held."""
    lots = f"SELECT id FROM lots WHERE sale IN ({_TAKEN_BACK_SALES}) OR gift IN ({_TAKEN_BACK_GIFTS})"
    passes = f"SELECT id FROM held_passes WHERE sale IN ({_TAKEN_BACK_SALES})"
    db.execute(f"DELETE FROM ledger WHERE lot IN ({lots}) OR held_pass IN ({passes})", span)
    for table in ("expired_lots", "prolongations"):
        db.execute(f"DELETE FROM {table} WHERE lot IN ({lots})", span)
    db.execute(f"DELETE FROM lots WHERE id IN ({lots})", span)
    db.execute(f"DELETE FROM held_passes WHERE id IN ({passes})", span)


def _remove_origins(db: Database, span: tuple[int, str], removed: dict[str, int]) -> None:
    """Sales and gifts, but those that were taken back later: what took them back is of a year that is kept."""
    sales = (
        "SELECT number FROM sales WHERE member = ?1 AND day <= ?2"
        " AND number NOT IN (SELECT cancels FROM sales WHERE cancels IS NOT NULL AND day > ?2)"
    )
    gifts = (
        "SELECT id FROM gifts WHERE member = ?1 AND substr(written_at, 1, 10) <= ?2"
        " AND id NOT IN (SELECT cancels FROM gifts WHERE cancels IS NOT NULL AND substr(written_at, 1, 10) > ?2)"
    )
    db.execute(f"UPDATE lots SET sale = NULL WHERE sale IN ({sales})", span)
    db.execute(f"UPDATE lots SET gift = NULL WHERE gift IN ({gifts})", span)
    db.execute(f"UPDATE held_passes SET sale = NULL WHERE sale IN ({sales})", span)
    removed["sales"] = db.execute(f"DELETE FROM sales WHERE number IN ({sales})", span).rowcount
    removed["gifts"] = db.execute(f"DELETE FROM gifts WHERE id IN ({gifts})", span).rowcount


def _listed(values: list[str] | list[int]) -> str:
    return msgspec.json.encode(values).decode()
