"""Whatever a card answers over UDP, the reader gets over it within its deadline and takes up the next badge."""

import random
from typing import Any

import pytest

from device.contract.keys import DOOR_SLOT
from device.simulation.iso_dep import IsoDep
from device.simulation.virtual_badge import VirtualBadge
from tests.device.core.badge.tapping import prove
from tests.hostile_cards import (
    FWI_14,
    MORE_TIME,
    SHORT_ATS,
    Babbling,
    Leaving,
    Recording,
    Replay,
    Stuck,
    WrongNumbers,
    card_with,
    lying,
)

UID = "04A1B2C3D4E5F6"
NTAG = f"ntag424:{UID}"
GOOD = "ntag424:04A1B2C3D4E5F7"
KEY = bytes.fromhex("F3847D627727ED3BC9C4CC050489B966")
OTHER_KEY = bytes(range(16))


@pytest.fixture
def reader(reader_at, port, keyring):
    keyring[UID] = keyring[GOOD[-14:]] = ("ntag424", KEY)
    return reader_at(f"udp:127.0.0.1:{port}")


def the_next_badge_opens(port, heard, hold):
    badge = hold(VirtualBadge(port, GOOD, KEY))
    told = heard.next("badge")
    assert told[:3] == ("ntag424", GOOD[-14:], True)
    badge.close()
    assert heard.next("gone") == told.uid


@pytest.mark.parametrize("ats", SHORT_ATS)
def test_a_card_with_too_short_an_answer_to_select_proves_nothing(reader, port, heard, hold, ats):
    badge = hold(VirtualBadge(port, NTAG, protocol=Stuck(None, bytes.fromhex(ats))))
    assert heard.next("badge")[:3] == ("ntag424", UID, False)
    badge.close()
    assert heard.next("gone") == UID
    the_next_badge_opens(port, heard, hold)


@pytest.mark.parametrize("ats", SHORT_ATS)
def test_such_a_card_is_still_known_by_its_uid_where_it_has_no_key(reader, port, heard, hold, keyring, ats):
    del keyring[UID]
    badge = hold(VirtualBadge(port, NTAG, protocol=Stuck(None, bytes.fromhex(ats))))
    assert heard.next("badge")[:3] == ("uid", UID, None)
    assert heard.nothing()
    badge.close()
    assert heard.next("gone") == UID


@pytest.mark.parametrize(
    "frame",
    [
        pytest.param(MORE_TIME.hex(), id="more time for ever"),
        pytest.param("F2", id="more time, cut short"),
        pytest.param("029100", id="done for ever"),
        pytest.param("1291AF", id="more to come for ever"),
        pytest.param("A3", id="acknowledged for ever"),
        pytest.param("FF" * 200, id="nothing that there is"),
    ],
)
def test_a_card_that_answers_one_frame_for_ever_does_not_hold_the_reader(reader, port, heard, hold, frame):
    badge = hold(VirtualBadge(port, NTAG, protocol=Stuck(bytes.fromhex(frame))))
    assert heard.next("badge")[:3] == ("ntag424", UID, False)
    badge.close()
    assert heard.next("gone") == UID
    the_next_badge_opens(port, heard, hold)


def test_a_card_that_wants_five_seconds_and_says_nothing_is_given_up_soon(reader, port, heard, hold):
    badge = hold(VirtualBadge(port, NTAG, protocol=Stuck(None, FWI_14)))
    assert heard.nothing()
    badge.close()
    the_next_badge_opens(port, heard, hold)


def recorded():
    """What an honest badge said to this reader once."""
    recording = Recording(card_with(UID, KEY))
    prove("ntag424", recording.answer, [KEY], DOOR_SLOT, random.randbytes)
    return recording.answers


@pytest.mark.parametrize(
    "hostile",
    [
        pytest.param(lambda: WrongNumbers(card_with(UID, KEY)), id="wrong block numbers"),
        pytest.param(lambda: WrongNumbers(card_with(UID, KEY), 2), id="wrong block numbers at the end"),
        pytest.param(lambda: IsoDep(card_with(UID, OTHER_KEY)), id="another key"),
        pytest.param(lambda: IsoDep(Replay(recorded())), id="a replay"),
        pytest.param(lambda: IsoDep(lying(card_with(UID, OTHER_KEY), GOOD[-14:])), id="a borrowed UID"),
        pytest.param(lambda: Stuck(MORE_TIME, FWI_14), id="five minutes for ever"),
    ],
)
def test_a_card_that_lies_is_called_a_clone_and_the_next_badge_opens(reader, port, heard, hold, hostile):
    badge = hold(VirtualBadge(port, NTAG, protocol=hostile()))
    assert heard.next("badge")[:3] == ("ntag424", UID, False)
    badge.close()
    assert heard.next("gone") == UID
    the_next_badge_opens(port, heard, hold)


@pytest.mark.parametrize("frames", range(1, 4))
def test_a_badge_that_leaves_in_mid_exchange_is_no_tap_and_the_next_badge_opens(reader, port, heard, hold, frames):
    badge = hold(VirtualBadge(port, NTAG, protocol=Leaving(card_with(UID, KEY), frames)))
    assert heard.nothing()
    badge.close()
    the_next_badge_opens(port, heard, hold)


@pytest.mark.parametrize("seed", range(3))
def test_a_card_that_babbles_is_got_over(reader, port, heard, hold, seed):
    VirtualBadge(port, NTAG, protocol=Babbling(card_with(UID, KEY), seed)).present(hold_s=0.3)
    told: list[tuple[str, Any]] = []
    hold(VirtualBadge(port, GOOD, KEY))
    while not told or told[-1] != ("badge", GOOD[-14:]):
        kind, value = heard.any()
        told.append((kind, value if kind == "gone" else value.uid))
        assert kind == "gone" or value.authentic is (value.uid == GOOD[-14:])
