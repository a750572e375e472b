"""Secure messaging after AuthenticateEV2First: commands with a MAC, and encrypted where they must be (AN12196, 5)."""

import hmac
import zlib

from device.core.badge.aes import decrypt, encrypt, pad, short_mac, unpad
from device.core.badge.apdu import OK, Transceive, send, wrapped
from device.core.badge.errors import Declined, Garbled, NotAuthentic, WrongKey

MAC_SIZE = 8
PIECE = 128
"""Bytes of a file that are written at once."""


class CardSession:
    """The keys of one authentication with `slot`, its transaction identifier, and the count of commands since."""

    def __init__(
        self, slot: int, encryption: bytes, authentication: bytes, identifier: bytes, counter: int = 0
    ) -> None:
        self.slot = slot
        self.encryption = encryption
        self.authentication = authentication
        self.identifier = identifier
        self.counter = counter

    def command(self, transceive: Transceive, instruction: int, header: bytes, data: bytes = b"") -> bytes:
        """Sends `header` in the clear and `data` encrypted; the answer's plain text.

        Raises `NotAuthentic` where the answer's MAC is not right or its text not padded, `Declined` where the badge
        refuses.
        """
        answer, _ = send(transceive, self._sealed(instruction, header, data), OK)
        self.counter += 1
        return self._opened(answer)

    def last_command(self, transceive: Transceive, instruction: int, header: bytes, data: bytes = b"") -> None:
        """Sends the command that ends the session, whose answer bears no MAC."""
        send(transceive, self._sealed(instruction, header, data), OK)

    def plain_command(self, transceive: Transceive, instruction: int, data: bytes) -> None:
        """Sends a command in the clear, as a file has it whose settings say so; the session counts it all the same."""
        send(transceive, wrapped(instruction, data), OK)
        self.counter += 1

    def _sealed(self, instruction: int, header: bytes, data: bytes) -> bytes:
        secret = encrypt(self.encryption, pad(data), self._iv(b"\xa5\x5a")) if data else b""
        mac = short_mac(self.authentication, bytes((instruction,)) + self._moment() + header + secret)
        return wrapped(instruction, header + secret + mac)

    def _opened(self, answer: bytes) -> bytes:
        secret, mac = answer[:-MAC_SIZE], answer[-MAC_SIZE:]
        if not hmac.compare_digest(mac, short_mac(self.authentication, b"\x00" + self._moment() + secret)):
            raise NotAuthentic("the answer's MAC is not right")
        if not secret:
            return b""
        try:
            return unpad(decrypt(self.encryption, secret, self._iv(b"\x5a\xa5")))
        except ValueError as fault:
            raise Garbled(f"{len(secret)} encrypted bytes: {fault}") from fault

    def _moment(self) -> bytes:
        return self.counter.to_bytes(2, "little") + self.identifier

    def _iv(self, label: bytes) -> bytes:
        return encrypt(self.encryption, label + self.identifier + self.counter.to_bytes(2, "little") + bytes(8))


def card_uid(transceive: Transceive, session: CardSession) -> bytes:
    """GetCardUID: the real UID, also of a badge that shows a random one; encrypted and bound to the session."""
    return session.command(transceive, 0x51, b"")


def change_file_settings(transceive: Transceive, session: CardSession, file: int, settings: bytes) -> None:
    """ChangeFileSettings of one file."""
    session.command(transceive, 0x5F, bytes((file,)), settings)


def write_plain_file(transceive: Transceive, session: CardSession, file: int, content: bytes) -> None:
    """WriteData of `content` from the beginning of a file on, in pieces that a badge writes whole or not at all."""
    for offset in range(0, len(content), PIECE):
        piece = content[offset : offset + PIECE]
        span = offset.to_bytes(3, "little") + len(piece).to_bytes(3, "little")
        session.plain_command(transceive, 0x8D, bytes((file,)) + span + piece)


def delete_application(transceive: Transceive, session: CardSession, name: bytes) -> None:
    """DeleteApplication, under the application's own master key; it ends the session."""
    session.last_command(transceive, 0xDA, name)


def key_version(transceive: Transceive, slot: int) -> int | None:
    """GetKeyVersion outside a session; None where the badge does not say it without one."""
    try:
        version, _ = send(transceive, wrapped(0x64, bytes((slot,))), OK)
    except (Declined, WrongKey):
        return None
    return version[0] if len(version) == 1 else None


def change_key(transceive: Transceive, session: CardSession, slot: int, new: bytes, version: int, old: bytes) -> None:
    """ChangeKey; `old` is what the slot holds now. Writing the session's own key ends the session."""
    if slot == session.slot:
        session.last_command(transceive, 0xC4, bytes((slot,)), new + bytes((version,)))
        return
    mixed = bytes(a ^ b for a, b in zip(new, old, strict=True))
    session.command(transceive, 0xC4, bytes((slot,)), mixed + bytes((version,)) + checksum(new))


def checksum(key: bytes) -> bytes:
    """CRC-32 of a new key as a badge counts it: not inverted at the end, low byte first."""
    return (zlib.crc32(key) ^ 0xFFFF_FFFF).to_bytes(4, "little")
