"""Sealed with a public key in the age format (age-encryption.org/v1), so that the place alone cannot open its backups.

Both ways it runs as a stream in a thread of its own, beside whoever writes or reads the plain side of it.
"""

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, NamedTuple

import pyrage
from pyrage.x25519 import Identity, Recipient

from server.errors import Refusal
from server.site.folder import SiteFolder
from server.site.secret_files import write_secret

PUBLIC_KEY = "backup.pub"
HEAD = b"age-encryption.org/v1"
SEALED = ".age"
"""How the name of a sealed file ends; what a file is, its head says."""


class KeyPair(NamedTuple):
    """A private key and its public one, as they are written."""

    private: str
    public: str

    def __repr__(self) -> str:
        return f"KeyPair({self.public!r})"


def make_key() -> KeyPair:
    """A new key, which is kept nowhere."""
    key = Identity.generate()
    return KeyPair(str(key), str(key.to_public()))


def use_key(site: SiteFolder, pair: KeyPair) -> None:
    """Has the place keep the public key, and seal with it from now on; raises `OSError`."""
    write_secret(site.secrets_folder / PUBLIC_KEY, f"{pair.public}\n".encode())


def new_key(site: SiteFolder) -> str:
    """A new private key, which is kept nowhere; the place seals with its public one from now on."""
    pair = make_key()
    use_key(site, pair)
    return pair.private


def public_key(site: SiteFolder) -> str | None:
    """What the place seals with; None where it has no such key yet, as in places made before there was one."""
    path = site.secrets_folder / PUBLIC_KEY
    return path.read_text("utf-8").strip() if path.exists() else None


def read_key(text: str) -> Identity:
    """The private key as it was printed, alone or in a file with comments; raises `Refusal` where it is none."""
    lines = (line.strip() for line in text.splitlines())
    written = "".join(next((line for line in lines if line and not line.startswith("#")), "").split()).upper()
    try:
        return Identity.from_str(written)
    except pyrage.IdentityError:
        raise Refusal("backup_key_unreadable") from None


def is_sealed(file: Path) -> bool:
    """Whether a file is sealed, whatever its name; raises `OSError`."""
    with file.open("rb") as content:
        return begins_sealed(content)


def begins_sealed(content: BinaryIO) -> bool:
    """Whether an open file is sealed; it is left at its beginning."""
    content.seek(0)
    head = content.read(len(HEAD))
    content.seek(0)
    return head == HEAD


def recipient(text: str) -> Recipient:
    """A public key as the place keeps it; raises `Refusal` where it is damaged."""
    try:
        return Recipient.from_str(text)
    except pyrage.RecipientError as error:
        raise Refusal("file_damaged", path=PUBLIC_KEY, error=error) from None


@contextmanager
def sealing(target: BinaryIO, recipients: Sequence[Recipient]) -> Iterator[BinaryIO]:
    """What is written into it comes sealed into `target`, complete when the block is left.

    Raises what writing into `target` raised.
    """
    read_end, write_end = os.pipe()
    with ThreadPoolExecutor(1, "sealing") as pool:
        sealed = pool.submit(_seal, read_end, _Target(target), recipients)
        try:
            with os.fdopen(write_end, "wb") as plain:
                yield plain
        except BrokenPipeError:
            sealed.result()  # which says why nobody read on
            raise
        sealed.result()


@contextmanager
def unsealing(source: BinaryIO, key: Identity, file: Path) -> Iterator[BinaryIO]:
    """What `source` holds, to be read once from its beginning; raises `Refusal` in the name of `file` where the key is
    not its own, or it was cut or altered. What was read is certain only when the block has been left.
    """
    read_end, write_end = os.pipe()
    with ThreadPoolExecutor(1, "unsealing") as pool:
        opened = pool.submit(_unseal, source, write_end, key)
        try:
            with os.fdopen(read_end, "rb") as plain:
                yield plain
                while plain.read(1 << 16):
                    pass
        finally:
            _raise_what_failed(opened.exception(), file)  # whatever was made of what it did not open


class _Target:
    """Remembers why writing failed: pyrage makes a text of it."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.failure: OSError | None = None

    def write(self, content: bytes) -> int:
        """As a file does; raises what the stream raises, and keeps it in `failure`."""
        try:
            return self._stream.write(content)
        except OSError as error:
            self.failure = error
            raise

    def flush(self) -> None:
        """As a file does."""
        self._stream.flush()


def _seal(read_end: int, target: _Target, recipients: Sequence[Recipient]) -> None:
    with os.fdopen(read_end, "rb") as plain:
        try:
            pyrage.encrypt_io(plain, target, list(recipients))
        except pyrage.EncryptError:
            if target.failure is not None:
                raise target.failure from None
            raise


def _unseal(source: BinaryIO, write_end: int, key: Identity) -> None:
    with os.fdopen(write_end, "wb") as plain:
        target = _Target(plain)
        try:
            pyrage.decrypt_io(source, target, [key])
        except (pyrage.DecryptError, OSError):
            if target.failure is not None:  # who read has stopped, for reasons of their own
                return
            raise


def _raise_what_failed(error: BaseException | None, file: Path) -> None:
    if isinstance(error, BrokenPipeError) or error is None:
        return
    if "No matching keys" in str(error):
        raise Refusal("backup_key_wrong", file=file) from None
    raise Refusal("backup_unreadable", file=file, error=error) from None
