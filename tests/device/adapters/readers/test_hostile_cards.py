"""Whatever a card answers, the reader gets over it within its deadline and takes up the next badge."""

import os
import random
from typing import Any

import pytest

from device.contract.keys import DOOR_SLOT
from device.simulation.cards import FACTORY_KEYS, Ntag424
from device.simulation.iso_dep import IsoDep
from device.simulation.virtual_badge import VirtualBadge

UID = "04A1B2C3D4E5F6"
NTAG = f"ntag424:{UID}"
GOOD = "ntag424:04A1B2C3D4E5F7"
KEY = bytes.fromhex("F3847D627727ED3BC9C4CC050489B966")
KEYS = [*FACTORY_KEYS[:DOOR_SLOT], KEY, *FACTORY_KEYS[DOOR_SLOT + 1 :]]
ATS_FWI_14 = bytes.fromhex("067777E10280")


class Hostile(IsoDep):
    """A card that answers every block with the same frame, after an ATS of its own."""

    def __init__(self, ats, frame=None):
        super().__init__(Ntag424(bytes.fromhex(UID), KEYS, os.urandom), ats)
        self.frame = frame

    def feed(self, frame):
        return self.frame if self.active else super().feed(frame)


class Babbling(IsoDep):
    """A card that answers anything at all."""

    def __init__(self, seed):
        super().__init__(Ntag424(bytes.fromhex(UID), KEYS, os.urandom))
        self.dice = random.Random(seed)

    def feed(self, frame):
        if not self.active and self.dice.random() < 0.8:
            return super().feed(frame)
        self.active = True
        return self.dice.randbytes(self.dice.choice((1, 1, 2, 3, 17, 19, 35, 250)))


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


@pytest.mark.parametrize("ats", ["01", "0208", "032871"])
def test_a_card_with_too_short_an_answer_to_select_proves_nothing(reader, port, heard, hold, ats):
    badge = hold(VirtualBadge(port, NTAG, protocol=Hostile(bytes.fromhex(ats))))
    assert heard.next("badge")[:3] == ("ntag424", UID, False)
    badge.close()
    assert heard.next("gone") == UID
    the_next_badge_opens(port, heard, hold)


@pytest.mark.parametrize("ats", ["01", "0208", "032871"])
def test_such_a_card_is_still_known_by_its_uid_where_it_has_no_key(reader, port, heard, hold, keyring, ats):
    del keyring[UID]
    badge = hold(VirtualBadge(port, NTAG, protocol=Hostile(bytes.fromhex(ats))))
    assert heard.next("badge")[:3] == ("uid", UID, None)
    assert heard.nothing()
    badge.close()
    assert heard.next("gone") == UID


@pytest.mark.parametrize(
    "frame",
    [
        pytest.param("F23B", id="more time for ever"),
        pytest.param("F2", id="more time, cut short"),
        pytest.param("029100", id="done for ever"),
        pytest.param("1291AF", id="more to come for ever"),
        pytest.param("A3", id="acknowledged for ever"),
        pytest.param("FF" * 200, id="nothing that there is"),
    ],
)
def test_a_card_that_answers_one_frame_for_ever_does_not_hold_the_reader(reader, port, heard, hold, frame):
    badge = hold(VirtualBadge(port, NTAG, protocol=Hostile(bytes.fromhex("067777710280"), bytes.fromhex(frame))))
    assert heard.next("badge")[:3] == ("ntag424", UID, False)
    badge.close()
    assert heard.next("gone") == UID
    the_next_badge_opens(port, heard, hold)


def test_a_card_that_wants_five_seconds_and_says_nothing_is_given_up_soon(reader, port, heard, hold):
    badge = hold(VirtualBadge(port, NTAG, protocol=Hostile(ATS_FWI_14)))
    assert heard.nothing()
    badge.close()
    the_next_badge_opens(port, heard, hold)


@pytest.mark.parametrize("seed", range(3))
def test_a_card_that_babbles_is_got_over(reader, port, heard, hold, seed):
    VirtualBadge(port, NTAG, protocol=Babbling(seed)).present(hold_s=0.3)
    told: list[tuple[str, Any]] = []
    hold(VirtualBadge(port, GOOD, KEY))
    while not told or told[-1] != ("badge", GOOD[-14:]):
        kind, value = heard.any()
        told.append((kind, value if kind == "gone" else value.uid))
        assert kind == "gone" or value.authentic is (value.uid == GOOD[-14:])
