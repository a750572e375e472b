"""The small screen: through luma's own devices, by its bits on SPI and I²C, and when it fails."""

import pytest

pytest.importorskip("luma.core.device")
from luma.core.device import dummy
from luma.core.interface.serial import i2c
from luma.oled.device import ssd1306
from PIL import Image

from device.adapters import screen as screens
from device.adapters.screen import NOP, OledScreen, SpiSerial, drawn, opener
from device.contract.unit_settings import PinSettings, ScreenSettings
from device.core.room.room_page import RoomPage
from device.errors import HardwareFault
from device.simulation.ring_tap import TappedFactory
from tests.patience import wait_until

PAGE = RoomPage("Salle de réunion", 5, 8, "Réunion", "jusqu'à 18:00")
OTHER = RoomPage("Salle de réunion", 6, 8, "Réunion", "jusqu'à 18:00")
DISPLAY_OFF, DISPLAY_ON = 0xAE, 0xAF


class Dummy(dummy):
    """luma's own stand-in, which also says whether it is on."""

    def __init__(self):
        super().__init__(128, 64, mode="1")
        self.told = []

    def display(self, image):
        super().display(image)
        self.told.append("page")

    def show(self):
        self.told.append("on")

    def hide(self):
        self.told.append("off")


@pytest.fixture
def started():
    """Starts a screen and sees to its end."""
    running = []

    def start(connect, retry_s=0.01):
        screen = OledScreen(connect, retry_s)
        screen.start()
        running.append(screen)
        return screen

    yield start
    for screen in running:
        screen.stop()


def test_the_screen_shows_the_page_and_goes_dark_at_the_end(started):
    dummy = Dummy()
    screen = started(lambda: dummy)
    screen.show(PAGE)
    wait_until(lambda: "page" in dummy.told)
    assert dummy.image.tobytes() == drawn(PAGE).tobytes()
    screen.stop()
    assert dummy.told == ["off", "page", "on", "off"]


def test_a_page_like_the_last_one_is_not_drawn_again(started):
    dummy = Dummy()
    screen = started(lambda: dummy)
    screen.show(PAGE)
    wait_until(lambda: "on" in dummy.told)
    screen.show(PAGE)
    screen.show(OTHER)
    wait_until(lambda: dummy.told.count("page") == 2)


def test_a_closed_place_is_a_dark_screen(started):
    dummy = Dummy()
    screen = started(lambda: dummy)
    screen.show(PAGE)
    wait_until(lambda: "on" in dummy.told)
    screen.show(None)
    wait_until(lambda: dummy.told[-1] == "off")


@pytest.mark.parametrize("error", [OSError(121, "Remote I/O error"), ValueError("what is this")])
def test_a_screen_that_fails_is_opened_anew_and_gets_its_page(started, error):
    dummy, refusals = Dummy(), [error] * 3

    def connect():
        if refusals:
            raise refusals.pop()
        return dummy

    screen = started(connect)
    screen.show(PAGE)
    wait_until(lambda: "page" in dummy.told)
    assert screen.failures == 0


def test_a_screen_pulled_off_while_it_draws_stops_nothing(started, mocker):
    dummy = Dummy()
    screen = started(lambda: dummy)
    screen.show(PAGE)
    wait_until(lambda: "page" in dummy.told)
    display = mocker.patch.object(dummy, "display", side_effect=OSError(5, "I/O error"))
    screen.show(OTHER)
    wait_until(lambda: screen.failures > 1)
    mocker.stop(display)
    wait_until(lambda: screen.failures == 0)
    assert dummy.image.tobytes() == drawn(OTHER).tobytes()


class Bus:
    """An SMBus to which a screen is plugged, or not; luma takes it for smbus2's."""

    def __init__(self):
        self.plugged, self.written = True, []

    def write_i2c_block_data(self, address, register, data):
        if not self.plugged:
            raise OSError(121, "Remote I/O error")
        self.written.append((address, register, bytes(data)))


@pytest.fixture
def bus(mocker):
    bus = Bus()
    mocker.patch.object(screens, "i2c", lambda port, address: i2c(bus=bus, address=address))
    return bus


def test_on_i2c_an_ssd1306_is_asked_whether_it_is_there_and_then_set_up(bus):
    device = opener(ScreenSettings(address=0x3D), PinSettings(), None)()
    assert isinstance(device, ssd1306)
    assert bus.written[0] == (0x3D, 0x00, bytes((NOP,)))
    assert bus.written[1][2][0] == DISPLAY_OFF


def test_a_screen_that_comes_back_is_set_up_again_as_the_same_device(bus):
    connect = opener(ScreenSettings(), PinSettings(), None)
    first = connect()
    bus.plugged = False
    with pytest.raises(HardwareFault, match="0x3C"):
        connect()
    bus.plugged = True
    bus.written.clear()
    assert connect() is first
    assert bus.written[1][2][0] == DISPLAY_OFF


def test_without_the_bus_the_screen_fails_and_says_so():
    with pytest.raises(HardwareFault, match="I2C"):
        opener(ScreenSettings(), PinSettings(), None)()


def test_over_spi_the_very_bits_of_the_page_reach_the_panel():
    sent = []
    factory = TappedFactory(lambda data: sent.append((factory.pin(25).state, data)))
    try:
        device = opener(ScreenSettings(bus="spi"), PinSettings(screen_dc=25), factory)()
        sent.clear()
        device.display(drawn(PAGE))
        shown = b"".join(data for is_data, data in sent if is_data)
        assert pixels(shown) == drawn(PAGE).convert("L").tobytes()
        assert [data[0] for is_data, data in sent if not is_data] == [0x21]
        device._serial_interface.cleanup()
    finally:
        factory.close()


def pixels(memory):
    """The picture in the SSD1306's memory: pages of eight rows, a byte for eight dots, the lowest on top."""
    return bytes(255 if memory[(y // 8) * 128 + x] >> (y % 8) & 1 else 0 for y in range(64) for x in range(128))


def test_spi_gives_its_pins_back():
    factory = TappedFactory(lambda data: None)
    SpiSerial(25, factory).cleanup()
    SpiSerial(25, factory).cleanup()
    factory.close()


@pytest.mark.parametrize("font", [screens.FONT, "NoSuchFont.ttf"])
def test_a_name_of_any_length_and_script_fits_with_and_without_debians_font(monkeypatch, font):
    monkeypatch.setattr(screens, "FONT", font)
    screens._font.cache_clear()
    for name in ("", "é" * 200, "Зал №1", "a\u0000b", "會議室"):
        image = drawn(RoomPage(name, 999, 999, name, "réservée jusqu'à 23:59"))
        assert isinstance(image, Image.Image)
        assert image.size == (128, 64)
    screens._font.cache_clear()
