"""Badges get the keys of a place, at once or at the second try, and nothing is written to what is not theirs."""

import pytest

from device.core.badge.address import mirroring_settings
from device.core.badge.authentication import authenticate_ev2
from device.core.badge.enrolment import enrol
from device.core.badge.errors import (
    AuthenticationDelay,
    CardFull,
    Declined,
    Foreign,
    LrpMode,
    NotAuthentic,
    NotOriginal,
    OtherUid,
    ReadOnly,
    WrongKey,
)
from device.core.badge.keys import FACTORY, Keys
from device.simulation.cards import Ntag424
from tests.device.core.badge.tapping import (
    ADDRESS,
    AGAIN,
    BLANKS,
    EV3,
    MAKER,
    NEW,
    NTAG424,
    ROTATED,
    UID,
    counted,
    drawn,
    enrolled,
    failures,
    holds,
)

KINDS = pytest.mark.parametrize("kind", BLANKS)
NTAG424_SELECTED = bytes.fromhex("00A4040C07D276000085010100")


@KINDS
def test_a_blank_badge_gets_the_keys_of_the_place(kind):
    assert holds(enrolled(BLANKS[kind](), kind), NEW)


@KINDS
def test_keys_are_rotated(kind):
    card = enrolled(BLANKS[kind](), kind)
    assert holds(enrolled(card, kind, ROTATED, [NEW, FACTORY]), ROTATED)


@KINDS
def test_writing_the_same_keys_again_changes_nothing(kind):
    card = enrolled(BLANKS[kind](), kind)
    held = card.keys[:]
    assert enrolled(card, kind, NEW, [NEW]).keys == held


@KINDS
def test_another_enrolment_of_the_same_version_changes_the_key_of_the_mirror(kind):
    card = enrolled(BLANKS[kind](), kind)
    assert holds(enrolled(card, kind, AGAIN, [NEW, FACTORY]), AGAIN)


@KINDS
def test_the_likeliest_keys_need_not_come_first(kind):
    card = enrolled(BLANKS[kind](), kind, ROTATED)
    assert holds(enrolled(card, kind, NEW, [FACTORY, NEW, ROTATED]), NEW)


@pytest.mark.parametrize(("kind", "most"), [("ntag424", 20), ("desfire", 19), ("desfire light", 18)])
def test_an_enrolment_takes_few_exchanges(kind, most):
    card = BLANKS[kind]()
    assert counted(card, lambda through: enrolled(card, kind, through=through)) <= most


def test_the_address_is_written_and_closed():
    card = enrolled(BLANKS["ntag424"](), "ntag424")
    assert bytes(card.files[2].content) == ADDRESS.ljust(256, b"\0")
    assert card.files[2].settings == mirroring_settings(ADDRESS)
    assert card.answer(NTAG424_SELECTED) == b"\x90\x00"
    assert card.answer(bytes.fromhex("908D00000802000000010000 41 00")) == b"\x91\x9d"
    authenticate_ev2(card.answer, NEW.slots[2], 2, drawn("somebody who has the key of the doors"))
    assert card.answer(bytes.fromhex("908D00000802000000010000 41 00")) == b"\x91\x9d"


def test_without_an_address_the_file_stays_as_it_is_and_is_closed():
    card = BLANKS["ntag424"]()
    card.files[2].content[:5] = b"hello"
    enrol(card.answer, UID, NTAG424, NEW, [FACTORY], drawn("desk"), makers=[MAKER])
    assert card.files[2].content[:6] == b"hello\0"
    assert card.files[2].settings == bytes.fromhex("0000E0")


def test_a_long_address_is_written_whole():
    card, address = BLANKS["ntag424"](), ADDRESS.replace(b"lieu.example", b"a" * 193)
    assert len(address) > 128
    enrol(card.answer, UID, NTAG424, NEW, [FACTORY], drawn("desk"), address=address, makers=[MAKER])
    assert bytes(card.files[2].content).startswith(address)


def test_an_address_of_another_making_is_refused_before_anything_is_written():
    card = BLANKS["ntag424"]()
    with pytest.raises(ValueError):
        enrol(card.answer, UID, NTAG424, NEW, [FACTORY], drawn("desk"), address=b"https://x", makers=[MAKER])
    assert holds(card, FACTORY)


def test_the_application_of_the_place_lets_key_0_alone_change_keys():
    card = enrolled(BLANKS["desfire"](), "desfire")
    application = card.applications[bytes.fromhex("504F49")]
    assert (application.settings, len(application.key_set.keys)) == (0x09, 5)


def test_a_copy_without_the_makers_signature_gets_no_key():
    card = Ntag424(UID, FACTORY.slots, drawn("badge"))
    with pytest.raises(NotOriginal):
        enrolled(card, "ntag424")
    assert holds(card, FACTORY)


