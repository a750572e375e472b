"""A whole place as a tar archive of its folder with a consistent copy of the books, and back again.

What is left out: Mosquitto's own memory, whose retained messages the server publishes anew, other backups, and what is
hidden. Archives are written and read as streams, so that they may be sealed on their way.
"""

import errno
import hashlib
import os
import shutil
import sqlite3
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path, PurePosixPath
from typing import BinaryIO, NamedTuple

from server.errors import Refusal
from server.site.folder import SiteFolder
from server.site.mosquitto import DATA
from server.site.settings import FILE_NAME
from server.store import database
from server.store.database import open_database
from server.store.units import access_lists

FULL = (errno.ENOSPC, errno.EDQUOT)

BOOKS = f"{Path(database.FILE_NAME).stem}."
"""What the names of the books begin with: they themselves, their log, and copies of before they were brought up."""

SCRATCH = ".poincon-"
"""How folders begin that are in use for a moment."""

Manifest = dict[str, str]
"""The SHA-256 of each file of an archive, by its name there."""


class FolderOwner(NamedTuple):
    """The numbers of a user and a group."""

    user: int
    group: int


Progress = Callable[[int, int], None]
"""Told how many bytes of how many are done."""


def untold(done: int, whole: int) -> None:
    """Progress that nobody looks at."""


def write_archive(site: SiteFolder, stream: BinaryIO, progress: Progress = untold) -> Manifest:
    """Writes the place into `stream`, and says what it wrote; raises `Refusal` where the copied books are damaged.

    The copy lies in the place's own folder for a moment: it is not sealed yet.
    """
    with tempfile.TemporaryDirectory(dir=site.folder, prefix=SCRATCH) as scratch:
        books = Path(scratch) / database.FILE_NAME
        with open_database(site.database_path) as opened:
            opened.backup(books)
        books.chmod(0o600)
        look_for_damage(books, site.database_path)
        files = {database.FILE_NAME: books} | {
            path.relative_to(site.folder).as_posix(): path for path in kept_files(site)
        }
        return write_files(files, stream, progress)


def write_files(files: dict[str, Path], stream: BinaryIO, progress: Progress = untold) -> Manifest:
    """An archive of these files, by their names in it."""
    whole, done = sum(path.stat().st_size for path in files.values()), 0
    manifest = {}
    with tarfile.open(fileobj=stream, mode="w|") as archive:
        for name, path in files.items():
            with path.open("rb") as content:
                told = _Told(content, partial(_tell, progress, done, whole))
                archive.addfile(archive.gettarinfo(arcname=name, fileobj=content), told)
            manifest[name] = told.digest.hexdigest()
            done += told.number
    return manifest


def _tell(progress: Progress, before: int, whole: int, number: int) -> None:
    progress(before + number, whole)


def check_archive(stream: BinaryIO, file: Path, manifest: Manifest) -> None:
    """Reads an archive to its end; raises `Refusal` where it does not hold just what `manifest` says."""
    found = {}
    try:
        with tarfile.open(fileobj=stream, mode="r|") as archive:
            for member in archive:
                content = archive.extractfile(member)
                found[member.name] = hashlib.file_digest(content, "sha256").hexdigest() if content else ""  # type: ignore[arg-type]
    except (tarfile.TarError, EOFError) as error:
        raise Refusal("backup_unreadable", file=file, error=error) from None
    if wrong := sorted(name for name, _ in found.items() ^ manifest.items()):
        raise Refusal("backup_damaged", file=file, error=wrong[0])


def write_backup(site: SiteFolder, file: Path, progress: Progress = untold) -> None:
    """Writes the place into a new `file`, 0600, unsealed; raises `Refusal` where it exists, or the disk is full."""
    with new_file(file) as stream:
        write_archive(site, stream, progress)


@contextmanager
def new_file(file: Path) -> Iterator[BinaryIO]:
    """A new `file`, 0600, to be written and read: it is there whole once the block is left, or not at all.

    Raises `Refusal` where it exists, or the disk is full.
    """
    if file.exists():
        raise Refusal("file_exists", file=file)
    beside = file.with_name(f".{file.name}.new")
    try:
        with _told_where_full(file.absolute().parent):
            descriptor = os.open(beside, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "w+b") as stream:
                yield stream
                sync(stream)
            beside.rename(file)
    finally:
        beside.unlink(missing_ok=True)


