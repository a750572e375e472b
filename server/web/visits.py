"""A member's visits of one month."""

from datetime import date
from typing import NamedTuple

from server.accounts.statement import DayLine, day_line
from server.store.accounts import day_books
from server.store.database import Database
from server.store.presence import stays
from server.store.presence.stays import Visit
from server.web.periods import Period, period_of


class DayVisits(NamedTuple):
    """A date on which they came, or that an operator has a word on; `charged` is what it came to."""

    day: date
    visits: list[Visit]
    charged: DayLine | None


def month_of(text: str, today: date) -> Period:
    """The month written `2026-11`; that of `today` for anything else."""
    try:
        first = date.fromisoformat(f"{text}-01")
    except ValueError:
        first = today
    return period_of("month", first if 1970 < first.year < 2199 else today)


def visits_in(db: Database, member: int, month: Period) -> list[DayVisits]:
    """Each date of the month of which anything is known, the newest first."""
    found = stays.of_member(db, member, month.first, month.last)
    kept = day_books.between(db, member, month.first, month.last)
    charged = {day: day_line(of_day.charge) for day, of_day in kept.items() if of_day.charge is not None}
    days = sorted({visit.day for visit in found} | charged.keys(), reverse=True)
    return [DayVisits(day, [visit for visit in found if visit.day == day], charged.get(day)) for day in days]
