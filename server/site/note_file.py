"""Small files of a place that hold one note each: what they say, where it can be read."""

from contextlib import suppress
from pathlib import Path
from typing import TypeVar

import msgspec

from device.contract.instant import Instant

T = TypeVar("T")


def read_note_file(path: Path, kind: type[T]) -> T | None:
    """The note in `path`; None where there is none, or the file is rotten."""
    with suppress(OSError, msgspec.MsgspecError, ValueError):
        return msgspec.json.decode(path.read_bytes(), type=kind, dec_hook=_instant)
    return None


def _instant(kind: type, value: object) -> Instant:
    if kind is not Instant:
        raise NotImplementedError(kind)
    return Instant.parse(str(value))
