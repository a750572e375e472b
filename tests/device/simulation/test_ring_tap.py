"""The simulated ring shines as real LEDs would, and refuses what they would not take."""

from itertools import chain

import pytest
from gpiozero.pins.mock import MockSPIDevice
from hypothesis import given
from hypothesis import strategies as st

from device.adapters.led_ring import LedRing, wire
from device.core.lights.light import drives
from device.errors import HardwareFault
from device.simulation.ring_tap import TappedFactory, decode_frame

FRAME = [(255, 0, 0), (0, 40, 200), (3, 2, 1)] * 4


@pytest.fixture
def transfers():
    return []


@pytest.fixture
def ring(transfers):
    with LedRing(12, brightness=0.4, limit_ma=300, pin_factory=TappedFactory(transfers.append)) as ring:
        yield ring


def test_the_tap_gets_the_very_bytes_that_gpiozeros_mock_pins_carry(ring, transfers, factory):
    with (
        MockSPIDevice(11, 10, 9, 8, pin_factory=factory) as strip,
        LedRing(12, brightness=0.4, limit_ma=300, pin_factory=factory) as bit_banged,
    ):
        bit_banged.show(FRAME)
        ring.show(FRAME)
        bits = "".join(str(int(bit)) for bit in strip.rx_buf)
    assert f"{int.from_bytes(transfers[-1], 'big'):0{len(bits)}b}" == bits


def test_the_decoded_ring_shines_less_when_dimmed(ring, transfers):
    ring.show(FRAME)
    red, green, blue = decode_frame(transfers[-1])[0]
    assert (green, blue) == (0, 0)
    assert 150 < red < 180


def test_two_rings_cannot_have_one_bus(ring):
    with pytest.raises(HardwareFault, match="already in use"):
        LedRing(12, brightness=1, limit_ma=300, pin_factory=ring.pin_factory)


def test_a_closed_ring_frees_its_pins(transfers):
    factory = TappedFactory(transfers.append)
    for _ in range(2):
        LedRing(12, brightness=1, limit_ma=300, pin_factory=factory).close()
    assert transfers == [wire([(0, 0, 0, 0)] * 12)] * 2


@given(st.lists(st.tuples(*[st.integers(0, 255)] * 3), min_size=1, max_size=40))
def test_colours_come_back_as_they_were_shown(frame):
    """Within what 8 bits of pulse width can hold beside the LED's own brightest channel."""
    decoded = decode_frame(wire(drives(frame, brightness=1, limit_ma=1e6)))
    shown, asked = chain.from_iterable(decoded), chain.from_iterable(frame)
    assert all(abs(a - b) <= 7 for a, b in zip(shown, asked, strict=True))


@pytest.mark.parametrize(
    ("transfer", "fault"),
    [
        ("ffffffff e0000000 0000000000", "no start frame"),
        ("00000000 e0000000 0000", "end frame of 2 bytes"),
        ("00000000 e0000000 41000000 0000000000", "no LED's header after LED 1: 01000001"),
    ],
)
def test_leds_do_not_take_a_broken_frame(transfer, fault):
    with pytest.raises(ValueError, match=fault):
        decode_frame(bytes.fromhex(transfer))
