"""Who is in, as far as a unit knows: what the server said, and the unit's own passages that are newer."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, tzinfo

from device.contract.instant import Instant
from device.contract.messages import Direction, Inside


@dataclass
class Insiders:
    """Members by number. What was known on another local date is worth nothing: at closing everybody was checked out,
    whether this unit heard of it or not."""

    zone: tzinfo
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
        today = self._day(now) if now else None
        own = self._own.get(member)
        if own and self._is_newer(own[0], today):
            return own[1] == "entry"
        return self._same_day(self._as_of, today) and member in self._members

    def replay(self, passages: Iterable[tuple[int, Direction, Instant]]) -> None:
        """Takes own passages kept in the outbox, oldest first, after a restart."""
        for member, direction, at in passages:
            if at > self._as_of:
                self.passed(member, direction, at)

    def _is_newer(self, at: Instant | None, today: date | None) -> bool:
        """Whether an own passage counts more than the server's word; one of an unknown day counts for no known day."""
        if at is None:
            return today is None
        return at > self._as_of and self._same_day(at, today)

    def _same_day(self, at: Instant, today: date | None) -> bool:
        return today is None or self._day(at) == today

    def _day(self, at: Instant) -> date:
        return at.astimezone(self.zone).date()
