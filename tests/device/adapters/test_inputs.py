from threading import Event

import pytest

from device.adapters.inputs import LevelInputs, WiredInput
from device.inbox import InputLevel

WIRED = {"contact": WiredInput(27, "open"), "rex": WiredInput(22, "closed")}
OTHER_WAY_ROUND = {"contact": WiredInput(27, "closed"), "fire": WiredInput(23, "open")}
PATIENCE_S = 15.0


class Told(list[InputLevel]):
    """What was put on the queue; waits for what is yet to come."""

    def __init__(self):
        super().__init__()
        self.came = Event()

    def put(self, level):
        self.append(level)
        self.came.set()


@pytest.fixture
def told():
    return Told()


@pytest.fixture
def listening(factory, told):
    made = []

    def begin(wired, closed=(), look_every_s=3600):
        made.append(LevelInputs(wired, told.put, factory, look_every_s))
        for pin in closed:
            close_circuit(factory, pin)
        made[0].start()

    yield begin
    made[0].stop()


def close_circuit(factory, pin):
    factory.pin(pin).drive_low()


def open_circuit(factory, pin):
    factory.pin(pin).drive_high()


def test_every_level_is_told_at_the_start(factory, listening, told):
    listening(WIRED, closed=[27])
    assert told == [InputLevel("contact", False), InputLevel("rex", False)]


def test_an_open_circuit_is_an_open_door_and_a_closed_one_a_pressed_button(factory, listening, told):
    listening(WIRED, closed=[27])
    told.clear()
    open_circuit(factory, 27)
    close_circuit(factory, 22)
    open_circuit(factory, 22)
    assert told == [InputLevel("contact", True), InputLevel("rex", True), InputLevel("rex", False)]


def test_a_cut_wire_of_the_contact_is_an_open_door(listening, told):
    listening(WIRED)
    assert told[0] == InputLevel("contact", True)


def test_inputs_that_are_wired_the_other_way_round_say_the_same(factory, listening, told):
    listening(OTHER_WAY_ROUND, closed=[23])
    assert told == [InputLevel("contact", False), InputLevel("fire", False)]
    told.clear()
    close_circuit(factory, 27)
    open_circuit(factory, 23)
    assert told == [InputLevel("contact", True), InputLevel("fire", True)]


def test_a_fail_safe_fire_relay_whose_wire_is_cut_is_a_fire(listening, told):
    listening(OTHER_WAY_ROUND)
    assert InputLevel("fire", True) in told


def test_a_level_whose_edge_was_lost_is_found_by_looking(factory, listening, told):
    listening(WIRED, closed=[27], look_every_s=0.001)
    told.came.clear()
    told.clear()
    factory.pin(27)._state = True  # without an edge
    assert told.came.wait(PATIENCE_S)
    assert told == [InputLevel("contact", True)]


def test_a_level_that_is_as_before_is_not_told_again(factory, listening, told):
    listening({"contact": WIRED["contact"]}, closed=[27], look_every_s=0.001)
    open_circuit(factory, 27)
    close_circuit(factory, 27)
    assert [level.active for level in told] == [False, True, False]
