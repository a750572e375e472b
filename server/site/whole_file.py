"""Files that are there whole or not at all, whenever the power goes, and that only those may read who should."""

import os
from pathlib import Path

FOR_EVERYBODY = 0o644
"""The mode of what is no secret; nobody but its owner writes it."""


def write_whole(path: Path, content: bytes, mode: int) -> None:
    """Writes `content` beside `path` and puts it there once it is on the disk; it has that mode, whatever the umask."""
    beside = path.with_name(f".{path.name}.new")
    beside.unlink(missing_ok=True)
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        os.fchmod(descriptor, mode)
        file.flush()
        os.fsync(descriptor)
    beside.replace(path)
    _sync_names(path.parent)


def _sync_names(folder: Path) -> None:
    """The new name is on the disk too."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
