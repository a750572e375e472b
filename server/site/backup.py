"""A whole place in one file, a tar archive of its folder with a consistent copy of the books, and back again.

What is left out: Mosquitto's own memory, whose retained messages the server publishes anew, and other backups.
"""

import os
import shutil
import sqlite3
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from server.errors import Refusal
from server.site.folder import SiteFolder
from server.site.mosquitto import DATA
from server.site.settings import FILE_NAME
from server.store import database
from server.store.database import open_database
from server.store.units import access_lists


def write_backup(site: SiteFolder, file: Path) -> None:
    """Writes the place into a new `file`, 0600; raises `Refusal` where it exists."""
    if file.exists():
        raise Refusal("file_exists", file=file)
    beside = file.with_name(f".{file.name}.new")
    try:
        with tempfile.TemporaryDirectory(dir=file.absolute().parent, prefix=".poincon-") as scratch:
            db = Path(scratch) / database.FILE_NAME
            with open_database(site.database_path) as opened:
                opened.backup(db)
            db.chmod(0o600)
            descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "wb") as stream, tarfile.open(fileobj=stream, mode="w") as archive:
                archive.add(db, database.FILE_NAME)
                for path in _kept_files(site):
                    archive.add(path, path.relative_to(site.folder).as_posix())
            _sync(beside)
        beside.rename(file)
    finally:
        beside.unlink(missing_ok=True)


def restore_backup(file: Path, folder: Path) -> None:
    """The place of `file` in `folder`; raises `Refusal` where it is not empty, or the file is no backup.

    Everything is checked beside it before the folder is filled.
    """
    if folder.exists() and any(folder.iterdir()):
        raise Refusal("folder_not_empty", folder=folder.absolute())
    folder.absolute().parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.absolute().parent, prefix=".poincon-") as scratch:
        unpacked = Path(scratch) / "place"
        _unpack(file, unpacked)
        _check(file, unpacked)
        with open_database(unpacked / database.FILE_NAME) as db:
            access_lists.leap(db)  # units have seen newer lists than these books know
        if folder.exists():
            folder.rmdir()
        unpacked.rename(folder)
    SiteFolder(folder).write_broker_files()  # their paths are absolute


def _unpack(file: Path, folder: Path) -> None:
    folder.mkdir(mode=0o750)
    SiteFolder(folder).secrets_folder.mkdir(mode=0o700)
    try:
        with tarfile.open(file, "r:") as archive:
            for member in archive:
                _unpack_one(archive, member, folder)
    except (tarfile.TarError, OSError, EOFError) as error:
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


def _kept_files(site: SiteFolder) -> Iterator[Path]:
    broker_data = site.broker_folder / DATA
    for path in sorted(site.folder.rglob("*")):
        is_books = path.parent == site.folder and path.name.startswith(database.FILE_NAME)
        if path.is_file() and not is_books and broker_data not in path.parents and not _is_left_out(path):
            yield path


def _is_left_out(path: Path) -> bool:
    return path.name.startswith(".") or path.suffix == ".tar"


def _check(file: Path, unpacked: Path) -> None:
    names = {PurePosixPath(path.relative_to(unpacked).as_posix()) for path in unpacked.rglob("*")}
    if missing := {FILE_NAME, database.FILE_NAME, "secrets/badges.key"} - {str(name) for name in names}:
        raise Refusal("backup_incomplete", file=file, missing=min(missing))
    connection = sqlite3.connect(unpacked / database.FILE_NAME)
    try:
        (verdict,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:  # its words quote what it found
        verdict = str(error)
    finally:
        connection.close()
    if verdict != "ok":
        raise Refusal("backup_damaged", file=file, error=verdict)


def _sync(path: Path) -> None:
    with path.open("rb") as written:
        os.fsync(written.fileno())
