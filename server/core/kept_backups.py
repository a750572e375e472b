"""Which of the backups made so far are kept: the newest of each of the last days, weeks and months that have one. Pure.

Whatever is dropped on one night would not be kept on a later one either, so that it does not matter how often old
backups are thinned out, or whether nights were missed.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import NamedTuple


class KeptOf(NamedTuple):
    """A kind of period: `of` names the one that a moment lies in, and of `number` of them a backup is kept."""

    name: str
    number: int
    of: Callable[[datetime], tuple[int, ...]]


PERIODS = (
    KeptOf("day", 7, lambda at: (at.year, at.month, at.day)),
    KeptOf("week", 4, lambda at: at.isocalendar()[:2]),
    KeptOf("month", 12, lambda at: (at.year, at.month)),
)
"""Weeks are those of ISO 8601. Only periods that have a backup count: after a year away, what there is stays."""


def to_keep(made: Iterable[datetime]) -> set[datetime]:
    """Of the moments at which backups were made, those whose backup is kept."""
    newest_first = sorted(made, reverse=True)
    kept: set[datetime] = set()
    for period in PERIODS:
        newest: dict[tuple[int, ...], datetime] = {}
        for at in newest_first:
            newest.setdefault(period.of(at), at)
        kept.update(list(newest.values())[: period.number])
    return kept
