"""Counts that outlive what they counted."""

from server.store.database import Books


def add(books: Books, name: str, number: int) -> None:
    """Adds to the count of that name."""
    books.execute(
        "INSERT INTO tallies (name, count) VALUES (?, ?)"
        " ON CONFLICT (name) DO UPDATE SET count = count + excluded.count",
        (name, number),
    )


def count(books: Books, name: str) -> int:
    """The count of that name, 0 where nothing was counted."""
    return int(books.value("SELECT count FROM tallies WHERE name = ?", (name,)) or 0)
