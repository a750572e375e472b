"""The card's side of ISO/IEC 14443-3, type A: it is called, shows its UID, and is selected.

Sans I/O: a frame goes in, the frame to answer with comes out, or None where a card keeps silent.
"""

from functools import reduce
from operator import xor

CALLS = (b"\x26", b"\x52")
"""REQA and WUPA."""
CASCADES = (0x93, 0x95, 0x97)
CASCADE_TAG = b"\x88"
"""Stands before the first bytes of a UID that goes on at the next level."""
GOES_ON = 0x04
"""The bit in SAK that says so."""


class Selection:
    """One card. It is `selected` only once its whole UID was named to it: no stray frame of another tap does that."""

    def __init__(self, uid: bytes, sak: int) -> None:
        self._sak = sak
        self._levels = [part + bytes((reduce(xor, part),)) for part in _parts(uid)]
        self._called = bytes((0x04 if len(uid) == 4 else 0x44, 0x03 if sak & 0x20 else 0x00))
        self.power_on()

    def power_on(self) -> None:
        """It came into the field."""
        self._level: int | None = None

    @property
    def selected(self) -> bool:
        """Whether the reader talks to this card now."""
        return self._level == len(self._levels)

    def feed(self, frame: bytes) -> bytes | None:
        """The answer to one frame."""
        if frame in CALLS:
            self._level = 0
            return self._called
        if self._level is None or self.selected or len(frame) < 2 or frame[0] not in CASCADES:
            return None
        return self._cascade(CASCADES.index(frame[0]), frame)

    def _cascade(self, level: int, frame: bytes) -> bytes | None:
        if level >= len(self._levels):
            return None
        shown = self._levels[level]
        if frame[1] == 0x20:
            return shown
        if frame[1:] != b"\x70" + shown:
            return None
        self._level = level + 1
        return bytes((self._sak | (0 if self.selected else GOES_ON),))


def _parts(uid: bytes) -> list[bytes]:
    if len(uid) == 4:
        return [uid]
    return [CASCADE_TAG + uid[:3], *_parts(uid[3:])]
