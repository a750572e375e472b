"""Counts that outlive what they counted."""

from server.store.database import Database


def add(db: Database, name: str, number: int) -> None:
    """Adds to the count of that name."""
    db.execute(
        "INSERT INTO tallies (name, count) VALUES (?, ?)"
        " ON CONFLICT (name) DO UPDATE SET count = count + excluded.count",
        (name, number),
    )


def count(db: Database, name: str) -> int:
    """The count of that name, 0 where nothing was counted."""
    return int(db.value("SELECT count FROM tallies WHERE name = ?", (name,)) or 0)
