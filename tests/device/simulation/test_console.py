"""What is done to a simulated dial reaches the unit as the contacts of a real one would."""

import io

import pytest

from device.adapters.clock import SystemClock
from device.adapters.encoder import EncoderDial
from device.contract.instant import Instant
from device.contract.unit_settings import PinSettings, UnitSettings, UnitSiteSettings
from device.core.room.room_page import RoomPage
from device.inbox import Pressed, Turned
from device.simulation.announcer import Announcer
from device.simulation.console import Console
from device.simulation.hardware import SimulatedHardware, ToldScreen
from tests.mosquitto import free_port
from tests.patience import wait_until

PINS = PinSettings(factory="mock", dial_a=5, dial_b=6, dial_button=13)


@pytest.fixture
def stream():
    return io.StringIO()


@pytest.fixture
def announcer(stream):
    announcer = Announcer(stream)
    yield announcer
    announcer.close()


@pytest.fixture
def complaints():
    return []


@pytest.fixture
def told():
    return []


@pytest.fixture
def console(announcer, complaints, told):
    settings = UnitSettings(UnitSiteSettings("place"), "salle", "room", room="salle", pins=PINS)
    console = Console(complaints.append)
    console.attach(SimulatedHardware(settings, free_port(), announcer))
    dial = EncoderDial(5, 6, 13, told.append, console.hardware.pin_factory, hold_s=0.2)
    dial.start()
    yield console
    dial.stop()
    console.hardware.pin_factory.close()


def comes(told):
    """Waits for the first word; a finger stays on the button for a while."""
    wait_until(lambda: told)


@pytest.mark.parametrize(("order", "steps"), [("turn 3", [1, 1, 1]), ("turn -2", [-1, -1]), ("turn 0", [])])
def test_the_dial_turns_by_detents(console, told, order, steps):
    console.order(order)
    assert told == [Turned(step) for step in steps]


def test_the_dial_goes_on_from_where_it_stands(console, told):
    for order in ("turn 2", "turn -1", "turn 1"):
        console.order(order)
    assert [turned.steps for turned in told] == [1, 1, -1, 1]


def test_the_dial_is_pressed(console, told):
    console.order("press")
    comes(told)
    assert told == [Pressed(long=False)]


def test_the_dial_is_held(console, told):
    console.order("hold")
    comes(told)
    assert told == [Pressed(long=True)]


@pytest.mark.parametrize("order", ["turn", "turn x", "turn 1000", "turn 1.5", "twist 3"])
def test_an_order_that_makes_no_sense_is_told_and_does_nothing(console, told, complaints, order):
    console.order(order)
    assert told == []
    assert len(complaints) == 1


@pytest.mark.parametrize("seconds", ["3600", "-3600", "0", "99999999", "-1e9", "0.5"])
def test_the_clock_is_put_off_by_so_much(console, complaints, seconds):
    before = SystemClock().read().wall
    console.order(f"clock {seconds}")
    reading = console.hardware.clock.read()
    after = SystemClock().read().wall
    assert (reading.confirmed, complaints) == (float(seconds) == 0, [])
    assert before.after(float(seconds)) <= reading.wall <= after.after(float(seconds))


@pytest.mark.parametrize(
    "seconds", ["nan", "-nan", "inf", "-inf", "1e400", "9e9", "-9e9", "1e18", "-1e308", "x", "", "3600 s", "0x10"]
)
def test_a_time_that_no_clock_can_tell_is_refused_and_the_clock_goes_on(console, complaints, seconds):
    console.order("clock 60")
    console.order(f"clock {seconds}")
    assert len(complaints) == 1
    assert Instant.parse(str(console.hardware.clock.read().wall))
    assert console.hardware.clock.offset_s == 60


@pytest.mark.parametrize("offset_s", [9e9, -9e9, 1e15])
def test_a_clock_past_what_can_be_told_tells_the_first_or_the_last_that_can(console, offset_s):
    console.hardware.clock.offset_s = offset_s
    wall = console.hardware.clock.read().wall
    assert Instant.parse(str(wall)) == wall


def test_a_screen_is_told_in_words(announcer, stream):
    screen = ToldScreen(announcer)
    page = RoomPage("Atelier", 2, 6, "Réunion", "jusqu'à 18:00")
    for shown in (page, page, None):
        screen.show(shown)
    assert stream.getvalue().splitlines() == ["screen Atelier | 2/6 | Réunion | jusqu'à 18:00", "screen dark"]
