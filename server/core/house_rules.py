"""The place as its books see it: which date a moment falls on, and how each date ends. Pure; remembers its answers."""

from collections.abc import Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from device.contract.access_list import MOST_MIDNIGHTS
from device.contract.instant import Instant
from server.core.calendar.calendar import Calendar, OpeningCalendars
from server.core.calendar.in_force import History
from server.core.charge.facts import Terms
from server.core.charge.tariff import Tariff
from server.core.presence.presence import Evening

REMEMBERED_DAYS = 5_000

ONE_DAY = timedelta(days=1)


class InForce(NamedTuple):
    """The hours, how long after closing the absent-minded are checked out, and the figures of a charge, from a date."""

    valid_from: date
    calendar: Calendar
    checkout_after: timedelta
    tariff: Tariff = Tariff()


class HouseRules:
    """Dates and evenings by what was in force on them; the earliest rules hold for all dates before them too.

    Shared by all threads: what it remembers is put there and read in one piece.
    """

    def __init__(self, history: Sequence[InForce]) -> None:
        self.calendars = OpeningCalendars([(row.valid_from, row.calendar) for row in history])
        self.terms = Terms(self.calendars, History([(row.valid_from, row.tariff) for row in history]))
        self._rules = History([(row.valid_from, row) for row in history])
        self._evening = lru_cache(REMEMBERED_DAYS)(self._made_evening)
        self._last: tuple[Instant, Instant, date] | None = None

    def day_of(self, at: Instant) -> date:
        """The local date of a moment. Most moments fall on the date of the one before, so that one is tried first."""
        last = self._last  # read once: another thread may put its own there at any moment
        if last is not None and last[0] <= at < last[1]:
            return last[2]
        day = self.calendars.local_date(at)
        self._last = (*self.calendars.on(day).day_bounds(day), day)
        return day

    def evening(self, day: date) -> Evening:
        """How that date ends."""
        return self._evening(day)

    def end_of(self, began_at: Instant) -> tuple[Instant, Instant]:
        """For a stay that began then: as of when it is ended by itself, whichever date that is, and when that is done.

        Two spans that touch at midnight are one opening: nobody is checked out between them.
        """
        day = self.day_of(began_at)
        for _ in range(MOST_MIDNIGHTS):
            evening = self.evening(day)
            if not evening.goes_on_from(began_at):
                break
            began_at, day = evening.ends_at, day + ONE_DAY
        return self.evening(day).end_of(began_at)

    def is_apart(self, day: date) -> bool:
        """Whether the date neither goes on from the one before nor into the next."""
        return not self.evening(day).goes_on and not self.evening(day - ONE_DAY).goes_on

    def linked(self, day: date, reach: int) -> list[date]:
        """The date with up to `reach` dates before and after it that one opening joins to it."""
        first = last = day
        while (day - first).days < reach and self.evening(first - ONE_DAY).goes_on:
            first -= ONE_DAY
        while (last - day).days < reach and self.evening(last).goes_on:
            last += ONE_DAY
        return [first + timedelta(days=nth) for nth in range((last - first).days + 1)]

    def _made_evening(self, day: date) -> Evening:
        rules = self._rules.on(day)
        opening = rules.calendar.opening(day)
        ends_at = rules.calendar.day_bounds(day)[1]
        if not opening:
            return Evening(None, None, ends_at)
        closing_at = opening[-1][1]
        rest_closes_at = opening[0][1] if self._touch(day - ONE_DAY, day) else None
        return Evening(
            closing_at,
            closing_at + rules.checkout_after,
            ends_at,
            rest_closes_at,
            rest_closes_at + rules.checkout_after if rest_closes_at else None,
            goes_on=self._touch(day, day + ONE_DAY),
        )

    def _touch(self, day: date, next_day: date) -> bool:
        before, after = (self._rules.on(each).calendar.opening(each) for each in (day, next_day))
        return bool(before and after) and before[-1][1] == after[0][0]
