"""The bits on an LED ring's clock and data put together again (APA102 data sheet: start frame, one frame a LED)."""

from typing import NamedTuple

START_BITS = 32
LED_BITS = 32
MARK = "111"
"""What a LED's frame begins with."""


class Led(NamedTuple):
    """Colours from 0 to 255, and the common brightness from 0 to 31."""

    red: int
    green: int
    blue: int
    brightness: int


class Apa102:
    """Hears edges on a clock line and a data line; `pictures` are the whole ones of a ring of `leds`, oldest first."""

    def __init__(self, leds: int, *, clock: int, data: int) -> None:
        self.pictures: list[tuple[Led, ...]] = []
        self._leds, self._clock, self._data = leds, clock, data
        self._bit, self._bits = 0, ""

    def edge(self, line: int, level: int) -> None:
        """`line` went to `level`; data counts at the clock's rising edge."""
        if line == self._data:
            self._bit = level
        elif line == self._clock and level:
            self._bits += str(self._bit)
            self._take()

    def _take(self) -> None:
        start = self._bits.find("0" * START_BITS + MARK)
        whole = START_BITS + LED_BITS * self._leds
        if start < 0:
            self._bits = self._bits[-START_BITS - len(MARK) :]
        elif len(self._bits) >= start + whole:
            body = self._bits[start + START_BITS : start + whole]
            self.pictures.append(tuple(_led(body[at : at + LED_BITS]) for at in range(0, len(body), LED_BITS)))
            self._bits = ""


def _led(bits: str) -> Led:
    """Three marks, five bits of brightness, then blue, green and red."""
    return Led(int(bits[24:], 2), int(bits[16:24], 2), int(bits[8:16], 2), int(bits[3:8], 2))
