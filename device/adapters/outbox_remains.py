"""What can still be read of a damaged outbox, saved for the next one."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from device.adapters.outbox_file import (
    MOST_HOLES,
    OutboxEntry,
    connect,
    entry_of,
    failing_to,
    is_epoch,
    is_seq,
    number_of,
    text_of,
)
from device.errors import DiskFault


class Remains(NamedTuple):
    """What can still be read of a damaged outbox: its epoch where that is known, and what nobody is known to keep."""

    epoch: str | None
    kept: int
    entries: Sequence[OutboxEntry]


def remains_of(path: Path) -> Remains:
    """What can be read of a damaged outbox: from its first event to where that ends, and from its last one back."""
    try:
        with failing_to("read what is left"):
            db = connect(path)
    except DiskFault:
        return Remains(None, 0, [])
    db.text_factory = text_of
    try:
        notes = {str(name): str(value) for name, value in _rows(db, "SELECT name, value FROM note")}
        found = {
            row[0]: row for order in ("", " DESC") for row in _rows(db, f"SELECT * FROM event ORDER BY seq{order}")
        }
    finally:
        with suppress(sqlite3.Error):
            db.close()
    entries = [entry_of(found[seq]) for seq in sorted(seq for seq in found if is_seq(seq)) if len(found[seq]) == 4]
    kept = number_of(notes.get("kept"))
    if kept is None or not entries or kept > entries[-1].seq:
        kept = entries[0].seq - 1 if entries else 0  # what it has, the server skips
    unsent = [entry for entry in entries if entry.seq > kept]
    holes = unsent[-1].seq - kept - len(unsent) if unsent else 0
    epoch = notes.get("epoch", "")
    if is_epoch(epoch) and holes <= MOST_HOLES:
        return Remains(epoch, kept, unsent)
    return Remains(None, 0, [entry._replace(seq=nth) for nth, entry in enumerate(unsent, start=1)])


def _rows(db: sqlite3.Connection, select: str) -> Iterator[Any]:
    """Rows up to the first that cannot be read."""
    with suppress(DiskFault), failing_to("read what is left"):
        yield from db.execute(select)
