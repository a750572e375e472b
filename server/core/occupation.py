"""How full the place was, hour by hour: averages and peaks from the intervals in which people were in. Pure."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from server.core.calendar import Calendar, Calendars, Interval, days_between
from server.core.tariff import MS_AN_HOUR


class HourOccupied(NamedTuple):
    """One hour of a date: how many were in on average and at most, and how much of it the place was open for."""

    day: date
    hour: int
    mean: float
    peak: int
    open_ms: int


class WeekHour(NamedTuple):
    """An hour of the week (0 is Monday), over `days` dates on which the place was open then."""

    weekday: int
    hour: int
    mean: float
    peak: int
    days: int


def by_hour(presences: Iterable[Interval], calendars: Calendars, first: date, last: date) -> list[HourOccupied]:
    """Each hour from `first` to `last` in which the place was open at all; presences outside opening do not count."""
    by_day: dict[date, list[tuple[int, int]]] = {day: [] for day in days_between(first, last)}
    for began_at, ended_at in presences:
        day = calendars.local_date(began_at)
        if day in by_day:
            by_day[day].append((began_at.epoch_ms, ended_at.epoch_ms))
    return [hour for day, spans in by_day.items() for hour in _hours_of(day, spans, calendars.on(day))]


def by_week_hour(hours: Iterable[HourOccupied]) -> list[WeekHour]:
    """The same, over the weeks: the mean of the means, the highest peak."""
    groups: dict[tuple[int, int], list[HourOccupied]] = {}
    for each in hours:
        groups.setdefault((each.day.weekday(), each.hour), []).append(each)
    return [
        WeekHour(*key, sum(each.mean for each in group) / len(group), max(each.peak for each in group), len(group))
        for key, group in sorted(groups.items())
    ]


def _hours_of(day: date, spans: list[tuple[int, int]], calendar: Calendar) -> Iterator[HourOccupied]:
    opening = [(start.epoch_ms, end.epoch_ms) for start, end in calendar.opening(day)]
    for hour in range(24):
        start, end = calendar.moment(day, hour * 60).epoch_ms, calendar.moment(day, hour * 60 + 60).epoch_ms
        open_parts = [_cut(part, (start, end)) for part in opening]
        open_ms = sum(until - since for since, until in open_parts if until > since)
        if not open_ms:
            continue
        inside = [_cut(span, part) for span in spans for part in open_parts]
        inside = [(since, until) for since, until in inside if until > since]
        mean = sum(until - since for since, until in inside) / open_ms
        yield HourOccupied(day, hour, mean, _peak(inside), min(open_ms, MS_AN_HOUR))


def _cut(span: tuple[int, int], bounds: tuple[int, int]) -> tuple[int, int]:
    return max(span[0], bounds[0]), min(span[1], bounds[1])


def _peak(spans: list[tuple[int, int]]) -> int:
    """The most that were in at once; who leaves at the moment another comes does not meet them."""
    steps = sorted(
        [(since, 1) for since, _ in spans] + [(until, -1) for _, until in spans], key=lambda at: (at[0], at[1])
    )
    most = now = 0
    for _, step in steps:
        now += step
        most = max(most, now)
    return most
