"""What a virtual badge says: the applications on NTAG 424 DNA and DESFire cards, as far as doors and the desk ask.

Sans I/O: an APDU goes in, the answer comes out. The cards use the same ciphers as the readers, which NXP's published
values hold to be right.
"""

from collections.abc import Callable
from typing import NamedTuple, Protocol

from device.core.badge import aes
from device.core.badge.apdu import DESFIRE_APPLICATION, NTAG424_APPLICATION, Random
from device.core.badge.session import checksum

FACTORY_KEYS = [bytes(16)] * 5

OK_ISO = b"\x90\x00"
OK = b"\x91\x00"
MORE = b"\x91\xaf"
SIGNED = b"\x91\x90"
NOT_FOUND_ISO = b"\x6a\x82"
ILLEGAL = b"\x91\x1c"
INTEGRITY = b"\x91\x1e"
NO_SUCH_KEY = b"\x91\x40"
LENGTH = b"\x91\x7e"
NOT_ALLOWED = b"\x91\x9d"
AUTHENTICATION = b"\x91\xae"
DELAY = b"\x91\xad"
NO_APPLICATION = b"\x91\xa0"


class CardApplication(Protocol):
    """The application side of a badge."""

    def power_on(self) -> None:
        """It came into the field: nothing is selected, nobody is authenticated."""

    def answer(self, apdu: bytes) -> bytes:
        """Data and status bytes."""


class Blank:
    """A card that speaks ISO 14443-4 and has no application: it can be known by its UID alone."""

    def power_on(self) -> None:
        """Nothing to forget."""

    def answer(self, apdu: bytes) -> bytes:
        """Nothing is known here."""
        return b"\x6d\x00"


class _Pending(NamedTuple):
    """An authentication whose second part is awaited."""

    instruction: int
    slot: int
    rnd_b: bytes
    iv: bytes


class _Secured(NamedTuple):
    """The session that an EV2First authentication made."""

    slot: int
    encryption: bytes
    authentication: bytes
    identifier: bytes


class DesfireLike:
    """Keys, AuthenticateEV2First and AuthenticateAES; the ground of both kinds of card.

    `delays`: so many times an authentication is answered with "ask again", as after many wrong keys.
    """

    def __init__(self, uid: bytes, keys: list[bytes], random: Random, delays: int = 0) -> None:
        self.uid = uid
        self.keys = list(keys)
        self.delays = delays
        self._random = random
        self._commands: dict[int, Callable[[bytes], bytes]] = {0xAF: self._finish}
        self.power_on()

    def power_on(self) -> None:
        """It came into the field: nothing is selected, nobody is authenticated."""
        self._selected = False
        self._pending: _Pending | None = None
        self._session: _Secured | None = None
        self._counter = 0

    def answer(self, apdu: bytes) -> bytes:
        """Data and status bytes to one APDU, wrapped or ISO."""
        if len(apdu) < 4:
            return LENGTH
        data = apdu[5 : 5 + apdu[4]] if len(apdu) > 5 else b""
        if apdu[:2] == b"\x00\xa4":
            return self._select_iso(data)
        if apdu[0] != 0x90:
            return b"\x6e\x00"
        command = self._commands.get(apdu[1])
        if command is None or not (self._selected or apdu[1] == 0x5A):
            return ILLEGAL
        return command(data)

    def _select_iso(self, name: bytes) -> bytes:
        return NOT_FOUND_ISO

    def _challenge(self, instruction: int, data: bytes) -> bytes:
        self._session = None
        if not data or data[0] >= len(self.keys):
            return NO_SUCH_KEY
        if self.delays:
            self.delays -= 1
            return DELAY
        rnd_b = self._random(16)
        secret = aes.encrypt(self.keys[data[0]], rnd_b)
        self._pending = _Pending(instruction, data[0], rnd_b, secret if instruction == 0xAA else aes.ZERO_IV)
        return secret + MORE

    def _begin_ev2(self, data: bytes) -> bytes:
        return self._challenge(0x71, data)

    def _begin_ev1(self, data: bytes) -> bytes:
        return self._challenge(0xAA, data)

    def _finish(self, data: bytes) -> bytes:
        pending, self._pending = self._pending, None
        if pending is None or len(data) != 32:
            return LENGTH
        key = self.keys[pending.slot]
        plain = aes.decrypt(key, data, pending.iv)
        rnd_a = plain[:16]
        if plain[16:] != aes.rotated(pending.rnd_b):
            return AUTHENTICATION
        if pending.instruction == 0xAA:
            return aes.encrypt(key, aes.rotated(rnd_a), data[16:]) + OK
        identifier = self._random(4)
        self._secure(pending, rnd_a, identifier)
        return aes.encrypt(key, identifier + aes.rotated(rnd_a) + bytes(12)) + OK

    def _secure(self, pending: _Pending, rnd_a: bytes, identifier: bytes) -> None:
        mixed = bytes(a ^ b for a, b in zip(rnd_a[2:8], pending.rnd_b[:6], strict=True))
        context = b"\x00\x01\x00\x80" + rnd_a[:2] + mixed + pending.rnd_b[6:] + rnd_a[8:]
        key = self.keys[pending.slot]
        encryption, authentication = aes.cmac(key, b"\xa5\x5a" + context), aes.cmac(key, b"\x5a\xa5" + context)
        self._session = _Secured(pending.slot, encryption, authentication, identifier)
        self._counter = 0


