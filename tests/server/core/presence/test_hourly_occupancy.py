"""How full the place was, hour by hour."""

from datetime import date, timedelta

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
    assert {(each.mean, each.peak) for each in found} == {(1.0, 1)}
