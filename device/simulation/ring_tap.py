"""Rings of simulated units: the very bytes that the LED driver clocks out, and the light that they would make.

gpiozero's own mock bit-bangs each frame over mock pins that remember every edge for ever (a second of light is 30,000
edges). Here the mock factory hands each transfer on whole: same driver, same bytes, no pins in between.
"""

from collections.abc import Callable, Iterator
from typing import Any

from gpiozero.pins import SPI
from gpiozero.pins.mock import MockFactory, MockPin

from device.adapters.led_ring import HEADER, START_FRAME, end_frame
from device.core.lights.light import FULL, Rgb, seen

Listener = Callable[[bytes], None]

_SEEN = bytes(seen(product / FULL) for product in range(FULL + 1))


def decode_frame(transfer: bytes) -> list[Rgb]:
    """The colours that the LEDs would show after a transfer; raises `ValueError` where they would not take it."""
    if not transfer.startswith(START_FRAME):
        raise ValueError("no start frame of 32 zero bits")
    leds = list(_leds(transfer))
    rest = transfer[len(START_FRAME) + 4 * len(leds) :]
    if any(rest):
        raise ValueError(f"no LED's header after LED {len(leds)}: {rest[0]:08b}")
    if len(rest) < len(end_frame(len(leds))):
        raise ValueError(f"an end frame of {len(rest)} bytes is too short for {len(leds)} LEDs")
    return leds


def _leds(transfer: bytes) -> Iterator[Rgb]:
    for at in range(len(START_FRAME), len(transfer) - 3, 4):
        header, blue, green, red = transfer[at : at + 4]
        if header & HEADER != HEADER:
            return
        strength = header & ~HEADER
        yield _SEEN[strength * red], _SEEN[strength * green], _SEEN[strength * blue]


class TappedFactory(MockFactory):  # type: ignore[misc]
    """gpiozero's mock factory, whose SPI gives each whole transfer to `listener`, on the thread that sends it."""

    def __init__(self, listener: Listener, revision: str | None = None, pin_class: type[MockPin] = MockPin) -> None:
        super().__init__(revision, pin_class)
        self.listener = listener

    def _get_spi_class(self, shared: bool, hardware: bool) -> type[SPI]:
        return TappedSpi


class TappedSpi(SPI):  # type: ignore[misc]
    """An SPI interface with nothing on its input line: it reads zeros."""

    def __init__(self, *, pin_factory: TappedFactory, **pins: Any) -> None:
        super().__init__(pin_factory=pin_factory)
        self._pins = tuple(pin for pin in pins.values() if pin is not None)
        self._open = True
        pin_factory.reserve_pins(self, *self._pins)

    def transfer(self, data: bytes) -> list[int]:
        """Hands `data` to the factory's listener."""
        self.pin_factory.listener(bytes(data))
        return [0] * len(data)

    def close(self) -> None:
        """Frees the pins."""
        if getattr(self, "_open", False):
            self.pin_factory.release_all(self)
        self._open = False
        super().close()

    @property
    def closed(self) -> bool:
        """Whether it was closed."""
        return not getattr(self, "_open", False)

    def _conflicts_with(self, other: object) -> bool:
        return True

    def _get_clock_mode(self) -> int:
        return 0
