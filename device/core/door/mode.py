"""Which mode a door is in, by an operator's order or by the schedule: what ended stays ended, whatever the clock does.

An end is told as a wall time, and a wall clock may jump. So an end is counted on the monotonic clock as soon as the
time is known: of an order, when it came; of a mode that was read from disk, when the clock is first trusted, and until
then the door is as usual.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from math import inf

from msgspec import Struct

from device.contract.instant import Instant
from device.contract.messages import DoorMode

Span = tuple[Instant, Instant]
"""From when until when the schedule puts the door in free passage."""


class Mode(Struct, frozen=True):
    """The mode an operator put a door in; without `until`, until further notice."""

    value: DoorMode = "normal"
    until: Instant | None = None


@dataclass
class ModeWatch:
    """The mode of an operator, and what is known of its end. `trusted` is the wall time, None where it is not."""

    mode: Mode = field(default_factory=Mode)
    _end_s: float | None = None
    _span_ends_s: dict[Span, float] = field(default_factory=dict)
    """When each span that was in force here ends, or did."""

    def order(self, mode: Mode, now: Instant | None, now_s: float) -> bool:
        """Puts the door in a mode at `now`; False, and nothing changes, where its end is past or cannot be counted."""
        if mode.value == "normal" or mode.until is None:
            self.mode, self._end_s = Mode(mode.value), None
            return True
        if now is None or mode.until <= now:
            return False
        self.mode, self._end_s = mode, _on_monotonic(mode.until, now, now_s)
        return True

    def look(self, trusted: Instant | None, now_s: float, spans: Iterable[Span]) -> bool:
        """Lets time pass; whether the operator's mode has just ended, and is forgotten."""
        self._look_at_spans(trusted, now_s, spans)
        until = self.mode.until
        if until is None:
            return False
        if self._end_s is None and trusted is not None:
            self._end_s = _on_monotonic(until, trusted, now_s)
        if not self._has_ended(trusted, now_s):
            return False
        self.mode, self._end_s = Mode(), None
        return True

    def value_at(self, trusted: Instant | None, now_s: float, spans: Iterable[Span]) -> DoorMode:
        """The mode that holds; by the schedule only while the clock is trusted."""
        waits = self.mode.until is not None and self._end_s is None
        value = "normal" if waits or self._has_ended(trusted, now_s) else self.mode.value
        if value == "normal" and trusted is not None and any(self._holds(span, trusted, now_s) for span in spans):
            return "free"
        return value

    def deadline_s(self, trusted: Instant | None, now_s: float, spans: Iterable[Span]) -> float | None:
        """When the mode next changes by itself."""
        waits = [] if self._end_s is None else [self._end_s]
        if trusted is not None:
            waits += [_on_monotonic(edge, trusted, now_s) for span in spans for edge in span if edge > trusted]
        return min(waits, default=None)

    def _has_ended(self, trusted: Instant | None, now_s: float) -> bool:
        """By the monotonic clock, or by the wall clock if that is earlier: the time it was counted from was wrong."""
        until, end_s = self.mode.until, self._end_s
        if until is None:
            return False
        return (end_s is not None and now_s >= end_s) or (trusted is not None and trusted >= until)

    def _holds(self, span: Span, trusted: Instant, now_s: float) -> bool:
        return span[0] <= trusted < span[1] and now_s < self._span_ends_s.get(span, inf)

    def _look_at_spans(self, trusted: Instant | None, now_s: float, spans: Iterable[Span]) -> None:
        """Follows the trusted clock while a span runs: one that was set right moves its end, until it has ended."""
        self._span_ends_s = {span: self._span_ends_s[span] for span in spans if span in self._span_ends_s}
        if trusted is None:
            return
        for span in spans:
            begin, end = span
            if now_s >= self._span_ends_s.get(span, inf):
                continue
            if trusted < begin:
                self._span_ends_s.pop(span, None)
            elif trusted < end or span in self._span_ends_s:
                self._span_ends_s[span] = _on_monotonic(end, trusted, now_s)


def _on_monotonic(moment: Instant, now: Instant, now_s: float) -> float:
    """The monotonic time of a wall time."""
    return now_s + (moment - now).total_seconds()
