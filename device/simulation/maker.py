"""The maker of virtual badges: it signs their UIDs, as NXP signs those of real ones."""

from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP224R1,
    EllipticCurvePrivateKey,
    derive_private_key,
)
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed, decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA224
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from device.core.badge.originality import NUMBER

MAKER = derive_private_key(int.from_bytes(b"the maker of virtual badges", "big"), SECP224R1())
"""Known to everybody: what it signed is no more genuine than any simulation."""


def public_key(maker: EllipticCurvePrivateKey = MAKER) -> bytes:
    """The point by which a signature of `maker` is verified."""
    return maker.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def signature(uid: bytes, maker: EllipticCurvePrivateKey = MAKER) -> bytes:
    """The 56 bytes of originality for a badge with this UID."""
    numbers = decode_dss_signature(maker.sign(uid.rjust(NUMBER, b"\0"), ECDSA(Prehashed(SHA224()))))
    return b"".join(number.to_bytes(NUMBER, "big") for number in numbers)
