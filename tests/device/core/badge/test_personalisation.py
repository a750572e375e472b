"""Keys are written to a badge, and it may be pulled away at any moment of it."""

import hashlib
from itertools import count

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP224R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed, decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA224
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from device.core.badge.authentication import prove
from device.core.badge.errors import BadgeGone, Declined, NotAuthentic, WrongKey
from device.core.badge.keys import FACTORY, Keys
from device.core.badge.personalisation import personalise
from device.simulation.cards import Ntag424

UID = bytes.fromhex("04A1B2C3D4E5F6")
NEW = Keys([bytes((0x10 + slot,)) * 16 for slot in range(5)], 1)
ROTATED = Keys([bytes((0x20 + slot,)) * 16 for slot in range(5)], 2)

_MAKER = generate_private_key(SECP224R1())
MAKER = _MAKER.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def signed(uid):
    numbers = decode_dss_signature(_MAKER.sign(uid.rjust(28, b"\0"), ECDSA(Prehashed(SHA224()))))
    return b"".join(number.to_bytes(28, "big") for number in numbers)


def drawn(seed):
    numbers = count()
    return lambda size: hashlib.shake_128(f"{seed} {next(numbers)}".encode()).digest(size)


def fresh(**kinds):
    return Ntag424(UID, list(FACTORY.slots), drawn("badge"), **{"signature": signed(UID), **kinds})


def write(card, keys, old=FACTORY, transceive=None):
    card.power_on()
    personalise(transceive or card.answer, UID, keys, drawn("desk"), old, MAKER)


def test_a_badge_from_the_maker_gets_the_keys_of_the_place():
    card = fresh()
    write(card, NEW)
    assert card.keys == list(NEW.slots)
    assert card.versions == [1] * 5
    card.power_on()
    prove("ntag424", card.answer, [NEW.slots[2]], 2, drawn("door"))


def test_a_new_badge_holds_the_keys_of_the_factory():
    card = Ntag424(UID, list(FACTORY.slots), drawn("badge"))
    assert (card.keys, card.versions) == ([bytes(16)] * 5, [FACTORY.version] * 5)


def test_writing_the_same_keys_again_changes_nothing():
    card = fresh()
    write(card, NEW)
    write(card, NEW)
    assert card.keys == list(NEW.slots)


def test_keys_are_rotated():
    card = fresh()
    write(card, NEW)
    write(card, ROTATED, old=NEW)
    assert card.keys == list(ROTATED.slots)
    assert card.versions == [2] * 5


def exchanges_of_one_enrolment():
    card, sent = fresh(), []
    write(card, NEW, transceive=lambda apdu: (sent.append(apdu), card.answer(apdu))[1])
    return len(sent)


@pytest.mark.parametrize("arrived", [True, False], ids=["after it took the command", "before"])
def test_a_badge_pulled_away_at_any_moment_goes_on_where_it_stopped(arrived):
    for exchanges in range(exchanges_of_one_enrolment()):
        card, left = fresh(), iter(range(exchanges))

        def pulled(apdu, card=card, left=left):
            if next(left, None) is None:
                if arrived:
                    card.answer(apdu)
                raise BadgeGone
            return card.answer(apdu)

        with pytest.raises(BadgeGone):
            write(card, NEW, transceive=pulled)
        write(card, NEW)
        assert card.keys == list(NEW.slots)


def test_a_copy_without_the_makers_signature_gets_no_key():
    card = fresh(signature=bytes(56))
    with pytest.raises(NotAuthentic):
        write(card, NEW)
    assert card.keys == list(FACTORY.slots)


def test_a_badge_that_shows_the_uid_of_another_gets_no_key():
    card = fresh()
    card.uid = bytes.fromhex("04A1B2C3D4E5F7")
    with pytest.raises(NotAuthentic):
        write(card, NEW)
    assert card.keys == list(FACTORY.slots)


def refusing(card, slot, status):
    """The card, which answers with a status of its own when that slot is to be written."""
    return lambda apdu: bytes.fromhex(status) if (apdu[1], apdu[5:6]) == (0xC4, bytes((slot,))) else card.answer(apdu)


@pytest.mark.parametrize("status", ["9140", "917E", "91EE"])
def test_a_refusal_that_tells_nothing_of_the_old_key_ends_the_enrolment(status):
    card, sent = fresh(), []
    answer = refusing(card, 1, status)
    with pytest.raises(Declined) as refusal:
        write(card, NEW, transceive=lambda apdu: (sent.append(apdu[1]), answer(apdu))[1])
    assert f"{refusal.value.status:04X}" == status
    assert sent[-1] == 0xC4 and sent.count(0xC4) == 1
    assert card.keys == list(FACTORY.slots)


def test_a_slot_that_holds_neither_the_old_key_nor_the_new_is_told():
    card = fresh()
    card.keys[3] = bytes(range(16))
    with pytest.raises(Declined):
        write(card, NEW)
    assert (card.keys[0], card.keys[3]) == (FACTORY.slots[0], bytes(range(16)))


def test_a_badge_that_only_says_it_took_the_first_key_is_not_enrolled():
    card = fresh()
    with pytest.raises(WrongKey):
        write(card, NEW, transceive=refusing(card, 0, "9100"))


def test_a_badge_of_another_place_is_left_as_it_is():
    card = fresh()
    write(card, ROTATED)
    with pytest.raises(WrongKey):
        write(card, NEW)
    assert card.keys == list(ROTATED.slots)