@KINDS
def test_a_badge_that_shows_the_uid_of_another_gets_no_key(kind):
    card = BLANKS[kind]()
    card.uid = bytes.fromhex("04A1B2C3D4E5F7")
    with pytest.raises(OtherUid):
        enrolled(card, kind)
    assert holds(card, FACTORY)


@KINDS
def test_a_badge_of_another_place_is_left_as_it_is(kind):
    card = enrolled(BLANKS[kind](), kind, ROTATED)
    with pytest.raises(Foreign):
        enrolled(card, kind, NEW, [AGAIN, FACTORY])
    assert holds(card, ROTATED)


@KINDS
def test_a_badge_of_another_place_is_asked_for_the_keys_of_its_version_alone(kind):
    card = enrolled(BLANKS[kind](), kind, ROTATED)
    for _ in range(10):
        with pytest.raises(Foreign):
            enrolled(card, kind, NEW, [AGAIN])
    assert failures(card) == [0] * 5  # version 2 is none of theirs
    for _ in range(10):
        with pytest.raises(Foreign):
            enrolled(card, kind, NEW, [Keys(AGAIN.slots, 2), AGAIN])
    assert failures(card) == [10, 0, 0, 0, 0]


@KINDS
def test_a_known_badge_is_asked_for_no_wrong_key_of_the_master(kind):
    card = enrolled(BLANKS[kind](), kind)
    enrolled(card, kind, ROTATED, [FACTORY, Keys([bytes((9,)) * 16] * 5, 3), NEW])
    assert failures(card) == [0] * 5


@KINDS
def test_a_slot_that_a_torn_wiping_left_zeros_in_is_written_though_the_badge_is_taken_for_none_that_is_blank(kind):
    card = enrolled(BLANKS[kind](), kind)
    card.keys[3], card.versions[3] = bytes(16), 0
    assert holds(enrolled(card, kind, ROTATED, [NEW]), ROTATED)


def test_a_badge_that_does_not_tell_its_version_is_asked_for_each():
    card = enrolled(BLANKS["ntag424"](), "ntag424")

    def silent(apdu):
        return b"\x91\x9d" if apdu[1] == 0x64 else card.answer(apdu)

    assert holds(enrolled(card, "ntag424", ROTATED, [FACTORY, NEW], silent), ROTATED)
    card.power_on()
    assert holds(enrolled(card, "ntag424", NEW, [FACTORY, ROTATED], lambda apdu: _unversioned(card, apdu)), NEW)


def _unversioned(card, apdu):
    return b"\x00\x01\x02\x91\x00" if apdu[1] == 0x64 else card.answer(apdu)


@pytest.mark.parametrize("version", [0, 9], ids=["of version 0", "of a version of another tool"])
def test_keys_of_zeros_are_tried_whatever_their_version(version):
    card = BLANKS["ntag424"]()
    card.versions[0] = version
    assert holds(enrolled(card, "ntag424", NEW, [ROTATED, FACTORY]), NEW)


def test_keys_that_a_tool_wrote_without_a_version_are_found():
    card = Ntag424.blank(UID, drawn("badge"))
    card.keys[:] = NEW.slots
    assert holds(enrolled(card, "ntag424", ROTATED, [FACTORY, NEW]), ROTATED)


def test_a_badge_that_makes_everybody_wait_is_enrolled_later():
    card = BLANKS["ntag424"]()
    card.key_set.delays = 2
    for _ in range(2):
        with pytest.raises(AuthenticationDelay):
            enrolled(card, "ntag424")
    assert holds(enrolled(card, "ntag424"), NEW)


def test_a_badge_in_lrp_mode_is_told_apart():
    card = BLANKS["ntag424"]()
    card.lrp = True
    with pytest.raises(LrpMode):
        enrolled(card, "ntag424")


def refusing(card, instruction, status, slot=None):
    """The card, which answers with a status of its own to one command, for one slot where that is told."""

    def answer(apdu):
        meant = apdu[1] == instruction and (slot is None or apdu[5] == slot)
        return bytes.fromhex(status) if meant else card.answer(apdu)

    return answer


@pytest.mark.parametrize("status", ["9140", "917E", "91EE"])
def test_a_refusal_that_tells_nothing_of_the_old_key_ends_the_enrolment(status):
    card, sent = BLANKS["ntag424"](), []
    answer = refusing(card, 0xC4, status, slot=1)
    with pytest.raises(Declined) as refusal:
        enrolled(card, "ntag424", through=lambda apdu: (sent.append(apdu[1]), answer(apdu))[1])
    assert f"{refusal.value.status:04X}" == status
    assert sent[-1] == 0xC4 and sent.count(0xC4) == 1
    assert holds(card, FACTORY)


