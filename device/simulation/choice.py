"""Which virtual badge is held to a reader, as `poincon-unit tap` is told."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from device.core.badge.apdu import Random
from device.simulation.badge_file import BadgeFile
from device.simulation.badge_state import Kind, Shown, blank, shown
from device.simulation.virtual_badge import VirtualBadge

HEX = re.compile("(?:[0-9A-Fa-f]{2})+")


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One of `credential`, `file`, `blank`, `phone` and `clone`; `key` goes with the first, `kind` with the next two.

    Raises ValueError for what does not go together.
    """

    credential: str | None = None
    key: str | None = None
    file: Path | None = None
    kind: Kind | None = None
    blank: bool = False
    phone: bool = False
    clone: str | None = None

    def __post_init__(self) -> None:
        ways = (self.credential, self.file, self.blank, self.phone, self.clone)
        if sum(way not in (None, False) for way in ways) != 1:
            raise ValueError("one badge, please: CREDENTIAL, --badge, --blank, --phone or --clone")
        if self.key and not self.credential:
            raise ValueError("--key goes with CREDENTIAL: the others have keys of their own, or none")
        if self.kind and not (self.file or self.blank):
            raise ValueError("--kind goes with --badge or --blank")
        if self.key and not HEX.fullmatch(self.key):
            raise ValueError("--key: hex digits, please")


@contextmanager
def chosen(port: int, choice: Choice, random: Random = os.urandom) -> Iterator[VirtualBadge]:
    """The badge for the reader at `port`; one that lives in a file is in this hand alone while the block lasts."""
    if choice.file:
        with BadgeFile(choice.file, choice.kind, random) as held:
            yield _held_to(port, held)
    elif choice.blank or choice.phone:
        kind: Kind = "phone" if choice.phone else choice.kind or "ntag424"
        yield _held_to(port, shown(blank(kind, random), random))
    else:
        key = bytes.fromhex(choice.key) if choice.key else None
        yield VirtualBadge(port, choice.credential or choice.clone or "", key)


def _held_to(port: int, held: Shown) -> VirtualBadge:
    return VirtualBadge(port, held.credential, protocol=held.protocol, next_uid=held.next_uid)
