import time

import pytest

from device.adapters.strike import GuardedStrike

PIN = 17


@pytest.fixture
def strike(factory):
    made = GuardedStrike(PIN, active_high=True, pin_factory=factory)
    yield made
    made.close()


def is_driven(factory):
    return bool(factory.pin(PIN).state)


def until(condition, within_s=3.0):
    end_s = time.monotonic() + within_s
    while not condition() and time.monotonic() < end_s:
        time.sleep(0.005)
    return condition()


def test_it_is_secured_from_the_first_moment(factory, strike):
    assert [state.state for state in factory.pin(PIN).states] == [False]


def test_release_drives_and_secure_ends(factory, strike):
    strike.release(time.monotonic() + 60)
    assert is_driven(factory)
    strike.secure()
    assert not is_driven(factory)


def test_a_strike_released_by_low_is_secured_by_high(factory):
    strike = GuardedStrike(PIN, active_high=False, pin_factory=factory)
    assert is_driven(factory)
    strike.release(None)
    assert not is_driven(factory)
    strike.close()


def test_its_guard_secures_when_nobody_else_does(factory, strike):
    strike.release(time.monotonic() + 0.05)
    assert until(lambda: not is_driven(factory))


def test_the_guard_leaves_alone_what_is_held(factory, strike):
    strike.release(time.monotonic() + 0.05)
    strike.release(None)
    time.sleep(0.4)
    assert is_driven(factory)


def test_a_second_release_moves_the_guards_deadline(factory, strike):
    strike.release(time.monotonic() + 0.05)
    strike.release(time.monotonic() + 60)
    time.sleep(0.4)
    assert is_driven(factory)


def test_closing_secures(factory, strike):
    strike.release(None)
    strike.close()
    assert not is_driven(factory)
