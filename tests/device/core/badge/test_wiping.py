"""Badges are made blank again, and are given out anew."""

import pytest

from device.core.badge.errors import Foreign, NotAuthentic, OtherUid
from device.core.badge.keys import FACTORY
from tests.device.core.badge.tapping import AGAIN, BLANKS, NEW, ROTATED, enrolled, holds, is_blank, wiped

KINDS = pytest.mark.parametrize("kind", BLANKS)


@KINDS
def test_a_badge_of_the_place_is_made_blank(kind):
    card = enrolled(BLANKS[kind](), kind)
    assert not is_blank(card)
    assert is_blank(wiped(card, kind))


@KINDS
def test_a_blank_badge_stays_blank(kind):
    assert is_blank(wiped(BLANKS[kind](), kind))


@KINDS
def test_a_badge_that_was_wiped_is_enrolled_again(kind):
    card = wiped(enrolled(BLANKS[kind](), kind), kind)
    assert holds(enrolled(card, kind, ROTATED), ROTATED)


@KINDS
def test_a_badge_of_another_place_is_left_as_it_is(kind):
    card = enrolled(BLANKS[kind](), kind, ROTATED)
    with pytest.raises(Foreign):
        wiped(card, kind, [AGAIN, FACTORY])
    assert holds(card, ROTATED)


@KINDS
def test_a_badge_that_shows_the_uid_of_another_is_left_as_it_is(kind):
    card = enrolled(BLANKS[kind](), kind)
    card.uid = bytes.fromhex("04A1B2C3D4E5F7")
    with pytest.raises(OtherUid):
        wiped(card, kind)
    assert holds(card, NEW)


@pytest.mark.parametrize("status", ["91AE", "919D"])
def test_a_card_that_keeps_the_application_gets_keys_of_zeros(status):
    card = enrolled(BLANKS["desfire"](), "desfire")
    wiped(card, "desfire", through=lambda apdu: bytes.fromhex(status) if apdu[1] == 0xDA else card.answer(apdu))
    assert holds(card, FACTORY)
    card.picc_settings = 0x0B
    assert holds(wiped(enrolled(card, "desfire"), "desfire"), FACTORY)


def test_a_card_that_only_says_it_deleted_the_application_is_told():
    card = enrolled(BLANKS["desfire"](), "desfire")
    with pytest.raises(NotAuthentic):
        wiped(card, "desfire", through=lambda apdu: b"\x91\x00" if apdu[1] == 0xDA else card.answer(apdu))


def test_a_file_that_some_tool_set_up_in_another_way_is_as_from_the_factory_again():
    card = enrolled(BLANKS["ntag424"](), "ntag424")
    card.files[2].settings = bytes.fromhex("033012")
    assert is_blank(wiped(card, "ntag424"))
