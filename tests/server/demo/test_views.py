"""What is seen of a simulated unit, from the lines that it says."""

from typing import Any

import pytest

from server.demo.texts import both
from server.demo.views import (
    UnitView,
    after_line,
    order_for,
    orders_at_start,
    with_answer,
    without_power,
)

DOOR = UnitView(name="porte-avant", kind="door", power=True)


def after(*lines: str, unit: UnitView = DOOR) -> UnitView:
    for line in lines:
        unit = after_line(unit, line)
    return unit


def test_the_strike_is_shown_as_it_is_driven():
    assert after("strike released").released
    assert not after("strike released", "strike secured").released


def test_the_ring_has_the_colour_of_each_led():
    assert after("ring #000000 #FF8000").ring == ("#000000", "#FF8000")


def test_alarms_stand_until_they_end_and_each_once():
    assert after("alarm forced on", "alarm held on", "alarm forced on").alarms == ("held", "forced")
    assert after("alarm forced on", "alarm forced off").alarms == ()


def test_the_same_pattern_twice_is_heard_twice():
    assert after("buzzer granted", "buzzer granted").beeps == 2


@pytest.mark.parametrize("line", ["", "nonsense", "decision granted granted uid:04A1B2C3"])
def test_other_lines_change_nothing_that_is_drawn(line: str):
    assert after(line) == DOOR


def test_two_answers_alike_are_two_answers():
    once = with_answer(DOOR, True, both("name"))
    assert with_answer(once, True, both("name")).answer != once.answer


def test_without_power_all_is_dark_and_the_strike_falls_shut_and_what_was_unplugged_stays_so():
    unit = after("ring #FF0000 #00FF00", "strike released", "alarm tamper on")
    dead = without_power(
        UnitView(**{name: getattr(unit, name) for name in unit.__struct_fields__} | {"network": False})
    )
    assert (dead.power, dead.released, dead.alarms, dead.network) == (False, False, (), False)
    assert dead.ring == ("#000000", "#000000")


@pytest.mark.parametrize(
    ("changed", "orders"),
    [
        ({}, []),
        ({"leaf_open": True, "network": False}, ["leaf open", "network cut"]),
        ({"fire": True, "tamper": True, "reader": False}, ["fire on", "tamper on", "reader unplug"]),
    ],
)
def test_a_unit_that_starts_finds_the_world_as_it_was_left(changed: dict[str, Any], orders: list[str]):
    assert orders_at_start(UnitView(name="porte-avant", kind="door", **changed)) == orders


@pytest.mark.parametrize(
    ("what", "on", "line"),
    [
        ("network", False, "network cut"),
        ("network", True, "network back"),
        ("reader", False, "reader unplug"),
        ("fire", True, "fire on"),
        ("tamper", False, "tamper off"),
    ],
)
def test_a_switch_is_an_order_to_the_hardware(what, on: bool, line: str):
    assert order_for(what, on) == line
