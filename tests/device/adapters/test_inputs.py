import pytest

from device.adapters.inputs import LevelInputs
from device.inbox import InputLevel

PINS = {"contact": 27, "rex": 22}


@pytest.fixture
def told():
    return []


@pytest.fixture
def inputs(factory, told):
    made = LevelInputs(PINS, told.append, factory)
    yield made
    made.stop()


def test_every_level_is_told_at_the_start(factory, inputs, told):
    factory.pin(27).drive_low()
    inputs.start()
    assert told == [InputLevel("contact", False), InputLevel("rex", False)]


def test_an_open_circuit_is_an_open_door_and_a_closed_one_a_pressed_button(factory, inputs, told):
    factory.pin(27).drive_low()
    inputs.start()
    told.clear()
    factory.pin(27).drive_high()
    factory.pin(22).drive_low()
    factory.pin(22).drive_high()
    assert told == [InputLevel("contact", True), InputLevel("rex", True), InputLevel("rex", False)]


def test_a_cut_wire_of_the_contact_is_an_open_door(inputs, told):
    inputs.start()
    assert told[0] == InputLevel("contact", True)
