"""The LED driver, judged by the bits that come out of the pins."""

import pytest
from gpiozero.pins.mock import MockFactory, MockSPIDevice

from device.adapters.led_ring import LedRing, end_frame, wire
from device.errors import HardwareFault
from device.simulation.ring_tap import decode_frame

CLOCK, MOSI, MISO, SELECT = 11, 10, 9, 8


class Strip(MockSPIDevice):
    """Twelve LEDs on the mock pins: keeps what was clocked in since the transfer began."""

    def received(self) -> bytes:
        bits = "".join(str(int(bit)) for bit in self.rx_buf)
        return int(bits, 2).to_bytes(len(bits) // 8, "big")


@pytest.fixture
def strip(factory):
    with Strip(CLOCK, MOSI, MISO, SELECT, pin_factory=factory) as strip:
        yield strip


@pytest.fixture
def ring(factory, strip):
    with LedRing(3, brightness=1, limit_ma=1000, pin_factory=factory) as ring:
        yield ring


def test_the_bits_are_start_frame_leds_in_blue_green_red_and_end_frame(ring, strip):
    ring.show([(255, 0, 0), (0, 255, 0), (0, 0, 255)])
    assert strip.received() == bytes.fromhex("00000000 ff0000ff ff00ff00 ffff0000 00000000 00")


def test_the_light_decoded_from_the_pins_is_what_was_shown(ring, strip):
    ring.show([(255, 128, 0), (10, 10, 10), (0, 0, 0)])
    assert decode_frame(strip.received()) == [(255, 128, 0), (10, 10, 10), (0, 0, 0)]


def test_the_same_frame_is_sent_once(ring, strip):
    ring.show([(0, 9, 0)] * 3)
    strip.on_start()
    ring.show([(0, 9, 0)] * 3)
    assert strip.rx_buf == []


def test_a_change_of_brightness_alone_is_sent(ring, strip):
    ring.show([(0, 200, 0)] * 3)
    ring.brightness = 0.1
    ring.show([(0, 200, 0)] * 3)
    assert 0 < decode_frame(strip.received())[0][1] < 100


def test_the_whole_frame_is_dimmed_to_the_current_limit(factory, strip):
    with LedRing(12, brightness=1, limit_ma=100, pin_factory=factory) as ring:
        ring.show([(255, 255, 255)] * 12)
        dimmed = decode_frame(strip.received())
    assert len(set(dimmed)) == 1
    assert 60 < dimmed[0][0] < 110


def test_a_ring_is_dark_after_its_end(factory, strip):
    LedRing(3, brightness=1, limit_ma=1000, pin_factory=factory).close()
    assert decode_frame(strip.received()) == [(0, 0, 0)] * 3


@pytest.mark.parametrize(("leds", "size"), [(1, 5), (12, 5), (16, 5), (17, 6), (24, 6), (144, 13)])
def test_the_end_frame_has_a_clock_for_every_two_leds_and_the_sk9822s_32(leds, size):
    assert end_frame(leds) == bytes(size)
    assert (size - 4) * 8 >= leds / 2


def test_each_led_starts_with_three_ones_and_its_global_brightness():
    assert wire([(1, 2, 3, 4)])[4:8] == bytes([0b111_00001, 4, 3, 2])


class NoSpi(MockFactory):
    """A Pi whose SPI is not switched on."""

    def _get_spi_class(self, shared, hardware):
        if hardware:
            raise FileNotFoundError("/dev/spidev0.0")
        return super()._get_spi_class(shared, hardware)


def test_a_pi_without_its_spi_is_told_and_not_bit_banged():
    with pytest.raises(HardwareFault, match=r"spidev0\.0.*dtparam=spi=on"):
        LedRing(12, brightness=1, limit_ma=1000, pin_factory=NoSpi())


def test_a_failing_bus_stops_nothing_and_is_tried_again(ring, strip, mocker, caplog):
    mocker.patch.object(ring._spi, "transfer", side_effect=OSError("bus gone"))
    ring.show([(9, 9, 9)] * 3)
    ring.show([(90, 90, 90)] * 3)
    mocker.stopall()
    ring.show([(90, 90, 90)] * 3)
    assert caplog.text.count("bus gone") == 1
    assert decode_frame(strip.received()) == [(90, 90, 90)] * 3
