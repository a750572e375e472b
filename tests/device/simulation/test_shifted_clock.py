"""However far the clock of a simulated unit is put off, what it writes can be read again."""

from math import inf

import pytest

from device.contract.codec import decode_event, encode
from device.contract.messages import Passage
from device.simulation.hardware import ShiftedClock


@pytest.mark.parametrize("offset_s", [0, 3600, -3600, 9e9, -9e9, 1e300, -1e300, inf, -inf])
def test_an_event_of_a_clock_that_is_off_is_an_event(offset_s):
    clock = ShiftedClock()
    clock.offset_s = offset_s
    reading = clock.read()
    passage = Passage(at=reading.wall, clock="synced", credential=None, side="exit", by="rex")
    assert decode_event(encode(passage)) == passage
    assert reading.confirmed is False or offset_s == 0
