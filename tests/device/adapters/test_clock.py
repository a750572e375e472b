"""The machine's clocks, whatever they were set to."""

import time
from pathlib import Path

import pytest

from device.adapters.clock import SystemClock
from device.contract.instant import Instant

YEAR_S = 365.2425 * 86_400

now_s = time.time


@pytest.mark.parametrize(
    ("year", "told"), [(1900, 1970), (1970, 1970), (2066, 2066), (2199, 2199), (2255, 2199), (9999, 2199)]
)
def test_a_machine_whose_clock_says_any_year_has_a_time_to_tell(mocker, year, told):
    mocker.patch("device.adapters.clock.time.time_ns", return_value=round((year + 0.5 - 1970) * YEAR_S) * 10**9)
    reading = SystemClock().read()
    assert reading.wall.year == told
    assert Instant.parse(str(reading.wall)) == reading.wall


@pytest.mark.parametrize(
    ("off_s", "kept"), [(0, True), (-60, True), (60, True), (600, False), (-YEAR_S, False), (None, False), ("", False)]
)
def test_an_rtc_is_believed_where_it_agrees_with_what_the_kernel_took_from_it(
    tmp_path: Path, mocker, off_s: float | str | None, kept: bool
) -> None:
    mocker.patch("device.adapters.clock.SYNCED_SINCE_BOOT", tmp_path / "never")
    mocker.patch("device.adapters.clock.SystemClock._confirmed", return_value=False)
    rtc = tmp_path / "since_epoch"
    if isinstance(off_s, str):
        rtc.write_text(off_s)
    elif off_s is not None:
        rtc.write_text(f"{round(now_s() + off_s)}\n")
    assert SystemClock(rtc).read().kept is kept


def test_a_clock_that_the_network_set_once_since_the_boot_is_kept(tmp_path: Path, mocker) -> None:
    mocker.patch("device.adapters.clock.SystemClock._confirmed", return_value=False)
    mocker.patch("device.adapters.clock.SYNCED_SINCE_BOOT", tmp_path)
    assert SystemClock(tmp_path / "none").read().kept


def test_a_clock_that_is_confirmed_once_is_kept_from_then_on(tmp_path: Path, mocker) -> None:
    mocker.patch("device.adapters.clock.SYNCED_SINCE_BOOT", tmp_path / "never")
    mocker.patch("device.adapters.clock.SystemClock._confirmed", side_effect=[False, True, False])
    clock = SystemClock(tmp_path / "none")
    assert [clock.read().kept for _ in range(3)] == [False, True, True]
