"""The key of one badge, derived from the site's key as NXP's AN10922 does: a CMAC over what the badge is.

A door holds such derived keys only, so that a stolen door tells nothing of the badges that it may not open to.
"""

from hashlib import sha256

from cryptography.hazmat.primitives.ciphers.algorithms import AES128
from cryptography.hazmat.primitives.cmac import CMAC

from device.contract.keys import SLOTS, UID_SIZES

SITE_SIZE = 16
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
    return diversified(site_key, uid + bytes((slot,)) + sha256(site.encode()).digest()[:SITE_SIZE])


def diversified(master: bytes, context: bytes) -> bytes:
    """AN10922, 2.2: AES-128 CMAC under `master` over 01 ‖ `context`; raises ValueError outside 16 to 31 bytes."""
    if len(master) != AES128.key_size // 8:
        raise ValueError(f"a master key has 16 bytes, not {len(master)}")
    if not SHORTEST <= len(context) <= LONGEST:
        raise ValueError(f"the input of a diversification has 16 to 31 bytes, not {len(context)}")
    mac = CMAC(AES128(master))
    mac.update(b"\x01" + context)
    return mac.finalize()
