import pytest

from device.adapters.strike import GuardedStrike
from tests.patience import wait_until

PIN = 17


class HandClock:
    """Turned by hand; `looks` counts how often the guard looked at it."""

    def __init__(self):
        self.now_s, self.looks = 100.0, 0

    def __call__(self):
        self.looks += 1
        return self.now_s


@pytest.fixture
def clock():
    return HandClock()


@pytest.fixture
def strike(factory, clock):
    made = GuardedStrike(PIN, active_high=True, pin_factory=factory, monotonic_s=clock)
    yield made
    made.close()


def is_driven(factory):
    return bool(factory.pin(PIN).state)


def levels(factory):
    return [bool(state.state) for state in factory.pin(PIN).states]


def test_it_is_secured_from_the_first_moment(factory, strike):
    assert [state.state for state in factory.pin(PIN).states] == [False]


def test_release_drives_and_secure_ends(factory, strike, clock):
    strike.release(clock.now_s + 60)
    assert is_driven(factory)
    strike.secure()
    assert not is_driven(factory)


def test_a_strike_released_by_low_is_secured_by_high(factory):
    strike = GuardedStrike(PIN, active_high=False, pin_factory=factory)
    assert is_driven(factory)
    strike.release(None)
    assert not is_driven(factory)
    strike.close()


def test_its_guard_secures_when_nobody_else_does(factory, strike, clock):
    strike.release(clock.now_s - 1)
    wait_until(lambda: not is_driven(factory))


def test_the_guard_leaves_alone_what_is_held(factory, strike, clock):
    strike.release(clock.now_s + 60)
    strike.release(None)
    clock.now_s += 120
    looks = clock.looks
    strike.release(clock.now_s + 60)
    wait_until(lambda: clock.looks > looks)
    assert levels(factory) == [False, True]


def test_a_second_release_moves_the_guards_deadline(factory, strike, clock):
    strike.release(clock.now_s + 60)
    strike.release(clock.now_s + 300)
    clock.now_s += 120
    looks = clock.looks
    strike.release(clock.now_s + 180)
    wait_until(lambda: clock.looks > looks)
    assert levels(factory) == [False, True]


def test_closing_secures(factory, strike):
    strike.release(None)
    strike.close()
    assert not is_driven(factory)
