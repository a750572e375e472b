"""When the place says it is open: a week, its half-day boundary, and the dates that depart from it (rules 1)."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, time
from typing import NamedTuple, Self
from zoneinfo import ZoneInfo

from device.contract.messages import WEEKDAYS, Weekday
from server.core.calendar.public_holidays import public_holidays

MS_A_MINUTE = 60_000
MS_AN_HOUR = 60 * MS_A_MINUTE
MIDNIGHT_MIN = 24 * 60

_CLOCK = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])|24:00", re.ASCII)


class Span(NamedTuple):
    """Part of a local date, in minutes of wall clock since its midnight; the end is not included, 1440 is `24:00`."""

    start: int
    end: int

    @classmethod
    def parse(cls, start: str, end: str) -> Self:
        """The span from `08:00` to `18:00`; raises `ValueError` where it ends before it starts or is no time."""
        span = cls(_minutes(start), _minutes(end))
        if span.start >= span.end:
            raise ValueError(f"{start}-{end} ends before it starts")
        return span

    def texts(self) -> tuple[str, str]:
        """Start and end as `("08:00", "18:00")`."""
        return _clock(self.start), _clock(self.end)


def spans_of(pairs: Iterable[tuple[str, str]]) -> tuple[Span, ...]:
    """Spans in order, those that touch or overlap made one; raises `ValueError` as `Span.parse` does."""
    spans: list[Span] = []
    for span in sorted(Span.parse(start, end) for start, end in pairs):
        if spans and span.start <= spans[-1].end:
            spans[-1] = Span(spans[-1].start, max(spans[-1].end, span.end))
        else:
            spans.append(span)
    return tuple(spans)


class DateRange(NamedTuple):
    """Dates from the first to the last, both included."""

    first: date
    last: date

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and self.first <= day <= self.last


OFFICE_WEEK: Mapping[Weekday, tuple[Span, ...]] = {
    "mon": (Span(480, 1080),),
    "tue": (Span(480, 1080),),
    "wed": (Span(480, 1080),),
    "thu": (Span(480, 1080),),
    "fri": (Span(480, 1080),),
}
"""Monday to Friday, 8:00 to 18:00."""


@dataclass(frozen=True)
class HouseHours:
    """The opening hours of the place, as its settings say them.

    `openings` replace everything on their dates, an empty one included; else `closures` and the public holidays of
    `holidays` (a region of `public_holidays`) close the place; else the week decides. A weekday left out is closed.
    Spans of a day are in order and do not touch: make them with `spans_of`.
    """

    timezone: ZoneInfo = field(default_factory=lambda: ZoneInfo("Europe/Paris"))
    weekly: Mapping[Weekday, tuple[Span, ...]] = field(default_factory=lambda: OFFICE_WEEK)
    half_day_boundary: time = time(13, 0)
    closures: tuple[DateRange, ...] = ()
    openings: Mapping[date, tuple[Span, ...]] = field(default_factory=dict)
    holidays: str = "FR"

    def spans(self, day: date) -> tuple[Span, ...]:
        """The opening spans of `day`, in order; none where the place is closed."""
        opening = self.openings.get(day)
        if opening is not None:
            return opening
        if self.is_closed(day):
            return ()
        return self.usual_spans(day)

    def usual_spans(self, day: date) -> tuple[Span, ...]:
        """The spans that the week gives to `day`, were it no special date."""
        return self.weekly.get(WEEKDAYS[day.weekday()], ())

    def is_closed(self, day: date) -> bool:
        """Whether a closure or a public holiday falls on `day`, whatever openings say."""
        return any(day in closure for closure in self.closures) or day in public_holidays(self.holidays, day.year)

    @property
    def boundary_min(self) -> int:
        """The minute of the day where its two half-days meet."""
        return self.half_day_boundary.hour * 60 + self.half_day_boundary.minute


def _minutes(clock: str) -> int:
    if not _CLOCK.fullmatch(clock):
        raise ValueError(f"{clock!r} is not a time such as 08:00")
    return int(clock[:2]) * 60 + int(clock[3:])


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
