"""The file of an outbox: its rows, and what a rotten disk can have made of them."""

import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from device.errors import Damaged, DiskFault

LONGEST_S = 4e9
"""More than a century: no monotonic clock shows more, so a larger time in a row is rot."""
MOST_SEQ = 2**52
"""No door writes so many events; what is numbered higher was not written by it."""
MOST_HOLES = 1_000
"""Missing events that are told one by one; more, and the numbers are worth nothing."""

WIPED = b'{"kind":"unreadable"}'
"""What is left of an event that went when its time was over; a server that asks for it all the same sets it aside."""

ROTTEN = {
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


def connect(path: Path | str) -> sqlite3.Connection:
    """A connection whose transactions begin where they are told to, for whichever thread holds it."""
    return sqlite3.connect(path, isolation_level=None, check_same_thread=False)


def is_epoch(text: str) -> bool:
    """Whether this is an epoch of the contract."""
    return re.fullmatch(r"[0-9a-f]{8}", text) is not None


def entry_of(row: Any) -> OutboxEntry:
    """The row of an event, as far as it can be told what was written."""
    seq, payload, monotonic_s, boot = row
    return OutboxEntry(
        seq, payload if isinstance(payload, bytes) else str(payload).encode(), seconds_of(monotonic_s), str(boot)
    )


def seconds_of(value: Any) -> float:
    """A monotonic time; 0 for what can be none."""
    return float(value) if isinstance(value, int | float) and 0 <= value <= LONGEST_S else 0.0


def number_of(text: str | None) -> int | None:
    """A number in a note; None for what is none."""
    return int(text) if text is not None and re.fullmatch(r"[0-9]{1,16}", text, re.ASCII) else None


def is_seq(value: Any) -> bool:
    """Whether an event can have that number."""
    return isinstance(value, int) and 1 <= value <= MOST_SEQ


def text_of(raw: bytes) -> str:
    """A text of the file, whatever became of its bytes."""
    return raw.decode("utf-8", "replace")


@contextmanager
def failing_to(doing: str) -> Iterator[None]:
    """Raises `Damaged` where the file fails `doing` that, `DiskFault` where the disk does."""
    try:
        yield
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", None)
        kind = Damaged if code is not None and code & 0xFF in ROTTEN else DiskFault
        raise kind(f"cannot {doing}: {error}") from error
    except (TypeError, ValueError, OverflowError) as error:
        raise Damaged(f"cannot {doing}: {error}") from error
