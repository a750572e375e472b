"""The proof of a badge: both sides show that they hold the key, with fresh random numbers.

AuthenticateEV2First (NTAG 424 DNA; DESFire EV2, EV3, Light): AN12196, 5.6. AuthenticateAES: DESFire EV1.
"""

import hmac

from device.contract.keys import DOOR_SLOT
from device.core.badge.aes import BLOCK, cmac, decrypt, encrypt, rotated
from device.core.badge.apdu import (
    ILLEGAL_COMMAND,
    MORE,
    OK,
    Random,
    Transceive,
    select_desfire,
    select_ntag424,
    send,
    wrapped,
)
from device.core.badge.errors import Declined, Garbled, LrpMode, NotAuthentic, ReadOnly
from device.core.badge.session import CardSession


def prove(scheme: str, transceive: Transceive, key: bytes, random: Random) -> None:
    """Returns when the badge proved that it holds `key` in the slot of the doors.

    Raises `NotAuthentic` where it did not, `BadgeGone` and `AuthenticationDelay` where nothing can be said.
    """
    try:
        if scheme == "ntag424":
            select_ntag424(transceive)
            authenticate_ev2(transceive, key, DOOR_SLOT, random)
        elif scheme == "desfire":
            select_desfire(transceive)
            _authenticate_desfire(transceive, key, random)
        else:
            raise NotAuthentic(f"no proof is known for {scheme}")
    except Declined as refusal:
        raise NotAuthentic(str(refusal)) from refusal


def _authenticate_desfire(transceive: Transceive, key: bytes, random: Random) -> None:
    """EV2First; the older badge that does not know it says so at once."""
    try:
        authenticate_ev2(transceive, key, DOOR_SLOT, random)
    except Declined as refusal:
        if refusal.status != ILLEGAL_COMMAND:
            raise
        authenticate_ev1(transceive, key, DOOR_SLOT, random)


def authenticate_ev2(transceive: Transceive, key: bytes, slot: int, random: Random) -> CardSession:
    """AuthenticateEV2First with the key of `slot`; the session that follows from it."""
    try:
        challenge, _ = send(transceive, wrapped(0x71, bytes((slot, 0))), MORE)
    except ReadOnly as refusal:
        raise LrpMode("the badge takes no authentication by AES") from refusal
    rnd_b = decrypt(key, _sized(challenge, BLOCK))
    rnd_a = random(BLOCK)
    answer, _ = send(transceive, wrapped(0xAF, encrypt(key, rnd_a + rotated(rnd_b))), OK)
    proof = decrypt(key, _sized(answer, 2 * BLOCK))
    if not hmac.compare_digest(proof[4:20], rotated(rnd_a)):
        raise NotAuthentic("the badge could not read the challenge")
    encryption, authentication = _ev2_keys(key, rnd_a, rnd_b)
    return CardSession(slot, encryption, authentication, proof[:4])


def authenticate_ev1(transceive: Transceive, key: bytes, slot: int, random: Random) -> bytes:
    """AuthenticateAES with the key of `slot`, each side's last block being the other's IV; the session key."""
    challenge, _ = send(transceive, wrapped(0xAA, bytes((slot,))), MORE)
    rnd_b = decrypt(key, _sized(challenge, BLOCK))
    rnd_a = random(BLOCK)
    reply = encrypt(key, rnd_a + rotated(rnd_b), challenge)
    answer, _ = send(transceive, wrapped(0xAF, reply), OK)
    proof = decrypt(key, _sized(answer, BLOCK), reply[-BLOCK:])
    if not hmac.compare_digest(proof, rotated(rnd_a)):
        raise NotAuthentic("the badge could not read the challenge")
    return rnd_a[:4] + rnd_b[:4] + rnd_a[12:] + rnd_b[12:]


def _ev2_keys(key: bytes, rnd_a: bytes, rnd_b: bytes) -> tuple[bytes, bytes]:
    """The session's keys for encryption and for MACs, from both random numbers (AN12196, 5.6.3)."""
    mixed = bytes(a ^ b for a, b in zip(rnd_a[2:8], rnd_b[:6], strict=True))
    context = rnd_a[:2] + mixed + rnd_b[6:] + rnd_a[8:]
    return cmac(key, b"\xa5\x5a\x00\x01\x00\x80" + context), cmac(key, b"\x5a\xa5\x00\x01\x00\x80" + context)


def _sized(answer: bytes, size: int) -> bytes:
    if len(answer) != size:
        raise Garbled(f"{len(answer)} bytes instead of {size}")
    return answer
