"""Figures for everybody, without persons: counts so small that they could point at somebody are blurred. Pure."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

SMALLEST_TOLD = 5
"""Below this, only that there was somebody is told: the usual bound of statistical offices."""

HEADINGS = ("date", "weekday", "visitors", "half_days", "most_at_once")


class OpenDay(NamedTuple):
    """One date: who came (members and guests), half-days used, and the most that were in at once."""

    day: date
    visitors: int
    half_days: int
    most_at_once: int


def blurred(count: int) -> str:
    """`0`, `1-4`, or the count itself."""
    return f"1-{SMALLEST_TOLD - 1}" if 0 < count < SMALLEST_TOLD else str(count)


def open_rows(days: Iterable[OpenDay]) -> Iterator[tuple[str, ...]]:
    """The rows under `HEADINGS`; the weekday is ISO's, 1 for Monday."""
    for each in days:
        counts = (each.visitors, each.half_days, each.most_at_once)
        yield (each.day.isoformat(), str(each.day.isoweekday()), *map(blurred, counts))
