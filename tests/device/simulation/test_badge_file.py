"""A virtual badge that lives in a file, from one reader to the next."""

import json
import os
import stat
from contextlib import suppress

import pytest

from device.contract.errors import Refused
from device.contract.keys import DOOR_SLOT, MASTER_SLOT
from device.core.badge.apdu import select_ntag424
from device.core.badge.authentication import authenticate_ev2
from device.core.badge.enrolment import enrol
from device.core.badge.errors import BadgeGone, WrongKey
from device.core.badge.identification import Product, identify
from device.core.badge.keys import FACTORY, Keys
from device.core.badge.originality import check_original
from device.core.badge.reading import read
from device.core.badge.session import card_uid, change_key
from device.core.badge.wiping import wipe
from device.simulation.badge_file import BadgeFile
from device.simulation.badge_state import KINDS
from device.simulation.blank import SIGNED_BY_NXP, blank_ntag424
from device.simulation.maker import public_key
from tests.device.core.badge.tapping import prove, pulled_away

ZEROS = bytes(16)
KEY = bytes.fromhex("F3847D627727ED3BC9C4CC050489B966")
KEYS = Keys([bytes((0x10 + slot,)) * 16 for slot in range(5)], 1)
NTAG424 = Product("ntag424", "NTAG 424 DNA")
SIGNED = SIGNED_BY_NXP[NTAG424.name]


@pytest.fixture
def file(tmp_path):
    return tmp_path / "badge.json"


def spoken_to(shown):
    """A way to the card behind what a reader meets, past its framing."""
    card = shown.protocol._card
    card.power_on()
    return card.answer


def uid_of(shown):
    return bytes.fromhex(shown.credential.partition(":")[2])


def test_a_badge_that_is_not_there_yet_is_made_blank_and_passes_for_genuine(file):
    with BadgeFile(file) as shown:
        scheme, _, uid = shown.credential.partition(":")
        transceive = spoken_to(shown)
        select_ntag424(transceive)
        check_original(transceive, bytes.fromhex(uid))
        assert card_uid(transceive, authenticate_ev2(transceive, ZEROS, MASTER_SLOT, os.urandom)).hex().upper() == uid
    assert scheme == "ntag424"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert json.loads(file.read_text())["uid"].upper() == uid


def test_what_one_reader_writes_is_there_at_the_next(file):
    with BadgeFile(file) as shown:
        transceive = spoken_to(shown)
        select_ntag424(transceive)
        session = authenticate_ev2(transceive, ZEROS, MASTER_SLOT, os.urandom)
        change_key(transceive, session, DOOR_SLOT, KEY, 7, ZEROS)
    with BadgeFile(file) as again:
        transceive = spoken_to(again)
        select_ntag424(transceive)
        authenticate_ev2(transceive, KEY, DOOR_SLOT, os.urandom)
    assert again.credential == shown.credential
    assert json.loads(file.read_text())["keys"]["versions"] == [0, 0, 7, 0, 0]


@pytest.mark.parametrize("kind", ["ntag424", "desfire"])
def test_a_badge_is_enrolled_at_the_desk_opens_a_door_and_is_wiped_at_the_desk(file, kind):
    with BadgeFile(file, kind) as desk:
        uid, through = uid_of(desk), spoken_to(desk)
        product = identify(through, uid, 0x20)
        enrol(through, uid, product, KEYS, [FACTORY], os.urandom)
    with BadgeFile(file) as door:
        assert door.credential == f"{kind}:{uid.hex().upper()}"
        prove(kind, spoken_to(door), [KEYS.slots[DOOR_SLOT]], DOOR_SLOT, os.urandom)
    with BadgeFile(file) as desk:
        wipe(spoken_to(desk), uid, product, [KEYS], os.urandom)
    with BadgeFile(file) as desk:
        assert read(spoken_to(desk), uid, product, [KEYS, FACTORY], os.urandom).held == FACTORY


@pytest.mark.parametrize("tear", range(20))
@pytest.mark.parametrize("arrived", [False, True])
def test_a_badge_that_was_torn_off_at_one_reader_is_finished_at_the_next(file, tear, arrived):
    with BadgeFile(file) as desk, suppress(BadgeGone):
        enrol_at(desk, lambda card: pulled_away(card, tear, arrived=arrived))
    with BadgeFile(file) as desk:
        enrol_at(desk, lambda card: card.answer)
    assert json.loads(file.read_text())["keys"]["keys"] == [key.hex() for key in KEYS.slots]


