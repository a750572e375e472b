"""The files of a place's secrets: hex or PEM, one file each, which only the owner may read."""

import os
from pathlib import Path

from server.errors import Refusal
from server.site.whole_file import write_whole

SECRET = 0o600


def write_secret(path: Path, content: bytes) -> None:
    """Writes `content` where only the owner may read, and never half of it.

    What root writes belongs to the owner of the folder, whose programs have to read it.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_whole(path, content, SECRET)
    if os.geteuid() == 0:
        folder = path.parent.stat()
        os.chown(path, folder.st_uid, folder.st_gid)


def read_secret(path: Path) -> bytes:
    """What the file holds; raises `Refusal` where it is not there."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise Refusal("secret_unreadable", path=path, error=error.strerror) from None


def read_key(path: Path, size: int) -> bytes:
    """A key of `size` bytes in hex; raises `Refusal` where the file is cut or rotten."""
    return key_of_hex(read_secret(path), size, path)


def key_of_hex(written: bytes, size: int, path: Path) -> bytes:
    """What was written in hex into `path`; raises `Refusal` where it is no key of `size` bytes."""
    try:
        key = bytes.fromhex(written.decode())
    except ValueError as error:
        raise Refusal("file_damaged", path=path, error=str(error)) from None
    if len(key) != size:
        raise Refusal("file_damaged", path=path, error=f"{len(key)} bytes")
    return key