@KINDS
def test_a_slot_that_holds_a_key_of_nobody_known_is_told(kind):
    card = enrolled(BLANKS[kind](), kind)
    card.keys[3] = bytes((7,)) * 16
    with pytest.raises(Foreign, match="slot 3"):
        enrolled(card, kind, ROTATED, [NEW, FACTORY])
    assert card.keys[0] == NEW.slots[0]


@KINDS
def test_a_badge_that_only_says_it_took_the_first_key_is_not_enrolled(kind):
    card = BLANKS[kind]()
    with pytest.raises(WrongKey):
        enrolled(card, kind, through=refusing(card, 0xC4, "9100", slot=0))


def test_a_badge_that_only_says_it_took_the_key_of_the_doors_is_not_enrolled():
    card = BLANKS["ntag424"]()
    with pytest.raises(NotAuthentic):
        enrolled(card, "ntag424", through=refusing(card, 0xC4, "9100", slot=2))


@KINDS
def test_in_the_end_a_badge_proves_the_key_of_the_doors_as_at_a_door(kind):
    card, sent = BLANKS[kind](), []
    enrolled(card, kind, through=lambda apdu: (sent.append(apdu), card.answer(apdu))[1])
    assert sent[-2][:7] == bytes.fromhex("9071000002 02 00")
    assert sent[-1][:5] == bytes.fromhex("90AF000020")
    assert sent[-3][1] == {"ntag424": 0xA4, "desfire": 0x5A, "desfire light": 0xA4}[kind]


def test_a_file_whose_settings_nobody_may_change_is_told():
    card = BLANKS["ntag424"]()
    card.files[2].settings = bytes.fromhex("00EFEE")
    with pytest.raises(ReadOnly):
        enrolled(card, "ntag424")


@KINDS
def test_a_card_that_its_maker_did_not_sign_is_told_before_anything_is_written(kind):
    card = BLANKS[kind]()
    card.signature = bytes(56)
    held = card.state()
    with pytest.raises(NotOriginal):
        enrolled(card, kind)
    assert card.state() == held


def test_an_application_whose_keys_are_frozen_is_told():
    card = BLANKS["desfire"]()
    card.answer(bytes.fromhex("90CA000005 504F490B85 00"))
    card.applications[bytes.fromhex("504F49")].settings = 0xF0
    with pytest.raises(ReadOnly):
        enrolled(card, "desfire")
    assert holds(card, FACTORY)


def test_a_full_card_is_told():
    card = BLANKS["desfire"]()
    card.memory = 100
    with pytest.raises(CardFull):
        enrolled(card, "desfire")
    with pytest.raises(CardFull):  # so many applications that the card does not count further
        enrolled(card, "desfire", through=refusing(card, 0xCA, "91CE"))


@pytest.mark.parametrize("status", ["91AE", "919D"])
def test_a_card_whose_owner_lets_nobody_make_applications_is_theirs(status):
    card = BLANKS["desfire"]()
    with pytest.raises(Foreign):
        enrolled(card, "desfire", through=refusing(card, 0xCA, status))
    card.picc_settings = 0x09
    with pytest.raises(Foreign):
        enrolled(card, "desfire")


def test_on_a_desfire_that_cannot_select_the_application_none_is_made():
    card = BLANKS["desfire"]()

    def answer(apdu):
        return b"\x91\x7e" if apdu[5:8] == b"POI" and apdu[1] == 0x5A else card.answer(apdu)

    with pytest.raises(Declined):
        enrol(answer, UID, EV3, NEW, [FACTORY], drawn("desk"))
    assert card.applications == {}


def test_a_card_without_the_application_that_it_is_known_to_have_is_given_none():
    card = BLANKS["desfire"]()
    with pytest.raises(Foreign):
        enrol(card.answer, UID, EV3, NEW, [ROTATED], drawn("desk"))
    assert card.applications == {}


def test_an_application_is_made_whatever_was_selected_before():
    card = BLANKS["desfire"]()
    card.answer(bytes.fromhex("90CA000005 0102030F83 00"))
    card.answer(bytes.fromhex("905A000003 010203 00"))
    enrol(card.answer, UID, EV3, NEW, [FACTORY], drawn("desk"), makers=[MAKER])
    assert holds(card, NEW)


def test_the_application_beside_those_of_others_is_the_places_own():
    card = BLANKS["desfire"]()
    card.answer(bytes.fromhex("90CA000005 0102030F83 00"))
    others = card.applications[bytes.fromhex("010203")].state()
    enrolled(card, "desfire")
    assert card.applications[bytes.fromhex("010203")].state() == others
    assert holds(card, NEW)
