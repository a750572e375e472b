"""The site's key for badges, in versions: `secrets/badges.key`, a line each, of which the highest is the present one.

A line is `VERSION HEX`; in places made before there were versions it is `HEX` alone, which is version 1. While a
rotation goes on there are two: badges that still hold the former one are moved on as they come by.
"""

import secrets
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from server.errors import Refusal
from server.site.secret_files import key_of_hex, read_secret, write_secret

FILE_NAME = "badges.key"
KEY_BYTES = 16
"""An AES-128 key: every badge's own keys are derived from it (AN10922)."""
FIRST_VERSION, LAST_VERSION = 1, 255
"""A badge keeps the version in one byte, and 0 is a blank one's."""


class SiteKeys(NamedTuple):
    """The keys by their version: one, two while a rotation goes on, and another where a former one was brought back."""

    by_version: Mapping[int, bytes]

    def __repr__(self) -> str:
        """Without the keys: what holds some is printed in a traceback or a log sooner or later."""
        return f"SiteKeys(versions={sorted(self.by_version)})"

    @property
    def present(self) -> int:
        """The version that badges are given."""
        return max(self.by_version)

    @property
    def present_key(self) -> bytes:
        """The key that badges are given theirs from."""
        return self.by_version[self.present]

    @property
    def former(self) -> int | None:
        """The version that badges are moved on from, while a rotation goes on; of several the oldest."""
        return min(self.by_version) if len(self.by_version) > 1 else None

    def of(self, version: int) -> bytes | None:
        """The key of that version; None where it is over, or never was."""
        return self.by_version.get(version)

    def rotated(self) -> "SiteKeys":
        """With a new version; raises `Refusal` where the last rotation goes on, or the versions are used up."""
        if self.former is not None:
            raise Refusal("key_rotation_under_way", former=self.former, present=self.present)
        if self.present >= LAST_VERSION:
            raise Refusal("key_versions_used_up", version=LAST_VERSION)
        return SiteKeys({**self.by_version, self.present + 1: secrets.token_bytes(KEY_BYTES)})

    def finished(self) -> "SiteKeys":
        """Without the former version; raises `Refusal` where no rotation goes on."""
        if self.former is None:
            raise Refusal("no_key_rotation", present=self.present)
        return SiteKeys({version: key for version, key in self.by_version.items() if version != self.former})

    def with_older(self, keys: Mapping[int, bytes]) -> "SiteKeys":
        """These, and of `keys` those that are older than all of these."""
        oldest = min(self.by_version)
        return SiteKeys({version: key for version, key in keys.items() if version < oldest} | {**self.by_version})


def imprint_of(key: bytes) -> str:
    """What tells one key from another without telling it: of 16 random bytes nobody finds any by trying."""
    return sha256(b"poincon badge key " + key).hexdigest()[:16]


def new_site_keys() -> SiteKeys:
    """Of a new place."""
    return SiteKeys({FIRST_VERSION: secrets.token_bytes(KEY_BYTES)})


def read_site_keys(folder: Path) -> SiteKeys:
    """What the secrets in `folder` hold; raises `Refusal` where the file is missing, cut or rotten."""
    path = folder / FILE_NAME
    found: dict[int, bytes] = {}
    for line in read_secret(path).splitlines():
        version, written = _version_of(line, path)
        if version in found:
            raise Refusal("file_damaged", path=path, error=f"version {version} twice")
        found[version] = key_of_hex(written, KEY_BYTES, path)
    if not found:
        raise Refusal("file_damaged", path=path, error="0 bytes")
    return SiteKeys(found)


def write_site_keys(folder: Path, keys: SiteKeys) -> None:
    """Writes them whole or not at all, so that only the owner may read them."""
    lines = "".join(f"{version} {key.hex()}\n" for version, key in sorted(keys.by_version.items()))
    write_secret(folder / FILE_NAME, lines.encode())


def _version_of(line: bytes, path: Path) -> tuple[int, bytes]:
    """A line as version and hex."""
    words = line.split()
    if len(words) == 1:
        return FIRST_VERSION, words[0]
    if len(words) != 2 or not words[0].isdigit() or not FIRST_VERSION <= int(words[0]) <= LAST_VERSION:
        raise Refusal("file_damaged", path=path, error="a line that is no version and its key")
    return int(words[0]), words[1]
