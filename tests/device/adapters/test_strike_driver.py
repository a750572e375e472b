"""The program that drives the strike, by its pure part and by its loop over a socket of its own."""

import os
import socket
import struct
from math import inf
from pathlib import Path
from threading import Thread

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from device.adapters import strike_driver
from device.adapters.strike_driver import (
    DONE,
    GUARD_MARGIN_S,
    LONGEST_S,
    OVERDUE,
    READY,
    Driving,
    GpioLine,
    NoLine,
    ToldLine,
    header_chip,
    line_of,
    line_request,
    monotonic_s,
    ordered,
    serve,
)

NOW = 100.0
PATIENCE_S = 15.0


class Noted:
    """A line that notes what is done to it."""

    def __init__(self, fails=False):
        self.levels, self.fails = [], fails

    def drive(self, released):
        if self.fails and released:
            raise OSError("the chip is gone")
        self.levels.append(released)


@pytest.fixture
def driver():
    """A driver on a thread, its line, and the socket of the unit that it obeys."""
    ours, its = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    ours.settimeout(PATIENCE_S)
    line = Noted()
    running = Thread(target=serve, args=(its.fileno(), line, monotonic_s))
    running.start()
    assert ours.recv(99) == READY
    yield ours, line, running
    ours.close()
    running.join(PATIENCE_S)
    its.close()


def asked(driver, order):
    driver[0].send(order)
    return driver[0].recv(99)


@pytest.mark.parametrize(
    ("order", "until_s"),
    [
        (b"drive 105.0", 105 + GUARD_MARGIN_S),
        (b"drive inf", inf),
        (b"drive 99.0", None),
        (b"drive 100.0", None),
        (b"drive 1e9", NOW + LONGEST_S + GUARD_MARGIN_S),
        (b"drive nan", None),
        (b"drive -inf", None),
        (b"drive", None),
        (b"secure", None),
        (b"open 105.0", None),
        (b"\xff\xfe", None),
    ],
)
def test_an_order_drives_until_its_time_and_whatever_is_none_secures(order, until_s):
    assert ordered(order, NOW) == Driving(until_s)


@settings(deadline=None)
@given(st.binary(max_size=64) | st.floats().map(lambda figure: f"drive {figure!r}".encode()))
def test_whatever_the_order_no_pulse_is_longer_than_the_longest(order):
    until_s = ordered(order, NOW).until_s
    assert until_s is None or until_s == inf or NOW < until_s <= NOW + LONGEST_S + GUARD_MARGIN_S


def test_it_waits_for_the_deadline_and_without_one_for_orders_alone():
    assert Driving().wait_ms(NOW) is None
    assert Driving(inf).wait_ms(NOW) is None
    assert Driving(NOW + 0.0001).wait_ms(NOW) == 1
    assert Driving(NOW - 1).wait_ms(NOW) == 0
    assert (Driving(NOW).is_over(NOW), Driving(NOW + 1).is_over(NOW), Driving(inf).is_over(NOW)) == (True, False, False)


def test_the_line_is_secured_first_and_follows_each_order(driver):
    assert asked(driver, b"drive inf") == DONE
    assert asked(driver, b"secure") == DONE
    assert driver[1].levels == [False, True, False]


def test_it_secures_by_itself_when_nobody_else_does(driver):
    assert asked(driver, f"drive {monotonic_s() + 0.01}".encode()) == DONE
    assert driver[0].recv(99) == OVERDUE
    assert driver[1].levels == [False, True, False]


def test_securing_takes_the_deadline_along_so_that_what_is_held_afterwards_stays(driver):
    for order in (f"drive {monotonic_s() + 0.01}", "secure", "drive inf"):
        assert asked(driver, order.encode()) == DONE
    driver[0].settimeout(0.01 + 2 * GUARD_MARGIN_S)
    with pytest.raises(TimeoutError):  # nothing overdue
        driver[0].recv(99)
    assert driver[1].levels[-1] is True


def test_a_second_release_moves_the_deadline(driver):
    asked(driver, f"drive {monotonic_s() + 0.01}".encode())
    asked(driver, f"drive {monotonic_s() + 50}".encode())
    driver[0].settimeout(0.01 + 2 * GUARD_MARGIN_S)
    with pytest.raises(TimeoutError):
        driver[0].recv(99)
    assert driver[1].levels == [False, True, True]


