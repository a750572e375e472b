"""A backup in one file, plain or sealed, by its name; and back from either, by what it is."""

from pathlib import Path
from typing import BinaryIO

from server.backups import sealing
from server.errors import Refusal
from server.site.backup import Progress, new_file, restore_archive, untold, write_archive, write_backup
from server.site.folder import SiteFolder


def back_up(site: SiteFolder, file: Path, progress: Progress = untold) -> None:
    """Writes the place into a new `file`, sealed with the place's key where its name ends in `.age`.

    Raises `Refusal` where the file exists, the disk is full, or there is no key to seal with.
    """
    if file.suffix != sealing.SEALED:
        write_backup(site, file, progress)
        return
    own = sealing.public_key(site)
    if own is None:
        raise Refusal("no_backup_key")
    with new_file(file) as stream, sealing.sealing(stream, [sealing.recipient(own)]) as plain:
        write_archive(site, plain, progress)


def restore(file: Path, folder: Path, key: str | None) -> None:
    """The place of a backup in the empty `folder`; `key` is the private one as it was printed, for a sealed backup.

    Raises `Refusal` where the folder is not empty, the key not the right one, or the file no backup.
    """
    with file.open("rb") as content:
        restore_from(content, file, folder, key)


def restore_from(content: BinaryIO, file: Path, folder: Path, key: str | None) -> None:
    """The same from an open file; refusals name it as `file`."""
    if key is None:
        restore_archive(content, file, folder)
        return
    with sealing.unsealing(content, sealing.read_key(key), file) as plain:
        restore_archive(plain, file, folder)
