"""Reading: whose keys a badge holds, and whether its maker made it."""

from collections.abc import Sequence
from typing import NamedTuple

from device.contract.keys import MASTER_SLOT, MIRROR_SLOT
from device.core.badge.apdu import Random, Transceive
from device.core.badge.application import select
from device.core.badge.errors import Foreign
from device.core.badge.identification import Product
from device.core.badge.keys import FACTORY, Keys
from device.core.badge.master import opened_as
from device.core.badge.originality import NXP_PUBLIC_KEYS, is_original, signature_of
from device.core.badge.session import key_version


class Reading(NamedTuple):
    """What a badge said. `genuine`: signed by its maker.

    `held`: the candidate whose key 0 it proved, and with it that its UID is its own; FACTORY for a DESFire without the
    application of the place; None under other keys. Of several that have that key 0 it is the
    first. A badge that was pulled away in the midst of an enrolment holds what it held before.
    `version` and `enrolment` are what it shows beside its keys 0 and 3, without proof: None where it does not tell.
    """

    product: Product
    genuine: bool
    held: Keys | None
    version: int | None = None
    enrolment: int | None = None


def read(
    transceive: Transceive,
    uid: bytes,
    product: Product,
    candidates: Sequence[Keys],
    random: Random,
    makers: Sequence[bytes] = NXP_PUBLIC_KEYS,
) -> Reading:
    """Reads the badge that showed `uid` and changes nothing on it; `candidates`: the likeliest first.

    Raises `OtherUid`, `LrpMode`, `Declined`, `AuthenticationDelay`, `BadgeGone`.
    """
    has_application = select(transceive, product)
    genuine = is_original(uid, signature_of(transceive), makers)
    if not has_application:
        return Reading(product, genuine, FACTORY)
    version, enrolment = (key_version(transceive, slot) for slot in (MASTER_SLOT, MIRROR_SLOT))
    try:
        held = opened_as(version, transceive, uid, candidates, random).held
    except Foreign:
        held = None
    return Reading(product, genuine, held, version, enrolment)
