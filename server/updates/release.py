"""A release of the program as the server gives it to units: packed once, always to the same bytes, and signed.

The site's authority signs the archive's SHA-256 and the release's id, so that a unit's machine takes a
release from nobody else, whoever stands on the network. The archive itself is no secret.
"""

import base64
import gzip
import hashlib
import re
import tarfile
from pathlib import Path
from typing import BinaryIO, NamedTuple, get_args

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from device.contract.messages import ReleaseId
from device.contract.release import MAX_ARCHIVE_BYTES, SUMS, VERSION, release_id, statement
from server.cards.release import release_in
from server.errors import Refusal
from server.site.certificates import Identity

FOLDER = "updates"
"""Of the place; what lies there is made again where it is missing, and hidden so that no backup takes it along."""
ENDING = ".tar.gz"
INSIDE = "release"
"""The one folder of the archive."""
KEPT = 2
"""Archives; those of earlier releases are removed."""

_ID = re.compile(get_args(ReleaseId)[1].pattern)


class PackedRelease(NamedTuple):
    """An archive that units may fetch."""

    id: str
    path: Path
    sha256: str


def id_of(folder: Path) -> str:
    """The id of the release in `folder`; raises `Refusal` where there is none."""
    found = release_in(folder)
    made = release_id(found.version, (folder / SUMS).read_bytes())
    if not _ID.match(made):
        raise Refusal("release_not_whole", folder=folder, file=VERSION)
    return made


def packed(folder: Path, site: Path) -> PackedRelease:
    """The archive of the release in `folder`, packed now unless it was before; `site` is the folder of the place.

    Raises `Refusal` where the release is not whole, or too large.
    """
    release = id_of(folder)
    path = site / FOLDER / f".{release}{ENDING}"
    if not path.exists():
        _see_whole(folder)
        path.parent.mkdir(mode=0o750, exist_ok=True)
        beside = path.with_name(f"{path.name}.new")
        with beside.open("wb") as file:
            _pack(folder, file)
        if beside.stat().st_size > MAX_ARCHIVE_BYTES:
            beside.unlink()
            raise Refusal("release_too_large", folder=folder.absolute())
        beside.replace(path)
        for old in _archives(site)[:-KEPT]:
            old.unlink(missing_ok=True)
    return _summed(release, path)


def packed_before(release: str, site: Path) -> PackedRelease | None:
    """The archive of that id, if it was packed before and is there still."""
    path = archive_of(release, site)
    return None if path is None else _summed(release, path)


def archive_of(release: str, site: Path) -> Path | None:
    """The archive of that id, among those that are there; no part of `release` becomes part of a path."""
    return next((path for path in _archives(site) if path.name == f".{release}{ENDING}"), None)


def signature_of(release: PackedRelease, authority: Identity) -> str:
    """The authority's signature, in base64."""
    key = serialization.load_pem_private_key(authority.key, password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise ValueError("the authority's key is not on an elliptic curve")
    said = statement(release.id, release.sha256)
    return base64.b64encode(key.sign(said, ec.ECDSA(hashes.SHA256()))).decode()


def _summed(release: str, path: Path) -> PackedRelease:
    with path.open("rb") as archive:
        return PackedRelease(release, path, hashlib.file_digest(archive, "sha256").hexdigest())


def _archives(site: Path) -> list[Path]:
    """Those that are whole, the newest last."""
    found = (site / FOLDER).glob(f".*{ENDING}")
    return sorted(found, key=lambda path: path.stat().st_mtime)


def _see_whole(folder: Path) -> None:
    listed = dict(_listed(folder))
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()} - {SUMS}
    for name in sorted(there | listed.keys()):
        path = folder / name
        if name not in listed or not path.is_file() or path.is_symlink():
            raise Refusal("release_not_whole", folder=folder.absolute(), file=name)
        if hashlib.sha256(path.read_bytes()).hexdigest() != listed[name]:
            raise Refusal("release_not_whole", folder=folder.absolute(), file=name)


def _listed(folder: Path) -> list[tuple[str, str]]:
    """Each file of the release, and its SHA-256, as `sha256sum` writes them."""
    lines = (line.partition("  ") for line in (folder / SUMS).read_text("utf-8").splitlines())
    return [(name.removeprefix("./"), digest) for digest, _gap, name in lines]


def _pack(folder: Path, file: BinaryIO) -> None:
    """The same bytes for the same files: names in order, nobody's, of no time."""
    with (
        gzip.GzipFile(filename="", mode="wb", fileobj=file, mtime=0, compresslevel=6) as zipped,
        tarfile.open(fileobj=zipped, mode="w", format=tarfile.GNU_FORMAT) as archive,
    ):
        for name in sorted([*(name for name, _ in _listed(folder)), SUMS]):
            path = folder / name
            entry = tarfile.TarInfo(f"{INSIDE}/{name}")
            entry.size = path.stat().st_size
            entry.mode = 0o755 if path.stat().st_mode & 0o100 else 0o644
            with path.open("rb") as content:
                archive.addfile(entry, content)
