"""What a door may conclude from a badge: it holds its key, it does not, or nothing can be said."""

import hashlib
from itertools import count

import pytest
from cryptography.exceptions import AlreadyFinalized

from device.contract.keys import DOOR_SLOT, TRAVEL_SLOT
from device.core.badge.aes import decrypt, encrypt
from device.core.badge.authentication import Proof, authenticate_ev2
from device.core.badge.errors import (
    AuthenticationDelay,
    BadgeError,
    BadgeGone,
    Declined,
    Garbled,
    LrpMode,
    NotAuthentic,
    WrongKey,
)
from device.simulation.cards import FACTORY_KEYS, Blank, Desfire, Ntag424
from tests.device.core.badge.tapping import prove

UID = bytes.fromhex("04A1B2C3D4E5F6")
KEY = bytes.fromhex("F3847D627727ED3BC9C4CC050489B966")
KEYS = [*FACTORY_KEYS[:DOOR_SLOT], KEY, *FACTORY_KEYS[DOOR_SLOT + 1 :]]


def drawn(seed: str):
    """Bytes that are the same in each run, and never the same twice in one."""
    numbers = count()
    return lambda size: hashlib.shake_128(f"{seed} {next(numbers)}".encode()).digest(size)


def ntag424(**kinds):
    return Ntag424(UID, KEYS, drawn("badge"), **kinds)


@pytest.mark.parametrize(
    ("scheme", "card"),
    [
        ("ntag424", ntag424()),
        ("desfire", Desfire(UID, KEYS, drawn("badge"))),
        ("desfire", Desfire(UID, KEYS, drawn("badge"), ev1=True)),
    ],
    ids=["ntag424", "desfire ev2", "desfire ev1"],
)
def test_a_badge_proves_its_key_and_no_other(scheme, card):
    prove(scheme, card.answer, [KEY], DOOR_SLOT, drawn("door"))
    card.power_on()
    prove(scheme, card.answer, [KEY], DOOR_SLOT, drawn("another door"))
    card.power_on()
    with pytest.raises(WrongKey):
        prove(scheme, card.answer, [bytes(16)], DOOR_SLOT, drawn("door"))


@pytest.mark.parametrize(
    ("scheme", "card"),
    [("ntag424", Blank()), ("desfire", Blank()), ("ntag424", Desfire(UID, KEYS, drawn("b"))), ("desfire", ntag424())],
    ids=["uid for ntag424", "uid for desfire", "desfire for ntag424", "ntag424 for desfire"],
)
def test_a_clone_of_the_uid_on_another_kind_of_card_is_not_authentic(scheme, card):
    with pytest.raises(NotAuthentic):
        prove(scheme, card.answer, [KEY], DOOR_SLOT, drawn("door"))


FORMER = bytes.fromhex("5004BF991F408672B1EF00F08F9E8647")


def counted(card):
    """The card, and how many APDUs it was sent."""
    sent: list[bytes] = []
    return sent, lambda apdu: sent.append(apdu) or card.answer(apdu)


@pytest.mark.parametrize(
    ("scheme", "card", "once", "more"),
    [
        ("ntag424", ntag424, 3, 2),
        ("desfire", lambda: Desfire(UID, KEYS, drawn("badge")), 3, 2),
        ("desfire", lambda: Desfire(UID, KEYS, drawn("badge"), ev1=True), 4, 2),
    ],
    ids=["ntag424", "desfire ev2", "desfire ev1"],
)
def test_the_second_key_is_asked_for_only_where_the_first_is_wrong(scheme, card, once, more):
    sent, answer = counted(card())
    assert prove(scheme, answer, [KEY, FORMER], DOOR_SLOT, drawn("door")) == 0
    assert len(sent) == once
    sent, answer = counted(card())
    assert prove(scheme, answer, [FORMER, KEY], DOOR_SLOT, drawn("door")) == 1
    assert len(sent) == once + more
    sent, answer = counted(card())
    with pytest.raises(WrongKey):
        prove(scheme, answer, [FORMER, bytes(16)], DOOR_SLOT, drawn("door"))
    assert len(sent) == once + more


