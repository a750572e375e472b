"""Open data, metrics, French spaces, and how long a login waits."""

from datetime import date, timedelta

import pytest

from device.contract.instant import Instant
from server.formats.metrics import Family, exposition, single
from server.formats.open_data import OpenDay, blurred, open_rows
from server.i18n.typography import typeset
from server.web.login_throttle import LONGEST_WAIT_S, wait_after

NOW = Instant.parse("2026-11-23T08:14:05.000Z")


@pytest.mark.parametrize("count, told", [(0, "0"), (1, "1-4"), (4, "1-4"), (5, "5")])
def test_small_counts_are_blurred(count: int, told: str) -> None:
    assert blurred(count) == told


def test_open_data_has_a_row_for_each_date() -> None:
    days = [OpenDay(date(2026, 11, 23), 17, 4, 0)]
    assert list(open_rows(days)) == [("2026-11-23", "1", "17", "1-4", "0")]


def test_labels_of_metrics_cannot_break_out() -> None:
    families = [single("a", "gauge", "x", True), Family("b", "counter", "y", (({"unit": 'q"\\\n'}, 1e6),))]
    assert exposition(families) == (
        '# HELP a x\n# TYPE a gauge\na 1\n# HELP b y\n# TYPE b counter\nb{unit="q\\"\\\\\\n"} 1000000\n'
    )


def test_french_punctuation_never_begins_a_line() -> None:
    assert typeset("Perdu : « oui » !") == "Perdu\u00a0: «\u00a0oui\u00a0»\u00a0!"


@pytest.mark.parametrize("failures, wait_s", [(0, 0), (4, 0), (5, 2), (6, 4), (8, 16), (20, LONGEST_WAIT_S)])
def test_each_wrong_password_beyond_five_doubles_the_wait(failures: int, wait_s: int) -> None:
    assert wait_after(failures, NOW, NOW) == wait_s
    assert wait_after(failures, NOW, NOW + timedelta(seconds=wait_s)) == 0


def test_a_clock_set_back_makes_nobody_wait_for_hours() -> None:
    assert wait_after(9, NOW, NOW - timedelta(hours=3)) == 0
