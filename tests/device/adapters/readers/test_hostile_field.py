"""Whatever a card does: it opens no door, holds the reader for its time at most, and the next badge is served.

No socket and no thread is between card and reader, and the clock is moved by what happens: hours of it take seconds.
"""

from contextlib import suppress

import nfc.clf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.adapters.readers.card import Card
from device.adapters.readers.frontend import Frontend
from device.adapters.readers.lending import ACTIVATION_S, ANSWER_BYTES, MESSAGE_S, Lending
from device.adapters.readers.nfc_reader import TRANSACTION_S
from device.contract.lent_reader import MOST_FRAMES
from device.core.badge.errors import BadgeError
from device.core.badge.loan import PassOn, is_refused
from device.simulation.iso_dep import IsoDep
from tests.device.adapters.readers.field import LOOK_S, Field, HeldOut, told_at
from tests.examples import examples
from tests.hostile_cards import (
    FWI_14,
    MORE_TIME,
    ODD_ATS,
    Babbling,
    Leaving,
    Recording,
    Replay,
    Scripted,
    Stuck,
    WrongNumbers,
    card_with,
    lying,
)

BAD, GOOD = "04A1B2C3D4E5F6", "04A1B2C3D4E5F7"
KEY = bytes.fromhex("F3847D627727ED3BC9C4CC050489B966")
OTHER_KEY = bytes(range(16))
SCHEMES = ("ntag424", "desfire")
"""The one is selected by an ISO command, the other by a native one."""
FRAMES = 4
"""Of an honest proof: RATS, selection and the two of the authentication."""
HELD_S = 5.0
ROUNDING_S = 1e-6


def told_of(protocol, scheme="ntag424", keys=(KEY,), **kinds):
    """What a reader tells of a hostile card and of the good badge after it; the good one is let in and taken away."""
    good = HeldOut(GOOD, IsoDep(card_with(GOOD, KEY, scheme)), 1.0)
    told = survived(Field(HeldOut(BAD, protocol, HELD_S, **kinds), good), scheme, keys)
    assert told[-2:] == [("badge", (GOOD, True)), ("gone", GOOD)]
    return told[:-2]


def survived(field, scheme="ntag424", keys=(KEY,)):
    """What a reader tells of the cards in `field`, none of which holds it for too long or gets an error past it."""
    told = told_at(field, scheme, *keys)
    assert field.openings == 1
    assert field.longest_s <= TRANSACTION_S + ROUNDING_S
    return told


def is_no_proof(told):
    """Whether it was called a clone, once or as often as it came anew, or nothing at all."""
    told_apart = set(told)
    return told_apart <= {("badge", (BAD, False)), ("gone", BAD)}


CLONE = [("badge", (BAD, False)), ("gone", BAD)]


@pytest.mark.parametrize("scheme", SCHEMES)
def test_an_honest_badge_is_let_in_with_as_many_frames_as_a_torn_one_is_tried_with(scheme):
    class Counted(IsoDep):
        frames = 0

        def feed(self, frame):
            self.frames += frame[:1] != b"\xb2" and frame[:1] != b"\xb3"
            return super().feed(frame)

    card = Counted(card_with(BAD, KEY, scheme))
    assert told_of(card, scheme) == [("badge", (BAD, True)), ("gone", BAD)]
    assert card.frames == FRAMES


@pytest.mark.parametrize("ats", ODD_ATS)
@pytest.mark.parametrize("frame", [None, "", "029000", "F23B"])
def test_an_odd_ats(ats, frame):
    assert is_no_proof(told_of(Stuck(bytes.fromhex(frame) if frame is not None else None, bytes.fromhex(ats))))


@pytest.mark.parametrize("answers_after_s", [0.002, 0.029, 0.25])
@pytest.mark.parametrize("ats", [FWI_14, bytes.fromhex("067777710280")])
def test_a_card_that_asks_for_more_time_for_ever(ats, answers_after_s):
    assert is_no_proof(told_of(Stuck(MORE_TIME, ats), answers_after_s=answers_after_s))


def test_a_card_that_wants_five_seconds_for_each_answer_and_takes_them():
    assert told_of(Stuck(None, FWI_14)) == []


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_badge_that_takes_a_quarter_of_a_second_for_each_answer_has_no_more_than_its_second(scheme):
    slow = IsoDep(card_with(BAD, KEY, scheme), FWI_14)
    assert is_no_proof(told_of(slow, scheme, answers_after_s=0.3))


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("hears", [False, True])
@pytest.mark.parametrize("frames", range(FRAMES))
def test_a_badge_that_leaves_at_any_exchange_is_no_tap_and_no_clone(scheme, frames, hears):
    assert told_of(Leaving(card_with(BAD, KEY, scheme), frames, hears=hears), scheme) == []


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("from_nth", range(FRAMES - 1))
def test_wrong_block_numbers(scheme, from_nth):
    assert told_of(WrongNumbers(card_with(BAD, KEY, scheme), from_nth), scheme)[:2] == CLONE


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_wrong_key_and_a_copy_of_the_uid(scheme):
    assert told_of(IsoDep(card_with(BAD, OTHER_KEY, scheme)), scheme) == CLONE
    assert told_of(IsoDep(card_with(BAD, bytes(16), scheme)), scheme) == CLONE


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_replay_of_a_recorded_exchange(scheme):
    recording = Recording(card_with(BAD, KEY, scheme))
    assert told_of(IsoDep(recording), scheme)[0] == ("badge", (BAD, True))
    assert len(recording.answers) == FRAMES - 1
    assert told_of(IsoDep(Replay(recording.answers)), scheme) == CLONE


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_badge_that_shows_the_uid_of_another(scheme):
    """It holds a key of its own, whatever it says of itself in a session."""
    assert told_of(IsoDep(lying(card_with(BAD, OTHER_KEY, scheme), GOOD)), scheme) == CLONE


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("seed", range(20))
def test_a_card_that_babbles(scheme, seed):
    assert is_no_proof(told_of(Babbling(card_with(BAD, KEY, scheme), seed), scheme))


