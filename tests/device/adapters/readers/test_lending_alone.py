"""A lent reader by itself, its card played: how long what may take, what is gone, and whom frames are for."""

from threading import Event
from typing import Any, cast

import pytest

from device.adapters.readers.lending import FRAME_S, MESSAGE_S, Lending
from device.core.badge.errors import BadgeGone, Garbled
from device.core.badge.loan import BadgeAnswered, BadgeHeld, BadgeLeft, PassOn

SESSION, ANOTHER = "c4f10a2b3c4d5e6f", "00000000000000aa"
UID = "04A1B2C3D4E5F6"
SELECT = bytes.fromhex("00A4040C07D276000085010100")
OK = b"\x90\x00"


class SlowCard:
    """A card that takes `takes_s` of a clock that is moved by hand for each frame, or all that it is given."""

    uid, sak, ats = UID, 0x20, b""

    def __init__(self, takes_s, fault=None):
        self.takes_s, self.fault, self.now_s = takes_s, fault, 0.0
        self.left_s, self.asked = 0.0, 0

    def allow(self, seconds):
        self.left_s = seconds

    def activate(self):
        pass

    def transceive(self, apdu):
        self.asked += 1
        self.now_s += min(self.takes_s, self.left_s)
        if self.fault or self.takes_s > self.left_s:
            raise self.fault or BadgeGone("it says nothing")
        return OK


def passed_to(card, frames):
    lending = Lending(lambda word: None, lambda: card.now_s)
    return lending._passed(card, PassOn(1, 1, (SELECT,) * frames), lambda: False)


@pytest.mark.parametrize(
    ("takes_s", "frames", "asked", "answers", "took_s"),
    [
        (0.1, 16, 16, 16, 1.6),
        (60.0, 16, 1, 0, FRAME_S),
        (FRAME_S, 16, 5, 5, MESSAGE_S),
        (0.75, 16, 7, 6, MESSAGE_S),
        (0.3, 16, 16, 16, 4.8),
    ],
)
def test_a_frame_has_a_second_and_a_message_five(takes_s, frames, asked, answers, took_s):
    card = SlowCard(takes_s)
    answered = passed_to(card, frames)
    assert card.asked == asked
    assert (len(answered.got), answered.gone) == (answers, answers < frames)
    assert card.now_s == pytest.approx(took_s)


@pytest.mark.parametrize("fault", [BadgeGone("silent"), Garbled("rubbish")])
def test_what_a_badge_does_wrong_ends_the_message_and_is_not_an_error_of_the_reader(fault):
    assert passed_to(SlowCard(0.1, fault), 2) == BadgeAnswered(1, 1, (), gone=True)


def test_a_loan_that_is_over_ends_between_two_frames():
    card: Any = SlowCard(0.1)
    lending = Lending(lambda word: None, lambda: card.now_s)
    answered = lending._passed(card, PassOn(1, 1, (SELECT,) * 9), lambda: card.asked == 3)
    assert (card.asked, len(answered.got), answered.gone) == (3, 3, True)


class CountedCard(SlowCard):
    """A card that is there or not when it is asked, and where it was asked so often, has frames waiting for it."""

    def __init__(self, *presences, lending=None, frames_at=0, fault=None):
        super().__init__(0.1, fault)
        self.presences, self.checks, self.allowed_s = presences, 0, []
        self.lending, self.frames_at = lending, frames_at

    def allow(self, seconds):
        super().allow(seconds)
        self.allowed_s.append(seconds)

    def is_present(self):
        self.checks += 1
        if self.checks == self.frames_at:
            self.lending.pass_on(PassOn(0, 1, (SELECT,)))
        return self.presences[self.checks - 1]


def served(*presences, frames_at=0, fault=None):
    """A card that was served: how often it was asked whether it is there, and whether it still lies there."""
    lending = Lending(lambda word: None)
    card: Any = CountedCard(*presences, lending=lending, frames_at=frames_at, fault=fault)
    lending.begin(SESSION)
    lies_there = lending.serve(card, Event())
    assert card.allowed_s[0] == 1.0
    return card.checks, lies_there


@pytest.mark.parametrize("presences", [(False, False), (True, False, True, False, False), (False, True, False, False)])
def test_a_badge_is_gone_when_it_misses_two_checks_in_a_row(presences):
    assert served(*presences, True) == (len(presences), False)


def test_a_badge_that_answers_is_there():
    assert served(False, False, True, False, False, True, frames_at=1) == (5, False)


def test_a_badge_that_does_not_answer_is_called_anew():
    assert served(True, True, True, frames_at=1, fault=BadgeGone("silent")) == (1, False)


def test_a_card_that_is_silent_when_it_is_activated_is_not_reported():
    class Silent(SlowCard):
        def activate(self):
            raise BadgeGone("silent")

    told: list[object] = []
    lending, card = Lending(told.append), Silent(0.1)
    lending.begin(SESSION)
    assert lending.serve(cast(Any, card), Event()) is False
    assert told == []


def test_a_reader_that_was_taken_back_meanwhile_serves_nobody():
    told: list[object] = []
    assert Lending(told.append).serve(cast(Any, SlowCard(0.1)), Event()) is True
    assert told == []


def test_a_card_that_cannot_be_activated_is_reported_without_an_ats_and_asked_nothing() -> None:
    class Odd(CountedCard):
        def activate(self):
            raise Garbled("no ATS")

    told: list[object] = []
    lending, card = Lending(told.append), Odd(False, False)
    lending.begin(SESSION)
    assert lending.serve(cast(Any, card), Event()) is False
    assert told == [BadgeHeld(SESSION, 0, UID, 0x20, b""), BadgeLeft(0)]
    assert card.asked == 0


def test_frames_for_a_holding_that_is_over_are_dropped() -> None:
    told: list[object] = []
    lending, card = Lending(told.append), CountedCard(False, False)
    lending.begin(SESSION)
    lending.pass_on(PassOn(7, 1, (SELECT,)))
    assert lending.serve(cast(Any, card), Event()) is False
    assert (card.asked, card.checks) == (0, 2)
    assert not [word for word in told if isinstance(word, BadgeAnswered)]


def test_a_frame_that_is_refused_is_the_last_that_is_passed_on() -> None:
    class Refusing(SlowCard):
        def transceive(self, apdu):
            super().transceive(apdu)
            return b"\x91\x40" if self.asked == 2 else OK

    assert passed_to(Refusing(0.1), 4) == BadgeAnswered(1, 1, (OK, b"\x91\x40"), gone=False)


@pytest.mark.parametrize("ends", ["taken back", "lent anew", "stopped"])
def test_a_loan_that_ends_while_a_badge_lies_there_leaves_it_lying(ends):
    stopping = Event()

    class Ending(CountedCard):
        def is_present(self):
            {
                "taken back": lending.end,
                "lent anew": lambda: lending.begin(ANOTHER),
                "stopped": stopping.set,
            }[ends]()
            return super().is_present()

    told: list[object] = []
    lending, card = Lending(told.append), Ending(True)
    lending.begin(SESSION)
    assert lending.is_on
    assert lending.serve(cast(Any, card), stopping) is True
    assert told == [BadgeHeld(SESSION, 0, UID, 0x20, b""), BadgeLeft(0)]
    assert lending.is_on is (ends != "taken back")
