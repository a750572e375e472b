"""The buzzer's pin, over gpiozero's mock."""

import pytest

from device.adapters.buzzer import PatternBuzzer
from device.core.lights.buzzer import PATTERNS
from tests.patience import wait_until

PIN = 18


@pytest.fixture
def buzzer(factory):
    buzzer = PatternBuzzer(PIN, pin_factory=factory)
    yield buzzer
    buzzer.close()


def heard(pin, changes):
    """The pin's levels, once there were that many changes."""
    wait_until(lambda: len(pin.states) > changes)
    return [bool(state.state) for state in pin.states]


def test_a_buzzer_is_silent_from_the_start(buzzer, factory):
    assert not factory.pin(PIN).state


def test_a_grant_is_one_short_tone(buzzer, factory):
    buzzer.play("granted")
    assert heard(factory.pin(PIN), 2) == [False, True, False]


def test_playing_does_not_wait_for_the_end(buzzer, factory):
    buzzer.play("fire")
    assert len(factory.pin(PIN).states) < 2 * len(PATTERNS["fire"])


def test_a_new_pattern_cuts_the_one_that_sounds(buzzer, factory):
    buzzer.play("fire")
    heard(factory.pin(PIN), 1)
    buzzer.play("exit")
    levels = heard(factory.pin(PIN), 2 + 2 * len(PATTERNS["exit"]))
    assert levels[-4:] == [True, False, True, False]
    assert len(levels) < 2 * len(PATTERNS["fire"])


def test_silence_comes_at_once(buzzer, factory):
    buzzer.play("fire")
    heard(factory.pin(PIN), 1)
    buzzer.silence()
    assert not factory.pin(PIN).state


def test_a_name_without_a_pattern_is_silence(buzzer, factory):
    buzzer.play("idle")
    assert [state.state for state in factory.pin(PIN).states] == [False]


def test_a_buzzer_wired_to_the_supply_is_low_when_it_sounds(factory):
    buzzer = PatternBuzzer(PIN, active_high=False, pin_factory=factory)
    assert factory.pin(PIN).state
    buzzer.play("granted")
    heard(factory.pin(PIN), 1)
    buzzer.close()


def test_a_closed_buzzer_is_silent(factory):
    buzzer = PatternBuzzer(PIN, pin_factory=factory)
    buzzer.play("fire")
    heard(factory.pin(PIN), 1)
    buzzer.close()
    assert not factory.pin(PIN).state
