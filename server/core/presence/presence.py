"""Who was in when (rules 3): a fold over what is known of one member and one date, in the order it happened.

Pure: the same steps give the same presence, in whatever order and however often they arrived.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, NamedTuple

from device.contract.instant import Instant
from device.contract.messages import Direction

Doubt = Literal["entry_while_present", "exit_while_absent"]
"""A step that does not fit: reported, and without effect."""


class Step(NamedTuple):
    """Somebody went in or out, `at` that moment; the rest of its identity puts steps of one moment in order.

    Sorts by what happened first. An entry that an operator wrote has an empty `unit`.
    """

    at: Instant
    unit: str
    epoch: str
    seq: int
    side: Direction


class Stay(NamedTuple):
    """From `began_at` to `ended_at`, None while it lasts; `automatic` where nobody badged out."""

    began_at: Instant
    ended_at: Instant | None
    automatic: bool


class Remark(NamedTuple):
    """A step that did not fit what was known."""

    at: Instant
    doubt: Doubt


class Evening(NamedTuple):
    """How a date ends: those still in at `checkout_at` are checked out as of `closing_at`.

    Both are None where the place does not open. Who came after closing is checked out at midnight, `ends_at`. Where
    the date begins with the rest of an opening of the day before, `rest_closes_at` and `rest_checkout_at` are the same
    for who came in before that was over. With `goes_on` the closing is midnight, and the next date goes on from there.
    """

    closing_at: Instant | None
    checkout_at: Instant | None
    ends_at: Instant
    rest_closes_at: Instant | None = None
    rest_checkout_at: Instant | None = None
    goes_on: bool = False

    def end_of(self, began_at: Instant) -> tuple[Instant, Instant]:
        """For a stay that began then: as of when this date ends it by itself, and at what moment that is done."""
        if self.rest_closes_at is not None and self.rest_checkout_at is not None and began_at < self.rest_closes_at:
            return self.rest_closes_at, min(self.rest_checkout_at, self.ends_at)
        if self.closing_at is None or self.checkout_at is None or began_at >= self.closing_at:
            return self.ends_at, self.ends_at
        return self.closing_at, min(self.checkout_at, self.ends_at)

    def goes_on_from(self, began_at: Instant) -> bool:
        """Whether a stay that began then is still in when the next date begins, if nobody ends it."""
        return self.goes_on and self.end_of(began_at)[0] == self.ends_at


@dataclass(frozen=True)
class Presence:
    """All that is known of one member's date; only the last stay can still last.

    A stay that went on past midnight ends there, and another begins on the next date.
    """

    stays: tuple[Stay, ...]
    remarks: tuple[Remark, ...]


class Course:
    """One member's date as it goes on: steps are taken in order, each of them once.

    `began_at` is since when they are in; to begin with, the midnight over which they stayed in, if they did.
    """

    def __init__(self, evening: Evening, began_at: Instant | None = None) -> None:
        self._evening = evening
        self.last: Step | None = None
        self.began_at = began_at
        self.stays: list[Stay] = []
        self.remarks: list[Remark] = []

    def take(self, step: Step) -> None:
        """The next step; raises `ValueError` for one that should have come before."""
        if self.last is not None and step <= self.last:
            raise ValueError(f"{step} does not come after {self.last}")
        self.last = step
        began_at = self.began_at
        if began_at is not None and self._is_over(began_at, step.at):
            self.stays.append(self._checked_out(began_at))
            began_at = None
        if step.side == "entry" and began_at is None:
            began_at = step.at
        elif step.side == "exit" and began_at is not None:
            self.stays.append(Stay(began_at, step.at, False))
            began_at = None
        else:
            self.remarks.append(Remark(step.at, "exit_while_absent" if step.side == "exit" else "entry_while_present"))
        self.began_at = began_at

    def presence(self, now: Instant) -> Presence:
        """All of it, an automatic check-out included where due by `now`."""
        return Presence((*self.stays, *self.lasting(now)), tuple(self.remarks))

    def lasting(self, now: Instant) -> tuple[Stay, ...]:
        """The stay that no step has ended, if there is one, as it stands at `now`."""
        if self.began_at is None:
            return ()
        over = self._is_over(self.began_at, now)
        return (self._checked_out(self.began_at) if over else Stay(self.began_at, None, False),)

    def is_over_at(self, at: Instant) -> bool:
        """Whether the stay that no step has ended is over by itself at `at`."""
        return self.began_at is not None and self._is_over(self.began_at, at)

    def _is_over(self, began_at: Instant, at: Instant) -> bool:
        return at >= self._evening.end_of(began_at)[1]

    def _checked_out(self, began_at: Instant) -> Stay:
        return Stay(began_at, self._evening.end_of(began_at)[0], True)


def course(steps: Iterable[Step], evening: Evening, began_at: Instant | None = None) -> Course:
    """The course that `steps` make, whatever order they come in, repeated ones counted once."""
    made = Course(evening, began_at)
    for step in sorted(set(steps)):
        made.take(step)
    return made


def presence(steps: Iterable[Step], evening: Evening, now: Instant) -> Presence:
    """The presence that `steps` make of a date by itself, automatic check-outs included where due by `now`."""
    return course(steps, evening).presence(now)
