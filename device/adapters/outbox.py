"""The outbox of a unit: an SQLite file in which an event stands before it counts as having happened.

WAL with `synchronous=FULL`: what was committed survives a power cut. Events that the server has kept stay for a while,
so that a server restored from a backup is given again what its backup lacks. Whatever a rotten disk made of the file,
reading it gives what can be read, a `Damaged` where it is no outbox any more, and nothing else.
"""

import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple

from device.errors import Damaged, DiskFault

RETAINED = 20_000
"""Events kept on after the server acknowledged them: some months of a busy door."""
LONGEST_S = 4e9
"""More than a century: no monotonic clock shows more, so a larger time in a row is rot."""
NOTE_EVERY = 1_000
"""Acknowledged events after which the progress is written; between two notes a restart only sends again."""
MOST_SEQ = 2**52
"""No door writes so many events; what is numbered higher was not written by it."""
MOST_HOLES = 1_000
"""Missing events that are told one by one; more, and the numbers are worth nothing."""

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
_ROTTEN = {
    sqlite3.SQLITE_ERROR,
    sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_SCHEMA,
    sqlite3.SQLITE_CONSTRAINT,
    sqlite3.SQLITE_MISMATCH,
    sqlite3.SQLITE_FORMAT,
    sqlite3.SQLITE_NOTADB,
}
"""Primary result codes that tell of the file; the others tell of the disk, or of somebody who holds it."""

Connect = Callable[[Path | str], sqlite3.Connection]


class OutboxEntry(NamedTuple):
    """One event as it was written: JSON, and when by the monotonic clock of which boot."""

    seq: int
    payload: bytes
    monotonic_s: float
    boot: str


class Remains(NamedTuple):
    """What can still be read of a damaged outbox: its epoch where that is known, and what nobody is known to keep."""

    epoch: str | None
    kept: int
    entries: Sequence[OutboxEntry]


def connect(path: Path | str) -> sqlite3.Connection:
    """A connection whose transactions begin where they are told to, for whichever thread holds it."""
    return sqlite3.connect(path, isolation_level=None, check_same_thread=False)


class Outbox:
    """One epoch's events, numbered from 1. `path` None is a spare in memory, for while the disk does not write.

    Every method raises `DiskFault` where the disk fails, `Damaged` where the file is what fails; nothing of that call
    was then written. `damage` says what was found wrong and could be done without.
    """

    def __init__(self, path: Path | None, new_epoch: str, connect: Connect = connect) -> None:
        self.damage: str | None = None
        self.kept = self.recorded = 0
        self.oldest = 1
        with _disk("open the outbox"):
            self._db = connect(path or ":memory:")
        try:
            with _disk("open the outbox"):
                self._prepare(new_epoch)
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
            with _disk("read the outbox"):
                return [_entry(row) for row in self._db.execute(select, (first, last))]
        except Damaged as fault:
            self.damage = str(fault)
        found = []
        for seq in range(first, last + 1):
            with suppress(Damaged), _disk("read the outbox"):
                found += [_entry(row) for row in self._db.execute(select, (seq, seq))]
        return found

    def last_of_boot(self, boot: str) -> float:
        """The monotonic time of the last event of another boot, seconds."""
        with _disk("read the outbox"):
            row = self._db.execute(
                "SELECT max(monotonic_s) FROM event WHERE boot = ? AND monotonic_s BETWEEN 0 AND ?", (boot, LONGEST_S)
            ).fetchone()
            return _seconds(row[0])

    def kept_through(self, through: int) -> None:
        """Notes how far the server keeps the events; events long kept are dropped now and then."""
        self.kept = through
        if abs(through - self._noted) >= NOTE_EVERY:
            with self._transaction("write the outbox"):
                self._note_kept()
                self._db.execute("DELETE FROM event WHERE seq <= ?", (through - RETAINED,))
            self._noted = through
            self.oldest = max(self.oldest, through - RETAINED + 1)

    def begin_epoch(self, epoch: str, first: int | None = None) -> None:
        """Numbers what is there, from `first` on, anew from 1 in a fresh epoch: for a server whose numbers no longer
        are those of this outbox."""
        first = self.oldest if first is None else first
        with self._transaction("write the outbox"):
            self._db.execute("DELETE FROM event WHERE seq < ?", (first,))
            self._db.execute("UPDATE event SET seq = -(seq - ?)", (first - 1,))
            self._db.execute("UPDATE event SET seq = -seq")
            self._db.executemany("INSERT OR REPLACE INTO note VALUES (?, ?)", [("epoch", epoch), ("kept", "0")])
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
        self._db.text_factory = _text
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=2000"):
            self._db.execute(f"PRAGMA {pragma}")
        self._look_through()
        self._db.executescript(_SCHEMA)
        self._db.execute("INSERT OR IGNORE INTO note VALUES ('kept', '0')")
        self.recorded, self.oldest = self._bound("max"), self._bound("min") or 1
        kept = _number(self.note("kept"))
        if kept is None or kept > self.recorded:
            raise Damaged(f"the outbox ends with event {self.recorded}, and is said to be kept through {kept}")
        self.kept = kept
        self._count_holes()
        self.epoch = self.note("epoch") or ""
        if not is_epoch(self.epoch):
            if self.recorded or self.epoch:
                self.damage = "the outbox does not tell its epoch"
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
        with _disk("read the outbox"):
            return int(self._db.execute(f"SELECT {which}(seq) FROM event").fetchone()[0] or 0)

    @contextmanager
    def _transaction(self, doing: str) -> Iterator[None]:
        with _disk(doing):
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._db.execute("COMMIT")
            except (sqlite3.Error, TypeError, ValueError, OverflowError):
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise


