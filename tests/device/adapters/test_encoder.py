"""The encoder's contacts, good ones and loose ones, over gpiozero's mock pins."""

import pytest
from gpiozero.pins.mock import MockFactory

from device.adapters.encoder import EncoderDial
from device.inbox import Pressed, Turned
from tests.patience import wait_until

A, B, BUTTON = 17, 27, 22
RIGHT, LEFT = "A B a b", "B A b a"
"""One detent: contacts close in capitals and open in small letters."""
FOR_EVER_S = 600
"""No press of these tests lasts so long by the machine's clock."""


class HandFactory(MockFactory):
    """Mock pins whose clock is turned by hand."""

    now_s = 0.0

    def ticks(self):
        return self.now_s

    @staticmethod
    def ticks_diff(later, earlier):
        return later - earlier


@pytest.fixture
def factory():
    factory = HandFactory()
    yield factory
    factory.close()


@pytest.fixture
def told():
    return []


@pytest.fixture
def dial(factory, told, request):
    dial = EncoderDial(A, B, BUTTON, told.append, factory, hold_s=getattr(request, "param", FOR_EVER_S))
    dial.start()
    yield dial
    dial.stop()


def is_long_at_once(test):
    return pytest.mark.parametrize("dial", [0.001], indirect=True)(test)


@pytest.fixture
def contacts(factory, dial):
    """Moves contacts as written, `P` and `p` being the button's; a number lets so many milliseconds pass."""

    def move(text):
        for word in text.split():
            if word.isdigit():
                factory.now_s += int(word) / 1000
            else:
                pin = factory.pin({"a": A, "b": B, "p": BUTTON}[word.lower()])
                (pin.drive_low if word.isupper() else pin.drive_high)()

    return move


@pytest.mark.parametrize(
    ("moves", "steps"),
    [
        pytest.param(RIGHT, [1], id="a detent to the right"),
        pytest.param(LEFT, [-1], id="a detent to the left"),
        pytest.param(f"{RIGHT} {RIGHT} {LEFT}", [1, 1, -1], id="to and fro"),
        pytest.param("A a A a A B b B a A a b B b", [1], id="every contact bounces"),
        pytest.param("B b B b B A b B b a A a", [-1], id="every contact bounces, to the left"),
        pytest.param("A a A a A a", [], id="one contact alone chatters"),
        pytest.param("A B b a", [], id="half a step, and back"),
        pytest.param("A B a A b a", [], id="three quarters, and back"),
        pytest.param("A B", [], id="half a step, and stays"),
        pytest.param("A B 1 a b", [1], id="half a step, and on"),
        pytest.param("a b", [], id="nothing new"),
        pytest.param(" ".join(["A a"] * 500), [], id="a storm on one contact"),
    ],
)
def test_a_detent_is_one_step_however_loose_the_contacts(contacts, told, moves, steps):
    contacts(moves)
    assert told == [Turned(step) for step in steps]


def test_a_press_is_told_when_the_button_is_let_go(contacts, told):
    contacts("40 P 40")
    assert told == []
    contacts("p")
    assert told == [Pressed(long=False)]


@pytest.mark.parametrize(
    "moves",
    [
        pytest.param("40 P p P p P 40 p", id="bouncing when pressed"),
        pytest.param("40 P 40 p P p P p", id="bouncing when let go"),
        pytest.param("40 P 40 p P 60 p", id="opening for a moment while pressed"),
    ],
)
def test_a_bouncing_press_is_one(contacts, told, moves):
    contacts(moves)
    assert told == [Pressed(long=False)]


def test_a_spark_on_the_buttons_wire_is_no_press(contacts, told):
    contacts("40 P p")
    assert told == []


@is_long_at_once
def test_a_long_press_is_told_while_held_and_not_again_when_let_go(contacts, told):
    contacts("40 P")
    wait_until(lambda: told)
    contacts("p 40")
    assert told == [Pressed(long=True)]


@is_long_at_once
def test_a_press_after_a_long_one_counts(contacts, told, dial):
    contacts("40 P")
    wait_until(lambda: told)
    dial._button.hold_time = FOR_EVER_S
    contacts("450 p 60 P 60 p")
    assert told == [Pressed(long=True), Pressed(long=False)]


def test_a_stopped_dial_gives_its_pins_back(factory, told):
    for _ in range(2):
        dial = EncoderDial(A, B, BUTTON, told.append, factory)
        dial.start()
        dial.stop()
    assert told == []


def test_a_long_press_is_long_though_its_hold_is_told_too_late(contacts, told):
    contacts(f"P {FOR_EVER_S * 1000} p")
    assert told == [Pressed(long=True)]
