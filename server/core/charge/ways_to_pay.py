"""The choice among all ways to pay for a date with the tickets held (rules 4.4, third and fourth case).

All ways are weighed, none guessed: at most one day ticket, or for each half-day one half-day ticket or some hours.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from server.core.charge.tariff import Tariff


class Bill(NamedTuple):
    """What is to be paid: the begun hours of each used half-day that no pass covers, 0 for one that is covered."""

    morning: int
    afternoon: int


class Held(NamedTuple):
    """Tickets by kind, in the order of `PAYING_KINDS`."""

    hour: int = 0
    half_day: int = 0
    day: int = 0

    def value_cents(self, tariff: Tariff) -> int:
        """Their posted value."""
        return self.hour * tariff.hour_cents + self.half_day * tariff.half_day_cents + self.day * tariff.day_cents


class HalfDayPayment(NamedTuple):
    """How one half-day is paid: by a half-day ticket, or by some hour tickets, the rest owed in euros."""

    half_day: int
    hour: int
    owed_cents: int


class Way(NamedTuple):
    """One way to pay a whole bill. `owed_cents` may be less than that of its parts: a date has its own cap."""

    tickets: Held
    value_cents: int
    owed_cents: int
    morning: HalfDayPayment
    afternoon: HalfDayPayment

    @property
    def cost(self) -> tuple[int, int, int]:
        """What the ways are compared by: euros owed, then posted value, then number of tickets."""
        return self.owed_cents, self.value_cents, sum(self.tickets)


UNPAID = HalfDayPayment(0, 0, 0)


def cheapest(bill: Bill, held: Held, tariff: Tariff) -> Way:
    """The way that leaves least owed, of those the one of least posted value, of those the one of fewest tickets.

    Among equals, the morning gets the tickets.
    """
    most_hours = 2 * tariff.hours_per_half_day
    return _cheapest(bill, Held(min(held.hour, most_hours), min(held.half_day, 2), min(held.day, 1)), tariff)


def ways(bill: Bill, held: Held, tariff: Tariff) -> Iterator[Way]:
    """Every sensible way to pay `bill` from `held`; the one without any ticket is always there."""
    if held.day:
        yield Way(Held(day=1), tariff.day_cents, 0, UNPAID, UNPAID)
    for morning in _parts(bill.morning, held, tariff):
        left = Held(held.hour - morning.hour, held.half_day - morning.half_day)
        for afternoon in _parts(bill.afternoon, left, tariff):
            yield _way(morning, afternoon, tariff)


@lru_cache(maxsize=4096)
def _cheapest(bill: Bill, held: Held, tariff: Tariff) -> Way:
    return min(ways(bill, held, tariff), key=lambda way: way.cost)


def _parts(hours: int, held: Held, tariff: Tariff) -> Iterator[HalfDayPayment]:
    if hours and held.half_day:
        yield HalfDayPayment(1, 0, 0)
    for taken in range(min(hours, held.hour, tariff.hours_per_half_day), -1, -1):
        yield HalfDayPayment(0, taken, _owed_for_half_day(hours, taken, tariff))


def _owed_for_half_day(hours: int, taken: int, tariff: Tariff) -> int:
    if taken >= min(hours, tariff.hours_per_half_day):
        return 0
    to_cap_cents = tariff.half_day_cents - taken * tariff.hour_cents
    return max(0, min((hours - taken) * tariff.hour_cents, to_cap_cents))


def _way(morning: HalfDayPayment, afternoon: HalfDayPayment, tariff: Tariff) -> Way:
    tickets = Held(morning.hour + afternoon.hour, morning.half_day + afternoon.half_day)
    value_cents = tickets.value_cents(tariff)
    owed_cents = min(morning.owed_cents + afternoon.owed_cents, max(0, tariff.day_cents - value_cents))
    if tickets.hour >= tariff.hours_per_day:
        owed_cents = 0
    return Way(tickets, value_cents, owed_cents, morning, afternoon)
