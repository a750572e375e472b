"""The address that a badge shows to a telephone: the content of file 2 of an NTAG 424 DNA, and the file's settings.

It is `https://PLACE/b?p=…&c=…`. At each reading the badge puts its UID and a count there, encrypted under slot 1 (`p`),
and a MAC under slot 3 (`c`): AN12196, 5.9 and table 18; NT4H2421Gx, 9.3.
"""

from device.contract.keys import ADDRESS_SLOT, MIRROR_SLOT

FILE = 2
FILE_SIZE = 256
LENGTH_SIZE = 2
"""Bytes before the NDEF message, which say how long it is."""
LONGEST_PAYLOAD = FILE_SIZE - LENGTH_SIZE - 4
"""Bytes of an address with what stands for https://; the record has four more."""

_HTTPS = "https://"
_HTTPS_CODE = b"\x04"
_PICC = "0" * 32
_MAC = "0" * 16
_BEFORE_MAC = "&c="
_TAIL = f"/b?p={_PICC}{_BEFORE_MAC}{_MAC}"
"""With what the content ends; the badge writes over the noughts of each reading."""
_URI_RECORD = b"\xd1\x01"
"""One short record, first and last, of a well-known type whose name has one letter."""

_SDM = 0x40
_PLAIN_READ_FREE_ELSE_KEY_0 = b"\x00\xe0"
_UID_AND_COUNT_IN_ASCII = b"\xc1"
_NOBODY = 0xF
FACTORY_SETTINGS = b"\x00\xe0\xee"
"""Plain, read and written by everybody, settings under key 0; nothing is mirrored."""
CLOSED_SETTINGS = b"\x00" + _PLAIN_READ_FREE_ELSE_KEY_0
"""Plain, read by everybody, all else under key 0; nothing is mirrored."""


def ndef_of(public_url: str) -> bytes:
    """The whole content of file 2 for the place that is reached at `public_url`.

    Raises ValueError where that does not begin with https://, is not ASCII, or is too long for the badge.
    """
    if not public_url.startswith(_HTTPS) or not public_url.isascii():
        raise ValueError("an address on a badge begins with https:// and is written in ASCII")
    payload = _HTTPS_CODE + (public_url.removeprefix(_HTTPS).rstrip("/") + _TAIL).encode()
    if len(payload) > LONGEST_PAYLOAD:
        raise ValueError(f"an address on a badge has {LONGEST_PAYLOAD} bytes at the most, not {len(payload)}")
    message = _URI_RECORD + bytes((len(payload),)) + b"U" + payload
    return len(message).to_bytes(LENGTH_SIZE, "big") + message


def mirroring_settings(content: bytes) -> bytes:
    """The settings of file 2 that holds `content`, as `ndef_of` made it: closed, and mirrored at its noughts.

    Raises ValueError for another content.
    """
    if not content.endswith(_TAIL.encode()) or len(content) > FILE_SIZE:
        raise ValueError("no content that `ndef_of` made")
    mac_at = len(content) - len(_MAC)
    picc_at = mac_at - len(_BEFORE_MAC) - len(_PICC)
    access = bytes((_NOBODY << 4 | _NOBODY, ADDRESS_SLOT << 4 | MIRROR_SLOT))
    offsets = b"".join(at.to_bytes(3, "little") for at in (picc_at, mac_at, mac_at))
    return bytes((_SDM,)) + _PLAIN_READ_FREE_ELSE_KEY_0 + _UID_AND_COUNT_IN_ASCII + access + offsets
