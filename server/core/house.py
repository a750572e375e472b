"""The place as its books see it: which date a moment falls on, and how each date ends. Pure; remembers its answers."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from device.contract.instant import Instant
from server.core.calendar import Calendar, Calendars
from server.core.facts import Terms
from server.core.history import History
from server.core.presence import Evening
from server.core.tariff import Tariff

REMEMBERED_DAYS = 5_000


class InForce(NamedTuple):
    """The hours, how long after closing the absent-minded are checked out, and the figures of a charge, from a date."""

    valid_from: date
    calendar: Calendar
    checkout_after: timedelta
    tariff: Tariff = Tariff()


class House:
    """Dates and evenings by what was in force on them; the earliest rules hold for all dates before them too."""

    def __init__(self, history: Sequence[InForce]) -> None:
        self.calendars = Calendars([(row.valid_from, row.calendar) for row in history])
        self.terms = Terms(self.calendars, History([(row.valid_from, row.tariff) for row in history]))
        self._rules = History([(row.valid_from, row) for row in history])
        self._evenings: dict[date, Evening] = {}
        self._last: tuple[Instant, Instant, date] | None = None

    def day_of(self, at: Instant) -> date:
        """The local date of a moment. Most moments fall on the date of the one before, so that one is tried first."""
        if self._last is not None and self._last[0] <= at < self._last[1]:
            return self._last[2]
        day = self.calendars.local_date(at)
        self._last = (*self.calendars.on(day).day_bounds(day), day)
        return day

    def evening(self, day: date) -> Evening:
        """How that date ends."""
        known = self._evenings.get(day)
        if known is None:
            if len(self._evenings) >= REMEMBERED_DAYS:
                self._evenings.clear()
            known = self._evenings[day] = self._made_evening(day)
        return known

    def _made_evening(self, day: date) -> Evening:
        rules = self._rules.on(day)
        closing_at = rules.calendar.closing(day)
        checkout_at = None if closing_at is None else closing_at + rules.checkout_after
        return Evening(closing_at, checkout_at, rules.calendar.day_bounds(day)[1])
