"""What became of the backups of the last nights: a small file of the place, so that it can be told with the books
unreadable. Hidden, so that no backup takes it along.
"""

from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

from device.contract.codec import encode
from device.contract.instant import Instant
from server.site.note_file import read_note_file
from server.site.whole_file import write_whole

FILE_NAME = ".last-backup"


class BackupFault(Struct, frozen=True):
    """Why no backup was made: a refusal's code and facts, or the words of the system under `system_error`."""

    code: str
    facts: dict[str, str]

    @classmethod
    def of(cls, code: str, facts: Mapping[str, object]) -> "BackupFault":
        """The fault, its facts as texts."""
        return cls(code, {name: str(fact) for name, fact in facts.items()})


class BackupNote(Struct, frozen=True, kw_only=True):
    """The last good backup, and why the last one tried was none, if so."""

    tried_at: Instant
    good_at: Instant | None = None
    file: str = ""
    size: int = 0
    sealed: bool = False
    fault: BackupFault | None = None


def read_note(place: Path) -> BackupNote | None:
    """What is known of them; None where nothing is, or the file is rotten."""
    return read_note_file(place / FILE_NAME, BackupNote)


def write_note(place: Path, note: BackupNote) -> None:
    """Keeps it; raises `OSError`."""
    write_whole(place / FILE_NAME, encode(note), 0o600)
