"""Rhythms that one tells apart with one's back to the door."""

from itertools import combinations
from typing import get_args

import pytest

from device.contract.messages import Reason
from device.core.lights.buzzer import LONG_MS, PATTERNS, lasts_ms
from device.core.lights.door_ring import Picture, lasts_s

YES = ("granted", "exit", "free_passage")
NO = [reason for reason in get_args(Reason) if reason not in (*YES, "already_inside")]


@pytest.mark.parametrize("reason", get_args(Reason))
def test_every_decision_is_heard(reason):
    assert PATTERNS[reason]


def test_any_two_patterns_differ_in_their_rhythm():
    """In tones of less or more than 200 ms and pauses of less or more than 80 ms; nobody hears finer under way."""
    heard = {
        name: [(on_ms > 200, on_ms > 1000, off_ms > 80, off_ms > 400) for on_ms, off_ms in pattern]
        for name, pattern in PATTERNS.items()
    }
    assert all(heard[one] != heard[other] for one, other in combinations(heard, 2))


@pytest.mark.parametrize("reason", YES)
def test_a_yes_has_short_tones_only(reason):
    assert all(on_ms < 100 for on_ms, _ in PATTERNS[reason])


@pytest.mark.parametrize("reason", NO)
def test_a_no_has_a_long_tone(reason):
    assert any(on_ms >= LONG_MS for on_ms, _ in PATTERNS[reason])


@pytest.mark.parametrize("reason", get_args(Reason))
def test_an_answer_is_over_before_its_picture(reason):
    picture_s = lasts_s(Picture(reason))
    assert picture_s and lasts_ms(PATTERNS[reason]) < 1000 * picture_s


def test_a_grant_is_the_shortest_of_all():
    assert min(PATTERNS, key=lambda name: lasts_ms(PATTERNS[name])) == "granted"


@pytest.mark.parametrize("picture", [Picture.IDLE, Picture.CLOSED, Picture.OFFLINE, Picture.FREE, Picture.RECEIPT])
def test_what_needs_nobody_is_silent(picture):
    assert picture not in PATTERNS
