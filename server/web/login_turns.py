"""Whose turn it is at a name that strangers guess at: one after another, and nobody waits longer than a minute. Pure.

Before a password is looked at, nothing tells its owner from who guesses, each from an address of their own. So they
stand in one line, an address once. One turn a second is far too slow for guessing; the longer the line, the closer
together the turns, since a line without an end would keep the owner out.
"""

from collections import OrderedDict
from datetime import timedelta
from math import ceil

from device.contract.instant import Instant

BETWEEN_TURNS_S = 1.0
LONGEST_LINE_S = 60.0
"""What the line comes near to and never reaches; and for how long a turn that has come is kept."""
REMEMBERED = 10_000
"""Turns, and names with a line: the newest."""


class LoginTurns:
    """The lines before the names."""

    def __init__(self) -> None:
        self._turns: OrderedDict[tuple[str, str], Instant] = OrderedDict()
        self._last: OrderedDict[str, Instant] = OrderedDict()

    def wait_s(self, name: str, address: str, now: Instant) -> int:
        """Seconds until the turn of `address`, 0 where it has come; who has none takes the next."""
        turn = self._turns.get((name, address))
        if turn is None or abs((turn - now).total_seconds()) > LONGEST_LINE_S:  # missed, or the clock was set back
            turn = self._turns[name, address] = self._next(name, now)
            while len(self._turns) > REMEMBERED:
                self._turns.popitem(last=False)
        return ceil(max((turn - now).total_seconds(), 0))

    def used(self, name: str, address: str, now: Instant) -> None:
        """The name is tried; the turn of `address` is over, and the next one comes after it."""
        self._turns.pop((name, address), None)
        self._come(name, max(self._last.get(name, now), now))

    def _next(self, name: str, now: Instant) -> Instant:
        last = self._last.get(name)
        if last is None or not -BETWEEN_TURNS_S < (ahead_s := (last - now).total_seconds()) <= LONGEST_LINE_S:
            return self._come(name, now)  # nobody is before them, or the clock was set back
        between_s = BETWEEN_TURNS_S * (1 - max(ahead_s, 0) / LONGEST_LINE_S)
        return self._come(name, last + timedelta(seconds=between_s))

    def _come(self, name: str, last: Instant) -> Instant:
        self._last.pop(name, None)
        self._last[name] = last
        while len(self._last) > REMEMBERED:
            self._last.popitem(last=False)
        return last
