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

    Both are None where the place does not open. Who came after closing is checked out at midnight, `ends_at`.
    """

    closing_at: Instant | None
    checkout_at: Instant | None
    ends_at: Instant

    def end_of(self, began_at: Instant) -> tuple[Instant, Instant]:
        """For a stay that began then: as of when it is ended by itself, and at what moment that is done."""
        if self.closing_at is None or self.checkout_at is None or began_at >= self.closing_at:
            return self.ends_at, self.ends_at
        return self.closing_at, min(self.checkout_at, self.ends_at)


@dataclass(frozen=True)
class Presence:
    """All that is known of one member's date; only the last stay can still last."""

    stays: tuple[Stay, ...]
    remarks: tuple[Remark, ...]


def presence(steps: Iterable[Step], evening: Evening, now: Instant) -> Presence:
    """The presence that `steps` make, repeated ones counted once, automatic check-outs included where due by `now`."""
    stays: list[Stay] = []
    remarks: list[Remark] = []
    began_at: Instant | None = None
    for step in sorted(set(steps)):
        if began_at is not None and _is_over(began_at, evening, step.at):
            stays.append(_checked_out(began_at, evening))
            began_at = None
        if step.side == "entry" and began_at is None:
            began_at = step.at
        elif step.side == "exit" and began_at is not None:
            stays.append(Stay(began_at, step.at, False))
            began_at = None
        else:
            remarks.append(Remark(step.at, "exit_while_absent" if step.side == "exit" else "entry_while_present"))
    if began_at is not None:
        over = _is_over(began_at, evening, now)
        stays.append(_checked_out(began_at, evening) if over else Stay(began_at, None, False))
    return Presence(tuple(stays), tuple(remarks))


def _is_over(began_at: Instant, evening: Evening, at: Instant) -> bool:
    return at >= evening.end_of(began_at)[1]


def _checked_out(began_at: Instant, evening: Evening) -> Stay:
    return Stay(began_at, evening.end_of(began_at)[0], True)
