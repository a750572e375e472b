"""The key of one badge, held by the value that NXP published in AN10922."""

import pytest

from device.contract.keys import DOOR_SLOT
from server.core.doors.key_diversification import badge_key, badge_keys, diversified

MASTER = bytes.fromhex("00112233445566778899AABBCCDDEEFF")
UID = bytes.fromhex("04782E21801D80")


def test_the_published_key_of_an10922():
    context = UID + bytes.fromhex("3042F5") + bytes.fromhex("4E585020416275")
    assert diversified(MASTER, context).hex().upper() == "A8DD63A3B89D54B37CA802473FDA9175"


@pytest.mark.parametrize("size", [0, 15, 32, 64])
def test_input_that_an10922_pads_differently_is_refused(size):
    with pytest.raises(ValueError, match="16 to 31"):
        diversified(MASTER, bytes(size))


@pytest.mark.parametrize("size", [16, 31])
def test_input_that_an10922_and_a_plain_cmac_agree_on_is_taken(size):
    assert len(diversified(MASTER, bytes(size))) == 16


@pytest.mark.parametrize("master", [b"", MASTER[:15], MASTER + b"\0", MASTER * 2])
def test_a_master_key_of_another_size_is_refused(master):
    with pytest.raises(ValueError, match="a master key has 16 bytes"):
        diversified(master, bytes(16))


@pytest.mark.parametrize("uid", [UID[:4], UID, UID + b"\x01\x02\x03"])
@pytest.mark.parametrize("site", ["c", "comptoir", "x" * 32])
def test_every_uid_and_every_name_of_a_site_give_a_key(uid, site):
    assert len(badge_key(MASTER, uid, 2, site)) == 16


def test_badges_slots_and_sites_have_keys_of_their_own():
    keys = {
        badge_key(MASTER, uid, slot, site)
        for uid in (UID, UID[::-1], UID[:4])
        for slot in range(5)
        for site in ("comptoir", "comptoir-2", "a", "aa")
    }
    assert len(keys) == 3 * 5 * 4


def test_a_key_stays_what_it_is_from_one_release_to_the_next():
    assert badge_key(MASTER, UID, DOOR_SLOT, "comptoir").hex().upper() == "4F707169EBA7200A763BE46ECC974DF7"


@pytest.mark.parametrize(
    ("master", "uid", "slot"),
    [(MASTER[:15], UID, 2), (MASTER, b"", 2), (MASTER, UID[:5], 2), (MASTER, UID, 5), (MASTER, UID, -1)],
)
def test_what_is_no_badge_has_no_key(master, uid, slot):
    with pytest.raises(ValueError):
        badge_key(master, uid, slot, "comptoir")


def test_the_five_slots_of_a_badge_are_keys_of_their_own():
    keys = badge_keys(MASTER, UID, 17, "comptoir", 3)
    assert keys.version == 3
    assert len({*keys.slots}) == 5
    assert [keys.slots[slot] for slot in (0, 2, 4)] == [badge_key(MASTER, UID, slot, "comptoir") for slot in (0, 2, 4)]


def test_the_slot_of_the_address_is_common_to_the_place_and_that_of_the_mirror_goes_by_the_enrolment():
    one = badge_keys(MASTER, UID, 17, "comptoir", 1).slots
    other_badge = badge_keys(MASTER, UID[::-1], 17, "comptoir", 1).slots
    other_enrolment = badge_keys(MASTER, UID, 18, "comptoir", 1).slots
    other_site = badge_keys(MASTER, UID, 17, "garage", 1).slots
    assert [slot for slot in range(5) if one[slot] == other_badge[slot]] == [1]
    assert [slot for slot in range(5) if one[slot] != other_enrolment[slot]] == [3]
    assert not {*one} & {*other_site}


def test_no_slot_of_one_badge_is_another_slot_of_any():
    keys = [
        key
        for uid in (UID, UID[:4], UID + b"\x01\x02\x03")
        for enrolment in (0, 1, 2**32 - 1)
        for slot, key in enumerate(badge_keys(MASTER, uid, enrolment, "comptoir", 1).slots)
        if slot == 3 or enrolment == 0
    ]
    assert len({*keys}) == 3 * (3 + 4) - 2  # slot 1 is one key for all three


def test_the_keys_of_a_badge_stay_what_they_are_from_one_release_to_the_next():
    slots = badge_keys(MASTER, UID, 17, "comptoir", 1).slots
    assert [slot.hex().upper() for slot in slots] == [
        "1E3C2B5E06204EBE85DAF7C0708BACAB",
        "F1F9D8322951487E11A5D43A4A4DD86B",
        "4F707169EBA7200A763BE46ECC974DF7",
        "01F9480771FAA9D7BBD4E6E2A5F21A0D",
        "B401145CAE073917D033471F609B9C56",
    ]


@pytest.mark.parametrize("enrolment", [-1, 2**32])
def test_a_number_that_no_enrolment_has_is_refused(enrolment):
    with pytest.raises(ValueError, match="4 bytes"):
        badge_keys(MASTER, UID, enrolment, "comptoir", 1)


@pytest.mark.parametrize(("enrolment", "shown"), [(0, 0), (17, 17), (255, 255), (256, None), (2**32 - 1, None)])
def test_a_badge_shows_the_number_of_its_enrolment_where_that_is_a_byte(enrolment, shown):
    assert badge_keys(MASTER, UID, enrolment, "comptoir", 1).enrolment == shown
