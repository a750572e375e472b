"""Drives the strike's line and nothing else: a program of its own, so that a pulse ends in time whatever becomes of
the unit. `strike_driver.py LINE …` takes orders on its stdin, which is a socket of packets: `drive SECONDS` until that
monotonic time, `secure`. It secures by itself at the deadline of the last order, and at end of file: its unit died.

It is run by its path and without site packages, so that it is up in a blink: the standard library alone.
"""

import fcntl
import os
import select
import signal
import struct
import sys
import time
from collections.abc import Callable, Sequence
from math import ceil, inf, isnan
from pathlib import Path
from typing import Any, NamedTuple, Protocol

GUARD_MARGIN_S = 0.1
"""How much later than told it secures by itself: in good order the unit was there first."""
LONGEST_S = 60.0
"""No pulse is longer, whatever the order says: the most that `rules.release_s` may be."""
READY, DONE, OVERDUE = b"ready", b"done", b"overdue"
"""What it answers: once up, to each order, and where it secured by itself. Anything else says why it cannot begin."""


class Line(Protocol):
    """What the strike hangs on; it is secured from the first moment."""

    def drive(self, released: bool) -> None:
        """Releases or secures; raises `OSError` where it cannot."""


class NoLine:
    """Nothing at all: a unit on mock pins."""

    def drive(self, released: bool) -> None:
        """Does nothing."""


class ToldLine:
    """A simulated strike: each change is told on `stream`, the standard output that is the unit's too.

    `released` where a driver died before this one: as on a Pi, its line falls with it.
    """

    def __init__(self, stream: int = 1, *, released: bool = False) -> None:
        self._stream, self._released = stream, released

    def drive(self, released: bool) -> None:
        """Tells it where it is news."""
        if released == self._released:
            return
        self._released = released
        try:
            os.write(self._stream, b"strike released\n" if released else b"strike secured\n")
        except OSError:
            return  # nobody listens any more; the strike goes on


CHIP_INFO, REQUEST, VALUES = "32s32sI", "64I32sQI20xIIQQ216xII20xi", "QQ"
"""`gpiochip_info`; `gpio_v2_line_request` with one attribute; `gpio_v2_line_values` (include/uapi/linux/gpio.h)."""
GET_CHIP_INFO, GET_LINE, SET_VALUES = 0x8044_B401, 0xC250_B407, 0xC010_B40F
ACTIVE_LOW, OUTPUT = 1 << 1, 1 << 3
OUTPUT_VALUES = 2
LABELS = ("pinctrl-rp1", "pinctrl-bcm2711", "pinctrl-bcm2835")
"""The chip of the header on a Pi 5, a Pi 4, an earlier one. Elsewhere it is the first, as lgpio takes it."""

Ioctl = Callable[[int, int, bytearray], Any]


class GpioLine:
    """One output of the Pi's header. The kernel gives it back when this program dies (`dtparam=strict_gpiod`)."""

    def __init__(self, gpio: int, *, active_high: bool, chip: Path | None = None, ioctl: Ioctl = fcntl.ioctl) -> None:
        self._ioctl = ioctl
        opened = os.open(chip or header_chip(), os.O_RDWR | os.O_CLOEXEC)
        try:
            wanted = line_request(gpio, active_high=active_high)
            ioctl(opened, GET_LINE, wanted)
        finally:
            os.close(opened)
        (self._line,) = struct.unpack_from("i", wanted, len(wanted) - 4)

    def drive(self, released: bool) -> None:
        """Sets the line's level."""
        self._ioctl(self._line, SET_VALUES, bytearray(struct.pack(VALUES, released, 1)))


def line_request(gpio: int, *, active_high: bool) -> bytearray:
    """A `gpio_v2_line_request` for one output that begins secured."""
    flags = OUTPUT if active_high else OUTPUT | ACTIVE_LOW
    secured, lines = (OUTPUT_VALUES, 0, 0, 1), (1, 0)
    return bytearray(struct.pack(REQUEST, gpio, *[0] * 63, b"poincon strike", flags, 1, *secured, *lines, 0))


