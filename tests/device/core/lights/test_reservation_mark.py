"""When a reservation shows on the ring, and when it runs."""

from datetime import timedelta

import pytest

from device.contract.instant import Instant
from device.contract.messages import Reserved
from device.core.lights.reservation_mark import holds, mark

TWO = Instant.parse("2026-11-23T14:00:00.000Z")
MIN = timedelta(minutes=1)
OPEN = Reserved(from_=TWO, until=TWO + 60 * MIN, let_go_at=TWO + 15 * MIN)
TAKEN = Reserved(from_=TWO, until=TWO + 60 * MIN)


@pytest.mark.parametrize(
    ("reserved", "people", "minute", "marked"),
    [
        (None, 0, 0, "none"),
        (OPEN, 0, -10.1, "none"),
        (OPEN, 0, -10, "ahead"),
        (OPEN, 5, -1, "ahead"),
        (OPEN, 0, 0, "unclaimed"),
        (OPEN, 1, 0, "none"),
        (OPEN, 0, 14.9, "unclaimed"),
        (OPEN, 0, 15, "none"),
        (TAKEN, 0, 30, "unclaimed"),
        (TAKEN, 3, 30, "none"),
        (TAKEN, 0, 60, "none"),
    ],
)
def test_the_mark_of_a_reservation(reserved, people, minute, marked):
    assert mark(reserved, people, TWO + minute * MIN) == marked


@pytest.mark.parametrize(
    ("reserved", "people", "minute", "running"),
    [
        (None, 1, 0, False),
        (OPEN, 1, -1, False),
        (OPEN, 0, 0, True),
        (OPEN, 0, 15, False),
        (OPEN, 2, 15, True),
        (TAKEN, 0, 30, True),
        (TAKEN, 2, 60, False),
    ],
)
def test_a_reservation_runs_until_its_end_or_until_it_is_let_go(reserved, people, minute, running):
    assert holds(reserved, people, TWO + minute * MIN) is running


def test_a_clock_that_is_not_trusted_marks_nothing():
    assert mark(OPEN, 0, None) == "none"
