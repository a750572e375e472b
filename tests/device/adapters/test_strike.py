"""The unit's side of the strike, with real driver processes on a simulated line."""

import os
import signal
import sys
from queue import SimpleQueue

import pytest

from device.adapters import strike as strikes
from device.adapters import strike_driver
from device.adapters.strike import DrivenStrike
from device.adapters.strike_driver import monotonic_s
from device.errors import HardwareFault
from device.inbox import StrikeState
from tests.patience import PATIENCE_S, wait_until


class HandClock:
    """Turned by hand; `looks` counts how often the guard looked at it."""

    def __init__(self):
        self.now_s, self.looks = 100.0, 0

    def __call__(self):
        self.looks += 1
        return self.now_s


@pytest.fixture
def wire(tmp_path):
    """Where the simulated line tells what becomes of it, whichever process drives it."""
    return tmp_path / "wire"


@pytest.fixture
def told():
    return SimpleQueue()


@pytest.fixture
def strike(told, wire):
    command = ("/bin/sh", "-c", f'exec "$0" "$@" >> {wire}', *strikes.DRIVER)
    made = DrivenStrike(("told",), told.put, monotonic_s, command)
    yield made
    made.close()


def driven(wire, strike):
    """What its line did from the beginning to its end."""
    strike.close()
    return wire.read_text().split("\n")[:-1]


def until(wire, line):
    wait_until(lambda: line in wire.read_text(), why=lambda: f"no {line} in {wire.read_text()!r}")


def lost_and_back(told):
    return [told.get(timeout=PATIENCE_S), told.get(timeout=PATIENCE_S)]


def test_it_is_secured_from_the_first_moment(strike, wire):
    assert driven(wire, strike) == []


def test_release_drives_and_secure_ends(strike, wire):
    strike.release(monotonic_s() + 50)
    strike.secure()
    assert driven(wire, strike) == ["strike released", "strike secured"]


def test_closing_secures_and_ends_the_driver(strike, wire):
    strike.hold(in_fire=True)
    pid = strike.pid
    assert driven(wire, strike) == ["strike released", "strike secured"]
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    strike.close()


def test_a_driver_that_dies_is_begun_again_and_told_what_still_holds(strike, told, wire):
    strike.hold(in_fire=True)
    until(wire, "strike released")
    os.kill(strike.pid, signal.SIGKILL)
    assert lost_and_back(told) == [StrikeState(lost=True), StrikeState(lost=False)]
    assert driven(wire, strike) == ["strike released", "strike secured"] * 2


def test_a_pulse_that_ended_is_not_driven_by_the_next_driver(strike, told, wire):
    strike.release(monotonic_s() - 1)
    os.kill(strike.pid, signal.SIGKILL)
    lost_and_back(told)
    assert "strike released" not in driven(wire, strike)


def test_what_was_secured_is_not_driven_by_the_next_driver(strike, told, wire):
    strike.hold(in_fire=True)  # without an end of its own
    strike.secure()
    until(wire, "strike secured")
    os.kill(strike.pid, signal.SIGKILL)
    lost_and_back(told)
    assert driven(wire, strike).count("strike released") == 1


def test_it_opens_after_its_driver_died(strike, told, wire):
    os.kill(strike.pid, signal.SIGKILL)
    lost_and_back(told)
    strike.release(monotonic_s() + 50)
    assert driven(wire, strike)[1:] == ["strike released", "strike secured"]


def test_a_driver_that_hangs_is_killed_and_begun_again(strike, told, wire, monkeypatch):
    monkeypatch.setattr(strikes, "ANSWER_S", 0.05)
    os.kill(strike.pid, signal.SIGSTOP)
    strike.release(monotonic_s() + 50)
    assert lost_and_back(told) == [StrikeState(lost=True), StrikeState(lost=False)]
    assert driven(wire, strike)[-2:] == ["strike released", "strike secured"]


def test_it_is_of_no_group_that_a_terminal_stops_with_the_unit(strike):
    assert os.getpgid(strike.pid) == strike.pid != os.getpgid(0)


def test_signals_to_the_whole_service_do_not_end_it(strike, wire):
    strike.release(monotonic_s() + 50)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        os.kill(strike.pid, number)
    assert driven(wire, strike) == ["strike released", "strike secured"]


OBEDIENT = """
import os, sys
os.write(0, b"ready")
while order := os.read(0, 64):
    print(order.decode(), flush=True)
"""


def test_a_hold_lapses_when_it_is_not_said_again_and_in_a_fire_it_does_not(told, wire):
    command = ("/bin/sh", "-c", f'exec "$0" "$@" >> {wire}', sys.executable, "-c", OBEDIENT)
    strike = DrivenStrike((), told.put, lambda: 1000.0, command)
    strike.hold(in_fire=False)
    strike.hold(in_fire=True)
    assert driven(wire, strike) == ["drive 1015.0", "drive inf"]


@pytest.mark.parametrize(
    ("command", "fault"),
    [
        ((sys.executable, "-c", "print()"), "its driver ended"),
        (("/no/such/program",), "No such file"),
        ((sys.executable, "-I", "-S", strike_driver.__file__), "no GPIO chip"),
    ],
)
def test_a_line_that_cannot_be_had_is_a_fault_that_says_why(told, command, fault):
    with pytest.raises(HardwareFault, match=fault):
        DrivenStrike(("gpio", "17", "high"), told.put, monotonic_s, command=command)