def test_at_the_end_of_file_it_secures_and_ends(driver):
    asked(driver, b"drive inf")
    driver[0].close()
    driver[2].join(PATIENCE_S)
    assert not driver[2].is_alive()
    assert driver[1].levels == [False, True, False]


def test_a_line_that_fails_ends_it_and_is_secured_as_far_as_that_goes():
    ours, its = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    line = Noted(fails=True)
    ours.send(b"drive inf")
    with ours, its, pytest.raises(OSError, match="the chip is gone"):
        serve(its.fileno(), line, monotonic_s)
    assert line.levels == [False, False]


def test_a_simulated_strike_tells_each_change_once():
    out, into = os.pipe()
    line = ToldLine(into)
    for released in (False, True, True, False):
        line.drive(released)
    os.close(into)
    assert os.read(out, 999) == b"strike released\nstrike secured\n"
    os.close(out)
    ToldLine(into).drive(True)  # nobody listens: it goes on


class Chip:
    """What the kernel would answer; it remembers what was asked."""

    def __init__(self, labels=None):
        self.asked, self._labels = [], labels or {}

    def __call__(self, opened, number, told):
        self.asked.append((number, bytes(told)))
        if number == strike_driver.GET_CHIP_INFO:
            name = Path(f"/proc/self/fd/{opened}").readlink().name
            struct.pack_into("32s32sI", told, 0, name.encode(), self._labels[name].encode(), 54)
        elif number == strike_driver.GET_LINE:
            struct.pack_into("i", told, len(told) - 4, 77)


def test_the_requests_have_the_sizes_and_numbers_of_the_kernels_header():
    def number(direction, order, size):
        return direction << 30 | size << 16 | 0xB4 << 8 | order

    assert number(2, 0x01, struct.calcsize(strike_driver.CHIP_INFO)) == strike_driver.GET_CHIP_INFO
    assert number(3, 0x07, struct.calcsize(strike_driver.REQUEST)) == strike_driver.GET_LINE
    assert number(3, 0x0F, struct.calcsize(strike_driver.VALUES)) == strike_driver.SET_VALUES


@pytest.mark.parametrize(("active_high", "flags"), [(True, 8), (False, 10)])
def test_a_line_is_asked_for_as_an_output_that_begins_secured(active_high, flags):
    request = line_request(17, active_high=active_high)
    assert struct.unpack_from("64I", request) == (17, *[0] * 63)
    assert request[256:288].rstrip(b"\0") == b"poincon strike"
    assert struct.unpack_from("QI", request, 288) == (flags, 1)
    assert struct.unpack_from("IIQQ", request, 320) == (2, 0, 0, 1)
    assert struct.unpack_from("IIxxxxxxxxxxxxxxxxxxxxi", request, 560) == (1, 0, 0)


def test_a_gpio_is_driven_by_setting_its_one_bit(tmp_path):
    chip = Chip()
    (tmp_path / "gpiochip0").touch()
    line = GpioLine(17, active_high=True, chip=tmp_path / "gpiochip0", ioctl=chip)
    line.drive(True)
    line.drive(False)
    assert [(number, struct.unpack("QQ", told)) for number, told in chip.asked[1:]] == [
        (strike_driver.SET_VALUES, (1, 1)),
        (strike_driver.SET_VALUES, (0, 1)),
    ]


@pytest.mark.parametrize(
    ("labels", "chosen"),
    [
        ({"gpiochip0": "gpio-brcmstb@107d508500", "gpiochip4": "pinctrl-rp1"}, "gpiochip4"),
        ({"gpiochip0": "pinctrl-bcm2711", "gpiochip1": "raspberrypi-exp-gpio"}, "gpiochip0"),
        ({"gpiochip0": "raspberrypi-exp-gpio", "gpiochip1": "pinctrl-bcm2835"}, "gpiochip1"),
        ({"gpiochip0": "9030000.pl061", "gpiochip1": "other"}, "gpiochip0"),
    ],
)
def test_the_chip_of_the_header_is_known_by_its_label(tmp_path, labels, chosen):
    for name in labels:
        (tmp_path / name).touch()
    assert header_chip(tmp_path, Chip(labels)).name == chosen


def test_without_a_gpio_chip_the_fault_says_so(tmp_path):
    with pytest.raises(FileNotFoundError, match="no GPIO chip"):
        header_chip(tmp_path)


def test_a_line_is_named_by_words():
    assert isinstance(line_of(["told"]), ToldLine)
    assert isinstance(line_of(["none"]), NoLine)
