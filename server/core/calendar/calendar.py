"""Opening hours as moments: which days are open, from when to when, in which half-days (rules 1). Reads no clock.

Hours are wall-clock times of the place. A time that daylight saving repeats begins at its first occurrence and ends
at its second, so nothing of what the wall clock says is cut; one that it skips is read with the offset before the
change, as RFC 5545 (3.3.5) reads it.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from device.contract.access_list import Schedule
from device.contract.instant import Instant
from device.contract.messages import WEEKDAYS, Hours
from server.core.calendar.in_force import History
from server.core.calendar.opening_hours import MIDNIGHT_MIN, HouseHours, Span

Interval = tuple[Instant, Instant]
"""From the first moment to the last, which is not included."""

ONE_DAY = timedelta(days=1)

LOOK_AHEAD_DAYS = 370
"""How far the next opening is looked for: a closure of a year is found to end."""

REMEMBERED_DAYS = 5_000
"""Days whose hours a calendar keeps worked out: more than ten years."""


class HalfDays(NamedTuple):
    """The opening intervals of a date, cut where its half-days meet."""

    morning: tuple[Interval, ...]
    afternoon: tuple[Interval, ...]


class Calendar:
    """One set of opening hours; every answer is for a local date or at a given moment."""

    def __init__(self, hours: HouseHours) -> None:
        self.hours = hours
        self._half_days = lru_cache(REMEMBERED_DAYS)(self._cut_in_two)
        self._half_days_ms = lru_cache(REMEMBERED_DAYS)(self._cut_in_two_ms)

    def is_open_day(self, day: date) -> bool:
        """Whether the place opens at all on `day`."""
        return bool(self.hours.spans(day))

    def open_days(self, first: date, last: date) -> int:
        """How many days from `first` to `last`, both included, the place opens on."""
        return sum(self.is_open_day(day) for day in days_between(first, last))

    def opening(self, day: date) -> tuple[Interval, ...]:
        """The opening intervals of `day`, in order and apart."""
        return tuple(self._intervals(self.hours.spans(day), day))

    def half_days(self, day: date) -> HalfDays:
        """The opening intervals of `day`, by half-day; remembered, since every charge asks."""
        return self._half_days(day)

    def half_days_ms(self, day: date) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
        """The same, in milliseconds since 1970."""
        return self._half_days_ms(day)

    def closing(self, day: date) -> Instant | None:
        """When the place closes for good on `day`; None where it does not open."""
        opening = self.opening(day)
        return opening[-1][1] if opening else None

    def local_date(self, instant: Instant) -> date:
        """The date on the wall at `instant`."""
        return instant.astimezone(self.hours.timezone).date()

    def day_bounds(self, day: date) -> Interval:
        """From the midnight that begins `day` to the one that ends it: 23, 24 or 25 hours."""
        return self.moment(day, 0), self.moment(day, MIDNIGHT_MIN)

    def moment(self, day: date, minute: int, *, second_time: bool = False) -> Instant:
        """The instant when the wall clock shows `minute` on `day`, at its first occurrence or at its second."""
        if minute >= MIDNIGHT_MIN:
            day, minute, second_time = day + ONE_DAY, minute - MIDNIGHT_MIN, False
        hour, minute = divmod(minute, 60)
        zone, fold = self.hours.timezone, int(second_time)
        wall = datetime(day.year, day.month, day.day, hour, minute, fold=fold, tzinfo=zone)
        if fold and wall.utcoffset() > wall.replace(fold=0).utcoffset():  # type: ignore[operator]
            wall = wall.replace(fold=0)  # skipped, not repeated: there is no second time
        return Instant.of(wall)

    def state_at(self, now: Instant) -> Hours:
        """Open until when, or closed until when; hours that go on past midnight are one opening.

        `until` and `opens_at` are None where no change is found in `LOOK_AHEAD_DAYS`.
        """
        today = self.local_date(now)
        until: Instant | None = None
        for start, end in self._openings_from(today):
            if until is not None and start > until:
                return Hours(open=True, until=until, opens_at=None)
            if start > now and until is None:
                return Hours(open=False, until=None, opens_at=start)
            if end > now:
                until = end
        horizon = self.day_bounds(today + timedelta(days=LOOK_AHEAD_DAYS - 1))[1]
        endless = until is not None and until >= horizon
        return Hours(open=until is not None, until=None if endless else until, opens_at=None)

    def schedule(self, first: date, days: int) -> Schedule:
        """The hours for access lists: the week, and those of the `days` dates from `first` on that depart from it."""
        dates = (first + timedelta(days=ahead) for ahead in range(days))
        special = [day for day in dates if self.hours.spans(day) != self.hours.usual_spans(day)]
        return Schedule(
            weekly={weekday: _texts(self.hours.weekly.get(weekday, ())) for weekday in WEEKDAYS},
            dates={day.isoformat(): _texts(self.hours.spans(day)) for day in special},
        )

    def _openings_from(self, first: date) -> Iterator[Interval]:
        for ahead in range(LOOK_AHEAD_DAYS):
            yield from self.opening(first + timedelta(days=ahead))

    def _cut_in_two(self, day: date) -> HalfDays:
        spans, boundary = self.hours.spans(day), self.hours.boundary_min
        return HalfDays(
            tuple(self._intervals(_clipped(spans, 0, boundary), day)),
            tuple(self._intervals(_clipped(spans, boundary, MIDNIGHT_MIN), day)),
        )

    def _cut_in_two_ms(self, day: date) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
        morning, afternoon = ([(start.epoch_ms, end.epoch_ms) for start, end in part] for part in self.half_days(day))
        return morning, afternoon

    def _intervals(self, spans: Iterable[Span], day: date) -> Iterator[Interval]:
        """The moments of `spans`; one that daylight saving swallows is left out, and none overlaps the one before."""
        before: Instant | None = None
        for span in spans:
            start = self.moment(day, span.start)
            if before is not None:
                start = max(start, before)
            end = self.moment(day, span.end, second_time=span.end != self.hours.boundary_min)
            if start < end:
                yield start, end
                before = end


class OpeningCalendars(History[Calendar]):
    """The hours that were in force on each date."""

    def local_date(self, instant: Instant) -> date:
        """The date on the wall at `instant`, by the time zone that was in force."""
        day = date.min
        for valid_from, calendar in self._newest_first:
            day = calendar.local_date(instant)
            if day >= valid_from:
                break
        return day

    def half_days(self, day: date) -> HalfDays:
        """As `Calendar.half_days`, by the hours in force on `day`."""
        return self.on(day).half_days(day)

    def open_days(self, first: date, last: date) -> int:
        """As `Calendar.open_days`, each day by the hours in force on it."""
        return sum(self.on(day).is_open_day(day) for day in days_between(first, last))


def days_between(first: date, last: date) -> Iterator[date]:
    """Each date from `first` to `last`, both included; none where `last` comes before."""
    for ahead in range((last - first).days + 1):
        yield first + timedelta(days=ahead)


def _clipped(spans: Iterable[Span], start: int, end: int) -> list[Span]:
    cut = [Span(max(span.start, start), min(span.end, end)) for span in spans]
    return [span for span in cut if span.start < span.end]


def _texts(spans: Iterable[Span]) -> list[tuple[str, str]]:
    return [span.texts() for span in spans]
