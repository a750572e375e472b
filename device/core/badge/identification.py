"""What a card in the field is: by SAK and UID where that tells, else by its own GetVersion (NXP AN10833)."""

from typing import Literal, NamedTuple

from device.core.badge.apdu import MORE, OK, Transceive, send, wrapped
from device.core.badge.errors import AuthenticationDelay, Declined, Garbled, OtherCard, WrongKey

Scheme = Literal["ntag424", "desfire"]
TELEPHONE = "telephone"
"""What shows another UID each time, as telephones do (and cards that were told to)."""

DESFIRE_LIGHT = "DESFire Light"

_HAS_APPLICATIONS = 0x20
"""In SAK: it speaks ISO/IEC 14443-4."""
_SPEAKS_NFC_DEP = 0x40
"""In SAK: it is another reader, such as a telephone."""
_RANDOM_UID = 0x08
"""Of four bytes that begin with it (ISO/IEC 14443-3, table 9)."""
_NXP = 0x04

_BY_SAK = {
    0x00: "NTAG 21x or MIFARE Ultralight",
    0x08: "MIFARE Classic 1K",
    0x09: "MIFARE Mini",
    0x18: "MIFARE Classic 4K",
    0x28: "MIFARE Classic 1K",
    0x38: "MIFARE Classic 4K",
}
"""Cards that know no commands of this kind, some of them beside such that do."""
_NTAG, _DESFIRE, _LIGHT, _PLUS = 0x04, 0x01, 0x08, 0x02
_BY_VERSION = {
    (_NTAG, 0x30): "NTAG 424 DNA",
    (_NTAG, 0x10): "NTAG 413 DNA",
    (_DESFIRE, 0x00): "DESFire",
    (_DESFIRE, 0x01): "DESFire EV1",
    (_DESFIRE, 0x12): "DESFire EV2",
    (_DESFIRE, 0x22): "DESFire EV2",
    (_DESFIRE, 0x42): "DESFire EV2",
    (_DESFIRE, 0x33): "DESFire EV3",
    (_LIGHT, 0x30): DESFIRE_LIGHT,
    (_PLUS, 0x11): "MIFARE Plus EV1",
    (_PLUS, 0x22): "MIFARE Plus EV2",
}
"""By type and major version of the hardware."""
_TAMPER_LOOP = 0x08
"""In the subtype of an NTAG: it has a loop that tells whether it was opened, and other rights on its files."""
_SCHEMES: dict[str, Scheme] = {
    "NTAG 424 DNA": "ntag424",
    "DESFire EV2": "desfire",
    "DESFire EV3": "desfire",
    DESFIRE_LIGHT: "desfire",
}


class Product(NamedTuple):
    """A card that keys can be given to; `name` as its maker calls it."""

    scheme: Scheme
    name: str


def identify(transceive: Transceive, uid: bytes, sak: int) -> Product:
    """What the card is that showed `uid` and `sak`; it is asked itself only where these two leave it open.

    Raises `OtherCard` for all that keys cannot be given to, `Garbled` for a card that answers as none does.
    """
    if sak & _SPEAKS_NFC_DEP or (len(uid) == 4 and uid[:1] == bytes((_RANDOM_UID,))):
        raise OtherCard(TELEPHONE)
    if not sak & _HAS_APPLICATIONS:
        raise OtherCard(_BY_SAK.get(sak, "") if sak or uid[:1] == bytes((_NXP,)) else "")
    name = _asked(transceive) or _BY_SAK.get(sak, "")
    if name not in _SCHEMES:
        raise OtherCard(name)
    return Product(_SCHEMES[name], name)


def _asked(transceive: Transceive) -> str:
    """GetVersion, all three frames of it; "" for a card that knows no such command or is of another maker."""
    try:
        hardware, status = send(transceive, wrapped(0x60), MORE)
        for _ in range(2):
            _, status = send(transceive, wrapped(0xAF), MORE, OK)
    except (AuthenticationDelay, Declined, WrongKey):
        return ""
    if len(hardware) != 7 or status != OK:
        raise Garbled("no answer to GetVersion")
    maker, kind, subtype, major = hardware[:4]
    name = _BY_VERSION.get((kind, major), "") if maker == _NXP else ""
    return f"{name} TagTamper" if name and kind == _NTAG and subtype & _TAMPER_LOOP else name