@pytest.mark.parametrize("ending", [Garbled, BadgeGone, AuthenticationDelay, LrpMode])
def test_only_a_wrong_key_leads_to_the_next(ending):
    answers = {Garbled: b"\x00\x91\xaf", AuthenticationDelay: b"\x91\xad", LrpMode: b"\x91\x9d"}
    sent = []

    def answer(apdu):
        sent.append(apdu)
        if apdu[0] == 0:
            return b"\x90\x00"
        if ending is BadgeGone:
            raise BadgeGone
        return answers[ending]

    with pytest.raises(ending):
        prove("ntag424", answer, [FORMER, KEY], DOOR_SLOT, drawn("door"))
    assert len(sent) == 2


def test_a_badge_that_makes_everybody_wait_for_the_second_key_is_no_clone():
    def answer(apdu):
        return {0xA4: b"\x90\x00", 0x71: next(challenges), 0xAF: b"\x91\xae"}[apdu[1]]

    challenges = iter([bytes(16) + b"\x91\xaf", b"\x91\xad"])
    with pytest.raises(AuthenticationDelay):
        prove("ntag424", answer, [FORMER, KEY], DOOR_SLOT, drawn("door"))


def test_without_any_key_nothing_is_authentic():
    with pytest.raises(NotAuthentic):
        prove("ntag424", ntag424().answer, [], DOOR_SLOT, drawn("door"))


@pytest.mark.parametrize("scheme", ["ntag424", "desfire"])
def test_a_key_is_proved_in_its_slot_and_in_no_other(scheme):
    keys = [bytes((slot,)) * 16 for slot in range(5)]
    card = (Ntag424 if scheme == "ntag424" else Desfire)(UID, keys, drawn("badge"))
    assert prove(scheme, card.answer, [keys[TRAVEL_SLOT]], TRAVEL_SLOT, drawn("door")) == 0
    with pytest.raises(WrongKey):  # a badge of the house with another's key of slot 4 in mind
        prove(scheme, card.answer, [keys[TRAVEL_SLOT]], DOOR_SLOT, drawn("door"))
    with pytest.raises(WrongKey):
        prove(scheme, card.answer, [keys[DOOR_SLOT]], TRAVEL_SLOT, drawn("door"))


def test_a_scheme_that_proves_nothing_is_never_authentic():
    with pytest.raises(NotAuthentic):
        prove("uid", ntag424().answer, [KEY], DOOR_SLOT, drawn("door"))


@pytest.mark.parametrize(
    ("scheme", "card"), [("ntag424", ntag424()), ("desfire", Desfire(UID, KEYS, drawn("b"), ev1=True))]
)
def test_a_replay_of_a_recorded_proof_is_refused(scheme, card):
    recorded: dict[int, bytes] = {}

    def recording(apdu):
        return recorded.setdefault(apdu[1], card.answer(apdu))

    prove(scheme, recording, [KEY], DOOR_SLOT, drawn("door"))
    prove(scheme, lambda apdu: recorded[apdu[1]], [KEY], DOOR_SLOT, drawn("door"))  # the same challenge would let it in
    with pytest.raises(NotAuthentic):
        prove(scheme, lambda apdu: recorded[apdu[1]], [KEY], DOOR_SLOT, drawn("door, a moment later"))


def test_a_badge_that_makes_everybody_wait_is_no_clone():
    card = ntag424(delays=1)
    with pytest.raises(AuthenticationDelay):
        prove("ntag424", card.answer, [KEY], DOOR_SLOT, drawn("door"))
    prove("ntag424", card.answer, [KEY], DOOR_SLOT, drawn("door"))


def test_a_badge_in_lrp_mode_is_told_apart():
    with pytest.raises(LrpMode):
        prove("ntag424", ntag424(lrp=True).answer, [KEY], DOOR_SLOT, drawn("door"))


