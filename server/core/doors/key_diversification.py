"""The key of one badge, derived from the site's key as NXP's AN10922 does: a CMAC over what the badge is.

A door holds such derived keys only, so that a stolen door tells nothing of the badges that it may not open to.
"""

from hashlib import sha256

from cryptography.hazmat.primitives.ciphers.algorithms import AES128
from cryptography.hazmat.primitives.cmac import CMAC

from device.contract.keys import ADDRESS_SLOT, MIRROR_SLOT, SLOTS, UID_SIZES
from device.core.badge.keys import Keys

SITE_SIZE = 16
ENROLMENT_SIZE = 4
"""Bytes of an enrolment's number, of which a badge shows the last one."""
HIGHEST_SHOWN = 255
SHORTEST, LONGEST = 16, 31
"""Bytes that AN10922 and a plain CMAC agree on; shorter input is padded differently by the two."""


def badge_key(site_key: bytes, uid: bytes, slot: int, site: str) -> bytes:
    """The 16 bytes that `slot` of the badge `uid` holds at `site`; raises ValueError for what is no such thing.

    The input is UID ‖ slot (1 byte) ‖ the first 16 bytes of SHA-256 over the site's name in UTF-8: 21 to 27 bytes,
    whatever the name's length, and no two names run into each other as padded ones could.
    """
    if len(uid) not in UID_SIZES:
        raise ValueError(f"a UID has 4, 7 or 10 bytes, not {len(uid)}")
    if slot not in SLOTS:
        raise ValueError(f"a badge has the slots 0 to 4, not {slot}")
    return diversified(site_key, uid + bytes((slot,)) + _site_name(site))


def badge_keys(site_key: bytes, uid: bytes, enrolment: int, site: str, version: int) -> Keys:
    """All five slots of the badge `uid` under the site's key of `version`; raises ValueError for what is no such thing.

    Slots 0, 2 and 4 are those of `badge_key`. Slot 1 is common to the place, since its address has to be read before
    the UID is known: slot ‖ site, 17 bytes. Slot 3 has the number of the enrolment in it, so that messages of the badge
    that were seen before it was written anew say nothing: UID ‖ slot ‖ number (4 bytes, high byte first) ‖ site, 25 to
    31 bytes. No length occurs in two of these ways. A number that fits into a byte is what the badge shows of it.
    """
    if not 0 <= enrolment < 256**ENROLMENT_SIZE:
        raise ValueError(f"the number of an enrolment has {ENROLMENT_SIZE} bytes, not as many as {enrolment}")
    name = _site_name(site)
    slots = [badge_key(site_key, uid, slot, site) for slot in SLOTS]
    slots[ADDRESS_SLOT] = diversified(site_key, bytes((ADDRESS_SLOT,)) + name)
    numbered = uid + bytes((MIRROR_SLOT,)) + enrolment.to_bytes(ENROLMENT_SIZE, "big")
    slots[MIRROR_SLOT] = diversified(site_key, numbered + name)
    return Keys(slots, version, enrolment if enrolment <= HIGHEST_SHOWN else None)


def _site_name(site: str) -> bytes:
    return sha256(site.encode()).digest()[:SITE_SIZE]


def diversified(master: bytes, context: bytes) -> bytes:
    """AN10922, 2.2: AES-128 CMAC under `master` over 01 ‖ `context`; raises ValueError outside 16 to 31 bytes."""
    if len(master) != AES128.key_size // 8:
        raise ValueError(f"a master key has 16 bytes, not {len(master)}")
    if not SHORTEST <= len(context) <= LONGEST:
        raise ValueError(f"the input of a diversification has 16 to 31 bytes, not {len(context)}")
    mac = CMAC(AES128(master))
    mac.update(b"\x01" + context)
    return mac.finalize()
