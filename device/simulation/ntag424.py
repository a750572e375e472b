"""A virtual NTAG 424 DNA (NT4H2421Gx), whole but for what the house never sends. It takes APDUs, no native frames.

Left out: encrypted file data and a limit of readings in the mirror, SetConfiguration, AuthenticateEV2NonFirst, LRP
itself. `lrp`: it was switched to LRP, and refuses AES for good.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from device.core.badge.address import FACTORY_SETTINGS, FILE, FILE_SIZE
from device.core.badge.apdu import NTAG424_APPLICATION, Random
from device.simulation.card_file import FREE, MOST_READINGS, PLAIN, SEALED, CardFile
from device.simulation.card_status import (
    BOUNDARY,
    END_OF_FILE_ISO,
    ILLEGAL,
    LENGTH,
    LENGTH_ISO,
    NO_FILE,
    NO_FILE_SELECTED_ISO,
    NOT_ALLOWED,
    NOT_ALLOWED_ISO,
    NOT_FOUND_ISO,
    OK_ISO,
    UNKNOWN_COMMAND_ISO,
    CardDeclines,
)
from device.simulation.key_set import KeySet
from device.simulation.maker import signature
from device.simulation.secure_card import SecureCard, required

HARDWARE = bytes.fromhex("04040230001105")
"""The first frame of GetVersion."""
APPLICATION_FILE, ROOT_FILE = 0xE110, 0x3F00
CAPABILITIES = bytes.fromhex("001720010000FF0406E104010000000506E10500808283").ljust(32, b"\0")
"""What a telephone reads first: where the address is, and how long it may be."""
HEADER = 7
"""Bytes of ReadData and WriteData before the data: file, offset, length."""


def factory_files() -> dict[int, CardFile]:
    """The three files as they leave the maker, by their numbers."""
    return {
        1: CardFile(0xE103, bytearray(CAPABILITIES), bytes.fromhex("0000E0")),
        FILE: CardFile(0xE104, bytearray(FILE_SIZE), FACTORY_SETTINGS),
        3: CardFile(0xE105, bytearray(128), bytes.fromhex("033023")),
    }


class Ntag424(SecureCard):
    """One card."""

    SOFTWARE = bytes.fromhex("04040201021105")

    def __init__(
        self,
        uid: bytes,
        keys: Sequence[bytes],
        random: Random,
        *,
        signature: bytes = bytes(56),
        lrp: bool = False,
        delays: int = 0,
    ) -> None:
        self.lrp = lrp
        self.key_set = KeySet(keys, delays)
        self.files = factory_files()
        self._random = random
        super().__init__(uid, random, signature)
        self._commands |= {
            0x5F: self._change_settings,
            0x8D: self._write_data,
            0xAD: self._read_data,
            0xF5: self._settings,
        }

    @classmethod
    def blank(cls, uid: bytes, random: Random) -> "Ntag424":
        """As it leaves its maker: keys of zeros, and signed."""
        return cls(uid, [bytes(16)] * 5, random, signature=signature(uid))

    @classmethod
    def from_state(cls, state: Mapping[str, Any], random: Random) -> "Ntag424":
        """The card that said `state`, put into the field anew."""
        made = cls(bytes.fromhex(state["uid"]), [], random, signature=bytes.fromhex(state["signature"]))
        made.lrp = state["lrp"]
        made.key_set = KeySet.from_state(state["keys"])
        made.files = {int(number): CardFile.from_state(each) for number, each in state["files"].items()}
        return made

    def state(self) -> dict[str, Any]:
        """What the card holds without a field, in JSON's values; bytes in hex."""
        return {
            "kind": "ntag424",
            "uid": self.uid.hex(),
            "signature": self.signature.hex(),
            "lrp": self.lrp,
            "keys": self.key_set.state(),
            "files": {str(number): each.state() for number, each in self.files.items()},
        }

    @property
    def hardware(self) -> bytes:
        """The first frame of GetVersion."""
        return HARDWARE

    @property
    def keys(self) -> list[bytes]:
        """The five keys."""
        return self.key_set.keys

    @property
    def versions(self) -> list[int]:
        """Their version bytes."""
        return self.key_set.versions

    def _deselect(self) -> None:
        super()._deselect()
        self._selected = False
        self._current: CardFile | None = None
        self._mirrored: tuple[CardFile, bytes] | None = None

    def _answer(self, apdu: bytes) -> bytes:
        if apdu[1:2] not in (b"\xad", b"\xb0"):
            self._mirrored = None  # the next reading is another one
        return super()._answer(apdu)

    def _selected_keys(self) -> KeySet:
        self._demand_selection()
        return self.key_set

    def _demand_selection(self) -> None:
        if not self._selected:
            raise CardDeclines(ILLEGAL)

    def _authenticate(self, instruction: int, data: bytes) -> bytes:
        if self.lrp and self._selected:
            raise CardDeclines(NOT_ALLOWED)
        return super()._authenticate(instruction, data)

    def _read_signature(self, data: bytes) -> bytes:
        self._demand_selection()
        return super()._read_signature(data)

    def _file(self, data: bytes) -> CardFile:
        self._demand_selection()
        if not data:
            raise CardDeclines(LENGTH)
        if data[0] not in self.files:
            raise CardDeclines(NO_FILE)
        return self.files[data[0]]

    def _settings(self, data: bytes) -> bytes:
        told = self._file(data).told_settings
        if self.channel.slot is None:
            return self.channel.plain(told)
        self.channel.verified(0xF5, data)
        return self.channel.signed(told)

    def _change_settings(self, data: bytes) -> bytes:
        file = self._file(data)
        slot, right = self.channel.slot, file.change_right
        required(right == FREE or (slot is not None and right == slot), slot is not None)
        if slot is None:
            file.change(data[1:])
            return self.channel.plain()
        file.change(self.channel.opened(0x5F, data, 1))
        return self.channel.signed()

    def _write_data(self, data: bytes) -> bytes:
        file = self._file(data)
        mode = file.mode(self.channel.slot, writes=True)
        offset, length = _span(data)
        if mode == SEALED:
            content = self.channel.opened(0x8D, data, HEADER)
        else:
            content = (data if mode == PLAIN else self.channel.verified(0x8D, data))[HEADER:]
        if len(content) != length:
            raise CardDeclines(LENGTH)
        if offset + length > len(file.content):
            raise CardDeclines(BOUNDARY)
        file.content[offset : offset + length] = content
        return self.channel.plain() if mode == PLAIN else self.channel.signed()

    def _read_data(self, data: bytes) -> bytes:
        file = self._file(data)
        mode = file.mode(self.channel.slot, writes=False)
        if mode != PLAIN:
            data = self.channel.verified(0xAD, data)
        if len(data) != HEADER:
            raise CardDeclines(LENGTH)
        offset, length = _span(data)
        if offset + length > len(file.content):
            raise CardDeclines(BOUNDARY)
        shown = self._shown(file)
        told = shown[offset : offset + length] if length else shown[offset:]
        if mode == PLAIN:
            return self.channel.plain(told)
        return self.channel.sealed(told) if mode == SEALED else self.channel.signed(told)

    def _shown(self, file: CardFile) -> bytes:
        """The content as it is read now: mirrored where nobody is authenticated. A reading in pieces is one."""
        if self.channel.slot is not None or file.mirror is None:
            return bytes(file.content)
        if self._mirrored is None or self._mirrored[0] is not file:
            if file.readings >= MOST_READINGS:
                raise CardDeclines(NOT_ALLOWED)
            file.readings += 1
            self._mirrored = file, file.mirrored(self.uid, self.keys, self._random)
        return self._mirrored[1]

    def _iso(self, apdu: bytes) -> bytes:
        if apdu[1] == 0xA4:
            return self._select(apdu[2], apdu[5 : 5 + apdu[4]] if len(apdu) > 5 else b"")
        if apdu[1] not in (0xB0, 0xD6):
            raise CardDeclines(UNKNOWN_COMMAND_ISO)
        file, offset = self._addressed(apdu[2], apdu[3])
        try:
            mode = file.mode(self.channel.slot, writes=apdu[1] == 0xD6)
        except CardDeclines as refusal:
            raise CardDeclines(NOT_ALLOWED_ISO) from refusal
        if mode != PLAIN:
            raise CardDeclines(NOT_ALLOWED_ISO)
        return self._read_binary(file, offset, apdu) if apdu[1] == 0xB0 else _update_binary(file, offset, apdu)

    def _select(self, way: int, name: bytes) -> bytes:
        """ISOSelectFile: by the application's name, or by two bytes."""
        number = int.from_bytes(name, "big") if len(name) == 2 else None
        files = {file.name: file for file in self.files.values()}
        if (way == 4 and name == NTAG424_APPLICATION) or (way == 0 and number == APPLICATION_FILE):
            self._deselect()
            self._selected = True
        elif way == 0 and number in (ROOT_FILE, None) and way != 4:
            self._deselect()
        elif self._selected and way in (0, 2) and number in files:
            self._current = files[number]
        else:
            raise CardDeclines(NOT_FOUND_ISO)
        return OK_ISO

    def _addressed(self, high: int, low: int) -> tuple[CardFile, int]:
        """The file and the offset that P1 and P2 mean: a short file name, or the selected file."""
        file = self._current
        if high & 0x80:
            named = [each for each in self.files.values() if each.name & 0x1F == high & 0x1F and self._selected]
            file, high = named[0] if named else None, 0
        if file is None:
            raise CardDeclines(NO_FILE_SELECTED_ISO)
        if (offset := high << 8 | low) >= len(file.content):
            raise CardDeclines(END_OF_FILE_ISO)
        return file, offset

    def _read_binary(self, file: CardFile, offset: int, apdu: bytes) -> bytes:
        if len(apdu) != 5:
            raise CardDeclines(LENGTH_ISO)
        return self._shown(file)[offset : offset + (apdu[4] or 256)] + OK_ISO


def _update_binary(file: CardFile, offset: int, apdu: bytes) -> bytes:
    data = apdu[5 : 5 + apdu[4]] if len(apdu) > 5 else b""
    if not data or offset + len(data) > len(file.content):
        raise CardDeclines(LENGTH_ISO)
    file.content[offset : offset + len(data)] = data
    return OK_ISO


def _span(data: bytes) -> tuple[int, int]:
    if len(data) < HEADER:
        raise CardDeclines(LENGTH)
    return int.from_bytes(data[1:4], "little"), int.from_bytes(data[4:7], "little")
