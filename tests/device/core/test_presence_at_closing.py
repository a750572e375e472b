"""Who is in by a unit's own knowledge, at closing and past midnight, while the server is away."""

from datetime import datetime, timedelta
from typing import get_args
from zoneinfo import ZoneInfo

import pytest

from device.contract.access_list import Schedule
from device.contract.instant import Instant
from device.contract.messages import CalendarDate, Inside, TimeOfDay, Weekday
from device.core.door.presence import Insiders
from device.core.door.schedule import local_schedule

PARIS = ZoneInfo("Europe/Paris")
ANNE, BRUNO = 17, 42
Hours = list[tuple[TimeOfDay, TimeOfDay]]
NIGHT: dict[Weekday, Hours] = {
    "fri": [("08:00", "12:00"), ("18:00", "24:00")],
    "sat": [("00:00", "02:00"), ("10:00", "18:00")],
}


def at(day: int, clock: str) -> Instant:
    """Friday is the 6th."""
    hour, minute = map(int, clock.split(":"))
    return Instant.of(datetime(2026, 11, day, hour, minute, tzinfo=PARIS))


def insiders(weekly: dict[Weekday, Hours], dates: dict[CalendarDate, Hours] | None = None) -> Insiders:
    hours = local_schedule(Schedule(weekly=weekly, dates=dates or {}))
    known = Insiders(PARIS, lambda: hours)
    known.heard(Inside(members=[ANNE], as_of=at(6, "22:00")))
    known.passed(BRUNO, "entry", at(6, "23:00"))
    return known


@pytest.mark.parametrize("now", [at(7, "00:30"), at(7, "02:29")])
def test_who_is_in_at_midnight_stays_in_so_that_their_next_tap_is_an_exit(now: Instant) -> None:
    known = insiders(NIGHT)
    assert known.is_in(ANNE, now)
    assert known.is_in(BRUNO, now)


@pytest.mark.parametrize("now", [at(7, "02:30"), at(7, "11:00"), at(8, "00:30")])
def test_once_the_night_is_over_nobody_is_in(now: Instant) -> None:
    known = insiders(NIGHT)
    assert not known.is_in(ANNE, now)
    assert not known.is_in(BRUNO, now)


@pytest.mark.parametrize(("minutes", "is_in"), [(0, False), (30, False), (45, True)])
def test_they_are_checked_out_so_many_minutes_after_closing_as_the_place_says(minutes: int, is_in: bool) -> None:
    hours = local_schedule(Schedule(weekly=NIGHT, dates={}))
    known = Insiders(PARIS, lambda: hours, lambda: minutes)
    known.heard(Inside(members=[ANNE], as_of=at(6, "22:00")))
    assert known.is_in(ANNE, at(7, "02:40")) is is_in


@pytest.mark.parametrize(
    "dates", [{"2026-11-06": [("18:00", "23:59")]}, {"2026-11-07": [("00:01", "02:00")]}, {"2026-11-07": []}]
)
@pytest.mark.parametrize("now", [at(7, "00:00"), at(7, "00:30")])
def test_a_minute_closed_at_midnight_is_a_closing(dates: dict[CalendarDate, Hours], now: Instant) -> None:
    assert not insiders(NIGHT, dates).is_in(ANNE, now)


def test_an_opening_that_goes_on_for_a_minute_goes_on() -> None:
    known = insiders(NIGHT, {"2026-11-07": [("00:00", "00:01")]})
    assert known.is_in(ANNE, at(7, "00:30"))
    assert not known.is_in(ANNE, at(7, "00:31"))


def test_where_a_place_never_closes_nobody_is_believed_in_for_ever() -> None:
    known = insiders({day: [("00:00", "24:00")] for day in get_args(Weekday)})
    assert known.is_in(ANNE, at(8, "23:59"))
    assert not known.is_in(ANNE, at(9, "00:00"))


def test_a_clock_that_went_back_believes_nothing_of_tomorrow() -> None:
    assert not insiders(NIGHT).is_in(ANNE, at(6, "22:00") - timedelta(days=1))


@pytest.mark.parametrize(
    ("came", "now", "is_in"),
    [
        ("17:00", "18:29", True),
        ("17:00", "18:30", False),
        ("17:00", "23:59", False),
        ("11:00", "13:00", True),
        ("17:59", "18:30", False),
        ("18:00", "23:59", True),
        ("18:05", "18:31", True),
        ("18:05", "23:59", True),
    ],
)
def test_who_came_before_closing_is_checked_out_though_the_server_is_away(came: str, now: str, is_in: bool) -> None:
    hours = local_schedule(Schedule(weekly={"mon": [("08:00", "12:00"), ("14:00", "18:00")]}, dates={}))
    known = Insiders(PARIS, lambda: hours)
    known.passed(BRUNO, "entry", at(9, came))
    assert known.is_in(BRUNO, at(9, now)) is is_in


@pytest.mark.parametrize(
    ("said", "now", "is_in"),
    [("17:00", "18:29", True), ("17:00", "18:30", False), ("18:10", "18:31", False), ("18:40", "23:59", True)],
)
def test_what_the_server_said_before_the_check_out_ends_with_it(said: str, now: str, is_in: bool) -> None:
    hours = local_schedule(Schedule(weekly={"mon": [("08:00", "18:00")]}, dates={}))
    known = Insiders(PARIS, lambda: hours)
    known.heard(Inside(members=[ANNE], as_of=at(9, said)))
    assert known.is_in(ANNE, at(9, now)) is is_in


def test_on_a_day_without_hours_people_are_in_until_midnight() -> None:
    known = Insiders(PARIS, lambda: local_schedule(Schedule(weekly={}, dates={})))
    known.passed(BRUNO, "entry", at(8, "10:00"))
    assert known.is_in(BRUNO, at(8, "23:59"))
    assert not known.is_in(BRUNO, at(9, "00:00"))
