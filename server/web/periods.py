"""A day, a month or a year that figures are about."""

from datetime import date, timedelta
from typing import Literal, NamedTuple, get_args

Kind = Literal["day", "month", "year"]
KINDS: tuple[Kind, ...] = get_args(Kind)


class Period(NamedTuple):
    """Its first and last date."""

    kind: Kind
    first: date
    last: date

    @property
    def before(self) -> date:
        """A date of the period before."""
        return self.first - timedelta(days=1)

    @property
    def after(self) -> date:
        """A date of the next."""
        return self.last + timedelta(days=1)


def period_of(kind: str, day: date) -> Period:
    """The period of that kind which `day` is in; a month for anything else."""
    if kind == "day":
        return Period("day", day, day)
    if kind == "year":
        return Period("year", day.replace(month=1, day=1), day.replace(month=12, day=31))
    first = day.replace(day=1)
    return Period("month", first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1))