def header_chip(folder: Path = Path("/dev"), ioctl: Ioctl = fcntl.ioctl) -> Path:
    """The chip of the Pi's header, by its label; raises `FileNotFoundError` where there is no chip at all."""
    chips = sorted(folder.glob("gpiochip*"))
    if not chips:
        raise FileNotFoundError(f"no GPIO chip in {folder}")
    labels = {_label(chip, ioctl): chip for chip in chips}
    return next((labels[label] for label in LABELS if label in labels), chips[0])


def _label(chip: Path, ioctl: Ioctl) -> str:
    told = bytearray(struct.calcsize(CHIP_INFO))
    opened = os.open(chip, os.O_RDONLY | os.O_CLOEXEC)
    try:
        ioctl(opened, GET_CHIP_INFO, told)
    finally:
        os.close(opened)
    label: bytes = struct.unpack(CHIP_INFO, told)[1]
    return label.rstrip(b"\0").decode("ascii", "replace")


def line_of(words: Sequence[str]) -> Line:
    """`gpio NUMBER high`, `gpio NUMBER low`, `told` or `none`, and `again` where another driver had it before; raises
    `OSError` where it cannot be had."""
    match list(words):
        case ["gpio", number, level, *_]:
            return GpioLine(int(number), active_high=level == "high")
        case ["told", *again]:
            return ToldLine(released=bool(again))
        case _:
            return NoLine()


class Driving(NamedTuple):
    """What the last order asks for: `until_s` None is secured, infinite is held."""

    until_s: float | None = None

    def wait_ms(self, now_s: float) -> int | None:
        """How long there is nothing to do but listen."""
        if self.until_s is None or self.until_s == inf:
            return None
        return max(0, ceil((self.until_s - now_s) * 1000))

    def is_over(self, now_s: float) -> bool:
        """Whether the deadline has come."""
        return self.until_s is not None and now_s >= self.until_s


def ordered(order: bytes, now_s: float) -> Driving:
    """What an order asks for; one that nobody understands, or that comes too late, secures."""
    word, _, figure = order.partition(b" ")
    try:
        until_s = float(figure) if word == b"drive" else 0.0
    except ValueError:
        until_s = 0.0
    if isnan(until_s) or until_s <= now_s:
        return Driving()
    return Driving(until_s if until_s == inf else min(until_s, now_s + LONGEST_S) + GUARD_MARGIN_S)


def serve(orders: int, line: Line, now_s: Callable[[], float]) -> None:
    """Obeys packets from the file descriptor `orders` to the end; raises `OSError` where the line fails."""
    driving = Driving()
    listening = select.poll()
    listening.register(orders, select.POLLIN)
    try:
        line.drive(False)
        _answer(orders, READY)
        while True:
            if listening.poll(driving.wait_ms(now_s())):
                order = _taken(orders)
                if not order:
                    return
                driving, answer = ordered(order, now_s()), DONE
            elif driving.is_over(now_s()):
                driving, answer = Driving(), OVERDUE
            else:
                continue
            line.drive(driving.until_s is not None)
            _answer(orders, answer)
    finally:
        line.drive(False)


def monotonic_s() -> float:
    """The clock of the deadlines, which is the unit's: seconds since boot, suspension included."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


def _taken(orders: int) -> bytes:
    try:
        return os.read(orders, 64)
    except OSError:
        return b""


def _answer(orders: int, word: bytes) -> None:
    try:
        os.write(orders, word)
    except OSError:
        return  # the unit died, or takes no answers: end of file tells the first


def main(words: Sequence[str]) -> int:
    """Runs until end of file, and lets nothing else end it: a signal to the whole service is the unit's to obey."""
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    try:
        line = line_of(words)
    except OSError as error:
        _answer(0, str(error).encode()[:200])
        return 1
    os.set_blocking(0, False)  # an answer that nobody takes must not keep the strike waiting
    serve(0, line, monotonic_s)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
