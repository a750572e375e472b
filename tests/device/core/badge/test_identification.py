"""What lies on the reader: a badge that keys can be given to, or another card, which is told by its name."""

import pytest

from device.core.badge.errors import BadgeGone, Garbled, OtherCard
from device.core.badge.identification import TELEPHONE, Product, identify
from device.simulation.cards import Blank, Desfire
from tests.device.core.badge.tapping import BLANKS, PRODUCTS, UID, drawn


def silent(apdu):
    raise AssertionError("this card is asked nothing")


@pytest.mark.parametrize("kind", BLANKS)
def test_a_badge_is_told_by_its_product(kind):
    assert identify(BLANKS[kind]().answer, UID, 0x20) == PRODUCTS[kind]


def test_an_ev2_is_told_by_its_name():
    card = Desfire.blank(UID, drawn("badge"), "DESFire EV2")
    assert identify(card.answer, UID, 0x20) == Product("desfire", "DESFire EV2")


@pytest.mark.parametrize(
    ("uid", "sak", "product"),
    [
        ("04A1B2C3D4E5F6", 0x00, "NTAG 21x or MIFARE Ultralight"),
        ("02A1B2C3D4E5F6", 0x00, ""),
        ("A1B2C3D4", 0x08, "MIFARE Classic 1K"),
        ("A1B2C3D4", 0x18, "MIFARE Classic 4K"),
        ("04A1B2C3D4E5F6", 0x09, "MIFARE Mini"),
        ("A1B2C3D4", 0x01, ""),
        ("04A1B2C3D4E5F6", 0x60, TELEPHONE),
        ("04A1B2C3D4E5F6", 0x40, TELEPHONE),
        ("08B2C3D4", 0x20, TELEPHONE),
        ("08B2C3D4", 0x08, TELEPHONE),
    ],
)
def test_cards_that_are_known_by_what_they_show_are_asked_nothing(uid, sak, product):
    with pytest.raises(OtherCard) as other:
        identify(silent, bytes.fromhex(uid), sak)
    assert other.value.product == product


@pytest.mark.parametrize(
    ("hardware", "product"),
    [
        ("04040830001105", "NTAG 424 DNA TagTamper"),
        ("04048830001105", "NTAG 424 DNA TagTamper"),
        ("04040210001105", "NTAG 413 DNA"),
        ("04010101001605", "DESFire EV1"),
        ("04010100021805", "DESFire"),
        ("04020211001605", "MIFARE Plus EV1"),
        ("04020222001605", "MIFARE Plus EV2"),
        ("04020244001605", ""),
        ("05040830001105", ""),
        ("05040230001105", ""),
        ("04810133001605", ""),
    ],
)
def test_a_badge_of_another_product_is_told_by_its_name(hardware, product):
    answers = iter([hardware + "91AF", "0404020102110591AF", "00" * 14 + "9100"])
    with pytest.raises(OtherCard) as other:
        identify(lambda apdu: bytes.fromhex(next(answers)), UID, 0x20)
    assert other.value.product == product


@pytest.mark.parametrize(
    ("hardware", "product"),
    [
        ("04040230001105", "NTAG 424 DNA"),
        ("04048230001105", "NTAG 424 DNA"),
        ("04040130001105", "NTAG 424 DNA"),
        ("04010112001605", "DESFire EV2"),
        ("04010122001605", "DESFire EV2"),
        ("04010142001605", "DESFire EV2"),
        ("04010133001605", "DESFire EV3"),
        ("04080130001305", "DESFire Light"),
    ],
)
def test_each_product_that_keys_can_be_given_to_is_known_by_its_version(hardware, product):
    answers = iter([hardware + "91AF", "0404020102110591AF", "00" * 14 + "9100"])
    assert identify(lambda apdu: bytes.fromhex(next(answers)), UID, 0x20).name == product


@pytest.mark.parametrize("answer", ["6D00", "6E00", "911C", "91AE", "91AD", "919D", "917E", "910E", "9100"])
def test_a_card_that_does_not_know_the_question_is_another_card(answer):
    with pytest.raises(OtherCard) as other:
        identify(lambda apdu: bytes.fromhex(answer), UID, 0x20)
    assert (other.value.product, str(other.value)) == ("", "a card of an unknown kind")


@pytest.mark.parametrize(("sak", "product"), [(0x28, "MIFARE Classic 1K"), (0x38, "MIFARE Classic 4K")])
def test_a_classic_that_speaks_the_protocol_and_knows_no_question_is_told_by_its_sak(sak, product):
    with pytest.raises(OtherCard) as other:
        identify(Blank().answer, UID, sak)
    assert other.value.product == str(other.value) == product


@pytest.mark.parametrize(
    "answers",
    [
        ["040402300011 91AF", "04040201021105 91AF", "00 9100"],
        ["91AF", "91AF", "9100"],
        ["04040230001105 91AF", "04040201021105 91AF", "00 91AF"],
        ["04040230001105 91AF", "04040201021105 9100", "91AF"],
        [""],
    ],
)
def test_a_card_that_answers_as_none_does_is_garbled(answers):
    left = iter(answers)
    with pytest.raises(Garbled):
        identify(lambda apdu: bytes.fromhex(next(left)), UID, 0x20)


def test_a_card_that_goes_away_is_gone():
    def gone(apdu):
        raise BadgeGone

    with pytest.raises(BadgeGone):
        identify(gone, UID, 0x20)
