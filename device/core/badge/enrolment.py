"""Enrolment: a badge gets the keys of the place, and an NTAG 424 DNA its address.

Keys 1 to 4 first, then the address, key 0 last: so a badge pulled away in between still opens with the key 0 that it
had, and holding it to the reader again goes on where it stopped.
"""

from collections.abc import Sequence

from device.contract.keys import DOOR_SLOT, SLOTS
from device.core.badge.address import CLOSED_SETTINGS, FILE, mirroring_settings
from device.core.badge.apdu import Random, Transceive
from device.core.badge.application import create, select
from device.core.badge.authentication import authenticate_ev2
from device.core.badge.errors import Foreign
from device.core.badge.identification import Product
from device.core.badge.keys import FACTORY, Keys
from device.core.badge.master import opened
from device.core.badge.originality import NXP_PUBLIC_KEYS, check_original
from device.core.badge.session import change_file_settings, write_plain_file


def enrol(
    transceive: Transceive,
    uid: bytes,
    product: Product,
    new: Keys,
    held: Sequence[Keys],
    random: Random,
    *,
    address: bytes = b"",
    makers: Sequence[bytes] = NXP_PUBLIC_KEYS,
) -> None:
    """Writes `new` to the badge that showed `uid`, over whatever of `held` it holds; may be repeated until it returns.

    `held`: the likeliest first; a torn enrolment is finished with the `new` that it had. `address`: what `ndef_of`
    made; where it is empty, the file stays as it is, and is closed all the same. A DESFire has no such file.
    `makers`: one of them must have signed its UID.
    Raises `NotOriginal`, `OtherUid`, `Foreign` (keys that are none of these; a DESFire without an application where
    FACTORY is not among them, or whose owner lets nobody make one), `CardFull`, `ReadOnly`, `Declined`,
    `AuthenticationDelay`, `BadgeGone`; ValueError for an address that `ndef_of` did not make.
    """
    settings = mirroring_settings(address) if address else CLOSED_SETTINGS
    known = [*held, new]
    is_ntag424 = product.scheme == "ntag424"
    has_application = select(transceive, product)
    if not has_application and FACTORY not in held:
        raise Foreign("the application of the place is not on it")
    check_original(transceive, uid, makers)
    if not has_application:
        create(transceive)
    master = opened(transceive, uid, known, random)
    for slot in SLOTS[1:]:
        master.write(slot, new, known)
    if is_ntag424:
        change_file_settings(transceive, master.session(), FILE, settings)
        write_plain_file(transceive, master.session(), FILE, address)
    master.write_master(new)
    _prove(transceive, product, new, random)


def _prove(transceive: Transceive, product: Product, new: Keys, random: Random) -> None:
    """As at a door."""
    select(transceive, product)
    authenticate_ev2(transceive, new.slots[DOOR_SLOT], DOOR_SLOT, random)
