"""Slices, heat maps and bars as they are drawn."""

import pytest

from server.core.presence.hourly_occupancy import WeekHour
from server.formats.bars import Bar, Chart, ScaleLine, chart
from server.formats.camembert import slice_path
from server.formats.heat_map import HeatCell, HeatMap, heat_map


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
    assert [(cell.hour, cell.depth, cell.level) for cell in drawn.cells] == [
        (9, 0.0, "comfortable"),
        (10, 0.5, "comfortable"),
        (11, 1.0, "busy"),
        (12, 1.0, "full"),
    ]
    assert (drawn.weekdays, drawn.hours) == ([0], [9, 10, 11, 12])


def test_a_cell_stands_in_the_column_of_its_weekday_and_the_row_of_its_hour() -> None:
    drawn = heat_map([WeekHour(1, 9, 8.0, 12, 3), WeekHour(3, 11, 35.0, 41, 4)], comfortable=25, most=36)
    assert drawn == HeatMap(
        cells=[
            HeatCell(x=56, y=24, weekday=1, hour=9, mean=8.0, peak=12, level="comfortable", depth=0.32),
            HeatCell(x=116, y=84, weekday=3, hour=11, mean=35.0, peak=41, level="busy", depth=1.0),
        ],
        weekdays=[1, 3],
        hours=[9, 10, 11],
        width=176,
        height=114,
    )


@pytest.mark.parametrize(
    "mean, level, depth",
    [
        (1.0, "comfortable", 0.04),
        (3.2, "comfortable", 0.13),
        (25.0, "comfortable", 1.0),
        (25.1, "busy", 1.0),
        (34.9, "busy", 1.0),
        (35.0, "full", 1.0),
    ],
)
def test_an_hour_is_shaded_by_its_mean(mean: float, level: str, depth: float) -> None:
    (cell,) = heat_map([WeekHour(0, 9, mean, 40, 4)], comfortable=25, most=35).cells
    assert (cell.level, cell.depth) == (level, depth)


def test_a_heat_map_of_nothing_is_empty() -> None:
    assert heat_map([], comfortable=25, most=35) == HeatMap([], [], [], 56, 24)


@pytest.mark.parametrize("most, top", [(0, 4), (1, 4), (5, 8), (8, 8), (9, 20), (36, 40), (41, 80), (900, 2_000)])
def test_four_lines_divide_the_scale(most: int, top: int) -> None:
    drawn = chart(["x"], [(most,)])
    assert [line.value for line in drawn.lines] == [0, top // 4, top // 2, top // 4 * 3, top]


def test_bars_stand_on_each_other_and_marks_are_shown_where_they_fit() -> None:
    drawn = chart(["Mon", "Tue"], [(30, 10), (0, 0)], marks=(25, 35, 500))
    assert drawn == Chart(
        bars=[
            Bar("Mon", x=74.0, width=272.0, parts=((55.0, 141.0), (8.0, 47.0)), value=40),
            Bar("Tue", x=414.0, width=272.0, parts=((196.0, 0.0), (196.0, 0.0)), value=0),
        ],
        lines=[
            ScaleLine(0, 196.0),
            ScaleLine(10, 149.0),
            ScaleLine(20, 102.0),
            ScaleLine(30, 55.0),
            ScaleLine(40, 8.0),
        ],
        marks=[ScaleLine(25, 78.5), ScaleLine(35, 31.5)],
    )


def test_a_chart_is_drawn_to_the_tenth_of_a_pixel() -> None:
    assert chart(["1"], [(1,)]).bars == [Bar("1", x=108.0, width=544.0, parts=((149.0, 47.0),), value=1)]
    drawn = chart(list("1234567"), [(8.0,), (0.11,), *[(0,)] * 5])
    assert drawn.bars[1] == Bar("2", x=146.9, width=77.7, parts=((193.4, 2.6),), value=0.11)


@pytest.mark.parametrize("mark, top, shown", [(40, 40, True), (41, 20, False), (9, 20, True), (20, 20, True)])
def test_a_mark_is_shown_up_to_twice_the_highest_bar(mark: int, top: int, shown: bool) -> None:
    drawn = chart(["x"], [(20,)], marks=(mark,))
    assert (drawn.lines[-1].value, bool(drawn.marks)) == (top, shown)


def test_a_chart_of_nothing_has_a_scale_and_no_bars() -> None:
    drawn = chart([], [], marks=(5,))
    assert (drawn.bars, [line.value for line in drawn.lines], drawn.marks) == ([], [0, 1, 2, 3, 4], [])


def test_a_label_without_its_values_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="zip"):
        chart(["Mon", "Tue"], [(1,)])
