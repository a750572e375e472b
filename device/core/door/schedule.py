"""When a schedule of the access list holds: local time of the place, dates before weekdays (rules 1 and 2)."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from device.contract.access_list import Schedule
from device.contract.messages import WEEKDAYS

Interval = tuple[int, int]
"""Minutes since midnight, the end not included; 1440 is the end of the day."""

MIDNIGHT = 1440
ONE_DAY = timedelta(days=1)


class LocalSchedule(NamedTuple):
    """A schedule in minutes, ready to be asked."""

    weekly: tuple[tuple[Interval, ...], ...]
    dates: Mapping[str, tuple[Interval, ...]]

    def holds(self, local: datetime) -> bool:
        """Whether the schedule admits at `local`, an aware local time."""
        minute = local.hour * 60 + local.minute
        return any(begin <= minute < end for begin, end in self._on(local.date()))

    def rest_end(self, day: date) -> int:
        """Until which minute of `day` an opening lasts that goes on from the day before; 0 where none does."""
        before, after = self._on(day - ONE_DAY), self._on(day)
        goes_on = any(end == MIDNIGHT for _, end in before)
        return next((end for begin, end in after if begin == 0), 0) if goes_on else 0

    def closing_of(self, day: date, minute: int) -> int:
        """At which minute of `day` those are sent home who came at `minute`: when the rest of an opening of the day
        before ends, or the last opening of the day, for who came before that; midnight for everybody else.
        """
        ends = (self.rest_end(day), max((end for _, end in self._on(day)), default=0))
        return next((end for end in ends if minute < end), MIDNIGHT)

    def _on(self, day: date) -> tuple[Interval, ...]:
        return self.dates.get(day.isoformat(), self.weekly[day.weekday()])


NEVER = LocalSchedule(((),) * len(WEEKDAYS), {})
"""For a grant that names a schedule which the list does not have."""


def local_schedule(schedule: Schedule) -> LocalSchedule:
    """The schedule of the contract, in minutes; a weekday that is not named has no hours."""
    return LocalSchedule(
        tuple(_minutes(schedule.weekly.get(day, [])) for day in WEEKDAYS),
        {day: _minutes(intervals) for day, intervals in schedule.dates.items()},
    )


def _minutes(intervals: Sequence[tuple[str, str]]) -> tuple[Interval, ...]:
    return tuple((_minute(begin), _minute(end)) for begin, end in intervals)


def _minute(text: str) -> int:
    return int(text[:2]) * 60 + int(text[3:])
