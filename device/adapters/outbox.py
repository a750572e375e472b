"""The outbox of a unit: an SQLite file in which an event stands before it counts as having happened.

WAL with `synchronous=FULL`: what was committed survives a power cut. Events that the server has kept stay for a while,
so that a server restored from a backup is given again what its backup lacks.
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from device.errors import DiskFault

RETAINED = 20_000
"""Events kept on after the server acknowledged them: some months of a busy door."""
NOTE_EVERY = 1_000
"""Acknowledged events after which the progress is written; between two notes a restart only sends again."""

_SCHEMA = """
CREATE TABLE IF NOT EXISTS event (
    seq INTEGER PRIMARY KEY, payload BLOB NOT NULL, monotonic_s REAL NOT NULL, boot TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS note (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS carried_out (command TEXT PRIMARY KEY, seq INTEGER NOT NULL) STRICT;
"""


class Entry(NamedTuple):
    """One event as it was written: JSON, and when by the monotonic clock of which boot."""

    seq: int
    payload: bytes
    monotonic_s: float
    boot: str


def connect(path: Path | str) -> sqlite3.Connection:
    """A connection whose transactions begin where they are told to, for whichever thread holds it."""
    return sqlite3.connect(path, isolation_level=None, check_same_thread=False)


class Outbox:
    """One epoch's events, numbered from 1. `path` None is a spare in memory, for while the disk does not write.

    Every method raises `DiskFault` where the disk fails; nothing of that call was then written.
    """

    def __init__(
        self, path: Path | None, new_epoch: str, connect: Callable[[Path | str], sqlite3.Connection] = connect
    ) -> None:
        with _disk("open the outbox"):
            self._db = connect(path or ":memory:")
            self._db.execute("PRAGMA journal_mode=WAL")
            self._db.execute("PRAGMA synchronous=FULL")
            self._db.execute("PRAGMA busy_timeout=2000")
            self._db.executescript(_SCHEMA)
            self._db.execute("INSERT OR IGNORE INTO note VALUES ('epoch', ?), ('kept', '0')", (new_epoch,))
            self.epoch = self.note("epoch") or new_epoch
            self.kept = int(self.note("kept") or 0)
            self.recorded = self._bound("max") or self.kept
            self.oldest = self._bound("min") or self.recorded + 1
        self._noted = self.kept

    def record(self, payloads: Iterable[bytes], monotonic_s: float, boot: str, command: str | None = None) -> int:
        """Writes events, durably, and marks a command as carried out; the number of the last event."""
        rows = [(self.recorded + index, payload, monotonic_s, boot) for index, payload in enumerate(payloads, start=1)]
        with self._transaction("write the outbox"):
            self._db.executemany("INSERT INTO event VALUES (?, ?, ?, ?)", rows)
            if command is not None:
                self._db.execute("INSERT OR IGNORE INTO carried_out VALUES (?, ?)", (command, rows[-1][0]))
            self._note_kept()
        self.recorded = rows[-1][0]
        return self.recorded

    def entries(self, first: int, last: int) -> list[Entry]:
        """The events numbered `first` to `last`, in order."""
        with _disk("read the outbox"):
            rows = self._db.execute("SELECT * FROM event WHERE seq BETWEEN ? AND ? ORDER BY seq", (first, last))
            return [Entry(*row) for row in rows]

    def last_of_boot(self, boot: str) -> float:
        """The monotonic time of the last event of another boot, seconds."""
        with _disk("read the outbox"):
            row = self._db.execute("SELECT max(monotonic_s) FROM event WHERE boot = ?", (boot,)).fetchone()
        return float(row[0] or 0)

    def kept_through(self, through: int) -> None:
        """Notes how far the server keeps the events; events long kept are dropped now and then."""
        self.kept = through
        if abs(through - self._noted) >= NOTE_EVERY:
            with self._transaction("write the outbox"):
                self._note_kept()
                self._db.execute("DELETE FROM event WHERE seq <= ?", (through - RETAINED,))
            self._noted = through
            self.oldest = max(self.oldest, through - RETAINED + 1)

    def begin_epoch(self, epoch: str) -> None:
        """Numbers what is there anew from 1 in a fresh epoch: for a server that lacks events which are long dropped."""
        with self._transaction("write the outbox"):
            self._db.execute("UPDATE event SET seq = -(seq - ?)", (self.oldest - 1,))
            self._db.execute("UPDATE event SET seq = -seq")
            self._db.execute("UPDATE note SET value = ? WHERE name = 'epoch'", (epoch,))
            self._db.execute("UPDATE note SET value = '0' WHERE name = 'kept'")
        self.epoch, self.kept, self._noted, self.oldest = epoch, 0, 0, 1
        self.recorded = self._bound("max")

    def was_carried_out(self, command: str) -> bool:
        """Whether a command with this id was carried out before."""
        with _disk("read the outbox"):
            return bool(self._db.execute("SELECT 1 FROM carried_out WHERE command = ?", (command,)).fetchone())

    def note(self, name: str) -> str | None:
        """A small fact kept beside the events."""
        with _disk("read the outbox"):
            row = self._db.execute("SELECT value FROM note WHERE name = ?", (name,)).fetchone()
        return None if row is None else str(row[0])

    def set_note(self, name: str, value: str) -> None:
        """Keeps a small fact, durably."""
        with self._transaction("write the outbox"):
            self._db.execute("INSERT OR REPLACE INTO note VALUES (?, ?)", (name, value))
            self._note_kept()

    def close(self) -> None:
        """Closes the file."""
        self._db.close()

    def _note_kept(self) -> None:
        self._db.execute("UPDATE note SET value = ? WHERE name = 'kept'", (str(self.kept),))

    def _bound(self, which: str) -> int:
        return int(self._db.execute(f"SELECT {which}(seq) FROM event").fetchone()[0] or 0)

    @contextmanager
    def _transaction(self, doing: str) -> Iterator[None]:
        with _disk(doing):
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._db.execute("COMMIT")
            except sqlite3.Error:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise


@contextmanager
def _disk(doing: str) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise DiskFault(f"cannot {doing}: {error}") from error
