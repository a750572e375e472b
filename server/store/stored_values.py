"""What the books wrote, read back as what it was; what is none any more is damage."""

import sqlite3
from collections.abc import Mapping
from datetime import date
from typing import Any, TypeVar

import msgspec

from device.contract.instant import Instant
from server.store.damage import DamagedDatabase

T = TypeVar("T")


def stored_instant(text: str) -> Instant:
    """A moment that the books wrote; raises `DamagedDatabase` where it is none any more."""
    try:
        return Instant.parse(text)
    except (TypeError, ValueError) as error:
        raise DamagedDatabase(f"no moment: {text!r}") from error


def stored_date(text: str) -> date:
    """A date that the books wrote; raises `DamagedDatabase` where it is none any more."""
    try:
        return date.fromisoformat(text)
    except (TypeError, ValueError) as error:
        raise DamagedDatabase(f"no date: {text!r}") from error


def stored_json(text: str | bytes, kind: type[T]) -> T:
    """What the books wrote as JSON; raises `DamagedDatabase` where it is none of that kind any more."""
    try:
        return msgspec.json.decode(text, type=kind, dec_hook=_stored)
    except (TypeError, RecursionError, msgspec.MsgspecError) as error:
        raise DamagedDatabase(f"no {getattr(kind, '__name__', kind)}: {error}") from error


def read_row(row: sqlite3.Row | Mapping[str, Any], kind: type[T]) -> T:
    """A row as one of `kind`, a struct of that many fields; raises `DamagedDatabase` where it holds what is none."""
    try:
        return msgspec.convert(dict(row), kind, strict=False, dec_hook=_stored)
    except msgspec.ValidationError as error:
        raise DamagedDatabase(f"no {kind.__name__}: {error}") from error


def _stored(kind: type, value: Any) -> Any:
    if kind is Instant:
        return stored_instant(value)
    raise NotImplementedError(kind)
