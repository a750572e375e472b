"""NXP's originality signature: the badge's UID was signed by its maker. Static, so it proves nothing at a door."""

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP224R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed, encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA224

from device.core.badge.apdu import OK, OK_SIGNATURE, Transceive, send, wrapped
from device.core.badge.errors import NotOriginal

NXP_PUBLIC_KEY = bytes.fromhex(
    "048A9B380AF2EE1B98DC417FECC263F8449C7625CECE82D9B916C992DA209D68422B81EC20B65A66B5102A61596AF3379200599316A00A1410"
)
NUMBER = 28
"""Bytes of each of the signature's two numbers on secp224r1."""


def check_original(transceive: Transceive, uid: bytes, maker: bytes = NXP_PUBLIC_KEY) -> None:
    """Reads the signature of the selected NTAG 424 DNA; raises `NotOriginal` where `maker` did not sign `uid`."""
    if not is_original(uid, signature_of(transceive), maker):
        raise NotOriginal("the maker's signature is not right: this badge is a copy")


def signature_of(transceive: Transceive) -> bytes:
    """Reads the signature of the selected NTAG 424 DNA."""
    signature, _ = send(transceive, wrapped(0x3C, b"\x00"), OK, OK_SIGNATURE)
    return signature


def is_original(uid: bytes, signature: bytes, maker: bytes = NXP_PUBLIC_KEY) -> bool:
    """Whether `signature` is the maker's for `uid`. The UID itself is what was signed, without a hash."""
    if len(signature) != 2 * NUMBER:
        return False
    r, s = int.from_bytes(signature[:NUMBER], "big"), int.from_bytes(signature[NUMBER:], "big")
    public = EllipticCurvePublicKey.from_encoded_point(SECP224R1(), maker)
    try:
        public.verify(encode_dss_signature(r, s), uid.rjust(NUMBER, b"\x00"), ECDSA(Prehashed(SHA224())))
    except InvalidSignature:
        return False
    return True
