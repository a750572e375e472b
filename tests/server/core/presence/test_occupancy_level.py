"""How full the place is, in one word."""

import pytest

from device.contract.instant import Instant
from server.core.presence.occupancy_level import Crowd, level, occupancy

NOW = Instant.parse("2026-11-23T12:00:00.000Z")


@pytest.mark.parametrize(
    ("present", "word"),
    [(0, "comfortable"), (25, "comfortable"), (26, "busy"), (34, "busy"), (35, "full"), (60, "full")],
)
def test_the_place_is_comfortable_then_busy_then_full(present: int, word: str) -> None:
    assert level(present, 25, 35) == word


def test_a_place_that_is_comfortable_to_the_last_seat_is_full_all_the_same() -> None:
    assert level(10, 10, 10) == "full"


def test_guests_count_among_those_present() -> None:
    told = occupancy(Crowd(members=24, guests=2, uncertain=1), 25, 35, NOW)
    assert (told.present, told.guests, told.level, told.uncertain, told.as_of) == (26, 2, "busy", 1, NOW)
