"""The card's side of an authentication and of the session that follows from it (AN12196, 5; AuthenticateAES of EV1).

A command that the card declines ends the session: whoever calls `answer` of a card sees to that.
"""

from typing import NamedTuple

from device.core.badge import aes
from device.core.badge.apdu import Random
from device.simulation.card_status import AUTHENTICATION, INTEGRITY, LENGTH, MORE, OK, CardDeclines
from device.simulation.key_set import KeySet

EV2_FIRST = 0x71
EV1_AES = 0xAA
MAC_SIZE = 8


class _Pending(NamedTuple):
    """An authentication whose second part is awaited."""

    instruction: int
    keys: KeySet
    slot: int
    rnd_b: bytes
    iv: bytes


class _Session(NamedTuple):
    """What an EV2First authentication made."""

    slot: int
    encryption: bytes
    authentication: bytes
    identifier: bytes


class SecureChannel:
    """One card's authentication: none, half done, or a session with its count of commands."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self.reset()

    def reset(self) -> None:
        """Nobody is authenticated."""
        self._pending: _Pending | None = None
        self._session: _Session | None = None
        self._counter = 0

    @property
    def slot(self) -> int | None:
        """The slot whose key was proved; None without a session."""
        return self._session.slot if self._session else None

    def begin(self, instruction: int, keys: KeySet, slot: int) -> bytes:
        """The first part: a challenge under the key of `slot`."""
        self.reset()
        key = keys.admit(slot)
        rnd_b = self._random(16)
        secret = aes.encrypt(key, rnd_b)
        iv = secret if instruction == EV1_AES else aes.ZERO_IV
        self._pending = _Pending(instruction, keys, slot, rnd_b, iv)
        return secret + MORE

    def finish(self, data: bytes) -> bytes:
        """The second part: the other side's proof, and the card's own."""
        pending, self._pending = self._pending, None
        if pending is None or len(data) != 32:
            raise CardDeclines(LENGTH)
        key = pending.keys.keys[pending.slot]
        plain = aes.decrypt(key, data, pending.iv)
        rnd_a = plain[:16]
        if plain[16:] != aes.rotated(pending.rnd_b):
            pending.keys.failed(pending.slot)
            raise CardDeclines(AUTHENTICATION)
        pending.keys.proved(pending.slot)
        if pending.instruction == EV1_AES:
            return aes.encrypt(key, aes.rotated(rnd_a), data[16:]) + OK
        identifier = self._random(4)
        self._session = _session(pending.slot, key, rnd_a, pending.rnd_b, identifier)
        return aes.encrypt(key, identifier + aes.rotated(rnd_a) + bytes(12)) + OK

    def verified(self, instruction: int, data: bytes) -> bytes:
        """`data` without the MAC at its end, which is that of this command."""
        session, body = self._present(), data[:-MAC_SIZE]
        signed = bytes((instruction,)) + self._moment(session) + body
        if data[-MAC_SIZE:] != aes.short_mac(session.authentication, signed):
            raise CardDeclines(INTEGRITY)
        return body

    def opened(self, instruction: int, data: bytes, header: int = 0) -> bytes:
        """The plain text of a command whose first `header` bytes are in the clear; its MAC was looked at."""
        session, secret = self._present(), self.verified(instruction, data)[header:]
        try:
            return aes.unpad(aes.decrypt(session.encryption, secret, self._iv(session, b"\xa5\x5a")))
        except ValueError as fault:
            raise CardDeclines(INTEGRITY) from fault

    def plain(self, data: bytes = b"") -> bytes:
        """An answer in the clear; where there is a session, it counts the command."""
        self._counter += 1
        return data + OK

    def signed(self, data: bytes = b"") -> bytes:
        """An answer in the clear, with its MAC."""
        session = self._present()
        self._counter += 1
        return data + aes.short_mac(session.authentication, b"\x00" + self._moment(session) + data) + OK

    def sealed(self, data: bytes) -> bytes:
        """An encrypted answer, with its MAC."""
        session = self._present()
        self._counter += 1
        secret = aes.encrypt(session.encryption, aes.pad(data), self._iv(session, b"\x5a\xa5"))
        return secret + aes.short_mac(session.authentication, b"\x00" + self._moment(session) + secret) + OK

    def _present(self) -> _Session:
        if self._session is None:
            raise CardDeclines(AUTHENTICATION)
        return self._session

    def _moment(self, session: _Session) -> bytes:
        return self._counter.to_bytes(2, "little") + session.identifier

    def _iv(self, session: _Session, label: bytes) -> bytes:
        moment = session.identifier + self._counter.to_bytes(2, "little")
        return aes.encrypt(session.encryption, label + moment + bytes(8))


def _session(slot: int, key: bytes, rnd_a: bytes, rnd_b: bytes, identifier: bytes) -> _Session:
    mixed = bytes(a ^ b for a, b in zip(rnd_a[2:8], rnd_b[:6], strict=True))
    context = b"\x00\x01\x00\x80" + rnd_a[:2] + mixed + rnd_b[6:] + rnd_a[8:]
    return _Session(slot, aes.cmac(key, b"\xa5\x5a" + context), aes.cmac(key, b"\x5a\xa5" + context), identifier)
