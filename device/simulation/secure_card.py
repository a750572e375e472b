"""What NTAG 424 DNA and DESFire cards have in common: framing, GetVersion, proof of keys, changing of keys.

Sans I/O: an APDU goes in, the answer comes out. The cards use the same ciphers as the readers, which NXP's published
values hold to be right.

A command comes wrapped (`90 5A 00 00 03 …`, answered `… 91 00`) or, to a card that knows that, in its native frame
(`5A …`, answered `00 …`). The first one after activation decides, and all others are framed in the same way.
"""

from collections.abc import Callable
from typing import ClassVar

from device.core.badge.apdu import Random
from device.core.badge.session import checksum
from device.simulation.card_status import (
    AUTHENTICATION,
    ILLEGAL,
    INTEGRITY,
    LENGTH,
    MORE,
    NO_SUCH_KEY,
    NOT_ALLOWED,
    SIGNED,
    UNKNOWN_CLASS_ISO,
    CardDeclines,
)
from device.simulation.key_set import KeySet
from device.simulation.secure_channel import EV1_AES, EV2_FIRST, SecureChannel

PRODUCTION = bytes.fromhex("CF0000000000 2624")
"""Batch, week and year."""
ISO_CLASS, WRAPPED_CLASS = b"\x00", b"\x90"

Command = Callable[[bytes], bytes]
"""Takes the data of a command; its answer, or raises `CardDeclines`."""


