"""A lent reader: virtual badges over UDP, frames passed to them and back; no card holds it beyond its deadlines."""

import logging
import os
import random

import pytest

from device.adapters.readers import Cable
from device.contract.lent_reader import MOST_FRAMES
from device.core.badge.loan import BadgeAnswered, BadgeHeld, BadgeLeft, PassOn
from device.simulation.cards import FACTORY_KEYS, Blank, Ntag424
from device.simulation.iso_dep import NTAG424_ATS, IsoDep
from device.simulation.virtual_badge import VirtualBadge

SESSION, ANOTHER = "c4f10a2b3c4d5e6f", "00000000000000aa"
UID = "04A1B2C3D4E5F6"
NTAG = f"ntag424:{UID}"
SELECT = bytes.fromhex("00A4040C07D276000085010100")
CHALLENGE = bytes.fromhex("9071000002000000")
WRONG_SLOT = bytes.fromhex("9071000002090000")
OK = b"\x90\x00"


@pytest.fixture
def cable():
    return Cable()


@pytest.fixture
def reader(reader_at, port, cable):
    return reader_at(f"udp:127.0.0.1:{port}", connect=cable.connect)


def held(heard, uid=UID, ats=NTAG424_ATS, sak=0x20, session=SESSION):
    """The next thing told is that this badge is held; its holding."""
    told = heard.next("loan")
    assert told == BadgeHeld(session, told.hold, uid, sak, ats)
    return told.hold


def test_a_badge_is_reported_and_answers_what_is_passed_to_it(reader, port, heard, keyring, hold):
    keyring[UID] = ("ntag424", bytes(16))
    reader.lend(SESSION)
    hold(VirtualBadge(port, NTAG))
    holding = held(heard)
    reader.pass_on(PassOn(holding, 1, (SELECT, CHALLENGE)))
    answered = heard.next("loan")
    assert answered[:2] == (holding, 1)
    assert not answered.gone
    selected, challenge = answered.got
    assert selected == OK
    assert len(challenge) == 18 and challenge.endswith(b"\x91\xaf")
    assert heard.nothing(), "and it is no tap"


def test_what_it_did_before_holds_for_the_next_message(reader, port, heard, hold):
    """A badge that was not asked for its presence in between would do so too; one that lost its state would not."""
    reader.lend(SESSION)
    hold(VirtualBadge(port, NTAG))
    holding = held(heard)
    reader.pass_on(PassOn(holding, 1, (SELECT,)))
    assert heard.next("loan").got == (OK,)
    assert heard.nothing()
    reader.pass_on(PassOn(holding, 2, (CHALLENGE,)))
    assert heard.next("loan").got[0].endswith(b"\x91\xaf")


def test_after_a_frame_that_is_refused_nothing_more_is_passed_on(reader, port, heard, hold):
    reader.lend(SESSION)
    hold(VirtualBadge(port, NTAG))
    holding = held(heard)
    reader.pass_on(PassOn(holding, 1, (SELECT, WRONG_SLOT, CHALLENGE)))
    assert heard.next("loan") == BadgeAnswered(holding, 1, (OK, b"\x91\x40"), gone=False)
    reader.pass_on(PassOn(holding, 2, (SELECT, CHALLENGE)))
    assert len(heard.next("loan").got) == 2, "and the badge is still spoken to"


@pytest.mark.parametrize(
    ("badge", "uid", "sak"),
    [
        pytest.param(lambda port: VirtualBadge(port, "uid:04A1B2C3"), "04A1B2C3", 0x00, id="a sticker"),
        pytest.param(lambda port: VirtualBadge(port, f"uid:{UID}", sak=0x08), UID, 0x08, id="a Classic"),
    ],
)
def test_a_card_without_iso_14443_4_is_reported_without_an_ats(reader, port, heard, hold, badge, uid, sak):
    reader.lend(SESSION)
    card = hold(badge(port))
    holding = held(heard, uid, b"", sak)
    assert heard.nothing(), "it lies there and says nothing"
    reader.pass_on(PassOn(holding, 1, (SELECT,)))
    assert heard.next("loan") == BadgeAnswered(holding, 1, (), gone=True)
    assert heard.next("loan") == BadgeLeft(holding)
    again = held(heard, uid, b"", sak)
    card.close()
    assert heard.next("loan") == BadgeLeft(again)