def test_a_badge_pulled_away_is_gone_and_not_a_clone():
    card = ntag424()
    for exchanges in range(3):
        left = iter(range(exchanges))

        def pulled(apdu, left=left):
            if next(left, None) is None:
                raise BadgeGone
            return card.answer(apdu)

        with pytest.raises(BadgeGone):
            prove("ntag424", pulled, [KEY], DOOR_SLOT, drawn("door"))


def bent(card, byte, *, chained=False):
    """The card, with one bit of one byte of its proof another."""

    def answer(apdu):
        told = card.answer(apdu)
        if apdu[1] != 0xAF:
            return told
        iv = apdu[5:-1][-16:] if chained else bytes(16)
        proof = bytearray(decrypt(KEY, told[:-2], iv))
        proof[byte] ^= 1
        return encrypt(KEY, bytes(proof), iv) + told[-2:]

    return answer


@pytest.mark.parametrize("byte", range(16))
def test_every_byte_of_the_proof_counts(byte):
    with pytest.raises(NotAuthentic, match="could not read the challenge"):
        prove("ntag424", bent(ntag424(), 4 + byte), [KEY], DOOR_SLOT, drawn("door"))
    with pytest.raises(NotAuthentic, match="could not read the challenge"):
        prove("desfire", bent(Desfire(UID, KEYS, drawn("badge")), 4 + byte), [KEY], DOOR_SLOT, drawn("door"))
    with pytest.raises(NotAuthentic, match="could not read the challenge"):
        prove(
            "desfire",
            bent(Desfire(UID, KEYS, drawn("badge"), ev1=True), byte, chained=True),
            [KEY],
            DOOR_SLOT,
            drawn("door"),
        )


@pytest.mark.parametrize("status", ["9140", "917E", "91CA", "6A82", "6700", "6D00", "9000", "0000"])
def test_any_other_status_is_no_proof(status):
    with pytest.raises(NotAuthentic):
        prove(
            "ntag424", lambda apdu: bytes.fromhex("9000" if apdu[0] == 0 else status), [KEY], DOOR_SLOT, drawn("door")
        )


@pytest.mark.parametrize(("status", "asked_again"), [("911C", True), ("9140", False), ("917E", False), ("919D", False)])
def test_only_a_desfire_that_does_not_know_the_newer_proof_is_asked_for_the_older(status, asked_again):
    asked = []

    def answer(apdu):
        asked.append(apdu[1])
        return bytes.fromhex("9100" if apdu[1] == 0x5A else status)

    with pytest.raises(NotAuthentic):
        prove("desfire", answer, [KEY], DOOR_SLOT, drawn("door"))
    assert asked == [0x5A, 0x71, 0xAA][: 3 if asked_again else 2]


@pytest.mark.parametrize("size", [0, 1])
def test_an_answer_without_a_status_is_garbled(size):
    with pytest.raises(Garbled):
        authenticate_ev2(lambda apdu: bytes(size), KEY, DOOR_SLOT, drawn("door"))


def test_a_refusal_says_its_status():
    assert (Declined(0x917E).status, str(Declined(0x917E))) == (0x917E, "the badge refused: 917E")


def test_each_error_is_also_the_builtin_that_a_newcomer_would_catch():
    assert issubclass(BadgeGone, ConnectionError)
    assert issubclass(AuthenticationDelay, BlockingIOError)
    assert issubclass(NotAuthentic, PermissionError)
    assert issubclass(Declined, ValueError)
    assert all(issubclass(kind, BadgeError) for kind in (BadgeGone, AuthenticationDelay, NotAuthentic, Declined))
    assert all(issubclass(kind, NotAuthentic) for kind in (WrongKey, LrpMode, Garbled))


def test_what_was_made_ready_for_one_badge_is_never_said_to_another():
    proof = Proof("ntag424", [KEY], DOOR_SLOT, drawn("door"))
    assert proof.ask(ntag424().answer) == 0
    with pytest.raises(AlreadyFinalized):
        proof.ask(ntag424().answer)