WAITS_S = st.floats(0, 5)
CONTROLS = st.sampled_from([b"\x02", b"\x03", b"\x12", b"\x13", b"\xa2", b"\xa3", b"\xb2", b"\xf2", b"\xf3", b"\xc2"])
ANY_FRAME = st.one_of(
    st.none(), st.binary(max_size=300), st.builds(bytes.__add__, CONTROLS, st.binary(max_size=40)), st.just(MORE_TIME)
)
ANY_ATS = st.one_of(st.sampled_from([bytes.fromhex(ats) for ats in ODD_ATS]), st.binary(max_size=20))


@given(ats=ANY_ATS, frames=st.lists(ANY_FRAME, max_size=8), waits_s=WAITS_S, scheme=st.sampled_from(SCHEMES))
@examples(150)
def test_any_frames_at_any_speed(ats, frames, waits_s, scheme):
    assert is_no_proof(told_of(Scripted([ats, *frames]), scheme, answers_after_s=waits_s))


STATUS = st.sampled_from(
    [b"\x90\x00", b"\x91\x00", b"\x91\xaf", b"\x91\xae", b"\x91\xad", b"\x91\x9d", b"\x91\x1c", b"\x6a\x82"]
)
ANY_ANSWER = st.one_of(
    st.binary(max_size=300),
    st.builds(bytes.__add__, st.one_of(*(st.binary(min_size=size, max_size=size) for size in (0, 16, 32))), STATUS),
)


KEYS = st.sampled_from([(KEY,), (KEY, OTHER_KEY), (OTHER_KEY, KEY)])
"""One key, or two while the badges of a place are moved on to another version."""


@given(answers=st.lists(ANY_ANSWER, max_size=6), last=ANY_ANSWER, scheme=st.sampled_from(SCHEMES), keys=KEYS)
@examples(150)
def test_any_well_framed_answers(answers, last, scheme, keys):
    assert is_no_proof(told_of(IsoDep(Replay(answers, last)), scheme, keys))


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("answers_after_s", [0.002, 0.1, 0.25])
def test_a_badge_that_denies_every_key_slowly_has_one_second_for_both(scheme, answers_after_s):
    denying = IsoDep(Replay([b"\x90\x00" if scheme == "ntag424" else b"\x91\x00"], b"\x91\xae"), FWI_14)
    assert is_no_proof(told_of(denying, scheme, (OTHER_KEY, KEY), answers_after_s=answers_after_s))


@given(ats=ANY_ATS, frames=st.lists(ANY_FRAME, max_size=8), waits_s=WAITS_S, asked=st.integers(1, MOST_FRAMES))
@examples(150)
def test_any_frames_at_a_lent_reader(ats, frames, waits_s, asked):
    field = Field(HeldOut(BAD, Scripted([ats, *frames]), 3600.0, waits_s))
    frontend = Frontend(field, lambda: field.now_s)
    card = Card.sensed(frontend, frontend.sense(nfc.clf.RemoteTarget("106A")))
    assert card
    card.allow(ACTIVATION_S)
    with suppress(BadgeError):
        card.activate()
    began_s = field.now_s
    order = PassOn(1, 1, (bytes.fromhex("9071000002000000"),) * asked)
    answered = Lending(lambda word: None, lambda: field.now_s)._passed(card, order, lambda: False)
    assert began_s <= ACTIVATION_S + LOOK_S + ROUNDING_S
    assert field.now_s - began_s <= MESSAGE_S + ROUNDING_S
    assert answered.gone or len(answered.got) == asked or is_refused(answered.got[-1])
    assert {len(each) for each in answered.got} <= set(ANSWER_BYTES)


@given(sak=st.integers(0, 255), uid=st.one_of(st.binary(max_size=12), st.binary(min_size=7, max_size=7)))
@examples(60)
def test_any_uid_and_sak(sak, uid):
    field = Field(HeldOut(uid.hex(), IsoDep(card_with(BAD, OTHER_KEY)), 1.0, sak=sak))
    assert set(survived(field)) <= {("badge", (uid.hex().upper(), False)), ("gone", uid.hex().upper())}