def test_a_smart_card_of_another_kind_answers_as_it_does(reader, port, heard, hold):
    reader.lend(SESSION)
    hold(VirtualBadge(port, f"uid:{UID}", protocol=IsoDep(Blank())))
    holding = held(heard)
    reader.pass_on(PassOn(holding, 1, (SELECT, CHALLENGE)))
    assert heard.next("loan") == BadgeAnswered(holding, 1, (b"\x6d\x00",), gone=False)


def test_a_badge_that_leaves_is_told_and_may_be_held_again(reader, port, heard, hold):
    reader.lend(SESSION)
    badge = hold(VirtualBadge(port, NTAG))
    first = held(heard)
    badge.close()
    assert heard.next("loan") == BadgeLeft(first)
    reader.pass_on(PassOn(first, 1, (SELECT,)))
    hold(VirtualBadge(port, NTAG))
    second = held(heard)
    assert second != first
    assert heard.nothing(), "what was meant for it before is not passed on now"
    reader.pass_on(PassOn(second, 2, (SELECT,)))
    assert heard.next("loan") == BadgeAnswered(second, 2, (OK,), gone=False)


def test_a_badge_pulled_away_over_its_work_has_answered_in_part(reader, port, heard, hold):
    badges: list[VirtualBadge] = []

    class Pulled(Ntag424):
        def answer(self, apdu):
            if apdu == CHALLENGE:
                badges[0].close()
            return super().answer(apdu)

    reader.lend(SESSION)
    badges.append(VirtualBadge(port, NTAG, protocol=IsoDep(Pulled(bytes.fromhex(UID), FACTORY_KEYS, os.urandom))))
    hold(badges[0])
    holding = held(heard)
    reader.pass_on(PassOn(holding, 1, (SELECT, CHALLENGE, SELECT)))
    assert heard.next("loan") == BadgeAnswered(holding, 1, (OK,), gone=True)
    assert heard.next("loan") == BadgeLeft(holding)


def test_a_badge_that_lies_there_when_the_loan_begins_is_reported(reader, port, heard, hold):
    hold(VirtualBadge(port, NTAG))
    assert heard.next("badge").uid == UID
    reader.lend(SESSION)
    assert heard.next("gone") == UID
    held(heard)


def test_a_badge_that_lies_there_when_the_loan_is_over_is_no_tap_and_the_next_one_is(reader, port, heard, hold):
    reader.lend(SESSION)
    badge = hold(VirtualBadge(port, NTAG))
    holding = held(heard)
    reader.take_back()
    assert heard.next("loan") == BadgeLeft(holding)
    assert heard.nothing()
    reader.pass_on(PassOn(holding, 1, (SELECT,)))
    assert heard.nothing(), "and hears of nothing any more"
    badge.close()
    hold(VirtualBadge(port, f"uid:{UID}"))
    assert heard.next("badge").uid == UID


def test_lent_anew_it_reports_the_badge_anew(reader, port, heard, hold):
    reader.lend(SESSION)
    hold(VirtualBadge(port, NTAG))
    first = held(heard)
    reader.lend(ANOTHER)
    assert heard.next("loan") == BadgeLeft(first)
    assert held(heard, session=ANOTHER) != first


def test_a_reader_that_is_pulled_out_and_put_back_is_lent_still(reader, port, heard, cable, hold):
    reader.lend(SESSION)
    hold(VirtualBadge(port, NTAG))
    first = held(heard)
    cable.unplug()
    assert heard.next("loan") == BadgeLeft(first)
    assert heard.next("fault") is True
    cable.plug()
    assert heard.next("fault") is False
    held(heard)


