"""How long things are kept, and which are past their time on a date. Pure."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

Period = Literal["names", "books", "year", "month", "day", "login", "membership", "backups", "place"]
"""For `rules.names_kept_months`; for `rules.books_kept_years`, whole years; twelve months; thirty days; a day; until
the login ends; for as long as somebody is a member; as backups are kept; for as long as the place is, and it names
nobody.
"""

MONTH_DAYS = 30
YEAR_MONTHS = 12
OUTBOX_HOURS = 24
"""How long at most a unit keeps an event once the server has it (`device/journal/journal.py`)."""
BACKUP_MONTHS = 12
"""How long at most a backup is kept. What is restored from an older state is purged at once."""


@dataclass(frozen=True, slots=True)
class LastDays:
    """Of each period the last date of which nothing may be left."""

    names: date
    books: date
    year: date
    month: date


def last_days(today: date, names_kept_months: int, books_kept_years: int) -> LastDays:
    """What is past its time on `today`. Books go as whole calendar years, once the last of them is so long over."""
    return LastDays(
        names=months_before(today, names_kept_months) - timedelta(days=1),
        books=date(max(1, today.year - books_kept_years - 1), 12, 31),
        year=months_before(today, YEAR_MONTHS) - timedelta(days=1),
        month=today - timedelta(days=MONTH_DAYS + 1),
    )


def months_before(day: date, months: int) -> date:
    """The same day so many months ago, or the last of that month where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
