"""A file on a virtual NTAG 424 DNA: content, settings, rights, and what it mirrors (NT4H2421Gx, 8.2.3 and 9.3)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from device.core.badge import aes
from device.core.badge.apdu import Random
from device.core.badge.mirror import UID_AND_COUNT, Mirrored, mirror_mac
from device.simulation.card_status import LENGTH, NOT_ALLOWED, PARAMETER, CardDeclines

FREE, NEVER = 0xE, 0xF
PLAIN, SIGNED, SEALED = 0, 1, 3
"""How a file is read and written in a session."""
MODES = {0: PLAIN, 1: SIGNED, 2: PLAIN, 3: SEALED}
"""By the two lowest bits of the settings."""
MOST_READINGS = 0xFFFFFF

_MIRRORS, _UID, _COUNT, _ASCII = 0x40, 0x80, 0x40, 0x01
_PICC_DIGITS, _UID_DIGITS, _COUNT_DIGITS, _MAC_DIGITS = 32, 14, 6, 16


class Mirror(NamedTuple):
    """What a file shows of its badge when it is read without proof; offsets into the file, None for what is left out.

    `meta_slot` encrypts UID and count, E leaves them in the clear; `mac_slot` signs.
    """

    meta_slot: int
    mac_slot: int
    picc_at: int | None
    uid_at: int | None
    count_at: int | None
    signed_from: int
    mac_at: int | None


@dataclass
class CardFile:
    """One file. `settings`: option, rights and mirror as ChangeFileSettings takes them; `readings` of its mirror."""

    name: int
    content: bytearray
    settings: bytes
    readings: int = 0

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> "CardFile":
        """The file that said `state`."""
        content, settings = bytearray.fromhex(state["content"]), bytes.fromhex(state["settings"])
        return cls(state["name"], content, settings, state["readings"])

    def state(self) -> dict[str, Any]:
        """All of it in JSON's values."""
        content, settings = self.content.hex(), self.settings.hex()
        return {"name": self.name, "content": content, "settings": settings, "readings": self.readings}

    @property
    def told_settings(self) -> bytes:
        """As GetFileSettings says them: type and size stand among them."""
        size = len(self.content).to_bytes(3, "little")
        return b"\x00" + self.settings[:3] + size + self.settings[3:]

    @property
    def change_right(self) -> int:
        """The slot that changes the settings, E or F."""
        return self.settings[1] & 0xF

    @property
    def mirror(self) -> Mirror | None:
        """What is mirrored."""
        return _mirror(self.settings, len(self.content)) if self.settings[0] & _MIRRORS else None

    def mode(self, slot: int | None, *, writes: bool) -> int:
        """How whoever proved `slot` reads or writes it; raises `CardDeclines` where that is not allowed."""
        rights = {self.settings[2] & 0xF if writes else self.settings[2] >> 4, self.settings[1] >> 4}
        if slot is not None and slot in rights:
            return MODES[self.settings[0] & 3]
        if FREE in rights:
            return PLAIN
        raise CardDeclines(NOT_ALLOWED)

    def change(self, settings: bytes) -> None:
        """Takes new settings; raises `CardDeclines` for such as are none."""
        if len(settings) < 3 or settings[0] & ~(_MIRRORS | 3):
            raise CardDeclines(PARAMETER)
        if settings[0] & _MIRRORS:
            _mirror(settings, len(self.content))
            self.readings = 0
        elif len(settings) > 3:
            raise CardDeclines(LENGTH)
        self.settings = settings

    def mirrored(self, uid: bytes, keys: list[bytes], random: Random) -> bytes:
        """The content with the mirror of this reading in it."""
        mirror, shown = self.mirror, bytearray(self.content)
        if mirror is None:
            return bytes(shown)
        seen = Mirrored(uid, self.readings)
        if mirror.picc_at is not None:
            plain = UID_AND_COUNT + uid + self.readings.to_bytes(3, "little") + random(5)
            _put(shown, mirror.picc_at, aes.encrypt(keys[mirror.meta_slot], plain))
        if mirror.uid_at is not None:
            _put(shown, mirror.uid_at, uid)
        if mirror.count_at is not None:
            _put(shown, mirror.count_at, self.readings.to_bytes(3, "big"))
        if mirror.mac_at is not None:
            _put(shown, mirror.mac_at, mirror_mac(seen, keys[mirror.mac_slot]))
        return bytes(shown)


def _put(content: bytearray, at: int, value: bytes) -> None:
    digits = value.hex().upper().encode()
    content[at : at + len(digits)] = digits


def _mirror(settings: bytes, size: int) -> Mirror:
    """The mirror in `settings`: UID and count both, and a MAC over nothing; raises `CardDeclines` for any other."""
    fields = iter(settings[3:])
    options, access = next(fields, 0), [next(fields, 0), next(fields, 0)]
    meta_slot, mac_slot = access[1] >> 4, access[1] & 0xF
    if options != _UID | _COUNT | _ASCII:
        raise CardDeclines(PARAMETER)

    def offset(is_there: bool, digits: int) -> int | None:
        if not is_there:
            return None
        at = int.from_bytes(bytes(next(fields, 0xFF) for _ in range(3)), "little")
        if at + digits > size:
            raise CardDeclines(PARAMETER)
        return at

    uid_at = offset(meta_slot == FREE, _UID_DIGITS)
    count_at = offset(meta_slot == FREE, _COUNT_DIGITS)
    picc_at = offset(meta_slot < FREE, _PICC_DIGITS)
    signed_from = offset(mac_slot != NEVER, 0)
    mac_at = offset(mac_slot != NEVER, _MAC_DIGITS)
    if next(fields, None) is not None or signed_from != mac_at:
        raise CardDeclines(PARAMETER)
    return Mirror(meta_slot, mac_slot, picc_at, uid_at, count_at, signed_from or 0, mac_at)
