"""The outbox of a unit: an SQLite file in which an event stands before it counts as having happened.

WAL with `synchronous=FULL`: what was committed survives a power cut. Events that the server has kept stay for a while,
so that a server restored from a backup is given again what its backup lacks; then they go, written over, since they
name people. Whatever a rotten disk made of the file,
reading it gives what can be read, a `Damaged` where it is no outbox any more, and nothing else.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from device.adapters.outbox_file import (
    LONGEST_S,
    MOST_HOLES,
    MOST_SEQ,
    WIPED,
    Connect,
    OutboxEntry,
    connect,
    entry_of,
    failing_to,
    is_epoch,
    number_of,
    seconds_of,
    text_of,
)
from device.adapters.outbox_remains import Remains
from device.errors import Damaged, DiskFault

RETAINED = 20_000
"""Events kept on after the server acknowledged them, at most: those of a day, whatever its door saw."""
UNCONFIRMED = "unconfirmed"
MARKS = "marks"
"""The note of how far the server kept the events at the last turns."""
TURNS_KEPT = 3
"""Turns for which an acknowledged event stays: with one every six hours, for 18 to 24 hours."""
NOTE_EVERY = 1_000
"""Acknowledged events after which the progress is written; between two notes a restart only sends again."""

_SCHEMA = """
BEGIN IMMEDIATE;
CREATE TABLE IF NOT EXISTS event (
    seq INTEGER PRIMARY KEY, payload BLOB NOT NULL, monotonic_s REAL NOT NULL, boot TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS note (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS carried_out (command TEXT PRIMARY KEY, seq INTEGER NOT NULL) STRICT;
COMMIT;
"""
_COLUMNS = {
    "carried_out": ["command", "seq"],
    "event": ["seq", "payload", "monotonic_s", "boot"],
    "note": ["name", "value"],
}


class Outbox:
    """One epoch's events, numbered from 1. `path` None is a spare in memory, for while the disk does not write.

    Every method raises `DiskFault` where the disk fails, `Damaged` where the file is what fails; nothing of that call
    was then written. `damage` describes damage that did not keep the file from being opened.
    """

    def __init__(self, path: Path | None, new_epoch: str, connect: Connect = connect) -> None:
        self.damage: str | None = None
        self.unconfirmed: int | None = None
        """The last event found when it was opened, or at an earlier start, that the server has not acknowledged since:
        what a disk holds that came back with an older state ends there, and the numbers beyond may be taken."""
        self.kept = self.recorded = 0
        self.oldest = 1
        with failing_to("open the outbox"):
            self._db = connect(path or ":memory:")
        try:
            with failing_to("open the outbox"):
                self._prepare(new_epoch)
                if path is not None:
                    self._mark_unconfirmed(new_epoch)
        except DiskFault:
            self.close()
            raise
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

    def adopt(self, remains: Remains) -> None:
        """Takes over, into an empty outbox, what was saved of a damaged one, under its own numbers."""
        with self._transaction("write the outbox"):
            self._db.executemany("INSERT INTO event VALUES (?, ?, ?, ?)", remains.entries)
        self.kept = self._noted = remains.kept
        self.oldest, self.recorded = self._bound("min"), self._bound("max")

    def entries(self, first: int, last: int) -> list[OutboxEntry]:
        """The events numbered `first` to `last` that can be read, in order."""
        select = "SELECT * FROM event WHERE seq BETWEEN ? AND ? ORDER BY seq"
        try:
            with failing_to("read the outbox"):
                return [entry_of(row) for row in self._db.execute(select, (first, last))]
        except Damaged as fault:
            self.damage = str(fault)
        found = []
        for seq in range(first, last + 1):
            with suppress(Damaged), failing_to("read the outbox"):
                found += [entry_of(row) for row in self._db.execute(select, (seq, seq))]
        return found

    def last_of_boot(self, boot: str) -> float:
        """The monotonic time of the last event of another boot, seconds."""
        with failing_to("read the outbox"):
            row = self._db.execute(
                "SELECT max(monotonic_s) FROM event WHERE boot = ? AND monotonic_s BETWEEN 0 AND ?", (boot, LONGEST_S)
            ).fetchone()
            return seconds_of(row[0])

    def kept_through(self, through: int) -> None:
        """Notes how far the server keeps the events; events long kept are dropped now and then."""
        self.kept = through
        if abs(through - self._noted) >= NOTE_EVERY:
            with self._transaction("write the outbox"):
                self._note_kept()
                self._db.execute("DELETE FROM event WHERE seq <= ?", (through - RETAINED,))
            self._noted = through
            self.oldest = max(self.oldest, through - RETAINED + 1)

    def turn(self) -> None:
        """Lets go of what the server had acknowledged some turns ago, without a trace in the file."""
        marks = [number_of(mark) or 0 for mark in (self.note(MARKS) or "").split()]
        with self._transaction("write the outbox"):
            if len(marks) >= TURNS_KEPT:
                self._let_go(min(marks[-TURNS_KEPT], self.kept))
            told = " ".join(map(str, (*marks, self.kept)[-TURNS_KEPT:]))
            self._db.execute("INSERT OR REPLACE INTO note VALUES (?, ?)", (MARKS, told))
            self._note_kept()
        with failing_to("write the outbox"):
            self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def _let_go(self, through: int) -> None:
        last = self.recorded
        self._db.execute("DELETE FROM event WHERE seq <= ? AND seq < ?", (through, last))
        if last <= through:  # it stays, as the numbers go on from it, but not what it says
            self._db.execute("UPDATE event SET payload = ? WHERE seq = ?", (WIPED, last))
        self.oldest = max(self.oldest, min(through, last - 1) + 1)

    def confirm(self) -> None:
        """The server has acknowledged all that was found at the start."""
        with self._transaction("write the outbox"):
            self._db.execute("DELETE FROM note WHERE name = ?", (UNCONFIRMED,))
        self.unconfirmed = None

    def begin_epoch(self, epoch: str, first: int | None = None) -> None:
        """Numbers what is there, from `first` on, anew from 1 in a fresh epoch: for a server whose numbers no longer
        are those of this outbox."""
        first = self.oldest if first is None else first
        with self._transaction("write the outbox"):
            self._db.execute("DELETE FROM event WHERE seq < ?", (first,))
            self._db.execute("UPDATE event SET seq = -(seq - ?)", (first - 1,))
            self._db.execute("UPDATE event SET seq = -seq")
            self._db.executemany("INSERT OR REPLACE INTO note VALUES (?, ?)", [("epoch", epoch), ("kept", "0")])
            self._db.execute("DELETE FROM note WHERE name IN (?, ?)", (UNCONFIRMED, MARKS))
        self.unconfirmed = None
        self.epoch, self.kept, self._noted, self.oldest = epoch, 0, 0, 1
        self.recorded = self._bound("max")

    def was_carried_out(self, command: str) -> bool:
        """Whether a command with this id was carried out before."""
        with failing_to("read the outbox"):
            return bool(self._db.execute("SELECT 1 FROM carried_out WHERE command = ?", (command,)).fetchone())

    def note(self, name: str) -> str | None:
        """A small fact kept beside the events."""
        with failing_to("read the outbox"):
            row = self._db.execute("SELECT value FROM note WHERE name = ?", (name,)).fetchone()
        return None if row is None or row[0] is None else str(row[0])

    def set_note(self, name: str, value: str) -> None:
        """Keeps a small fact, durably."""
        with self._transaction("write the outbox"):
            self._db.execute("INSERT OR REPLACE INTO note VALUES (?, ?)", (name, value))
            self._note_kept()

    def close(self) -> None:
        """Closes the file, whatever it is like."""
        with suppress(sqlite3.Error):
            self._db.close()

    def _prepare(self, new_epoch: str) -> None:
        self._db.text_factory = text_of
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=2000", "secure_delete=ON"):
            self._db.execute(f"PRAGMA {pragma}")
        self._look_through()
        self._db.executescript(_SCHEMA)
        self._db.execute("INSERT OR IGNORE INTO note VALUES ('kept', '0')")
        self.recorded, self.oldest = self._bound("max"), self._bound("min") or 1
        kept = number_of(self.note("kept"))
        if kept is None or kept > self.recorded:
            raise Damaged(f"the outbox ends with event {self.recorded}, and is said to be kept through {kept}")
        self.kept = kept
        self._count_holes()
        self.epoch = self.note("epoch") or ""
        if not is_epoch(self.epoch):
            if self.recorded or self.epoch:
                self.damage = "the outbox does not tell its epoch"
            self.begin_epoch(new_epoch, self.kept + 1)
        if self.recorded and self.note(MARKS) is None:
            self._db.execute("VACUUM")  # what was dropped before lies in free pages, legible

    def _mark_unconfirmed(self, new_epoch: str) -> None:
        """Writes down what was found, where an earlier start has not; where nobody can read what that wrote, it is all
        numbered anew."""
        noted = self.note(UNCONFIRMED)
        if not self.recorded:
            if self.epoch != new_epoch:  # an empty state of an epoch that may have gone on
                self.begin_epoch(new_epoch)
        elif noted is None:
            self.unconfirmed = self.recorded
            with suppress(DiskFault):  # a full disk: as long as this process lives it is known without
                self.set_note(UNCONFIRMED, str(self.recorded))
        elif number_of(noted):
            self.unconfirmed = max(self.kept, min(number_of(noted) or 0, self.recorded))
        else:
            self.damage = "the outbox does not tell how far it was confirmed"
            self.begin_epoch(new_epoch, self.kept + 1)

    def _look_through(self) -> None:
        (found,) = self._db.execute("PRAGMA quick_check(1)").fetchone()
        if found != "ok":
            raise Damaged(f"the outbox is damaged: {found}")
        rows = self._db.execute("SELECT name FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' ORDER BY name")
        tables = {name: [column[1] for column in self._db.execute(f"PRAGMA table_info({name})")] for (name,) in rows}
        if tables and tables != _COLUMNS:
            raise Damaged("the outbox has other tables than it should")

    def _count_holes(self) -> None:
        """A missing event is told as such; numbers that leap tell of numbers that were never written."""
        if self.recorded and not 1 <= self.oldest <= self.recorded <= MOST_SEQ:
            raise Damaged(f"the outbox has events {self.oldest} to {self.recorded}")
        (there,) = self._db.execute("SELECT count(*) FROM event WHERE seq > ?", (self.kept,)).fetchone()
        holes = self.recorded - self.kept - there
        if holes > MOST_HOLES:
            raise Damaged(f"the outbox lacks {holes} events")
        if holes:
            self.damage = f"the outbox lacks {holes} events"

    def _note_kept(self) -> None:
        self._db.execute("UPDATE note SET value = ? WHERE name = 'kept'", (str(self.kept),))

    def _bound(self, which: str) -> int:
        with failing_to("read the outbox"):
            return int(self._db.execute(f"SELECT {which}(seq) FROM event").fetchone()[0] or 0)

    @contextmanager
    def _transaction(self, doing: str) -> Iterator[None]:
        with failing_to(doing):
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._db.execute("COMMIT")
            except (sqlite3.Error, TypeError, ValueError, OverflowError):
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise
