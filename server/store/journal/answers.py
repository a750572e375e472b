"""What units answered to orders."""

from typing import NamedTuple

from server.store.database import Database


class CommandAnswer(NamedTuple):
    """An order was carried out, or could not be, and why."""

    ok: bool
    error: str


def newest_event(db: Database) -> int:
    """The number of the newest event: answers to what is ordered now come after it."""
    return int(db.value("SELECT max(id) FROM events") or 0)


def answer_to(db: Database, order: str, *, after: int) -> CommandAnswer | None:
    """The answer to the order of that id among the events after that number."""
    row = db.row(
        "SELECT body ->> '$.ok', coalesce(body ->> '$.error', '') FROM events"
        " WHERE id > ? AND kind = 'command_done' AND body ->> '$.id' = ?",
        (after, order),
    )
    return None if row is None else CommandAnswer(bool(row[0]), row[1])
