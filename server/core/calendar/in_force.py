"""Settings that change, with the date each came into force: past dates keep what held then."""

from collections.abc import Iterable
from datetime import date
from typing import Generic, Self, TypeVar

T = TypeVar("T")


class History(Generic[T]):
    """What was in force on each date; what is earliest also holds for all dates before it.

    `history` pairs each value with the first date it is valid on, in any order.
    """

    def __init__(self, history: Iterable[tuple[date, T]]) -> None:
        self._newest_first = sorted(history, key=lambda entry: entry[0], reverse=True)
        if not self._newest_first:
            raise ValueError("nothing was ever in force")

    @classmethod
    def always(cls, value: T) -> Self:
        """One value that holds on every date."""
        return cls([(date.min, value)])

    def on(self, day: date) -> T:
        """What was in force on `day`."""
        for valid_from, value in self._newest_first:
            if day >= valid_from:
                return value
        return self._newest_first[-1][1]
