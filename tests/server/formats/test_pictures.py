"""Slices, heat maps and bars as they are drawn."""

import pytest

from server.core.presence.hourly_occupancy import WeekHour
from server.formats.bars import chart
from server.formats.camembert import slice_path
from server.formats.heat_map import heat_map


@pytest.mark.parametrize(
    "people, seats, path",
    [
        (0, 8, ""),
        (2, 8, "M18 18V1A17 17 0 0 1 35.00 18.00Z"),
        (4, 8, "M18 18V1A17 17 0 0 1 18.00 35.00Z"),
        (6, 8, "M18 18V1A17 17 0 1 1 1.00 18.00Z"),
        (8, 8, "M18 1A17 17 0 1 1 18 35A17 17 0 1 1 18 1Z"),
        (9, 8, "M18 1A17 17 0 1 1 18 35A17 17 0 1 1 18 1Z"),
        (1, 1, "M18 1A17 17 0 1 1 18 35A17 17 0 1 1 18 1Z"),
    ],
)
def test_a_slice_is_as_large_as_the_share_of_seats(people: int, seats: int, path: str) -> None:
    assert slice_path(people, seats) == path


def test_a_heat_map_is_darker_where_it_is_fuller() -> None:
    means = {9: 0.0, 10: 12.5, 11: 26.0, 12: 35.0}
    drawn = heat_map([WeekHour(0, hour, mean, 40, 4) for hour, mean in means.items()], comfortable=25, most=35)
    assert [(cell.hour, cell.depth, cell.shade) for cell in drawn.cells] == [
        (9, 0.0, "calm"),
        (10, 0.5, "calm"),
        (11, 1.0, "busy"),
        (12, 1.0, "full"),
    ]
    assert (drawn.weekdays, drawn.hours) == ([0], [9, 10, 11, 12])


def test_a_heat_map_of_nothing_is_empty() -> None:
    assert heat_map([], comfortable=25, most=35).cells == []


@pytest.mark.parametrize("most, top", [(0, 4), (1, 4), (5, 8), (8, 8), (9, 20), (36, 40), (41, 80), (900, 2_000)])
def test_four_lines_divide_the_scale(most: int, top: int) -> None:
    drawn = chart(["x"], [(most,)])
    assert drawn.lines[-1].value == top
    assert len(drawn.lines) == 5


def test_bars_stand_on_each_other_and_marks_are_shown_where_they_fit() -> None:
    drawn = chart(["1", "2"], [(30, 10), (0, 0)], marks=(25, 35, 500))
    (low, high), empty = drawn.bars[0].parts, drawn.bars[1].parts
    assert high[0] + high[1] == pytest.approx(low[0], abs=0.2)
    assert empty == ((196, 0), (196, 0))
    assert [mark.value for mark in drawn.marks] == [25, 35]
