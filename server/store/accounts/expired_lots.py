"""What is left in lots that nobody used in time, as far as that was posted."""

from collections.abc import Iterable

from server.store.database import Database

ExpiredRow = tuple[int, int, int]
"""Lot, member and number of tickets; 0 for a lot that did not expire after all."""


def of_member(db: Database, member: int) -> dict[int, int]:
    """The tickets by lot."""
    return {row[0]: row[1] for row in db.execute("SELECT lot, number FROM expired_lots WHERE member = ?", (member,))}


def among(db: Database, lots: Iterable[int]) -> dict[int, int]:
    """The tickets of those of `lots` that expired."""
    sql = "SELECT lot, number FROM expired_lots WHERE lot IN (SELECT value FROM json_each(?))"
    return {row[0]: row[1] for row in db.execute(sql, (f"[{','.join(map(str, lots))}]",))}


def put(db: Database, rows: Iterable[ExpiredRow]) -> None:
    """Keeps them in the place of what was known of the same lots."""
    rows = list(rows)
    db.execute_each("DELETE FROM expired_lots WHERE lot = ?", [(lot,) for lot, _, _ in rows])
    db.execute_each("INSERT INTO expired_lots VALUES (?, ?, ?)", [row for row in rows if row[2]])


def taken_back(db: Database, member: int) -> dict[int, int]:
    """Those of a member's lots that a sale or a gift which was taken back had brought: they have expired no more."""
    sql = """
        SELECT lot, number FROM expired_lots JOIN lots ON lots.id = lot WHERE expired_lots.member = ?
        AND (EXISTS (SELECT 1 FROM sales WHERE cancels = lots.sale)
            OR EXISTS (SELECT 1 FROM gifts WHERE cancels = lots.gift))
    """
    return dict(db.execute(sql, (member,)).fetchall())
