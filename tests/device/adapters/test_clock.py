"""The machine's clocks, whatever they were set to."""

import pytest

from device.adapters.clock import SystemClock
from device.contract.instant import Instant

YEAR_S = 365.2425 * 86_400


@pytest.mark.parametrize(
    ("year", "told"), [(1900, 1970), (1970, 1970), (2066, 2066), (2199, 2199), (2255, 2199), (9999, 2199)]
)
def test_a_machine_whose_clock_says_any_year_has_a_time_to_tell(mocker, year, told):
    mocker.patch("device.adapters.clock.time.time_ns", return_value=round((year + 0.5 - 1970) * YEAR_S) * 10**9)
    reading = SystemClock().read()
    assert reading.wall.year == told
    assert Instant.parse(str(reading.wall)) == reading.wall
