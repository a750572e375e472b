"""The unit and its strike's driver hang and die in the middle of pulses; `make faults` does it three hundred times."""

import os
import random
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.hang import LONGEST_WAIT_S, RELEASE_S, driver_of, hang_campaign, is_secured, pressed
from tests.simulated_unit import SimulatedUnit, wait_for

pytestmark = pytest.mark.faults
ROUNDS = 6


@pytest.fixture
def unit(tmp_path: Path) -> Iterator[SimulatedUnit]:
    made = SimulatedUnit(tmp_path / "front", release_s=RELEASE_S)
    yield made
    made.kill()


def test_the_strike_is_secured_in_time_while_the_whole_unit_hangs(unit: SimulatedUnit) -> None:
    unit.start()
    pressed(unit)
    os.kill(unit.pid, signal.SIGSTOP)
    try:
        assert wait_for(lambda: is_secured(unit), LONGEST_WAIT_S)
    finally:
        os.kill(unit.pid, signal.SIGCONT)
    pressed(unit)


def test_the_strike_is_secured_when_the_unit_is_killed(unit: SimulatedUnit) -> None:
    unit.start()
    unit.order("fire on")
    assert unit.said("strike released")
    unit.kill()
    assert wait_for(lambda: is_secured(unit), LONGEST_WAIT_S)


def test_after_its_driver_was_killed_the_strike_is_secured_the_desk_is_told_and_the_next_press_opens(
    unit: SimulatedUnit,
) -> None:
    unit.start()
    pressed(unit)
    os.kill(driver_of(unit), signal.SIGKILL)
    assert unit.said("alarm strike on")
    assert unit.said("alarm strike off")
    assert wait_for(lambda: is_secured(unit), LONGEST_WAIT_S)
    pressed(unit)


def test_in_a_fire_a_driver_that_died_gives_way_to_one_that_holds_the_door_free(unit: SimulatedUnit) -> None:
    unit.start()
    unit.order("fire on")
    assert unit.said("strike released")
    os.kill(driver_of(unit), signal.SIGKILL)
    assert unit.said("strike released", times=2)


def test_no_driver_outlives_its_unit(unit: SimulatedUnit) -> None:
    unit.start()
    pressed(unit)
    driver = driver_of(unit)
    unit.kill()
    assert wait_for(lambda: not Path(f"/proc/{driver}").exists(), LONGEST_WAIT_S)


def test_whoever_hangs_or_dies_at_any_moment_of_a_pulse_the_strike_is_secured_and_opens_again(
    unit: SimulatedUnit,
) -> None:
    seed = int(os.environ.get("SEED") or random.SystemRandom().randrange(10**6))
    print(f"SEED={seed}")
    assert sum(hang_campaign(unit, ROUNDS, random.Random(seed)).values()) == ROUNDS
