"""Who is in, as far as a unit knows: what the server said, and the unit's own passages that are newer."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, tzinfo

from device.contract.access_list import MOST_MIDNIGHTS
from device.contract.instant import Instant
from device.contract.messages import Direction, Inside
from device.core.door.schedule import MIDNIGHT, ONE_DAY, LocalSchedule


@dataclass
class Insiders:
    """Members by number. A passage before closing counts until people are checked out, whether this unit hears of that
    or not; one after closing counts until midnight, and none counts on a later date, unless the opening goes on past
    its midnight (rules 3).

    `hours` tells the opening hours of the place, None while no list has them, and `checkout_after_min` how long after
    closing people are checked out.
    """

    zone: tzinfo
    hours: Callable[[], LocalSchedule | None] = lambda: None
    checkout_after_min: Callable[[], int] = lambda: 30
    _members: frozenset[int] = frozenset()
    _as_of: Instant = field(default_factory=lambda: Instant.of_epoch_ms(0))
    _own: dict[int, tuple[Instant | None, Direction]] = field(default_factory=dict)
    """The last passage of each at this unit; without a time where the clock was not trusted."""

    def heard(self, message: Inside) -> None:
        """Takes what the server says; the unit's own passages that it had seen by then are forgotten, and those of
        which nobody knows when they were."""
        self._members, self._as_of = frozenset(message.members), message.as_of
        self._own = {member: own for member, own in self._own.items() if own[0] and own[0] > message.as_of}

    def passed(self, member: int, direction: Direction, at: Instant | None) -> None:
        """Takes a passage of this unit's own; `at` is None where the clock was not trusted."""
        self._own[member] = (at, direction)

    def is_in(self, member: int, now: Instant | None) -> bool:
        """Whether the member came in and did not leave; without a trusted `now`, whatever was last known."""
        own = self._own.get(member)
        if own and self._is_newer(own[0], now):
            return own[1] == "entry"
        return self._still_counts(self._as_of, now, self.checkout_after_min()) and member in self._members

    def replay(self, passages: Iterable[tuple[int, Direction, Instant]]) -> None:
        """Takes own passages kept in the outbox, oldest first, after a restart."""
        for member, direction, at in passages:
            if at > self._as_of:
                self.passed(member, direction, at)

    def _is_newer(self, at: Instant | None, now: Instant | None) -> bool:
        """Whether an own passage counts more than the server's word; one without a time, only while there is none."""
        if at is None:
            return now is None
        return at > self._as_of and self._still_counts(at, now)

    def _still_counts(self, at: Instant, now: Instant | None, said_after_min: int = 0) -> bool:
        """Whether what was so at `at` still is; up to `said_after_min` after closing it was of who came before."""
        if now is None:
            return True
        hours, today, day = self.hours(), self._day(now), self._day(at) + ONE_DAY
        if self._day(at) == today:
            return hours is None or self._is_before_check_out(hours, at, now, said_after_min)
        if hours is None or not day <= today < day + MOST_MIDNIGHTS * ONE_DAY:
            return False
        while day < today and hours.rest_end(day) == MIDNIGHT:
            day += ONE_DAY
        rest_end = hours.rest_end(day)
        is_open_still = self._minute(now) < rest_end + self.checkout_after_min()
        return day == today and rest_end > 0 and (is_open_still or rest_end == MIDNIGHT)

    def _is_before_check_out(self, hours: LocalSchedule, at: Instant, now: Instant, said_after_min: int) -> bool:
        closing = hours.closing_of(self._day(at), max(0, self._minute(at) - said_after_min))
        return closing == MIDNIGHT or self._minute(now) < closing + self.checkout_after_min()

    def _minute(self, at: Instant) -> int:
        local = at.astimezone(self.zone)
        return local.hour * 60 + local.minute

    def _day(self, at: Instant) -> date:
        return at.astimezone(self.zone).date()
