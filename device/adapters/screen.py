"""The small screen of a room: an SSD1306 through luma.oled, on I²C or SPI.

A thread draws, so that a slow bus keeps no dial waiting; a screen that fails is tried again every few seconds.
"""

import logging
import unicodedata
import warnings
from collections.abc import Callable, Sequence
from functools import lru_cache
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any

from gpiozero import DigitalOutputDevice, GPIOZeroError, SPIDevice, SPISoftwareFallback
from luma.core.error import Error as LumaError
from luma.core.interface.serial import i2c
from luma.oled.device import ssd1306
from PIL import Image, ImageDraw, ImageFont

from device.contract.unit_settings import PinSettings, ScreenSettings
from device.core.room.room_page import RoomPage
from device.errors import HardwareFault

log = logging.getLogger(__name__)

RETRY_S = 10.0
WIDTH, HEIGHT = 128, 64
FONT = "DejaVuSans.ttf"
"""Of Debian's fonts-dejavu-core."""
NOP = 0xE3
"""The SSD1306's command that does nothing (data sheet, table 9): one that is there acknowledges it."""

Connect = Callable[[], Any]
"""Gives a luma device that is ready to show; raises `OSError`."""


class _Stop:
    """Stands in the queue for the end."""


class OledScreen:
    """Shows the newest page; `connect` readies the device at first, and again each time it was lost."""

    def __init__(self, connect: Connect, retry_s: float = RETRY_S) -> None:
        self._connect, self._retry_s = connect, retry_s
        self._pages: SimpleQueue[RoomPage | _Stop | None] = SimpleQueue()
        self._told: RoomPage | None = None
        self._device: Any = None
        self.failures = 0
        """Tries in a row that failed."""
        self.fault = ""
        self._thread = Thread(target=self._run, name="screen", daemon=True)

    def start(self) -> None:
        """Begins, dark."""
        self._pages.put(None)
        self._thread.start()

    def stop(self) -> None:
        """Leaves the screen dark."""
        self._pages.put(_Stop())
        if self._thread.is_alive():
            self._thread.join(timeout=5)

    def show(self, page: RoomPage | None) -> None:
        """Shows the page, soon; None leaves the screen dark."""
        if page != self._told:
            self._told = page
            self._pages.put(page)

    def _run(self) -> None:
        page: RoomPage | _Stop | None = None
        while not isinstance(page, _Stop):
            page = self._newest(page)
            try:
                self._put(None if isinstance(page, _Stop) else page)
            except (OSError, LumaError) as error:
                self._failed(error)
            except Exception as error:  # a screen is never a reason to stop
                log.exception("the screen's page cannot be drawn")
                self._failed(error)

    def _newest(self, before: RoomPage | None) -> RoomPage | _Stop | None:
        """The last page that waits; the one before where a failing screen is due for another try."""
        try:
            page = self._pages.get(timeout=self._retry_s if self.failures else None)
        except Empty:
            return before
        while not isinstance(page, _Stop) and not self._pages.empty():
            page = self._pages.get()
        return page

    def _put(self, page: RoomPage | None) -> None:
        if self._device is None:
            self._device = self._connect()
        if page is None:
            self._device.hide()
        else:
            self._device.display(drawn(page))
            self._device.show()
        self.failures, self.fault = 0, ""

    def _failed(self, error: Exception) -> None:
        if not self.failures:
            log.warning("the screen fails: %s", error)
        self.failures += 1
        self.fault = str(error) or type(error).__name__
        self._device = None


def opener(settings: ScreenSettings, pins: PinSettings, pin_factory: Any) -> Connect:
    """What readies the screen of the settings."""
    serial: Any = None
    device: Any = None

    def connect() -> Any:
        try:
            return readied()
        except LumaError as error:
            raise HardwareFault(f"screen: {error}") from error

    def readied() -> Any:
        nonlocal serial, device
        if serial is None:
            serial = _serial(settings, pins, pin_factory)
        serial.command(NOP)
        if device is None:
            device = ssd1306(serial, WIDTH, HEIGHT, settings.rotate)
        else:
            # It forgot its settings with its power. A new object each time would stay in memory: luma keeps all that
            # there ever were, to clear them at exit.
            device.__init__(serial, WIDTH, HEIGHT, settings.rotate)
        return device

    return connect


def _serial(settings: ScreenSettings, pins: PinSettings, pin_factory: Any) -> Any:
    if settings.bus == "i2c":
        return i2c(port=1, address=settings.address)
    return SpiSerial(pins.screen_dc, pin_factory)


class SpiSerial:
    """What luma asks of an interface, over gpiozero's SPI device 0.1 and a data/command line.

    The ring is on the same bus and has no select line of its own: its level shifter must be gated by that of
    device 0.0, or it would show what is meant for the screen (hardware/).
    """

    def __init__(self, dc: int | None, pin_factory: Any) -> None:
        try:
            self._dc = DigitalOutputDevice(dc, pin_factory=pin_factory)
            with warnings.catch_warnings():
                warnings.simplefilter("error", SPISoftwareFallback)
                self._bus = SPIDevice(port=0, device=1, pin_factory=pin_factory)
        except (GPIOZeroError, SPISoftwareFallback) as error:
            raise HardwareFault(f"screen: SPI 0.1: {error}; is dtparam=spi=on set in config.txt?") from error

    def command(self, *words: int) -> None:
        """Sends commands."""
        self._dc.off()
        self._bus._spi.write(bytes(words))

    def data(self, data: Sequence[int]) -> None:
        """Sends what is to be shown."""
        self._dc.on()
        self._bus._spi.write(bytes(data))

    def cleanup(self) -> None:
        """Gives the pins back."""
        self._bus.close()
        self._dc.close()


def drawn(page: RoomPage) -> Image.Image:
    """The page as the screen shows it: how many, large; what for beside it, where and until when above and below."""
    image = Image.new("1", (WIDTH, HEIGHT))
    pen = ImageDraw.Draw(image)
    _write(pen, (0, 0), page.name, 11, WIDTH)
    pen.line((0, 14, WIDTH, 14), fill=1)
    right = _write(pen, (0, 13), str(page.people), 28, WIDTH)
    _write(pen, (right + 3, 24), f"/ {page.seats}", 16, WIDTH - right - 3)
    _write(pen, (0, 41), page.use, 11, WIDTH)
    _write(pen, (0, 53), page.until, 9, WIDTH)
    return image


def _write(pen: ImageDraw.ImageDraw, at: tuple[int, int], text: str, size: int, width: int) -> int:
    """Writes what fits into `width`; where it ends."""
    font, whole = _font(size)
    if not whole:
        text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    shown, length = text, len(text)
    while length and pen.textlength(shown, font) > width:
        length -= 1
        shown = f"{text[:length]}{'…' if whole else '.'}"
    pen.text(at, shown, fill=1, font=font)
    return at[0] + round(pen.textlength(shown, font))


@lru_cache
def _font(size: int) -> tuple[ImageFont.FreeTypeFont | ImageFont.ImageFont, bool]:
    """The font, and whether it has accents: Pillow's own, which is there without Debian's, has none."""
    try:
        return ImageFont.truetype(FONT, size), True
    except OSError:
        return ImageFont.load_default(size), False
