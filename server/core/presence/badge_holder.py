"""Whose badge it was: a badge goes from hand to hand, and what it did stays with who held it then. Pure."""

from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple

from device.contract.instant import Instant
from device.contract.messages import Side

CLOCK_TOLERANCE = timedelta(minutes=5)
"""How far a unit's clock may be behind the desk's when a badge is used just after it was assigned."""


class Holding(NamedTuple):
    """One member's time with a badge; `until` is None while it lasts."""

    member: int
    since: Instant
    until: Instant | None


def holder(holdings: Sequence[Holding], at: Instant, side: Side = "entry") -> int | None:
    """The member who held the badge `at` that moment, of its holdings in order of time, or None.

    Before its first holding a badge is its first holder's: nobody else ever had it, and the books may be entered
    after the fact. After a holding ended it is nobody's, but for an exit: who came in with it may leave.
    """
    before: Holding | None = None
    for nth, holding in enumerate(holdings):
        if at < holding.since:
            if nth == 0 or (at >= holding.since - CLOCK_TOLERANCE and not _holds(before, at)):
                return holding.member
            break
        before = holding
    if before is None:
        return None
    return before.member if side == "exit" or _holds(before, at) else None


def _holds(holding: Holding | None, at: Instant) -> bool:
    return holding is not None and (holding.until is None or at < holding.until)
