"""Wiping: a badge is made as it left its maker, in the order in which nothing is lost when it is pulled away."""

from collections.abc import Sequence

from device.contract.keys import SLOTS
from device.core.badge.address import CLOSED_SETTINGS, FACTORY_SETTINGS, FILE, FILE_SIZE
from device.core.badge.apdu import DESFIRE_APPLICATION, Random, Transceive
from device.core.badge.application import can_be_deleted, select
from device.core.badge.errors import NotAuthentic
from device.core.badge.identification import Product
from device.core.badge.keys import FACTORY, Keys
from device.core.badge.master import Master, opened
from device.core.badge.session import change_file_settings, write_plain_file


def wipe(transceive: Transceive, uid: bytes, product: Product, held: Sequence[Keys], random: Random) -> None:
    """Makes the badge that showed `uid` blank, whatever of `held` it holds; may be repeated until it returns.

    NTAG 424 DNA: file 2 empty and open, keys of zeros, key 0 last. DESFire: the application of the place is deleted;
    where the card keeps it, as a DESFire Light does its only one, its keys are zeros.
    Raises `OtherUid`, `Foreign`, `ReadOnly`, `Declined`, `AuthenticationDelay`,
    `BadgeGone`.
    """
    if not select(transceive, product):
        return
    known = [*held, FACTORY]
    master = opened(transceive, uid, known, random)
    if can_be_deleted(product) and master.delete_application(DESFIRE_APPLICATION):
        if select(transceive, product):
            raise NotAuthentic("the badge says that it deleted the application, and has it")
        return
    if product.scheme == "ntag424":
        _empty_file(transceive, master)
    for slot in reversed(SLOTS[1:]):
        master.write(slot, FACTORY, known)
    master.write_master(FACTORY)


def _empty_file(transceive: Transceive, master: Master) -> None:
    """Closed first: so it is written in the clear and by key 0, whatever its settings were."""
    change_file_settings(transceive, master.session(), FILE, CLOSED_SETTINGS)
    write_plain_file(transceive, master.session(), FILE, bytes(FILE_SIZE))
    change_file_settings(transceive, master.session(), FILE, FACTORY_SETTINGS)