def enrol_at(desk, way):
    desk.protocol.power_on()
    enrol(way(desk.protocol._card), uid_of(desk), NTAG424, KEYS, [KEYS, FACTORY], os.urandom)


def test_it_remembers_wrong_keys(file):
    for _ in range(2):
        with BadgeFile(file) as shown:
            transceive = spoken_to(shown)
            select_ntag424(transceive)
            with pytest.raises(WrongKey):
                authenticate_ev2(transceive, KEY, DOOR_SLOT, os.urandom)
    assert json.loads(file.read_text())["keys"]["failures"][DOOR_SLOT] == 2


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_found_again_and_is_of_no_other(file, kind):
    with BadgeFile(file, kind) as made:
        pass
    with BadgeFile(file) as shown:
        assert kind == "phone" or shown.credential == made.credential
        assert (shown.protocol is None) == (kind == "uid")
    other = KINDS[KINDS.index(kind) - 1]
    with pytest.raises(Refused, match=f"of the kind {kind}, not {other}"), BadgeFile(file, other):
        pass
    with BadgeFile(file, kind):
        pass


def test_a_telephone_shows_another_uid_each_time(file):
    uids = []
    for _ in range(3):
        with BadgeFile(file, "phone") as shown:
            assert shown.next_uid
            uids += [uid_of(shown), shown.next_uid()]
    assert len(set(uids)) == len(uids)
    assert {(len(uid), uid[0]) for uid in uids} == {(4, 0x08)}


def test_badges_beside_one_another_have_uids_of_their_own(tmp_path):
    uids: list[bytes] = []
    for number in range(len(SIGNED) + 2):
        with BadgeFile(tmp_path / f"{number}.json") as shown:
            uids.append(uid_of(shown))
    assert len(set(uids)) == len(uids)
    assert set(SIGNED) < set(uids)


def test_when_no_published_signature_is_left_the_maker_of_virtual_badges_signs():
    card = blank_ntag424(os.urandom, SIGNED)
    select_ntag424(card.answer)
    check_original(card.answer, card.uid, [public_key()])


def test_it_is_in_one_hand_at_a_time_also_after_it_was_written_to(file):
    with BadgeFile(file) as shown:
        for _ in range(2):
            with pytest.raises(Refused, match="held to another reader"), BadgeFile(file):
                pass
            transceive = spoken_to(shown)
            select_ntag424(transceive)
            with pytest.raises(WrongKey):
                authenticate_ev2(transceive, KEY, DOOR_SLOT, os.urandom)
    with BadgeFile(file):
        pass


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        "7",
        "null",
        '"badge"',
        "{}",
        '{"kind": "ntag424"}',
        '{"kind": "hat"}',
        '{"kind": "uid", "uid": 7}',
        "\xff",
    ],
)
def test_a_file_that_holds_no_badge_is_refused_and_left_as_it_is(file, text):
    file.write_text(text, "latin-1")
    for _ in range(2):
        with pytest.raises(Refused, match=r"badge\.json: no badge is in it"), BadgeFile(file):
            pass
    assert file.read_text("latin-1") == text


def test_a_folder_that_is_not_there_is_told_in_one_line(tmp_path):
    with pytest.raises(Refused, match="No such file or directory"), BadgeFile(tmp_path / "no" / "badge.json"):
        pass


def test_what_cannot_be_written_leaves_the_badge_as_it_was(file):
    with BadgeFile(file) as shown:
        before = file.read_bytes()
        (file.parent / ".badge.json.new").mkdir()
        transceive = spoken_to(shown)
        select_ntag424(transceive)
        with pytest.raises(Refused, match=r"badge\.json: "):
            authenticate_ev2(transceive, KEY, DOOR_SLOT, os.urandom)
        assert file.read_bytes() == before


def test_a_file_that_a_killed_program_left_empty_becomes_a_badge(file):
    file.touch()
    (file.parent / ".badge.json.new").write_text("{ half of")
    with BadgeFile(file) as shown:
        assert uid_of(shown) in SIGNED
    assert [path.name for path in file.parent.iterdir()] == ["badge.json"]
