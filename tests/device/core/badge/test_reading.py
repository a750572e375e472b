"""Whose keys a badge holds, and whether it is genuine; nothing on it is another afterwards."""

import pytest

from device.core.badge.errors import BadgeGone, LrpMode, OtherUid
from device.core.badge.keys import FACTORY
from device.core.badge.reading import Reading, read
from device.simulation.cards import Desfire, Ntag424
from tests.device.core.badge.tapping import (
    AGAIN,
    BLANKS,
    EV3,
    MAKER,
    NEW,
    PRODUCTS,
    ROTATED,
    UID,
    drawn,
    enrolled,
    pulled_away,
)

KINDS = pytest.mark.parametrize("kind", BLANKS)


def reading(card, kind, candidates):
    card.power_on()
    return read(card.answer, UID, PRODUCTS[kind], candidates, drawn("desk"), [MAKER])


@KINDS
@pytest.mark.parametrize("keys", [NEW, ROTATED])
def test_a_badge_of_the_place_tells_its_keys(kind, keys):
    card = enrolled(BLANKS[kind](), kind, keys)
    held = card.state()
    told = Reading(PRODUCTS[kind], True, keys, keys.version, keys.version)
    assert reading(card, kind, [NEW, ROTATED, FACTORY]) == told
    assert card.state() == held


@KINDS
def test_a_badge_shows_the_number_of_its_enrolment_beside_the_key_of_its_mirror(kind):
    card = enrolled(BLANKS[kind](), kind, NEW._replace(enrolment=17))
    assert card.versions == [1, 1, 1, 17, 1]
    told = reading(card, kind, [FACTORY])
    assert (told.held, told.version, told.enrolment) == (None, 1, 17)


@KINDS
def test_a_blank_badge_is_blank(kind):
    assert reading(BLANKS[kind](), kind, [NEW, FACTORY]).held == FACTORY


@KINDS
def test_the_keys_of_somebody_else_are_nobodys(kind):
    card = enrolled(BLANKS[kind](), kind, ROTATED)
    told = Reading(PRODUCTS[kind], True, None, ROTATED.version, ROTATED.version)
    assert reading(card, kind, [AGAIN, FACTORY]) == told


@KINDS
def test_a_copy_is_told_and_says_its_keys_all_the_same(kind):
    card = enrolled(BLANKS[kind](), kind)
    card.signature = bytes(56)
    assert reading(card, kind, [NEW]) == Reading(PRODUCTS[kind], False, NEW, 1, 1)


@KINDS
def test_a_badge_that_shows_the_uid_of_another_is_told(kind):
    card = enrolled(BLANKS[kind](), kind)
    card.uid = bytes.fromhex("04A1B2C3D4E5F7")
    with pytest.raises(OtherUid):
        reading(card, kind, [NEW])


def test_a_badge_in_lrp_mode_is_told():
    card = Ntag424.blank(UID, drawn("badge"))
    card.lrp = True
    with pytest.raises(LrpMode):
        reading(card, "ntag424", [NEW])


def test_a_badge_that_was_pulled_away_holds_what_it_held():
    card = BLANKS["ntag424"]()
    with pytest.raises(BadgeGone):
        enrolled(card, "ntag424", through=pulled_away(card, 8, arrived=True))
    assert card.keys != [bytes(16)] * 5
    assert reading(card, "ntag424", [NEW, FACTORY]).held == FACTORY


def test_a_desfire_with_applications_of_others_alone_is_blank():
    card = Desfire.blank(UID, drawn("badge"))
    card.answer(bytes.fromhex("90CA000005 0102030F83 00"))
    assert reading(card, "desfire", [NEW]) == Reading(EV3, True, FACTORY)
