"""What a release of the program is called, and what the site's authority signs of it. Pure.

A release is a folder with `VERSION` and with `SHA256SUMS`, the sum of every other file of it.
"""

import hashlib
import re

VERSION, SUMS = "VERSION", "SHA256SUMS"
ID_DIGITS = 8
"""Of the SHA-256 of the list of files, in the id."""
MAX_ARCHIVE_BYTES = 300 * 1024 * 1024
"""Of the packed release: the program is 2 MB, with the wheels of everything that it depends on 120 MB."""


def release_id(version: str, sums: bytes) -> str:
    """The id of the release with that version and that list of files, such as `0.4.0-1a2b3c4d`."""
    return f"{version.strip()}-{hashlib.sha256(sums).hexdigest()[:ID_DIGITS]}"


def version_of(release: str) -> str:
    """The version in the id of a release."""
    return release.rpartition("-")[0]


def is_older(release: str, than: str) -> bool:
    """Whether the version of one release is lower than that of another; one of the same version is not."""
    return _numbers(version_of(release)) < _numbers(version_of(than))


def statement(release: str, sha256: str) -> bytes:
    """What the authority signs: that the archive with this SHA-256 is this release."""
    return f"poincon release 1\n{release}\n{sha256}\n".encode()


def _numbers(version: str) -> list[int]:
    numbers = [int(digits) for digits in re.findall(r"\d+", version)[:4]]
    return numbers + [0] * (4 - len(numbers))
