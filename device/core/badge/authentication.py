"""The proof of a badge: both sides show that they hold the key, with fresh random numbers.

AuthenticateEV2First (NTAG 424 DNA; DESFire EV2, EV3, Light): AN12196, 5.6. AuthenticateAES: DESFire EV1.
"""

import hmac
from collections.abc import Sequence
from typing import NamedTuple

from device.core.badge.aes import BLOCK, cmac, decrypt, encrypt, ready_to_decrypt, ready_to_encrypt, rotated
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


class Proof:
    """What a badge of `scheme` is to be asked for, once, made ready before it answers: whoever holds it out waits then.

    The keys that open its session are not made: nothing is said to it afterwards.
    """

    def __init__(self, scheme: str, keys: Sequence[bytes], slot: int, random: Random) -> None:
        self._scheme, self._keys, self._slot, self._random = scheme, keys, slot, random
        self._attempts = [Ev2Attempt(key, random) for key in keys]
        self._is_ev1 = False

    def ask(self, transceive: Transceive) -> int:
        """Which of the keys the badge proved that it holds: they are asked for in their order.

        Only a badge that says itself that a key is not its own is asked for the next. A wrong key moves its counter of
        failures, which the right one behind it moves back.
        Raises `NotAuthentic` where it proved none, `BadgeGone` and `AuthenticationDelay` where nothing can be said.
        """
        try:
            if self._scheme == "ntag424":
                select_ntag424(transceive)
            elif self._scheme == "desfire":
                select_desfire(transceive)
            else:
                raise NotAuthentic(f"no proof is known for {self._scheme}")
            return self._first_proved(transceive)
        except Declined as refusal:
            raise NotAuthentic(str(refusal)) from refusal

    def _first_proved(self, transceive: Transceive) -> int:
        for nth in range(len(self._keys)):
            try:
                self._authenticate(transceive, nth)
            except WrongKey:
                if nth == len(self._keys) - 1:
                    raise
            else:
                return nth
        raise NotAuthentic("there is no key that this badge could prove")

    def _authenticate(self, transceive: Transceive, nth: int) -> None:
        """The older DESFire says at once that it knows no EV2First. Raises `WrongKey` where it holds another key."""
        if not self._is_ev1:
            try:
                self._attempts[nth].carry_out(transceive, self._slot)
            except Declined as refusal:
                if self._scheme != "desfire" or refusal.status != ILLEGAL_COMMAND:
                    raise
                self._is_ev1 = True
        if self._is_ev1:
            authenticate_ev1(transceive, self._keys[nth], self._slot, self._random)


class Agreed(NamedTuple):
    """What both sides know after AuthenticateEV2First: the random numbers, and the transaction's identifier."""

    rnd_a: bytes
    rnd_b: bytes
    identifier: bytes


class Ev2Attempt:
    """Our side of one AuthenticateEV2First with `key`, made ready; for one use."""

    def __init__(self, key: bytes, random: Random) -> None:
        self._rnd_a = random(BLOCK)
        self._read_challenge, self._read_proof = ready_to_decrypt(key), ready_to_decrypt(key)
        self._write_reply = ready_to_encrypt(key)

    def carry_out(self, transceive: Transceive, slot: int) -> Agreed:
        """Both sides prove the key of `slot`. Raises `WrongKey` where the badge says that it holds another."""
        try:
            challenge, _ = send(transceive, wrapped(0x71, bytes((slot, 0))), MORE)
        except ReadOnly as refusal:
            raise LrpMode("the badge takes no authentication by AES") from refusal
        rnd_b = self._read_challenge(_sized(challenge, BLOCK))
        answer, _ = send(transceive, wrapped(0xAF, self._write_reply(self._rnd_a + rotated(rnd_b))), OK)
        proof = self._read_proof(_sized(answer, 2 * BLOCK))
        if not hmac.compare_digest(proof[4:20], rotated(self._rnd_a)):
            raise NotAuthentic("the badge could not read the challenge")
        return Agreed(self._rnd_a, rnd_b, proof[:4])


def authenticate_ev2(transceive: Transceive, key: bytes, slot: int, random: Random) -> CardSession:
    """AuthenticateEV2First with the key of `slot`; the session that follows from it."""
    agreed = Ev2Attempt(key, random).carry_out(transceive, slot)
    encryption, authentication = _ev2_keys(key, agreed.rnd_a, agreed.rnd_b)
    return CardSession(slot, encryption, authentication, agreed.identifier)


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
