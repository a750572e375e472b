"""Reading: whose keys a badge holds, and whether its maker made it."""

from collections.abc import Sequence
from typing import NamedTuple

from device.core.badge.apdu import Random, Transceive
from device.core.badge.application import select
from device.core.badge.errors import Foreign
from device.core.badge.identification import Product
from device.core.badge.keys import FACTORY, Keys
from device.core.badge.master import opened
from device.core.badge.originality import NXP_PUBLIC_KEY, is_original, signature_of


class Reading(NamedTuple):
    """What a badge said. `genuine`: signed by its maker, None where that is not known of the product.

    `held`: the candidate whose key 0 it proved, and with it that its UID is its own; FACTORY for a DESFire without the
    application of the place; None under other keys. Of several that have that key 0 it is the
    first. A badge that was pulled away in the midst of an enrolment holds what it held before.
    """

    product: Product
    genuine: bool | None
    held: Keys | None


def read(
    transceive: Transceive,
    uid: bytes,
    product: Product,
    candidates: Sequence[Keys],
    random: Random,
    maker: bytes = NXP_PUBLIC_KEY,
) -> Reading:
    """Reads the badge that showed `uid` and changes nothing on it; `candidates`: the likeliest first.

    Raises `OtherUid`, `LrpMode`, `Declined`, `AuthenticationDelay`, `BadgeGone`.
    """
    if not select(transceive, product):
        return Reading(product, None, FACTORY)
    genuine = is_original(uid, signature_of(transceive), maker) if product.scheme == "ntag424" else None
    try:
        held = opened(transceive, uid, candidates, random).held
    except Foreign:
        held = None
    return Reading(product, genuine, held)
