"""A badge's own address, read back: which badge it was, its count of readings, and whether it signed it (AN12196, 3.4).

For the page of a member and never for a door: an address that was read once can be shown by anybody.
"""

import hmac
from typing import NamedTuple

from device.core.badge.aes import BLOCK, cmac, decrypt, short_mac

UID_AND_COUNT = b"\xc7"
"""Before a UID of 7 bytes and the count of readings."""
UID_SIZE, COUNT_SIZE = 7, 3


class Mirrored(NamedTuple):
    """What an address says: the badge, and how often its address was read since it was written."""

    uid: bytes
    readings: int


def decrypted(picc: bytes, key: bytes) -> Mirrored | None:
    """What `picc` (parameter `p`, 16 bytes) says under `key`, the one of slot 1; None for what no badge says under it.

    Nothing is proved by it: `is_signed` does that.
    """
    if len(picc) != BLOCK:
        return None
    plain = decrypt(key, picc)
    if plain[:1] != UID_AND_COUNT:
        return None
    count = plain[1 + UID_SIZE : 1 + UID_SIZE + COUNT_SIZE]
    return Mirrored(plain[1 : 1 + UID_SIZE], int.from_bytes(count, "little"))


def is_signed(mirrored: Mirrored, mac: bytes, key: bytes) -> bool:
    """Whether `mac` (parameter `c`, 8 bytes) is the badge's under `key`, the one of its slot 3."""
    return hmac.compare_digest(mac, mirror_mac(mirrored, key))


def mirror_mac(mirrored: Mirrored, key: bytes) -> bytes:
    """The 8 bytes by which a badge signs its address: over nothing, under a key of this very reading."""
    count = mirrored.readings.to_bytes(COUNT_SIZE, "little")
    return short_mac(cmac(key, b"\x3c\xc3\x00\x01\x00\x80" + mirrored.uid + count), b"")
