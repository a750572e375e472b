"""The ring of clocked LEDs (APA102 or SK9822) on the Pi's SPI."""

import logging
import warnings
from collections.abc import Sequence
from typing import Any

from gpiozero import GPIOZeroError, SPIDevice, SPISoftwareFallback

from device.adapters.lgpio_library import or_lgpio_error
from device.core.lights.light import DARK, Drive, Rgb, drives
from device.errors import HardwareFault

log = logging.getLogger(__name__)

START_FRAME = bytes(4)
HEADER = 0b1110_0000
"""The three bits before an LED's global brightness."""


def end_frame(leds: int) -> bytes:
    """What follows the last LED, so that all of them take their colours.

    An SK9822 waits for 32 more clocks before it takes over; and each LED hands the data on half a clock late, so the
    last one needs a clock for every two LEDs. Zeros: ones would light up an LED too many
    (cpldcpu, "SK9822 - a clone of the APA102?", 2016).
    """
    return bytes(4 + (leds + 15) // 16)


def wire(told: Sequence[Drive]) -> bytes:
    """The bytes of one frame: each LED takes its header with the global brightness, then blue, green, red."""
    body = bytes(byte for strength, red, green, blue in told for byte in (HEADER | strength, blue, green, red))
    return START_FRAME + body + end_frame(len(told))


class LedRing(SPIDevice):  # type: ignore[misc]
    """Shows frames, dimmed to `brightness` (0 to 1, a share of full light) and to `limit_ma` for the whole ring.

    `chip_select` only names the SPI device: these LEDs have no select line and take all that goes over the bus.
    The bus stays at gpiozero's 500 kHz, which a metre of loose wire carries: 24 LEDs take 1.7 ms.
    Raises `HardwareFault` where the Pi's own SPI cannot be had: gpiozero would then move each bit by hand, which keeps
    a door waiting for tens of milliseconds a frame.
    """

    def __init__(
        self, leds: int, *, brightness: float, limit_ma: float, chip_select: int = 0, pin_factory: Any = None
    ) -> None:
        self.brightness = brightness
        self._leds = leds
        self._limit_ma = limit_ma
        self._sent = b""
        self.fault = ""
        """Why the bus took no frame the last time; nothing where it did."""
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("error", SPISoftwareFallback)
                super().__init__(port=0, device=chip_select, pin_factory=pin_factory)
        except (GPIOZeroError, SPISoftwareFallback) as error:
            raise HardwareFault(f"ring: SPI 0.{chip_select}: {error}; is dtparam=spi=on set in config.txt?") from error

    def show(self, frame: Sequence[Rgb]) -> None:
        """Sends the frame where it differs from the last one.

        A bus that fails is logged once, and the next frame tried again: light is never a reason to stop.
        """
        told = wire(drives(frame, self.brightness, self._limit_ma))
        if told == self._sent:
            return
        try:
            self._spi.write(told)
        except or_lgpio_error(OSError) as error:
            self._failed(error)
        else:
            self._sent = told
            self.fault = ""

    def close(self) -> None:
        """Leaves the ring dark: the LEDs would hold their last frame as long as they have power."""
        if getattr(self, "_spi", None) is not None:
            self.show((DARK,) * self._leds)
        super().close()

    def _failed(self, error: Exception) -> None:
        if not self.fault:
            log.warning("the ring's SPI bus fails: %s", error)
        self.fault = str(error) or type(error).__name__
        self._sent = b""
