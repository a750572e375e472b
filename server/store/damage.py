"""Whether the file or the disk is at fault where SQLite fails, and what then."""

import sqlite3
from collections.abc import Callable

from server.errors import Undecided

DAMAGE = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
"""What SQLite says of a page that is none, or that another page contradicts."""
UNREADABLE = ("decode to UTF-8", "malformed JSON")
"""What it says of a page that is whole and of a row in it that nobody wrote; it has no number for that."""


class DamagedDatabase(sqlite3.DatabaseError):
    """What stands in the books is not what was written; its text says where."""


class CommitFailed(sqlite3.OperationalError, Undecided):
    """The disk failed at the very end of a transaction: whether it is kept is known after the next start only."""


def is_of_the_disk(error: Exception) -> bool:
    """Whether the file or the disk is at fault, and neither what was asked of the books nor who asked."""
    asked_wrongly = isinstance(error, sqlite3.IntegrityError | sqlite3.ProgrammingError)
    return isinstance(error, sqlite3.DatabaseError) and not asked_wrongly


def is_busy(error: Exception) -> bool:
    """Whether somebody else held the books for too long: nothing of the transaction is kept, another try may do."""
    return _primary_code(error) in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def is_damage(error: Exception) -> bool:
    """Whether pages of the file are damaged: no waiting helps, only a backup does."""
    is_unreadable = isinstance(error, sqlite3.OperationalError) and any(text in str(error) for text in UNREADABLE)
    return isinstance(error, DamagedDatabase) or is_unreadable or _primary_code(error) in DAMAGE


def each_despite_damage(*parts: Callable[[], None]) -> None:
    """Does all of `parts`, though a damaged page may stand against one of them; raises then what the first raised."""
    failed: sqlite3.DatabaseError | None = None
    for part in parts:
        try:
            part()
        except sqlite3.DatabaseError as error:
            if not is_damage(error):
                raise
            failed = failed or error
    if failed is not None:
        raise failed


def _primary_code(error: Exception) -> int:
    return getattr(error, "sqlite_errorcode", 0) & 0xFF
