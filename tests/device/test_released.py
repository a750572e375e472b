"""The date below which no clock is believed follows the releases."""

import re
from pathlib import Path

from device.app import RELEASED

CHANGELOG = Path(__file__).resolve().parents[2] / "CHANGELOG.md"


def test_no_release_is_newer_than_the_date_that_clocks_are_held_against() -> None:
    """`RELEASED` in device/app.py is set to the date of each release, as the changelog has it."""
    dates = re.findall(r"^## .*(\d{4}-\d\d-\d\d)", CHANGELOG.read_text("utf-8"), re.MULTILINE)
    assert str(RELEASED)[:10] >= max(dates, default="")
