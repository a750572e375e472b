"""A virtual badge: held to a simulated reader through nfcpy's UDP device, then taken away.

It speaks to the reader's real stack from the first call to the last block. Frames go as nfcpy's `udp` driver has them:
`106A` and the bytes in hex, or `RFOFF` when the reader's field goes off. nfcpy's own listening side is not used: it
takes any frame for an activation, such as the question of the last tap whether its badge is still there.
"""

import errno
import os
import re
import select
import socket
import threading
import time
from collections.abc import Callable

from device.contract.errors import Refused
from device.contract.keys import DOOR_SLOT
from device.core.badge.apdu import Random
from device.simulation.cards import FACTORY_KEYS, Desfire, Ntag424
from device.simulation.iso_dep import IsoDep
from device.simulation.selection import Selection

CREDENTIAL = re.compile(r"(uid|ntag424|desfire):((?:[0-9A-F]{2}){4}|(?:[0-9A-F]{2}){7}|(?:[0-9A-F]{2}){10})")
BITRATE = b"106A"
TYPE_2_SAK = 0x00
ISO_DEP_SAK = 0x20
WAIT_S = 5.0
"""How long a badge is held out to a reader that does not look."""


class VirtualBadge:
    """The badge `credential` (`scheme:UID`) for the reader that polls `host`:`port`; `key` opens doors with it.

    A `uid:` badge is a type 2 tag, as a plain sticker is; `protocol` and `sak` make another card of a badge.
    `next_uid`: it shows another UID each time the reader's field went off, as a telephone does. Raises `Refused` for a
    credential that is none.
    """

    def __init__(
        self,
        port: int,
        credential: str,
        key: bytes | None = None,
        host: str = "127.0.0.1",
        *,
        protocol: IsoDep | None = None,
        sak: int | None = None,
        next_uid: Callable[[], bytes] | None = None,
        random: Random = os.urandom,
        monotonic_s: Callable[[], float] = time.monotonic,
    ) -> None:
        scheme, uid = _parsed(credential)
        self._protocol = protocol or _protocol(scheme, uid, key, random)
        if sak is None:
            sak = ISO_DEP_SAK if self._protocol else TYPE_2_SAK
        self._address = (host, port)
        self._monotonic_s = monotonic_s
        self._uid, self._sak, self._next_uid = uid, sak, next_uid
        self._selection = Selection(uid, sak)
        self._closed = False
        self._out = threading.RLock()

    def present(self, hold_s: float = 1.0, wait_s: float = WAIT_S) -> bool:
        """Holds the badge out until the reader took it up, `wait_s` at the most, and `hold_s` from then on.

        True when the reader took it up. Raises `Refused` while another badge is held to the same reader.
        """
        with self._out, self._held_out() as field:
            until_s, taken = self._monotonic_s() + wait_s, False
            while not self._closed and (left_s := until_s - self._monotonic_s()) > 0:
                field.settimeout(left_s)
                try:
                    frame, reader = field.recvfrom(1024)
                except TimeoutError:
                    break
                if (answer := self._feed(frame)) is not None and not self._closed and not _is_overtaken(field):
                    field.sendto(BITRATE + b" " + answer.hex().encode(), reader)
                if not taken and self._is_taken():
                    taken, until_s = True, self._monotonic_s() + hold_s
        self._power_off()
        return taken

    def close(self) -> None:
        """Takes the badge away at once, from any thread, and for good: the reader is free for another then."""
        self._closed = True
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as waker:
            waker.sendto(b"", self._address)  # ends the wait for a frame; who else is bound there ignores it
        with self._out:
            pass

    def _held_out(self) -> socket.socket:
        field = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            field.bind(self._address)
        except OSError as fault:
            field.close()
            if fault.errno == errno.EADDRINUSE:
                raise Refused(f"UDP port {self._address[1]}: another badge is held to this reader") from fault
            raise Refused(f"UDP port {self._address[1]}: {fault.strerror}") from fault
        return field

    def _is_taken(self) -> bool:
        return self._protocol.active if self._protocol else self._selection.selected

    def _power_off(self) -> None:
        if self._next_uid:
            self._uid = self._next_uid()
        self._selection = Selection(self._uid, self._sak)
        if self._protocol:
            self._protocol.power_on()

    def _feed(self, datagram: bytes) -> bytes | None:
        frame = _frame(datagram)
        if frame is None:
            if datagram.startswith(b"RFOFF"):
                self._power_off()
            return None
        answer = self._selection.feed(frame)
        if answer is not None:
            if self._protocol and self._protocol.active:
                self._protocol.power_on()
            return answer
        if not self._selection.selected:
            return None
        return self._protocol.feed(frame) if self._protocol else self._read_page(frame)

    def _read_page(self, command: bytes) -> bytes | None:
        """READ of a type 2 tag: four pages; its UID fills them."""
        return (self._uid * 4)[:16] if command[:1] == b"\x30" else None


def _is_overtaken(field: socket.socket) -> bool:
    """Whether the reader has sent on, so that an answer comes too late: it would be taken for that of what it sent."""
    return bool(select.select([field], [], [], 0)[0])


def _frame(datagram: bytes) -> bytes | None:
    """The bytes of a frame at 106 kbit/s; None for anything else, which a card would not hear."""
    bitrate, _, text = datagram.partition(b" ")
    try:
        return (bytes.fromhex(text.decode("ascii")) or None) if bitrate == BITRATE else None
    except ValueError:
        return None


def _parsed(credential: str) -> tuple[str, bytes]:
    match = CREDENTIAL.fullmatch(credential)
    if match is None:
        raise Refused(
            f"{credential!r} is no credential: scheme:UID, as in ntag424:04A1B2C3D4E5F6, UID in upper-case hex"
        )
    return match[1], bytes.fromhex(match[2])


def _protocol(scheme: str, uid: bytes, key: bytes | None, random: Random) -> IsoDep | None:
    keys = list(FACTORY_KEYS)
    if key is not None:
        if len(key) != 16:
            raise Refused(f"a key has 16 bytes (32 hex digits), not {len(key)}")
        keys[DOOR_SLOT] = key
    if scheme == "ntag424":
        return IsoDep(Ntag424(uid, keys, random))
    if scheme == "desfire":
        return IsoDep(Desfire(uid, keys, random))
    return None