class Desfire(DesfireLike):
    """A DESFire with the application of the house; `ev1` is the older one, which knows AuthenticateAES alone."""

    def __init__(self, uid: bytes, keys: list[bytes], random: Random, *, ev1: bool = False, delays: int = 0) -> None:
        super().__init__(uid, keys, random, delays)
        self._commands |= {0x5A: self._select, 0xAA: self._begin_ev1}
        if not ev1:
            self._commands[0x71] = self._begin_ev2

    def _select(self, application: bytes) -> bytes:
        self._selected = application == DESFIRE_APPLICATION
        return OK if self._selected else NO_APPLICATION


class Ntag424(DesfireLike):
    """An NTAG 424 DNA: EV2First, GetCardUID, ChangeKey, and its maker's signature.

    `lrp`: it was switched to LRP, and refuses AES for good.
    """

    def __init__(
        self,
        uid: bytes,
        keys: list[bytes],
        random: Random,
        *,
        signature: bytes = bytes(56),
        lrp: bool = False,
        delays: int = 0,
    ) -> None:
        super().__init__(uid, keys, random, delays)
        self.signature = signature
        self.versions = [0] * len(keys)
        begin = self._refuse_aes if lrp else self._begin_ev2
        self._commands |= {0x71: begin, 0x3C: self._sign, 0x51: self._card_uid, 0xC4: self._change_key}

    def _select_iso(self, name: bytes) -> bytes:
        self.power_on()
        self._selected = name == NTAG424_APPLICATION
        return OK_ISO if self._selected else NOT_FOUND_ISO

    def _refuse_aes(self, data: bytes) -> bytes:
        return NOT_ALLOWED

    def _sign(self, data: bytes) -> bytes:
        return self.signature + SIGNED

    def _card_uid(self, data: bytes) -> bytes:
        plain = self._opened(0x51, b"", data)
        return AUTHENTICATION if plain is None else self._sealed(self.uid)

    def _change_key(self, data: bytes) -> bytes:
        plain = self._opened(0xC4, data[:1], data[1:])
        session = self._session
        if plain is None or session is None:
            return AUTHENTICATION
        slot = data[0]
        if slot == session.slot:
            self.keys[slot], self.versions[slot] = plain[:16], plain[16]
            self._session = None
            return OK
        new = bytes(a ^ b for a, b in zip(plain[:16], self.keys[slot], strict=True))
        if plain[17:] != checksum(new):
            self._session = None
            return INTEGRITY
        self.keys[slot], self.versions[slot] = new, plain[16]
        return self._sealed(b"")

    def _opened(self, instruction: int, header: bytes, body: bytes) -> bytes | None:
        """The plain text of a secured command; None, and the session is over, where its MAC is not right."""
        session, secret, mac = self._session, body[:-8], body[-8:]
        if session is None:
            return None
        moment = self._counter.to_bytes(2, "little") + session.identifier
        if mac != aes.short_mac(session.authentication, bytes((instruction,)) + moment + header + secret):
            self._session = None
            return None
        iv = aes.encrypt(session.encryption, b"\xa5\x5a" + session.identifier + moment[:2] + bytes(8))
        return aes.unpad(aes.decrypt(session.encryption, secret, iv)) if secret else b""

    def _sealed(self, plain: bytes) -> bytes:
        session = self._session
        if session is None:
            return AUTHENTICATION
        self._counter += 1
        moment = self._counter.to_bytes(2, "little") + session.identifier
        iv = aes.encrypt(session.encryption, b"\x5a\xa5" + session.identifier + moment[:2] + bytes(8))
        secret = aes.encrypt(session.encryption, aes.pad(plain), iv) if plain else b""
        return secret + aes.short_mac(session.authentication, b"\x00" + moment + secret) + OK
