"""NXP's originality signature: the badge's UID was signed by its maker. Static, so it proves nothing at a door."""

from collections.abc import Sequence

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP224R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed, encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA224

from device.core.badge.apdu import OK, OK_SIGNATURE, Transceive, send, wrapped
from device.core.badge.errors import Declined, NotOriginal

NXP_PUBLIC_KEYS = tuple(
    bytes.fromhex(point)
    for point in (
        # NTAG 424 DNA (AN12196, 7.2), DESFire EV2 and Light
        "048A9B380AF2EE1B98DC417FECC263F8449C7625CECE82D9B916C992DA209D68422B81EC20B65A66B5102A61596AF3379200599316A00A1410",
        # DESFire EV2, and later NTAG 424 DNA
        "04B304DC4C615F5326FE9383DDEC9AA892DF3A57FA7FFB3276192BC0EAA252ED45A865E3B093A3D0DCE5BE29E92F1392CE7DE321E3E5C52B3A",
        # DESFire EV2 of 16 and 32 KiB
        "04CD5D45E50B1502F0BA4656FF37669597E7E183251150F9574CC8DA56BF01C7ABE019E29FEA48F9CE22C3EA4029A765E1BC95A89543BAD1BC",
        # DESFire EV3
        "041DB46C145D0A36539C6544BD6D9B0AA62FF91EC48CBC6ABAE36E0089A46F0D08C8A715EA40A63313B92E90DDC1730230E0458A33276FB743",
        # DESFire Light (AN12343)
        "040E98E117AAA36457F43173DC920A8757267F44CE4EC5ADD3C54075571AEBBF7B942A9774A1D94AD02572427E5AE0A2DD36591B1FB34FCF3D",
    )
)
"""The points by which NXP's signatures are verified; those of no application note are in proxmark3 (originality.c).

Products share keys, and one product was seen under two of them, so a badge may be signed by any.
"""
NUMBER = 28
"""Bytes of each of the signature's two numbers on secp224r1."""


def check_original(transceive: Transceive, uid: bytes, makers: Sequence[bytes] = NXP_PUBLIC_KEYS) -> None:
    """Reads the badge's signature; raises `NotOriginal` where none of `makers` signed `uid`."""
    if not is_original(uid, signature_of(transceive), makers):
        raise NotOriginal("the maker's signature is not right: this badge is a copy")


def signature_of(transceive: Transceive) -> bytes:
    """Reads the badge's signature, a selected NTAG 424 DNA's or any DESFire's; empty where it tells none."""
    try:
        signature, _ = send(transceive, wrapped(0x3C, b"\x00"), OK, OK_SIGNATURE)
    except Declined:
        return b""
    return signature


def is_original(uid: bytes, signature: bytes, makers: Sequence[bytes] = NXP_PUBLIC_KEYS) -> bool:
    """Whether `signature` is that of one of `makers` for `uid`. The UID itself is what was signed, without a hash."""
    if len(signature) != 2 * NUMBER:
        return False
    r, s = int.from_bytes(signature[:NUMBER], "big"), int.from_bytes(signature[NUMBER:], "big")
    return any(_verifies(maker, uid, encode_dss_signature(r, s)) for maker in makers)


def _verifies(maker: bytes, uid: bytes, signature: bytes) -> bool:
    public = EllipticCurvePublicKey.from_encoded_point(SECP224R1(), maker)
    try:
        public.verify(signature, uid.rjust(NUMBER, b"\x00"), ECDSA(Prehashed(SHA224())))
    except InvalidSignature:
        return False
    return True
