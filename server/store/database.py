"""The books, open: pragmas, statements, transactions, backup."""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import sqlite_utils

from server.errors import Refusal
from server.store.damage import CommitFailed, DamagedDatabase, is_busy, is_damage
from server.store.schema.migrations import migrations
from server.store.upgrade import bring_up, drop_former, drop_set_aside

FILE_NAME = "books.sqlite3"

BUSY_TIMEOUT_S = 5.0
"""How long a writer waits for another process to finish."""

PRAGMAS = (
    "journal_mode = WAL",
    "synchronous = FULL",
    "foreign_keys = ON",
    "temp_store = MEMORY",
    "secure_delete = ON",
)
"""What each connection is told first. Under FULL a committed transaction survives a power cut, under NORMAL it may not.
With `secure_delete` what is removed is written over, so that no name can be read out of the file any more.
"""

SQLValue = str | int | float | bytes | None


class _Connection(sqlite3.Connection):
    """Says that the file is damaged where SQLite's own words of it are no text, as they quote what they found."""

    def execute(self, *statement: Any) -> sqlite3.Cursor:
        """The cursor of one statement; raises `DamagedDatabase` too."""
        try:
            return super().execute(*statement)
        except UnicodeDecodeError as error:
            raise DamagedDatabase(f"its schema is no text: {error}") from error

    def executemany(self, *statement: Any) -> sqlite3.Cursor:
        """The cursor of one statement for many rows; raises `DamagedDatabase` too."""
        try:
            return super().executemany(*statement)
        except UnicodeDecodeError as error:
            raise DamagedDatabase(f"its schema is no text: {error}") from error


class Database:
    """One open connection to the books; for one thread at a time.

    Rows come as `sqlite3.Row`: by column name or in order. `commits` says how many transactions it has kept.
    """

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self.path = path
        self.connection = connection
        self.commits = 0

    def execute(self, sql: str, parameters: Sequence[SQLValue] = ()) -> sqlite3.Cursor:
        """The cursor of one statement."""
        return self.connection.execute(sql, parameters)

    def execute_each(self, sql: str, rows: Iterable[Sequence[SQLValue]]) -> None:
        """One statement for each of `rows`."""
        self.connection.executemany(sql, rows)

    def rows(self, sql: str, parameters: Sequence[SQLValue] = ()) -> list[sqlite3.Row]:
        """Every row of a query."""
        return self.connection.execute(sql, parameters).fetchall()

    def row(self, sql: str, parameters: Sequence[SQLValue] = ()) -> sqlite3.Row | None:
        """The first row of a query, or None."""
        return self.connection.execute(sql, parameters).fetchone()  # type: ignore[no-any-return]

    def value(self, sql: str, parameters: Sequence[SQLValue] = ()) -> Any:
        """The first column of the first row, or None."""
        row = self.row(sql, parameters)
        return None if row is None else row[0]

    def look_for_damage(self) -> None:
        """Reads every page; raises `DamagedDatabase` where they contradict each other."""
        verdict = str(self.value("PRAGMA quick_check(1)"))
        if verdict != "ok":
            raise DamagedDatabase(verdict)

    @contextmanager
    def writing(self) -> Iterator[Self]:
        """One transaction, durable once left; inside another one, part of it.

        It begins IMMEDIATE: a transaction that reads first and then finds another writer could not wait for it.
        Whatever it raises, nothing is kept, but after `CommitFailed`, where nobody can tell.
        """
        if self.connection.in_transaction:
            yield self
            return
        self.connection.execute("BEGIN IMMEDIATE")
        try:
            yield self
            self._commit()
        except BaseException:
            if self.connection.in_transaction:
                self.connection.execute("ROLLBACK")
            raise
        self.commits += 1

    def _commit(self) -> None:
        try:
            self.connection.execute("COMMIT")
        except sqlite3.OperationalError as error:
            if is_busy(error):
                raise
            raise CommitFailed(str(error)) from error  # the end of it may lie in the write-ahead log all the same

    @contextmanager
    def reading(self) -> Iterator[Self]:
        """One state of the books for several queries, while others go on writing; inside a transaction, part of it."""
        if self.connection.in_transaction:
            yield self
            return
        self.connection.execute("BEGIN")
        try:
            yield self
        finally:
            self.connection.execute("ROLLBACK")

    def foreign_version(self) -> int:
        """A number that changes whenever another connection has committed."""
        return int(self.value("PRAGMA data_version"))

    def backup(self, target: Path) -> None:
        """A consistent copy in `target`, also while others write; raises `Refusal` where that file exists.

        In one piece: SQLite starts a backup in small steps anew whenever somebody writes in between.
        """
        if target.exists():
            raise Refusal("file_exists", file=target)
        copy = sqlite3.connect(target)
        try:
            self.connection.backup(copy, pages=-1)
            copy.execute("PRAGMA journal_mode = DELETE")  # one file to carry away, without its -wal
        finally:
            copy.close()

    def copy_in_memory(self) -> "Database":
        """The books as they stand, to try something out on: nothing of it is kept, and nobody waits for it."""
        copy = sqlite3.connect(":memory:", isolation_level=None)
        self.connection.backup(copy, pages=-1)
        copy.row_factory = sqlite3.Row
        copy.execute("PRAGMA foreign_keys = ON")
        return Database(self.path, copy)

    def leave_no_trace(self, *, owns_log: bool = True, wait_s: float = BUSY_TIMEOUT_S) -> bool:
        """Empties the write-ahead log into the file, so that what was removed is not in it any more; False where
        somebody was reading, and it is to be done again.

        Not `owns_log`: a replica follows the log (Litestream), which empties it by itself; then it is only written
        into the file. The copy of before the books were brought up, and books set aside, have it still, and go.
        """
        drop_former(self.path)
        drop_set_aside(self.path)
        mode = "TRUNCATE" if owns_log else "PASSIVE"
        self.execute(f"PRAGMA busy_timeout = {wait_s * 1_000:.0f}")
        try:
            busy, *_ = self.connection.execute(f"PRAGMA wal_checkpoint({mode})").fetchone()
        except sqlite3.OperationalError as error:
            if not is_busy(error):
                raise
            busy = 1
        finally:
            self.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_S * 1_000:.0f}")
        return not busy

    def close(self) -> None:
        """Closes the connection."""
        self.connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()


