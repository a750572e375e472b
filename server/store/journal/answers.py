"""What units answered to orders."""

from typing import NamedTuple

from server.store.database import Books


class Answer(NamedTuple):
    """An order was carried out, or could not be, and why."""

    ok: bool
    error: str


def newest_event(books: Books) -> int:
    """The number of the newest event: answers to what is ordered now come after it."""
    return int(books.value("SELECT max(id) FROM events") or 0)


def answer_to(books: Books, order: str, *, after: int) -> Answer | None:
    """The answer to the order of that id among the events after that number."""
    row = books.row(
        "SELECT body ->> '$.ok', coalesce(body ->> '$.error', '') FROM events"
        " WHERE id > ? AND kind = 'command_done' AND body ->> '$.id' = ?",
        (after, order),
    )
    return None if row is None else Answer(bool(row[0]), row[1])
