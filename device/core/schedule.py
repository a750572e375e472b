"""When a schedule of the access list holds: local time of the place, dates before weekdays (rules 1 and 2)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from device.contract.messages import Schedule, Weekday

WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

Interval = tuple[int, int]
"""Minutes since midnight, the end not included; 1440 is the end of the day."""


class LocalSchedule(NamedTuple):
    """A schedule in minutes, ready to be asked."""

    weekly: tuple[tuple[Interval, ...], ...]
    dates: Mapping[str, tuple[Interval, ...]]

    def holds(self, local: datetime) -> bool:
        """Whether the schedule admits at `local`, an aware local time."""
        minute = local.hour * 60 + local.minute
        day = self.dates.get(local.date().isoformat(), self.weekly[local.weekday()])
        return any(begin <= minute < end for begin, end in day)


NEVER = LocalSchedule(((),) * 7, {})
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
