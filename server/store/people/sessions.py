"""Who is logged in to the desk: kept here, so that logging out, a new password or a removed login ends it at once."""

from typing import NamedTuple

from device.contract.instant import Instant
from server.store.database import Books, stored_instant


class Session(NamedTuple):
    """One login; `id` is a digest of what the browser holds, so the books cannot be used to log in."""

    id: str
    operator: str
    began_at: Instant
    ends_at: Instant


def begin(books: Books, session: Session) -> None:
    """Keeps a new session, and drops those that are over."""
    with books.writing():
        books.execute("DELETE FROM sessions WHERE ends_at <= ?", (str(session.began_at),))
        row = (session.id, session.operator, str(session.began_at), str(session.ends_at))
        books.execute("INSERT INTO sessions (id, operator, began_at, ends_at) VALUES (?, ?, ?, ?)", row)


def find(books: Books, session: str, *, now: Instant) -> Session | None:
    """The session of that digest, unless it is over."""
    row = books.row("SELECT * FROM sessions WHERE id = ? AND ends_at > ?", (session, str(now)))
    if row is None:
        return None
    return Session(row["id"], row["operator"], stored_instant(row["began_at"]), stored_instant(row["ends_at"]))


def end(books: Books, session: str) -> None:
    """Ends a session; one that is over already is left so."""
    books.execute("DELETE FROM sessions WHERE id = ?", (session,))


def end_others(books: Books, operator: str, session: str) -> None:
    """Ends every session of an operator but this one: their password is a new one."""
    books.execute("DELETE FROM sessions WHERE operator = ? AND id <> ?", (operator, session))
