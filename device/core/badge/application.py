"""The application of the place on a badge: the only one of an NTAG 424 DNA or DESFire Light, one of many on a DESFire.

There it is made without proof, as every DESFire lets from its maker: the card's own master key is of another cipher
then (DES), and is left as it is. A DESFire whose owner closed that is theirs: `Foreign`.
"""

from device.contract.keys import SLOTS
from device.core.badge.apdu import (
    DESFIRE_APPLICATION,
    NO_APPLICATION,
    OK,
    Transceive,
    select_desfire,
    select_ntag424,
    send,
    wrapped,
)
from device.core.badge.errors import Declined, Foreign, ReadOnly, WrongKey
from device.core.badge.identification import DESFIRE_LIGHT, Product

PICC_LEVEL = bytes(3)
KEY_SETTINGS = 0x09
"""Key 0 alone changes keys, itself among them, and lists and makes files (MF3D(H)x3, 11.3)."""
AES_KEYS = 0x80
"""Beside the number of the application's keys."""


def select(transceive: Transceive, product: Product) -> bool:
    """Selects the application; False for a DESFire that has none yet. Raises `Declined` where it cannot be."""
    if product.scheme == "ntag424":
        select_ntag424(transceive)
        return True
    try:
        select_desfire(transceive)
    except Declined as refusal:
        if refusal.status != NO_APPLICATION:
            raise
        return False
    return True


def can_be_deleted(product: Product) -> bool:
    """Whether the application was made for the place, and can be unmade."""
    return product.scheme == "desfire" and product.name != DESFIRE_LIGHT


def create(transceive: Transceive) -> None:
    """Makes the application on a DESFire, with keys of zeros, and selects it; raises `Foreign` and `CardFull`."""
    send(transceive, wrapped(0x5A, PICC_LEVEL), OK)
    try:
        send(transceive, wrapped(0xCA, DESFIRE_APPLICATION + bytes((KEY_SETTINGS, AES_KEYS + len(SLOTS)))), OK)
    except (ReadOnly, WrongKey) as refusal:
        raise Foreign("only whoever holds the card's own key may make an application on it") from refusal
    select_desfire(transceive)