def remains_of(path: Path) -> Remains:
    """What can be read of a damaged outbox: from its first event to where that ends, and from its last one back."""
    try:
        with _disk("read what is left"):
            db = connect(path)
    except DiskFault:
        return Remains(None, 0, [])
    db.text_factory = _text
    try:
        notes = {str(name): str(value) for name, value in _rows(db, "SELECT name, value FROM note")}
        found = {
            row[0]: row for order in ("", " DESC") for row in _rows(db, f"SELECT * FROM event ORDER BY seq{order}")
        }
    finally:
        with suppress(sqlite3.Error):
            db.close()
    entries = [_entry(found[seq]) for seq in sorted(seq for seq in found if _is_seq(seq)) if len(found[seq]) == 4]
    kept = _number(notes.get("kept"))
    if kept is None or not entries or kept > entries[-1].seq:
        kept = entries[0].seq - 1 if entries else 0  # what it has, the server skips
    unsent = [entry for entry in entries if entry.seq > kept]
    holes = unsent[-1].seq - kept - len(unsent) if unsent else 0
    epoch = notes.get("epoch", "")
    if is_epoch(epoch) and holes <= MOST_HOLES:
        return Remains(epoch, kept, unsent)
    return Remains(None, 0, [entry._replace(seq=nth) for nth, entry in enumerate(unsent, start=1)])


def is_epoch(text: str) -> bool:
    """Whether this is an epoch of the contract."""
    return re.fullmatch(r"[0-9a-f]{8}", text) is not None


def _rows(db: sqlite3.Connection, select: str) -> Iterator[Any]:
    """Rows up to the first that cannot be read."""
    with suppress(DiskFault), _disk("read what is left"):
        yield from db.execute(select)


def _entry(row: Any) -> OutboxEntry:
    seq, payload, monotonic_s, boot = row
    return OutboxEntry(
        seq, payload if isinstance(payload, bytes) else str(payload).encode(), _seconds(monotonic_s), str(boot)
    )


def _seconds(value: Any) -> float:
    return float(value) if isinstance(value, int | float) and 0 <= value <= LONGEST_S else 0.0


def _number(text: str | None) -> int | None:
    return int(text) if text is not None and re.fullmatch(r"[0-9]{1,16}", text, re.ASCII) else None


def _is_seq(value: Any) -> bool:
    return isinstance(value, int) and 1 <= value <= MOST_SEQ


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "replace")


@contextmanager
def _disk(doing: str) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", None)
        kind = Damaged if code is not None and code & 0xFF in _ROTTEN else DiskFault
        raise kind(f"cannot {doing}: {error}") from error
    except (TypeError, ValueError, OverflowError) as error:
        raise Damaged(f"cannot {doing}: {error}") from error