def sync(stream: BinaryIO) -> None:
    """What was written is on the disk, and is read from there again."""
    stream.flush()
    os.fsync(stream.fileno())
    os.posix_fadvise(stream.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def restore_archive(stream: BinaryIO, file: Path, folder: Path, leap: int = access_lists.LEAP) -> None:
    """The place of an archive in `folder`; raises `Refusal` where that is not empty, or in the name of `file` where it
    is no backup. Everything is checked beside the folder before it is filled.

    Access lists go on after every version that units may have seen: `leap` further than these books know.
    """
    refuse_filled(folder)
    parent = folder.absolute().parent
    parent.mkdir(parents=True, exist_ok=True)
    with _told_where_full(parent), tempfile.TemporaryDirectory(dir=parent, prefix=SCRATCH) as scratch:
        unpacked = Path(scratch) / "place"
        unpack(stream, file, unpacked)
        check_place(file, unpacked)
        put_into(unpacked, folder, leap)


@contextmanager
def _told_where_full(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in FULL:
            raise Refusal("disk_full", folder=folder) from error
        raise


def refuse_filled(folder: Path) -> None:
    """Raises `Refusal` where `folder` has anything in it."""
    if folder.exists() and any(folder.iterdir()):
        raise Refusal("folder_not_empty", folder=folder.absolute())


def put_into(unpacked: Path, folder: Path, leap: int) -> None:
    """Makes the unpacked place that of `folder`, and of whom the folder belongs to."""
    with open_database(unpacked / database.FILE_NAME) as db:
        access_lists.leap(db, leap)
    owner = owner_of(folder)
    _give(unpacked, owner)  # whoever waits for the settings may start at once
    if folder.exists():
        folder.rmdir()
    unpacked.rename(folder)
    SiteFolder(folder).write_broker_files()  # their paths are absolute
    _give(folder, owner)


def owner_of(folder: Path) -> FolderOwner | None:
    """Whose a folder is that root is about to fill for them; None where that needs no thought."""
    if os.geteuid() != 0 or not folder.exists():
        return None
    status = folder.stat()
    return FolderOwner(status.st_uid, status.st_gid)


def _give(folder: Path, owner: FolderOwner | None) -> None:
    if owner is not None:
        for path in (folder, *folder.rglob("*")):
            os.chown(path, owner.user, owner.group, follow_symlinks=False)


def unpack(stream: BinaryIO, file: Path, folder: Path) -> None:
    """The files of an archive in a new `folder`; raises `Refusal` in the name of `file` where it is none.

    Raises `OSError` where the disk is full.
    """
    folder.mkdir(mode=0o750)
    SiteFolder(folder).secrets_folder.mkdir(mode=0o700)
    try:
        with tarfile.open(fileobj=stream, mode="r|") as archive:
            for member in archive:
                _unpack_one(archive, member, folder)
    except (tarfile.TarError, OSError, EOFError) as error:
        if isinstance(error, OSError) and error.errno in FULL:
            raise
        raise Refusal("backup_unreadable", file=file, error=error) from None


def _unpack_one(archive: tarfile.TarFile, member: tarfile.TarInfo, folder: Path) -> None:
    # by hand: the filters of `extractall` are missing from the Python 3.11.2 of Bookworm
    name = PurePosixPath(member.name)
    content = archive.extractfile(member) if member.isfile() else None
    if content is None or name.is_absolute() or ".." in name.parts:
        raise tarfile.TarError(f"{member.name} belongs in no backup")
    target = folder / name
    target.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, member.mode & 0o777)
    with os.fdopen(descriptor, "wb") as stream:
        shutil.copyfileobj(content, stream)
        os.fchmod(descriptor, member.mode & 0o777)


def kept_files(site: SiteFolder) -> Iterator[Path]:
    """What goes along with the books."""
    broker_data = site.broker_folder / DATA
    for path in sorted(site.folder.rglob("*")):
        is_books = path.parent == site.folder and path.name.startswith(BOOKS)
        if path.is_file() and not is_books and broker_data not in path.parents and not _is_left_out(path, site.folder):
            yield path


def _is_left_out(path: Path, folder: Path) -> bool:
    is_hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
    return is_hidden or path.name.endswith((".tar", ".tar.age"))


def check_place(file: Path, unpacked: Path) -> None:
    """Raises `Refusal` in the name of `file` where what was unpacked is no whole place."""
    names = {PurePosixPath(path.relative_to(unpacked).as_posix()) for path in unpacked.rglob("*")}
    if missing := {FILE_NAME, database.FILE_NAME, "secrets/badges.key"} - {str(name) for name in names}:
        raise Refusal("backup_incomplete", file=file, missing=min(missing))
    look_for_damage(unpacked / database.FILE_NAME, file)


def look_for_damage(books: Path, file: Path) -> None:
    """Reads every page of some books; raises `Refusal` in the name of `file` where they contradict each other."""
    connection = sqlite3.connect(books)
    try:
        (verdict,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:  # its words quote what it found
        verdict = str(error)
    finally:
        connection.close()
    if verdict != "ok":
        raise Refusal("backup_damaged", file=file, error=verdict)


class _Told:
    """A file that is read, hashed and counted on its way."""

    def __init__(self, content: BinaryIO, told: Callable[[int], None]) -> None:
        self._content, self._told = content, told
        self.digest, self.number = hashlib.sha256(), 0

    def read(self, size: int = -1) -> bytes:
        """As a file does."""
        part = self._content.read(size)
        self.digest.update(part)
        self.number += len(part)
        self._told(self.number)
        return part
