"""The virtual DESFire: what everybody may do on it, what its settings forbid, and applications beside each other."""

import pytest

from device.core.badge.errors import Declined, NotAuthentic, WrongKey
from device.core.badge.originality import is_original
from device.core.badge.session import card_uid, change_key
from device.simulation.cards import Desfire, DesfireLight
from device.simulation.maker import public_key
from tests.device.simulation.speaking import UID, drawn, native, proved, said, signed

KEY = bytes(range(16))
HOUSE = "504F49"
CREATE_HOUSE = HOUSE + "0985"


@pytest.fixture
def card():
    return Desfire.blank(UID, drawn("badge"))


@pytest.fixture
def house(card):
    assert native(card, 0xCA, CREATE_HOUSE) == "9100"
    assert native(card, 0x5A, HOUSE) == "9100"
    return card


def test_a_blank_card_has_no_application_and_lets_everybody_make_one(card):
    assert native(card, 0x45) == "0F019100"
    assert native(card, 0x6A) == "9100"
    assert native(card, 0x6E) == "0009009100"
    assert native(card, 0x5A, HOUSE) == "91A0"
    assert native(card, 0xCA, CREATE_HOUSE) == "9100"
    assert native(card, 0x6A) == HOUSE + "9100"
    assert native(card, 0x6E) == "4008009100"
    assert native(card, 0x5A, HOUSE) == "9100"
    assert native(card, 0x45) == "91AE"
    assert signed(card, proved(card, 0), 0x45) == "09859100"


@pytest.mark.parametrize(
    ("data", "status"),
    [
        ("0000000985", "919E"),
        ("504F490905", "919E"),
        ("504F490980", "919E"),
        ("504F49098F", "919E"),
        ("504F4909C5", "919E"),
        ("504F4909", "917E"),
        ("504F49098500", "917E"),
    ],
)
def test_applications_that_are_none_are_refused(card, data, status):
    assert native(card, 0xCA, data) == status
    assert card.applications == {}


def test_an_application_is_made_once_and_at_the_level_of_the_card(house):
    assert native(house, 0xCA, "0102030985") == "911C"
    assert native(house, 0x6A) == "911C"
    assert native(house, 0x5A, "000000") == "9100"
    assert native(house, 0xCA, CREATE_HOUSE) == "91DE"
    assert native(house, 0xCA, "0102030985") == "9100"
    assert native(house, 0x6A) == HOUSE + "010203" + "9100"
    assert native(house, 0x5A, "5000") == "917E"


def test_a_card_is_full_in_the_end(card):
    made = 0
    while native(card, 0xCA, f"{made + 1:06X}0985") == "9100":
        made += 1
    assert native(card, 0xCA, CREATE_HOUSE) == "910E"
    assert made == 12
    assert native(card, 0x5A, HOUSE) == "91A0"


def test_the_card_settings_close_what_is_free(card):
    card.picc_settings = 0x09
    assert native(card, 0xCA, CREATE_HOUSE) == "91AE"
    assert native(card, 0x6A) == "91AE"
    assert native(card, 0x45) == "09019100"


def test_nobody_proves_the_cards_own_key(card):
    with pytest.raises(WrongKey):
        proved(card, 0)
    assert native(card, 0x64, "00") == "91AE"
    assert native(card, 0xDA, HOUSE) == "91AE"


def test_an_application_is_deleted_by_its_own_master_key_and_gives_no_memory_back(house):
    with pytest.raises(Declined):
        proved(house, 1).last_command(house.answer, 0xDA, bytes.fromhex(HOUSE))
    with pytest.raises(Declined):
        proved(house, 0).last_command(house.answer, 0xDA, bytes.fromhex("010203"))
    assert native(house, 0xDA, HOUSE + "00" * 8) == "91AE"
    proved(house, 0).last_command(house.answer, 0xDA, bytes.fromhex(HOUSE))
    assert (house.applications, native(house, 0x6E)) == ({}, "4008009100")


def test_the_card_settings_keep_an_application(house):
    house.picc_settings = 0x0B
    with pytest.raises(Declined):
        proved(house, 0).last_command(house.answer, 0xDA, bytes.fromhex(HOUSE))
    assert len(house.applications) == 1


@pytest.mark.parametrize(
    ("settings", "changer", "slot", "may"),
    [
        (0x09, 0, 2, True),
        (0x09, 1, 2, False),
        (0x09, 0, 0, True),
        (0x08, 0, 0, False),
        (0x19, 1, 2, True),
        (0x19, 0, 2, False),
        (0xF9, 0, 2, False),
        (0xF9, 0, 0, True),
    ],
)
def test_who_changes_keys_is_said_by_the_settings(house, settings, changer, slot, may):
    house.applications[bytes.fromhex(HOUSE)].settings = settings
    session = proved(house, changer)
    if may:
        change_key(house.answer, session, slot, KEY, 3, bytes(16))
        assert (house.keys[slot], house.versions[slot]) == (KEY, 3)
    else:
        with pytest.raises(Declined) as refusal:
            change_key(house.answer, session, slot, KEY, 3, bytes(16))
        assert refusal.value.status == 0x919D
        assert house.keys[slot] == bytes(16)


def test_selecting_an_application_ends_a_session(house):
    session = proved(house, 0)
    assert card_uid(house.answer, session) == UID
    native(house, 0x5A, HOUSE)
    with pytest.raises(NotAuthentic):
        card_uid(house.answer, session)


def test_listing_that_is_free_needs_no_proof(house):
    house.applications[bytes.fromhex(HOUSE)].settings = 0x0B
    assert native(house, 0x45) == "0B859100"


def test_it_knows_no_iso_commands_nor_those_of_an_ntag(house):
    assert said(house, "00A4040007D276000085010100") == "6D00"
    assert native(house, 0x5F, "00") == "911C"


def test_it_tells_its_makers_signature_at_every_level():
    card = Desfire.blank(UID, drawn("badge"))
    told = native(card, 0x3C, "00")
    assert is_original(UID, bytes.fromhex(told[:-4]), [public_key()])
    assert told.endswith("9190")
    native(card, 0xCA, HOUSE + "0B85")
    native(card, 0x5A, HOUSE)
    assert native(card, 0x3C, "00") == told


def test_an_ev1_knows_none_of_the_newer_commands():
    card = Desfire(UID, [KEY] * 5, drawn("badge"), ev1=True)
    native(card, 0x5A, HOUSE)
    for instruction in (0x3C, 0x71, 0x51, 0xC4, 0xDA):
        assert native(card, instruction, "0000") == "911C"
    assert native(card, 0xAA) == "917E"
    assert native(card, 0x60).startswith("04010101")


def test_a_light_has_one_application_by_name():
    card = DesfireLight.blank(UID, drawn("badge"))
    assert native(card, 0x64, "00") == "911C"
    assert native(card, 0x5A, HOUSE) == "911C"
    assert said(card, "00A4040C07D276000085010100") == "6A82"
    assert said(card, "00B0000000") == "6D00"
    assert said(card, "00A4040C10A00000039656434103F015400000000B00") == "9000"
    assert native(card, 0x64, "00") == "009100"
    assert card_uid(card.answer, proved(card, 0)) == UID
