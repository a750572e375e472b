"""The buzzer's pin, over gpiozero's mock."""

import time

import pytest

from device.adapters.buzzer import PatternBuzzer

PIN = 18


@pytest.fixture
def buzzer(factory):
    buzzer = PatternBuzzer(PIN, pin_factory=factory)
    yield buzzer
    buzzer.close()


def heard(pin, changes):
    """The pin's levels and the milliseconds between them, once there were that many changes."""
    ends_s = time.monotonic() + 5
    while len(pin.states) <= changes and time.monotonic() < ends_s:
        time.sleep(0.005)
    return [bool(state.state) for state in pin.states], [round(state.timestamp * 1000) for state in pin.states]


def test_a_buzzer_is_silent_from_the_start(buzzer, factory):
    assert not factory.pin(PIN).state


def test_a_grant_is_one_short_tone(buzzer, factory):
    buzzer.play("granted")
    levels, after_ms = heard(factory.pin(PIN), 2)
    assert levels == [False, True, False]
    assert after_ms[2] == pytest.approx(70, abs=30)


def test_playing_does_not_wait_for_the_end(buzzer):
    begun_s = time.monotonic()
    buzzer.play("fire")
    assert time.monotonic() - begun_s < 0.1


def test_a_new_pattern_cuts_the_one_that_sounds(buzzer, factory):
    buzzer.play("fire")
    buzzer.play("exit")
    levels, after_ms = heard(factory.pin(PIN), 6)
    assert levels == [False, True, False, True, False, True, False]
    assert sum(after_ms) < 1000


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
