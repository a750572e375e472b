"""How full the place was, hour by hour: averages and peaks from the intervals in which people were in. Pure."""

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from server.core.calendar.calendar import Calendar, OpeningCalendars, days_between
from server.core.calendar.opening_hours import MS_AN_HOUR

Presence = tuple[date, int, int]
"""The date on which somebody was in, and from when to when, in milliseconds since 1970."""

Span = tuple[int, int]


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


def by_hour(presences: Iterable[Presence], calendars: OpeningCalendars, first: date, last: date) -> list[HourOccupied]:
    """Each hour from `first` to `last` in which the place was open at all; presences outside opening do not count."""
    by_day: dict[date, list[Span]] = {day: [] for day in days_between(first, last)}
    for day, began_ms, ended_ms in presences:
        if day in by_day:
            by_day[day].append((began_ms, ended_ms))
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


def _hours_of(day: date, spans: list[Span], calendar: Calendar) -> Iterator[HourOccupied]:
    opening = [(start.epoch_ms, end.epoch_ms) for start, end in calendar.opening(day)]
    inside = [part for opens, closes in opening for part in _between(opens, closes, spans)]
    for hour, (start, end) in enumerate(pairwise(_hour_bounds(day, calendar))):
        open_ms = sum(closes - opens for opens, closes in _between(start, end, opening))
        if not open_ms:
            continue
        here = _between(start, end, inside)
        mean = sum(ended - began for began, ended in here) / open_ms
        yield HourOccupied(day, hour, mean, _peak(here), min(open_ms, MS_AN_HOUR))


def _between(start: int, end: int, spans: Iterable[Span]) -> list[Span]:
    """The parts of `spans` that are between two moments."""
    return [(max(since, start), min(until, end)) for since, until in spans if since < end and until > start]


def _hour_bounds(day: date, calendar: Calendar) -> list[int]:
    """When each hour of the date begins and the last one ends; on most dates they are as long as each other."""
    midnight, next_midnight = (bound.epoch_ms for bound in calendar.day_bounds(day))
    if next_midnight - midnight == 24 * MS_AN_HOUR:
        return list(range(midnight, next_midnight + MS_AN_HOUR, MS_AN_HOUR))
    return [calendar.moment(day, hour * 60).epoch_ms for hour in range(25)]


def _peak(spans: list[Span]) -> int:
    """The most that were in at once; who leaves at the moment another comes does not meet them."""
    steps = sorted([(since, 1) for since, _ in spans] + [(until, -1) for _, until in spans])
    most = now = 0
    for _, step in steps:
        now += step
        most = max(most, now)
    return most