def test_a_lent_reader_stops_with_a_badge_on_it(reader, port, heard, hold):
    reader.lend(SESSION)
    hold(VirtualBadge(port, NTAG))
    holding = held(heard)
    reader.stop()
    assert heard.next("loan") == BadgeLeft(holding)


class Odd(IsoDep):
    """A card that answers every block with the same frame, after an ATS of its own."""

    def __init__(self, frame=None, ats=NTAG424_ATS):
        super().__init__(Ntag424(bytes.fromhex(UID), FACTORY_KEYS, os.urandom), ats)
        self.frame = frame

    def feed(self, frame):
        return self.frame if self.active and frame[0] & 0xF6 != 0xB2 else super().feed(frame)


@pytest.mark.parametrize(
    "frame",
    [
        pytest.param("F23B", id="more time for ever"),
        pytest.param("F2", id="more time, cut short"),
        pytest.param("1291AF", id="more to come for ever"),
        pytest.param("A3", id="acknowledged for ever"),
        pytest.param("FF" * 200, id="nothing that there is"),
        pytest.param("0290", id="an answer of one byte"),
        pytest.param("02", id="an empty answer"),
        pytest.param("02" + "00" * 254 + "9000", id="an answer longer than there is"),
        pytest.param(None, id="nothing"),
    ],
)
def test_a_card_that_answers_one_frame_for_ever_is_gone_within_its_deadline(reader, port, heard, hold, frame):
    reader.lend(SESSION)
    badge = hold(VirtualBadge(port, NTAG, protocol=Odd(frame and bytes.fromhex(frame))))
    holding = held(heard)
    reader.pass_on(PassOn(holding, 1, (SELECT, CHALLENGE)))
    assert heard.next("loan") == BadgeAnswered(holding, 1, (), gone=True)
    assert heard.next("loan") == BadgeLeft(holding)
    badge.close()
    hold(VirtualBadge(port, "ntag424:04B1B2C3D4E5F6"))
    told = heard.next("loan")
    while not (isinstance(told, BadgeHeld) and told.uid == "04B1B2C3D4E5F6"):
        told = heard.next("loan")
    reader.pass_on(PassOn(told.hold, 2, (SELECT,)))
    assert heard.next("loan").got == (OK,)


@pytest.mark.parametrize("ats", ["01", "0208", "032871"])
def test_a_card_with_too_short_an_answer_to_select_is_reported_without_one(reader, port, heard, hold, ats):
    reader.lend(SESSION)
    hold(VirtualBadge(port, NTAG, protocol=Odd(ats=bytes.fromhex(ats))))
    held(heard, ats=b"")


@pytest.mark.parametrize("seed", range(3))
def test_a_card_that_babbles_stops_nothing(reader, port, heard, hold, seed):
    class Babbling(IsoDep):
        dice = random.Random(seed)

        def feed(self, frame):
            if not self.active:
                return super().feed(frame)
            return self.dice.randbytes(self.dice.choice((1, 1, 2, 3, 17, 19, 35, 250)))

    reader.lend(SESSION)
    babbling = Babbling(Ntag424(bytes.fromhex(UID), FACTORY_KEYS, os.urandom))
    badge = hold(VirtualBadge(port, NTAG, protocol=babbling))
    holding = held(heard)
    reader.pass_on(PassOn(holding, 1, (SELECT,) * MOST_FRAMES))
    told = heard.next("loan")
    while not (isinstance(told, BadgeLeft) and told.hold == holding):
        told = heard.next("loan")
    badge.close()


def test_nothing_that_goes_over_the_air_gets_into_a_log(reader, port, heard, hold, caplog):
    caplog.set_level(0)
    reader.lend(SESSION)
    badge = hold(VirtualBadge(port, NTAG))
    holding = held(heard)
    reader.pass_on(PassOn(holding, 1, (SELECT, CHALLENGE)))
    challenge = heard.next("loan").got[1]
    badge.close()
    assert heard.next("loan") == BadgeLeft(holding)
    told = caplog.text.lower()
    for secret in (SELECT.hex(), CHALLENGE.hex(), challenge.hex(), UID.lower(), SESSION):
        assert secret not in told
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]