class SecureCard:
    """The ground of all kinds: `_commands` by instruction, on the application whose keys are `_selected_keys`.

    `signature`: of its maker, over its UID.
    """

    SOFTWARE: ClassVar[bytes]
    """The second frame of GetVersion."""
    KNOWS_NATIVE_FRAMES: ClassVar[bool] = False
    """Whether it may be spoken to without the wrapping of ISO/IEC 7816-4."""

    def __init__(self, uid: bytes, random: Random, signature: bytes) -> None:
        self.uid = uid
        self.signature = signature
        self.channel = SecureChannel(random)
        self._frames: list[bytes] = []
        self._commands: dict[int, Command] = {
            0x3C: self._read_signature,
            0x60: self._version,
            0xAF: self._more,
            EV2_FIRST: lambda data: self._authenticate(EV2_FIRST, data),
            0x51: self._card_uid,
            0x64: self._key_version,
            0xC4: self._change_key,
        }
        self.power_on()

    def power_on(self) -> None:
        """It came into the field: nothing is selected, nobody is authenticated, and no framing is chosen."""
        self._is_native: bool | None = None
        self._deselect()

    def answer(self, apdu: bytes) -> bytes:
        """Data and status to one command, in the framing with which the card was first spoken to."""
        if self._is_native is None:
            self._is_native = self.KNOWS_NATIVE_FRAMES and apdu[:1] not in (b"", ISO_CLASS, WRAPPED_CLASS)
        try:
            if self._is_native:
                return _native(self._carried_out(apdu[:1], apdu[1:]))
            return self._answer(apdu)
        except CardDeclines as refusal:
            self.channel.reset()
            self._frames.clear()
            return _native(refusal.status) if self._is_native else refusal.status

    def _deselect(self) -> None:
        """Nothing is selected any more, nobody authenticated."""
        self.channel.reset()
        self._frames.clear()

    def _answer(self, apdu: bytes) -> bytes:
        if len(apdu) < 4 or (len(apdu) > 5 and len(apdu) - 5 - apdu[4] not in (0, 1)):
            raise CardDeclines(LENGTH)
        if apdu[:1] == ISO_CLASS:
            return self._iso(apdu)
        if apdu[:1] != WRAPPED_CLASS:
            raise CardDeclines(UNKNOWN_CLASS_ISO)
        return self._carried_out(apdu[1:2], apdu[5 : 5 + apdu[4]] if len(apdu) > 5 else b"")

    def _carried_out(self, instruction: bytes, data: bytes) -> bytes:
        """The answer to a native command, its status behind it."""
        if instruction != b"\xaf":
            self._frames.clear()
        command = self._command(instruction[0]) if instruction else None
        if command is None:
            raise CardDeclines(ILLEGAL)
        return command(data)

    @property
    def hardware(self) -> bytes:
        """The first frame of GetVersion."""
        raise NotImplementedError

    def _command(self, instruction: int) -> Command | None:
        """What carries out a native command; None for one that the card does not know."""
        return self._commands.get(instruction)

    def _iso(self, apdu: bytes) -> bytes:
        """An ISO/IEC 7816-4 command."""
        raise NotImplementedError

    def _selected_keys(self) -> KeySet:
        """The keys of what is selected; raises `CardDeclines` where nothing with keys is."""
        raise NotImplementedError

    def _may_change(self, slot: int) -> bool:
        """Whether the key that was proved may change that of `slot`."""
        return self.channel.slot == 0

    def _version(self, data: bytes) -> bytes:
        """GetVersion, in three frames; in a session with a MAC at its end."""
        production = self.uid.ljust(7, b"\x00")[:7] + PRODUCTION[:7]
        before = self.hardware + self.SOFTWARE
        end = self._told(0x60, data, before + production)[len(before) :]
        self._frames = [self.SOFTWARE + MORE, end]
        return self.hardware + MORE

    def _told(self, instruction: int, data: bytes, answer: bytes) -> bytes:
        """An answer that goes with a MAC in a session, and as it is without one; `data` may hold no more than a MAC."""
        if self.channel.slot is not None:
            data = self.channel.verified(instruction, data)
        if data:
            raise CardDeclines(LENGTH)
        return self.channel.plain(answer) if self.channel.slot is None else self.channel.signed(answer)

    def _more(self, data: bytes) -> bytes:
        return self._frames.pop(0) if self._frames else self.channel.finish(data)

    def _authenticate(self, instruction: int, data: bytes) -> bytes:
        self.channel.reset()
        if len(data) < (1 if instruction == EV1_AES else 2):
            raise CardDeclines(LENGTH)
        return self.channel.begin(instruction, self._selected_keys(), data[0])

    def _read_signature(self, data: bytes) -> bytes:
        if self.channel.slot is None:
            return self.signature + SIGNED
        self.channel.verified(0x3C, data)
        return self.channel.sealed(self.signature)[:-2] + SIGNED

    def _card_uid(self, data: bytes) -> bytes:
        self.channel.verified(0x51, data)
        return self.channel.sealed(self.uid)

    def _key_version(self, data: bytes) -> bytes:
        keys, in_session = self._selected_keys(), self.channel.slot is not None
        if in_session:
            data = self.channel.verified(0x64, data)
        if len(data) != 1:
            raise CardDeclines(LENGTH)
        if data[0] >= len(keys.versions):
            raise CardDeclines(NO_SUCH_KEY)
        version = keys.versions[data[0] : data[0] + 1]
        return self.channel.signed(bytes(version)) if in_session else self.channel.plain(bytes(version))

    def _change_key(self, data: bytes) -> bytes:
        plain, keys, slot = self.channel.opened(0xC4, data, 1), self._selected_keys(), data[0]
        if slot >= len(keys.keys):
            raise CardDeclines(NO_SUCH_KEY)
        if not self._may_change(slot):
            raise CardDeclines(NOT_ALLOWED)
        own = slot == self.channel.slot
        if len(plain) != (17 if own else 21):
            raise CardDeclines(LENGTH)
        if own:
            keys.write(slot, plain[:16], plain[16])
            self.channel.reset()
            return self.channel.plain()
        new = bytes(a ^ b for a, b in zip(plain[:16], keys.keys[slot], strict=True))
        if plain[17:] != checksum(new):
            raise CardDeclines(INTEGRITY)
        keys.write(slot, new, plain[16])
        return self.channel.signed()


def _native(answer: bytes) -> bytes:
    """An answer as it goes in a native frame: its status, without what wraps it, before the data."""
    return answer[-1:] + answer[:-2]


def required(granted: bool, is_authenticated: bool) -> None:
    """Raises `CardDeclines` where a right is missing: without any proof it may still be earned."""
    if not granted:
        raise CardDeclines(NOT_ALLOWED if is_authenticated else AUTHENTICATION)
