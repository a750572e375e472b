"""A backup that was sent, put into the folder of a new server: whole or not at all.

The folder stays where it is, and all that lies beside it is left alone: as a service the page may write nowhere else.
"""

import logging
import os
import shutil
import sqlite3
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from device.contract.errors import SettingsFault
from device.contract.instant import Instant
from server.backups import sealing
from server.backups.restoring import bring_back
from server.errors import Refusal
from server.setup.new_place import UNFINISHED, WrongField, clear_unfinished, note_begun
from server.site.backup import FULL, SCRATCH
from server.site.folder import SETTINGS_FOLDER, SiteFolder
from server.site.settings import FILE_NAME

log = logging.getLogger(__name__)

BY = "poincon"
"""Who brings it back: nobody is logged in yet."""

ABOUT_THE_KEY = ("backup_key_missing", "backup_key_unreadable", "backup_key_wrong")
KEY_BEGINS, KEY_LENGTH = "AGE-SECRET-KEY-1", 74
"""Of a private key; its last six signs check the others (BIP 173)."""


@dataclass(frozen=True)
class SentBackup:
    """A file that was sent, and how it was called; the place keeps neither."""

    content: BinaryIO
    name: str


def restore_sent(folder: Path, sent: SentBackup, key: str, now: Instant) -> SiteFolder:
    """The place of a backup in `folder`; `key` is the private one, or empty.

    Raises `WrongField`; then `folder` is as it was.
    """
    try:
        clear_unfinished(folder)
        folder.mkdir(parents=True, exist_ok=True)
        if any(not path.name.startswith(".") for path in folder.iterdir()):
            raise Refusal("folder_not_empty", folder=folder.absolute())
        with tempfile.TemporaryDirectory(dir=folder, prefix=SCRATCH) as scratch:
            unpacked = Path(scratch) / "place"
            _unpack(unpacked, sent, key, now)
            _move(unpacked, folder)
    except Refusal as refusal:
        raise _wrong(refusal, folder, sent, key) from refusal
    except OSError as error:
        clear_unfinished(folder)
        if error.errno not in FULL:
            raise
        raise WrongField("file", Refusal("disk_full", folder=folder.absolute())) from error
    made = SiteFolder(folder)
    made.write_broker_files()  # their paths are absolute; a server that misses them writes them at its start
    (folder / UNFINISHED).unlink()
    return made


def _unpack(unpacked: Path, sent: SentBackup, key: str, now: Instant) -> None:
    is_sealed = sealing.begins_sealed(sent.content)
    if is_sealed and not key.strip():
        raise Refusal("backup_key_missing")
    try:
        bring_back(sent.content, Path(sent.name), unpacked, key if is_sealed else None, now=now, by=BY)
    except sqlite3.DatabaseError as error:
        if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL:
            raise Refusal("disk_full", folder=unpacked) from error
        raise Refusal("backup_damaged", file=sent.name, error=error) from error
    except (SettingsFault, ValueError) as error:
        if isinstance(error, Refusal):
            raise
        raise Refusal("backup_damaged", file=sent.name, error=error) from error


def _move(unpacked: Path, folder: Path) -> None:
    """The settings come last: whoever waits for them may start at once."""
    shutil.rmtree(SiteFolder(unpacked).broker_folder, ignore_errors=True)
    names = [path.name for path in unpacked.iterdir() if not path.name.startswith(".")]
    note_begun(folder, names)
    folder.chmod(SETTINGS_FOLDER)
    for name in sorted(names, key=lambda name: name == FILE_NAME):
        if name == FILE_NAME:
            os.sync()  # a power cut must not leave settings without what belongs to them
        (unpacked / name).rename(folder / name)


def _wrong(refusal: Refusal, folder: Path, sent: SentBackup, key: str) -> WrongField:
    """The field that is wrong, in words for who has no shell; the rest is for the log."""
    log.warning("a backup was not brought back: %s", refusal)
    if refusal.code == "backup_key_unreadable" and key.strip().upper().startswith(KEY_BEGINS):
        return WrongField("key", Refusal("sent_key_mistyped", length=KEY_LENGTH))
    if refusal.code in ABOUT_THE_KEY:
        return WrongField("key", refusal)
    if refusal.code == "disk_full":
        refusal = Refusal("disk_full", folder=folder.absolute())
    elif refusal.code == "books_of_newer_version":
        refusal = Refusal("books_of_newer_version", path=sent.name, version=refusal.facts["version"])
    elif refusal.code in ("backup_unreadable", "backup_damaged", "file_damaged", "secret_unreadable"):
        if sealing.begins_sealed(sent.content) or _begins_as_archive(sent.content):
            refusal = Refusal("sent_backup_damaged", file=sent.name)
        else:
            refusal = Refusal("sent_file_no_backup", file=sent.name)
    return WrongField("file", refusal)


def _begins_as_archive(content: BinaryIO) -> bool:
    content.seek(0)
    head = content.read(tarfile.BLOCKSIZE)
    try:
        tarfile.TarInfo.frombuf(head, "utf-8", "surrogateescape")
    except tarfile.HeaderError:
        return False
    return True
