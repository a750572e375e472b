"""What a unit fetched, looked at by root: the unit may have been taken over, so nothing of it is believed.

Beside `apply-update`, which is put on each unit with it; the standard library and openssl alone.
"""

import base64
import contextlib
import hashlib
import os
import re
import shutil
import stat
import subprocess
import tarfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import BinaryIO

MAX_ARCHIVE, MAX_UNPACKED, MAX_FILES = 300 << 20, 1 << 30, 20_000


class Refused(Exception):
    """The release is not taken; the text is the code of why."""


def copied(folder: Path, archive: Path) -> str:
    """The SHA-256 of the unit's archive in `folder`, which `archive` is root's own copy of from here on."""
    digest, size = hashlib.sha256(), 0
    with opened_plain(folder, "archive") as source, archive.open("wb") as target:
        while piece := source.read(1 << 20):
            size += len(piece)
            if size > MAX_ARCHIVE:
                raise Refused("too_big")
            digest.update(piece)
            target.write(piece)
    return digest.hexdigest()


def verify(archive: Path, sha256: str, release: str, signature: str, authority: Path) -> None:
    """Raises `Refused` unless the site's authority signed that this archive is this release."""
    said = archive.with_name("statement")
    said.write_bytes(f"poincon release 1\n{release}\n{sha256}\n".encode())
    key, signed = archive.with_name("key"), archive.with_name("signature")
    signed.write_bytes(base64.b64decode(signature))
    reading = ["openssl", "x509", "-in", authority, "-noout", "-pubkey", "-out", key]
    checking = ["openssl", "dgst", "-sha256", "-verify", key, "-signature", signed, said]
    for command in (reading, checking):
        if subprocess.run(command, capture_output=True).returncode != 0:
            raise Refused("signature")


def unpack(archive: Path, folder: Path) -> None:
    """By hand, since Bookworm's tarfile has no filters: folders and plain files below `release/`, nothing else."""
    size = count = 0
    with tarfile.open(archive, "r:gz") as packed:
        for member in packed:
            name = PurePosixPath(member.name)
            size, count = size + member.size, count + 1
            if name.is_absolute() or ".." in name.parts or name.parts[:1] != ("release",):
                raise Refused("archive")
            if size > MAX_UNPACKED or count > MAX_FILES:
                raise Refused("too_big")
            target = folder / name
            if member.isdir():
                target.mkdir(mode=0o755, parents=True, exist_ok=True)
                continue
            content = packed.extractfile(member) if member.isreg() else None
            if content is None:
                raise Refused("archive")
            target.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
            with target.open("xb") as file:
                shutil.copyfileobj(content, file)
            target.chmod(0o755 if member.mode & 0o100 else 0o644)


def check(folder: Path, release: str) -> None:
    """Raises `Refused` unless the folder is that release, every file by its sum and none besides."""
    sums = (folder / "SHA256SUMS").read_bytes()
    version = (folder / "VERSION").read_text("utf-8").strip()
    lines = (line.split("  ", 1) for line in sums.decode().splitlines())
    listed = {name.removeprefix("./"): sha256 for sha256, name in lines}
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()} - {"SHA256SUMS"}
    if f"{version}-{hashlib.sha256(sums).hexdigest()[:8]}" != release or there != listed.keys():
        raise Refused("archive")
    for name, sha256 in listed.items():
        if hashlib.sha256((folder / name).read_bytes()).hexdigest() != sha256:
            raise Refused("archive")


@contextlib.contextmanager
def folder_of(path: Path) -> Iterator[int]:
    """A folder of the unit's, opened so that no link of the unit's leads elsewhere."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def opened_plain(folder: Path, name: str) -> BinaryIO:
    """A plain file of the unit's; raises `OSError` where it is anything else."""
    with folder_of(folder) as descriptor:
        file = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=descriptor)
    if not stat.S_ISREG(os.fstat(file).st_mode):
        os.close(file)
        raise OSError(f"{name} is no plain file")
    return os.fdopen(file, "rb")


def read_plain(folder: Path, name: str, most: int) -> bytes:
    """The beginning of a plain file of the unit's."""
    with opened_plain(folder, name) as file:
        return file.read(most)


def numbers(release: str) -> "list[int]":
    """The numbers of a release's version, to be compared."""
    found = [int(digits) for digits in re.findall(r"\d+", release.rpartition("-")[0])[:4]]
    return found + [0] * (4 - len(found))
