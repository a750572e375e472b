"""A backup that is carried elsewhere: the newest one that may be, and when somebody last did. A small hidden file of
the place keeps that, so that no backup takes it along.
"""

from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from msgspec import Struct

from device.contract.codec import encode
from device.contract.instant import Instant
from server.backups import sealing
from server.backups.nightly import backups_in
from server.backups.note import BackupNote
from server.site.note_file import read_note_file
from server.site.whole_file import write_whole

FILE_NAME = ".carried-backup"


class SealedBackup(NamedTuple):
    """A sealed backup of a night: its file, when it was made, its bytes."""

    path: Path
    made_at: datetime
    size: int


class CarriedNote(Struct, frozen=True):
    """When a backup was last carried elsewhere."""

    at: Instant


def newest_sealed(note: BackupNote | None) -> SealedBackup | None:
    """The newest of those beside the last one that was noted; None where none is sealed, or the stick is not there."""
    if note is None or not note.file:
        return None
    with suppress(OSError):
        for path, made_at in sorted(backups_in(Path(note.file).parent), key=lambda each: each[1], reverse=True):
            if path.suffix == sealing.SEALED and sealing.is_sealed(path):
                return SealedBackup(path, made_at, path.stat().st_size)
    return None


def lies_beside_books(note: BackupNote | None, place: Path) -> bool:
    """Whether the last backup is on the file system of the books, and goes with them."""
    if note is None or not note.file:
        return False
    try:
        return Path(note.file).parent.stat().st_dev == place.stat().st_dev
    except OSError:
        return False


def carried_at(place: Path) -> Instant | None:
    """When somebody last carried one elsewhere; None where nobody has, or the file is rotten."""
    note = read_note_file(place / FILE_NAME, CarriedNote)
    return note.at if note else None


def note_carried(place: Path, at: Instant) -> None:
    """Keeps it; raises `OSError`."""
    write_whole(place / FILE_NAME, encode(CarriedNote(at)), 0o600)
