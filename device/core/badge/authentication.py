"""The proof of a badge: both sides show that they hold the key, with fresh random numbers.

AuthenticateEV2First (NTAG 424 DNA; DESFire EV2, EV3, Light): AN12196, 5.6. AuthenticateAES: DESFire EV1.
"""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass

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
from device.core.badge.errors import Declined, Garbled, LrpMode, NotAuthentic, ReadOnly, WrongKey
from device.core.badge.session import CardSession


def prove(scheme: str, transceive: Transceive, keys: Sequence[bytes], slot: int, random: Random) -> int:
    """Which of `keys` the badge proved that it holds in `slot`: they are asked for in their order.

    Only a badge that says itself that a key is not its own is asked for the next. A wrong key moves its counter of
    failures, which the right one behind it moves back.
    Raises `NotAuthentic` where it proved none, `BadgeGone` and `AuthenticationDelay` where nothing can be said.
    """
    try:
        if scheme == "ntag424":
            select_ntag424(transceive)
        elif scheme == "desfire":
            select_desfire(transceive)
        else:
            raise NotAuthentic(f"no proof is known for {scheme}")
        return _prove_one_of(keys, _Authentication(transceive, slot, random, is_desfire=scheme == "desfire"))
    except Declined as refusal:
        raise NotAuthentic(str(refusal)) from refusal


def _prove_one_of(keys: Sequence[bytes], authentication: "_Authentication") -> int:
    for nth, key in enumerate(keys):
        try:
            authentication.carry_out(key)
        except WrongKey:
            if nth == len(keys) - 1:
                raise
        else:
            return nth
    raise NotAuthentic("there is no key that this badge could prove")


@dataclass
class _Authentication:
    """How one badge is asked for a key: the older DESFire says at once that it knows no EV2First."""

    transceive: Transceive
    slot: int
    random: Random
    is_desfire: bool
    is_ev1: bool = False

    def carry_out(self, key: bytes) -> None:
        """Raises `WrongKey` where the badge says that it holds another."""
        if not self.is_ev1:
            try:
                authenticate_ev2(self.transceive, key, self.slot, self.random)
            except Declined as refusal:
                if not self.is_desfire or refusal.status != ILLEGAL_COMMAND:
                    raise
                self.is_ev1 = True
        if self.is_ev1:
            authenticate_ev1(self.transceive, key, self.slot, self.random)


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
