"""The backup of every night: sealed, read back from the disk, and only then are old ones thinned out."""

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

import msgspec
from pyrage.x25519 import Identity

from device.contract.instant import Instant
from server.backups import sealing
from server.backups.note import BackupFault, BackupNote, read_note, write_note
from server.core.kept_backups import to_keep
from server.errors import Refusal
from server.site.backup import Progress, check_archive, new_file, sync, untold, write_archive
from server.site.folder import SiteFolder

NAME = "poincon-%Y-%m-%dT%H%M%SZ.tar"
_MOMENT = "%Y-%m-%dT%H%M%SZ"
_NAMED = re.compile(
    r"(?:poincon-(\d{4}-\d\d-\d\dT\d{6}Z)|before-(\d{4}-\d\d-\d\dT\d{6}Z)-[\w.+-]+?)\.tar(?:\.age)?", re.ASCII
)


def back_up_nightly(site: SiteFolder, folder: Path, now: Instant, progress: Progress = untold) -> BackupNote:
    """A new backup in `folder`, checked; old ones that are not kept any longer go. What became of it is noted.

    A folder that is missing is not made: a stick that is not there would be taken for the card. Whatever fails, the
    former backups stay. Raises `Refusal` and `OSError`.
    """
    former = read_note(site.folder) or BackupNote(tried_at=now)
    try:
        note = _made(site, folder, now, progress)
    except Refusal as refused:
        _note_fault(site, former, now, BackupFault.of(refused.code, refused.facts))
        raise
    except OSError as error:
        _note_fault(site, former, now, BackupFault.of("system_error", {"error": error.strerror or error}))
        raise
    made = list(backups_in(folder))
    kept = to_keep(at for _, at in made)
    for path, at in made:
        if at not in kept:
            path.unlink()
    write_note(site.folder, note)
    return note


def backups_in(folder: Path) -> Iterator[tuple[Path, datetime]]:
    """The backups of a folder, those of nights and of before updates, sealed or plain, and when each was made."""
    for path in sorted(folder.iterdir()):
        if named := _NAMED.fullmatch(path.name):
            with suppress(ValueError):  # digits that are no date
                yield path, datetime.strptime(named[1] or named[2], _MOMENT).replace(tzinfo=UTC)


def _made(site: SiteFolder, folder: Path, now: Instant, progress: Progress) -> BackupNote:
    if not folder.is_dir():
        raise Refusal("backup_folder_missing", folder=folder)
    own = sealing.public_key(site)
    file = folder / now.strftime(NAME + (sealing.SEALED if own else ""))
    with new_file(file) as stream:
        if own:
            _write_sealed(site, stream, file, own, progress)
        else:
            manifest = write_archive(site, stream, progress)
            sync(stream)
            stream.seek(0)
            check_archive(stream, file, manifest)
        size = stream.seek(0, 2)
    return BackupNote(tried_at=now, good_at=now, file=str(file), size=size, sealed=own is not None)


def _write_sealed(site: SiteFolder, stream: BinaryIO, file: Path, own: str, progress: Progress) -> None:
    """Sealed with the place's key, and with one for this moment alone, by which it is read back and then forgotten."""
    once = Identity.generate()
    with sealing.sealing(stream, [sealing.recipient(own), once.to_public()]) as plain:
        manifest = write_archive(site, plain, progress)
    sync(stream)
    stream.seek(0)
    with sealing.unsealing(stream, once, file) as plain:
        check_archive(plain, file, manifest)


def _note_fault(site: SiteFolder, former: BackupNote, now: Instant, fault: BackupFault) -> None:
    with suppress(OSError):  # the disk may be full: then the last good one grows old, which is told too
        write_note(site.folder, msgspec.structs.replace(former, tried_at=now, fault=fault))
