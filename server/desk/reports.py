"""What came of it all: visits, half-days by who paid them, takings, how full the place was. No names."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from itertools import chain

from msgspec import Struct

from device.contract.instant import Instant
from server.core.calendar.opening_hours import MS_AN_HOUR
from server.core.house_rules import HouseRules
from server.core.presence.hourly_occupancy import HourOccupied, Presence, by_hour
from server.store.accounts import day_books, sales
from server.store.accounts.sales import MEANS, PaidBy, Sale
from server.store.damage import DamagedDatabase
from server.store.database import Database
from server.store.presence import guests, stays
from server.store.stored_values import stored_date

EPOCH_DAY = date(1970, 1, 1).toordinal()


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


def attendance_days(db: Database, first: date, last: date) -> list[AttendanceDay]:
    """Every date from `first` to `last` on which somebody came."""
    came = Counter(stays.members_by_day(db, first, last))
    hosted = Counter(guests.count_by_day(db, first, last))
    minutes: Counter[str] = Counter()
    half_days: dict[str, dict[str, int]] = {}
    for day, payer, used, lasted in day_books.half_days_by_payer(db, first, last):
        minutes[day] += lasted
        if used:
            half_days.setdefault(day, {})[payer] = used
    return [
        AttendanceDay(
            date=stored_date(day),
            members=came[day],
            guests=hosted[day],
            minutes=minutes[day],
            half_days=half_days.get(day, {}),
        )
        for day in sorted({*came, *hosted})
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


def sold_between(db: Database, first: date, last: date) -> list[Sale]:
    """What was sold and paid from `first` to `last`, by number."""
    return sales.between(db, first, last)


def occupied_hours(db: Database, house: HouseRules, first: date, last: date, now: Instant) -> list[HourOccupied]:
    """How full the place was in each hour that it was open for; who is still in counts until now."""
    return by_hour(_presences(db, first, last, now), house.calendars, first, last)


def _presences(db: Database, first: date, last: date, now: Instant) -> Iterator[Presence]:
    days: dict[str, tuple[date, int]] = {}
    for day, began_at, ended_at in chain(stays.spans(db, first, last, now), guests.spans(db, first, last, now)):
        yield _known(day, days)[0], _milliseconds(began_at, days), _milliseconds(ended_at, days)


def _milliseconds(text: str, days: dict[str, tuple[date, int]]) -> int:
    """An instant's text since 1970; a year has tens of thousands of them, and reading each as a time takes too long."""
    try:
        seconds = int(text[11:13]) * 3_600 + int(text[14:16]) * 60 + int(text[17:19])
        return _known(text[:10], days)[1] + seconds * 1_000 + int(text[20:23])
    except ValueError as error:
        raise DamagedDatabase(f"no moment: {text!r}") from error


def _known(text: str, days: dict[str, tuple[date, int]]) -> tuple[date, int]:
    """The date of that text, and its midnight in UTC."""
    found = days.get(text)
    if found is None:
        day = stored_date(text)
        found = days[text] = day, (day.toordinal() - EPOCH_DAY) * 24 * MS_AN_HOUR
    return found
