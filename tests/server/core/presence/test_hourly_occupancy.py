"""How full the place was, hour by hour."""

from datetime import date, timedelta

import pytest

from server.core.calendar.calendar import Calendar, OpeningCalendars
from server.core.calendar.opening_hours import MS_AN_HOUR, HouseHours, Span
from server.core.presence.hourly_occupancy import HourOccupied, Presence, by_hour, by_week_hour
from tests.server.core.charge.member_days import CALENDAR, MONDAY, local

CALENDARS = OpeningCalendars.always(CALENDAR)


def stay(start: str, end: str, day: date = MONDAY) -> Presence:
    return day, local(start, day).epoch_ms, local(end, day).epoch_ms


def hours(*presences: Presence) -> dict[int, HourOccupied]:
    return {each.hour: each for each in by_hour(presences, CALENDARS, MONDAY, MONDAY)}


def test_only_opening_hours_count() -> None:
    found = hours(stay("7:00", "19:00"))
    assert sorted(found) == list(range(8, 18))
    assert all((each.mean, each.peak, each.open_ms) == (1, 1, MS_AN_HOUR) for each in found.values())


def test_the_mean_weighs_by_time_and_the_peak_counts_heads() -> None:
    found = hours(stay("9:00", "9:30"), stay("9:15", "10:30"), stay("9:30", "9:45"))
    assert (found[9].mean, found[9].peak) == (1.5, 2)
    assert (found[10].mean, found[10].peak) == (0.5, 1)


def test_whoever_left_does_not_lower_the_peak_of_those_who_come_later() -> None:
    assert hours(stay("9:00", "9:10"), stay("9:20", "9:40"), stay("9:25", "9:45"))[9].peak == 2


def test_of_an_hour_that_is_open_in_part_only_that_part_counts() -> None:
    calendars = OpeningCalendars.always(Calendar(HouseHours(weekly={"mon": (Span(510, 720), Span(765, 1110))})))
    presences = [
        *(stay(*each) for each in (("8:00", "8:10"), ("8:15", "8:45"), ("11:30", "13:00"), ("12:05", "12:40"))),
        *(stay(*each) for each in (("18:15", "18:40"), ("18:50", "18:55"))),
    ]
    found = {each.hour: each for each in by_hour(presences, calendars, MONDAY, MONDAY)}
    assert sorted(found) == [8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18]
    assert {hour: found[hour] for hour in (8, 11, 12, 13, 18)} == {
        8: HourOccupied(MONDAY, 8, 0.5, 1, 30 * 60_000),
        11: HourOccupied(MONDAY, 11, 0.5, 1, MS_AN_HOUR),
        12: HourOccupied(MONDAY, 12, 1.0, 1, 15 * 60_000),
        13: HourOccupied(MONDAY, 13, 0.0, 0, MS_AN_HOUR),
        18: HourOccupied(MONDAY, 18, 0.5, 1, 30 * 60_000),
    }


def test_a_day_on_which_the_place_is_closed_has_no_hours() -> None:
    sunday = MONDAY - timedelta(days=1)
    assert by_hour([stay("9:00", "12:00", sunday)], CALENDARS, sunday, sunday) == []


def test_weeks_are_averaged_hour_by_hour() -> None:
    later = MONDAY + timedelta(days=7)
    found = by_hour([stay("9:00", "10:00"), stay("9:00", "10:00")], CALENDARS, MONDAY, later)
    nine = next(each for each in by_week_hour(found) if (each.weekday, each.hour) == (0, 9))
    assert (nine.mean, nine.peak, nine.days) == (1.0, 2, 2)


def test_the_hour_that_daylight_saving_repeats_is_one_long_hour() -> None:
    hours_of = HouseHours(weekly={"sun": (Span(0, 1440),)}, holidays="")
    calendar, sunday = Calendar(hours_of), date(2026, 10, 25)
    start, end = (bound.epoch_ms for bound in calendar.day_bounds(sunday))
    found = by_hour([(sunday, start, end)], OpeningCalendars.always(calendar), sunday, sunday)
    assert [each.hour for each in found] == list(range(24))
    assert {(each.mean, each.peak, each.open_ms) for each in found} == {(1.0, 1, MS_AN_HOUR)}


@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 10, 25), date(2026, 11, 22)])
def test_whatever_daylight_saving_does_each_hour_is_that_of_the_wall_clock(day: date) -> None:
    always = Calendar(HouseHours(weekly={"sun": (Span(0, 1440),)}, holidays=""))
    for hour in (0, 1, 4, 12, 23):
        in_it = stay(f"{hour}:15", f"{hour}:45", day)
        found = by_hour([in_it], OpeningCalendars.always(always), day, day)
        assert [(each.hour, each.mean) for each in found if each.mean] == [(hour, 0.5)]
