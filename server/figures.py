"""What came of it all: visits, half-days by who paid them, takings, how full the place was. No names."""

from collections import Counter
from collections.abc import Iterator
from datetime import date

from msgspec import Struct

from device.contract.instant import Instant
from server.core.calendar import Interval
from server.core.house import House
from server.core.occupation import HourOccupied, by_hour
from server.store import sales
from server.store.database import Books
from server.store.sales import MEANS, PaidBy, Sale


class AttendanceDay(Struct, frozen=True, kw_only=True):
    """One date: members who came, guests, hours of presence in opening hours, half-days used by who paid for them."""

    date: date
    members: int
    guests: int
    minutes: int
    half_days: dict[str, int]


class Takings(Struct, frozen=True, kw_only=True):
    """The money of one date, in cents, by means of payment; what was taken back counts against it."""

    date: date
    total_cents: int
    vat_cents: int
    by_means: dict[PaidBy, int]


def attendance_days(books: Books, first: date, last: date) -> list[AttendanceDay]:
    """Every date from `first` to `last` on which somebody came."""
    span = (first.isoformat(), last.isoformat())
    came = Counter(dict(books.execute(_MEMBERS, span)))
    guests = Counter(dict(books.execute(_GUESTS, span)))
    minutes: Counter[str] = Counter()
    half_days: dict[str, dict[str, int]] = {}
    for day, payer, used, lasted in books.execute(_HALF_DAYS, span):
        minutes[day] += lasted
        if used:
            half_days.setdefault(day, {})[payer] = used
    return [
        AttendanceDay(
            date=date.fromisoformat(day),
            members=came[day],
            guests=guests[day],
            minutes=minutes[day],
            half_days=half_days.get(day, {}),
        )
        for day in sorted({*came, *guests})
    ]


def takings(sold: list[Sale]) -> list[Takings]:
    """What came in on each date, of those sales and payments."""
    by_day: dict[date, list[Sale]] = {}
    for sale in sold:
        by_day.setdefault(sale.day, []).append(sale)
    return [
        Takings(
            date=day,
            total_cents=sum(sale.price_cents for sale in of_day),
            vat_cents=sum(sale.vat_cents for sale in of_day),
            by_means={means: sum(sale.price_cents for sale in of_day if sale.paid_by == means) for means in MEANS},
        )
        for day, of_day in sorted(by_day.items())
    ]


def sold_between(books: Books, first: date, last: date) -> list[Sale]:
    """What was sold and paid from `first` to `last`, by number."""
    return sales.between(books, first, last)


def occupied_hours(books: Books, house: House, first: date, last: date, now: Instant) -> list[HourOccupied]:
    """How full the place was in each hour that it was open for; who is still in counts until now."""
    return by_hour(_presences(books, first, last, now), house.calendars, first, last)


_MEMBERS = "SELECT day, count(DISTINCT member) FROM stays WHERE day BETWEEN ? AND ? GROUP BY day"

_GUESTS = "SELECT day, count(*) FROM guests WHERE day BETWEEN ? AND ? GROUP BY day"

_HALF_DAYS = """
SELECT day, payer, sum(half_days), sum(minutes) FROM day_books
WHERE day BETWEEN ? AND ? AND payer IS NOT NULL GROUP BY day, payer
"""


def _presences(books: Books, first: date, last: date, now: Instant) -> Iterator[Interval]:
    span = (first.isoformat(), last.isoformat())
    for table, began in (("stays", "began_at"), ("guests", "arrived_at")):
        ended = "ended_at" if table == "stays" else "left_at"
        for since, until in books.execute(f"SELECT {began}, {ended} FROM {table} WHERE day BETWEEN ? AND ?", span):
            yield Instant.parse(since), Instant.parse(until) if until else now
