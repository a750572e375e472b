"""Who is logged in to the desk: kept here, so that logging out, a new password or a removed login ends it at once."""

from typing import NamedTuple

from device.contract.instant import Instant
from server.store.database import Database
from server.store.stored_values import stored_instant


class Session(NamedTuple):
    """One login; `id` is a digest of what the browser holds, so the books cannot be used to log in."""

    id: str
    operator: str
    began_at: Instant
    ends_at: Instant


def begin(db: Database, session: Session) -> None:
    """Keeps a new session, and drops those that are over."""
    with db.writing():
        db.execute("DELETE FROM sessions WHERE ends_at <= ?", (str(session.began_at),))
        row = (session.id, session.operator, str(session.began_at), str(session.ends_at))
        db.execute("INSERT INTO sessions (id, operator, began_at, ends_at) VALUES (?, ?, ?, ?)", row)


def find(db: Database, session: str, *, now: Instant) -> Session | None:
    """The session of that digest, unless it is over."""
    row = db.row("SELECT * FROM sessions WHERE id = ? AND ends_at > ?", (session, str(now)))
    if row is None:
        return None
    return Session(row["id"], row["operator"], stored_instant(row["began_at"]), stored_instant(row["ends_at"]))


def end(db: Database, session: str) -> None:
    """Ends a session; one that is over already is left so."""
    db.execute("DELETE FROM sessions WHERE id = ?", (session,))


def end_others(db: Database, operator: str, session: str) -> None:
    """Ends every session of an operator but this one: their password is a new one."""
    db.execute("DELETE FROM sessions WHERE operator = ? AND id <> ?", (operator, session))
