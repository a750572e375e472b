"""How the copy of the books stands: a small hidden file of the place, written by whoever copies."""

from pathlib import Path
from typing import Literal

from msgspec import Struct

from device.contract.codec import encode
from device.contract.instant import Instant
from server.site.note_file import read_note_file
from server.site.whole_file import write_whole

FILE_NAME = ".replica"

ReplicaFault = Literal["", "away", "behind", "stopped", "damaged"]
"""What is wrong: the store does not answer, or has not everything, or the copier has ended; a copy that was fetched on
trial was no whole place."""


class ReplicaNote(Struct, frozen=True, kw_only=True):
    """`current_at` is when the copy last had everything; `verified_at` when a fetched one was last tried."""

    where: str
    term: int
    began_at: Instant
    looked_at: Instant
    current_at: Instant | None = None
    fault: ReplicaFault = ""
    detail: str = ""
    verified_at: Instant | None = None
    unverified: str = ""


def read_note(place: Path) -> ReplicaNote | None:
    """What is known; None where nothing is, or the file is rotten."""
    return read_note_file(place / FILE_NAME, ReplicaNote)


def write_note(place: Path, note: ReplicaNote) -> None:
    """Keeps it; raises `OSError`."""
    write_whole(place / FILE_NAME, encode(note), 0o600)
