"""Commands and answers of a badge: native DESFire commands wrapped as ISO/IEC 7816-4 APDUs, and their status."""

from collections.abc import Callable

from device.core.badge.errors import AuthenticationDelay, Declined, Garbled, LrpMode, WrongKey

Transceive = Callable[[bytes], bytes]
"""Passes one APDU to the badge and returns its answer, status bytes at the end; raises `BadgeGone`."""
Random = Callable[[int], bytes]
"""So many unpredictable bytes."""

OK = 0x9100
OK_ISO = 0x9000
OK_SIGNATURE = 0x9190
"""With what an NTAG 424 DNA ends its originality signature."""
MORE = 0x91AF
INTEGRITY_ERROR = 0x911E
ILLEGAL_COMMAND = 0x911C

NTAG424_APPLICATION = bytes.fromhex("D2760000850101")
"""The ISO name of the one application on an NTAG 424 DNA (that of NDEF)."""
DESFIRE_APPLICATION = bytes.fromhex("504F49")
"""The application of the house on a DESFire, as sent; its first byte is outside the range kept for others (Fx)."""

_FAULTS = {0x91AE: WrongKey, 0x91AD: AuthenticationDelay, 0x919D: LrpMode}


def wrapped(instruction: int, data: bytes = b"") -> bytes:
    """A native command as an APDU."""
    return bytes((0x90, instruction, 0, 0)) + (bytes((len(data),)) + data if data else b"") + b"\x00"


def send(transceive: Transceive, apdu: bytes, *expected: int) -> tuple[bytes, int]:
    """The data and the status of the answer; raises what the status means where it is none of `expected`."""
    answer = transceive(apdu)
    if len(answer) < 2:
        raise Garbled(f"an answer of {len(answer)} bytes")
    status = int.from_bytes(answer[-2:], "big")
    if status in expected:
        return answer[:-2], status
    if status in _FAULTS:
        raise _FAULTS[status](f"the badge answered {status:04X}")
    raise Declined(status)


def select_ntag424(transceive: Transceive) -> None:
    """Selects the application of an NTAG 424 DNA; P2 = 0C asks for no file control information."""
    name = NTAG424_APPLICATION
    send(transceive, b"\x00\xa4\x04\x0c" + bytes((len(name),)) + name + b"\x00", OK_ISO)


def select_desfire(transceive: Transceive) -> None:
    """Selects the application of the house on a DESFire."""
    send(transceive, wrapped(0x5A, DESFIRE_APPLICATION), OK)