def make_database(path: Path) -> Database:
    """Empty books in a new file; raises `Refusal` where it exists."""
    if path.exists():
        raise Refusal("books_exist", path=path)
    return _opened(path, create=True)


def open_database(path: Path) -> Database:
    """The books in `path`, brought up to the present schema.

    Raises `Refusal` where they cannot be opened, are damaged or of a newer program; `sqlite3.OperationalError` where
    somebody else holds them for too long.
    """
    if not path.is_file():
        raise Refusal("no_books", path=path)
    try:
        return _opened(path, create=False)
    except sqlite3.DatabaseError as error:
        if is_busy(error):
            raise
        if is_damage(error):
            raise Refusal("file_damaged", path=path, error=error) from error
        raise Refusal("books_unreadable", path=path, error=error) from error


def read_database(path: Path) -> Database:
    """The books in `path`, for reading alone; raises `sqlite3.DatabaseError` where they cannot be opened."""
    db = _opened(path, create=False)
    db.execute("PRAGMA query_only = ON")
    return db


def _opened(path: Path, *, create: bool) -> Database:
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode={'rwc' if create else 'rw'}",
        uri=True,
        timeout=BUSY_TIMEOUT_S,
        isolation_level=None,  # transactions begin where `writing` says, nowhere else
        check_same_thread=False,
        cached_statements=256,
        factory=_Connection,
    )
    try:
        connection.row_factory = sqlite3.Row
        raw = sqlite_utils.Database(connection)
        if not create and not migrations.applied(raw):  # SQLite takes an empty file for a new one
            raise DamagedDatabase("it is empty")
        for pragma in PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")
        bring_up(raw, path)
    except BaseException:
        connection.close()
        raise
    return Database(path, connection)
