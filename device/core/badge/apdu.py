"""Commands and answers of a badge: native DESFire commands wrapped as ISO/IEC 7816-4 APDUs, and their status."""

from collections.abc import Callable

from device.core.badge.errors import AuthenticationDelay, CardFull, Declined, Garbled, ReadOnly, WrongKey

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
NO_APPLICATION = 0x91A0

NTAG424_APPLICATION = bytes.fromhex("D2760000850101")
"""The ISO name of the one application on an NTAG 424 DNA (that of NDEF)."""
DESFIRE_APPLICATION = bytes.fromhex("504F49")
"""The application of the house on a DESFire, as sent; its first byte is outside the range kept for others (Fx)."""

DESFIRE_LIGHT_APPLICATION = bytes.fromhex("A00000039656434103F015400000000B")
"""The ISO name of the one application on a DESFire Light (DF01)."""

_FAULTS = {0x91AE: WrongKey, 0x91AD: AuthenticationDelay}
_REFUSALS = {0x910E: CardFull, 0x91CE: CardFull, 0x919D: ReadOnly}


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
    raise _REFUSALS.get(status, Declined)(status)


def select_ntag424(transceive: Transceive) -> None:
    """Selects the application of an NTAG 424 DNA."""
    _select_by_name(transceive, NTAG424_APPLICATION)


def select_desfire(transceive: Transceive) -> None:
    """Selects the application of the house on a DESFire; a DESFire Light, which knows no numbers, has but one."""
    try:
        send(transceive, wrapped(0x5A, DESFIRE_APPLICATION), OK)
    except Declined as refusal:
        if refusal.status != ILLEGAL_COMMAND:
            raise
        _select_by_name(transceive, DESFIRE_LIGHT_APPLICATION)


def _select_by_name(transceive: Transceive, name: bytes) -> None:
    """P2 = 0C asks for no file control information."""
    send(transceive, b"\x00\xa4\x04\x0c" + bytes((len(name),)) + name + b"\x00", OK_ISO)
