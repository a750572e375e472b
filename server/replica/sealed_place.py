"""Settings and secrets, sealed with the backup key and kept in the books: a copy of the books makes a whole server."""

import hashlib
import io
from collections.abc import Iterator
from pathlib import Path

import msgspec

from device.contract.instant import Instant
from server.backups import sealing
from server.errors import Refusal
from server.site.backup import kept_files, unpack, write_files
from server.site.folder import SiteFolder
from server.store.copies import SealedPlace

MOST_BYTES = 1 << 20
"""Of one file: settings, keys and certificates are small, and what is made from a release is made again."""


def state_of(site: SiteFolder) -> tuple[tuple[str, int, int], ...]:
    """What changes whenever the files do; cheap enough to look at every minute."""
    return tuple((str(path), *_stamp(path)) for path in _files(site))


def seal(site: SiteFolder, known: str | None, now: Instant) -> SealedPlace | None:
    """The files of the place beside its books, sealed; None where `known` is the digest of just these.

    Raises `Refusal` where the place has no backup key, since nobody could open it again.
    """
    own = sealing.public_key(site)
    if own is None:
        raise Refusal("no_backup_key")
    plain = io.BytesIO()
    manifest = write_files({path.relative_to(site.folder).as_posix(): path for path in _files(site)}, plain)
    digest = hashlib.sha256(msgspec.json.encode([own, sorted(manifest.items())])).hexdigest()
    if digest == known:
        return None
    sealed = io.BytesIO()
    with sealing.sealing(sealed, [sealing.recipient(own)]) as into:
        into.write(plain.getvalue())
    return SealedPlace(digest, now, sealed.getvalue())


def open_into(sealed: SealedPlace, key: str, folder: Path) -> None:
    """The files in a new `folder`; raises `Refusal` where the key is another one."""
    name = Path("sealed_place")
    with sealing.unsealing(io.BytesIO(sealed.content), sealing.read_key(key), name) as plain:
        unpack(plain, name, folder)


def _files(site: SiteFolder) -> Iterator[Path]:
    return (path for path in kept_files(site) if path.stat().st_size <= MOST_BYTES)


def _stamp(path: Path) -> tuple[int, int]:
    status = path.stat()
    return status.st_mtime_ns, status.st_size
