"""The unit, or the driver of its strike, stops or dies at any moment of a pulse: the strike is secured all the same,
and the next press opens. What is seen is the line itself, as its driver tells it while the unit says nothing."""

import os
import random
import signal
import time
from collections.abc import Callable

import psutil

from tests.simulated_unit import SimulatedUnit, wait_for

RELEASE_S = 0.4
AFTER_S = 0.3
"""How long after its end a moment of a pulse may still be."""
LONGEST_WAIT_S = 30.0


def hang_campaign(unit: SimulatedUnit, rounds: int, source: random.Random) -> dict[str, int]:
    """So many presses of REX, something befalling each; how often what. Raises `AssertionError`."""
    befallen = dict.fromkeys(WAYS, 0)
    unit.start()
    for _ in range(rounds):
        way = source.choice(list(WAYS))
        pressed(unit)
        time.sleep(source.uniform(0, RELEASE_S + AFTER_S))
        WAYS[way](unit)
        befallen[way] += 1
    pressed(unit)
    assert wait_for(lambda: is_secured(unit), LONGEST_WAIT_S)
    return befallen


def pressed(unit: SimulatedUnit) -> None:
    """Somebody presses REX until it opens: a press falls short where the unit is only just beginning."""
    assert wait_for(lambda: is_secured(unit), LONGEST_WAIT_S), unit.lines[-5:]
    before = len(unit.lines)

    def opens() -> bool:
        unit.order("rex")
        return wait_for(lambda: "strike released" in unit.lines[before:], 1.0)

    assert wait_for(opens, LONGEST_WAIT_S), f"REX does not open: {unit.log()[-2000:]}"


def is_secured(unit: SimulatedUnit) -> bool:
    """Whether the line was last seen secured."""
    strikes = [line for line in list(unit.lines) if line.startswith("strike ")]
    return not strikes or strikes[-1] == "strike secured"


def driver_of(unit: SimulatedUnit) -> int:
    """The process that drives the strike, once there is one."""
    found: list[int] = []

    def there() -> bool:
        found[:] = [child.pid for child in psutil.Process(unit.pid).children()]
        return bool(found)

    assert wait_for(there, LONGEST_WAIT_S), "no driver"
    return found[0]


def _unit_stops(unit: SimulatedUnit) -> None:
    os.kill(unit.pid, signal.SIGSTOP)
    try:
        assert wait_for(lambda: is_secured(unit), LONGEST_WAIT_S), "released while the unit hangs"
    finally:
        os.kill(unit.pid, signal.SIGCONT)


def _unit_dies(unit: SimulatedUnit) -> None:
    unit.kill()
    assert wait_for(lambda: is_secured(unit), LONGEST_WAIT_S), "released after the unit died"
    unit.start()


def _driver_dies(unit: SimulatedUnit) -> None:
    os.kill(driver_of(unit), signal.SIGKILL)
    assert wait_for(lambda: is_secured(unit), LONGEST_WAIT_S), "released after the driver died"


def _driver_stops(unit: SimulatedUnit) -> None:
    driver = driver_of(unit)
    os.kill(driver, signal.SIGSTOP)
    before = len(unit.lines)

    def replaced() -> bool:
        unit.order("rex")
        return wait_for(lambda: "alarm strike off" in unit.lines[before:], 1.0)

    assert wait_for(replaced, LONGEST_WAIT_S), "a driver that hangs is not replaced"
    assert wait_for(lambda: is_secured(unit), LONGEST_WAIT_S), "released after the driver was replaced"


WAYS: dict[str, Callable[[SimulatedUnit], None]] = {
    "unit stops": _unit_stops,
    "unit dies": _unit_dies,
    "driver dies": _driver_dies,
    "driver stops": _driver_stops,
}
