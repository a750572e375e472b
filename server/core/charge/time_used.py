"""How much of a date a member used, and which of its half-days (rules 4.1 to 4.3, 4.5 and 4.6).

Moments are milliseconds since 1970 within this file: a charge is computed at every passage.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Literal, NamedTuple

from device.contract.instant import Instant
from server.core.calendar.calendar import Calendar
from server.core.calendar.opening_hours import MS_A_MINUTE, MS_AN_HOUR
from server.core.charge.tariff import Tariff
from server.core.presence.presence import Stay

HalfDay = Literal["morning", "afternoon"]

Span = tuple[int, int]
"""From a moment to another, in milliseconds since 1970; the end is not included."""


class TimeUsed(NamedTuple):
    """What of a date's opening hours a member was in for, in milliseconds, and the half-days that makes used.

    No half-day is used where the free minutes were not passed. `automatic`: somebody forgot to badge out;
    `present`: still in, so that it may grow.
    """

    morning_ms: int
    afternoon_ms: int
    used: tuple[HalfDay, ...]
    automatic: bool = False
    present: bool = False

    @property
    def minutes(self) -> int:
        """Whole minutes of the date."""
        return (self.morning_ms + self.afternoon_ms) // MS_A_MINUTE

    @property
    def morning_hours(self) -> int:
        """Begun hours of the morning, 0 where it is not used."""
        return -(-self.morning_ms // MS_AN_HOUR) if "morning" in self.used else 0

    @property
    def afternoon_hours(self) -> int:
        """Begun hours of the afternoon, 0 where it is not used."""
        return -(-self.afternoon_ms // MS_AN_HOUR) if "afternoon" in self.used else 0


NOTHING_USED = TimeUsed(0, 0, ())

NOTHING_COUNTED = (0, 0)


def counted_ms(stays: Iterable[Stay], day: date, calendar: Calendar) -> tuple[int, int]:
    """The time of each half-day of `day` that stays use whose end somebody badged, in milliseconds.

    Stays that do not overlap can be counted once, and left out of what is reckoned at every later passage.
    """
    morning, afternoon = calendar.half_days_ms(day)
    spans = _union((stay.began_at.epoch_ms, stay.ended_at.epoch_ms) for stay in stays if stay.ended_at)
    return _overlap(spans, morning), _overlap(spans, afternoon)


def time_used(
    stays: Iterable[Stay],
    seen: Iterable[Instant],
    day: date,
    calendar: Calendar,
    tariff: Tariff,
    now: Instant,
    *,
    counted: tuple[int, int] = NOTHING_COUNTED,
) -> TimeUsed:
    """The time of `day` that `stays` use at `now`, beside what was `counted` of earlier ones.

    `seen` are the moments of the member's taps and passages.

    Who is still in is charged as if they left now, or just past the free minutes if that is later: the first
    millisecond that is not free any more, or closing, if that comes before.
    """
    stays = tuple(stays)
    morning, afternoon = calendar.half_days_ms(day)
    spans = _union(_span(stay, seen, day, calendar, now) for stay in stays)
    used_ms = counted[0] + _overlap(spans, morning), counted[1] + _overlap(spans, afternoon)
    present = any(stay.ended_at is None for stay in stays)
    if present and sum(used_ms) <= tariff.free_ms:
        missing_ms = tariff.free_ms + 1 - sum(used_ms)
        used_ms = _prolonged(used_ms, spans[-1][1], missing_ms, morning, afternoon)
    automatic = any(stay.automatic for stay in stays)
    return TimeUsed(*used_ms, half_days_used(*used_ms, tariff), automatic, present)


def past_use(morning_ms: int, afternoon_ms: int, tariff: Tariff, *, automatic: bool) -> TimeUsed:
    """What `time_used` gave for a date, from how long it was alone."""
    return TimeUsed(morning_ms, afternoon_ms, half_days_used(morning_ms, afternoon_ms, tariff), automatic)


def half_days_used(morning_ms: int, afternoon_ms: int, tariff: Tariff) -> tuple[HalfDay, ...]:
    """The half-days that count as used (rules 4.2, 4.3)."""
    if morning_ms + afternoon_ms <= tariff.free_ms:
        return ()
    if morning_ms > tariff.grace_ms:
        return ("morning", "afternoon") if afternoon_ms > tariff.grace_ms else ("morning",)
    if afternoon_ms > tariff.grace_ms:
        return ("afternoon",)
    return ("afternoon",) if afternoon_ms > morning_ms else ("morning",)


def last_seen(stay: Stay, seen: Iterable[Instant]) -> Instant:
    """When the member was last seen of a stay that ended by itself: its beginning, or a later tap or passage."""
    return max([stay.began_at, *(at for at in seen if stay.ended_at is None or at <= stay.ended_at)])


def next_change(
    stays: Iterable[Stay],
    seen: Iterable[Instant],
    day: date,
    calendar: Calendar,
    tariff: Tariff,
    now: Instant,
    *,
    counted: tuple[int, int] = NOTHING_COUNTED,
) -> Instant | None:
    """When the charge of somebody who is in may next change, if they stay: a begun hour, a half-day past its grace.

    Never later than it does change, so that whoever computes the charge anew at that moment misses nothing; None
    where nobody is in, or it cannot change any more on that date. The end of the free minutes changes nothing: who is
    in is charged as if past them.
    """
    stays = tuple(stays)
    if all(stay.ended_at is not None for stay in stays):
        return None
    morning, afternoon = calendar.half_days_ms(day)
    spans = _union(_span(stay, seen, day, calendar, now) for stay in stays)
    morning_ms, afternoon_ms = counted[0] + _overlap(spans, morning), counted[1] + _overlap(spans, afternoon)
    from_ms = spans[-1][1]
    whole_morning_ms = morning_ms + _overlap([(from_ms, _end(morning, from_ms))], morning)
    in_morning = (tariff.grace_ms - morning_ms, _to_next_hour(morning_ms))
    in_afternoon = (
        tariff.grace_ms - afternoon_ms,
        whole_morning_ms - afternoon_ms,
        _to_next_hour(afternoon_ms),
    )
    moments = [*_reached(from_ms, morning, in_morning), *_reached(from_ms, afternoon, in_afternoon)]
    return Instant.of_epoch_ms(min(moments)) if moments else None


def _span(stay: Stay, seen: Iterable[Instant], day: date, calendar: Calendar, now: Instant) -> Span:
    began_at, ended_at = stay.began_at, stay.ended_at
    if ended_at is None:
        return began_at.epoch_ms, max(began_at, now).epoch_ms
    if stay.automatic and _was_never_seen(stay, seen, day, calendar):
        return began_at.epoch_ms, began_at.epoch_ms
    if stay.automatic:
        boundary_at = calendar.moment(day, calendar.hours.boundary_min)
        if last_seen(stay, seen) < boundary_at:
            ended_at = min(ended_at, boundary_at)
    return began_at.epoch_ms, ended_at.epoch_ms


def _union(spans: Iterable[Span]) -> list[Span]:
    """The spans in order and apart; one that ends before it begins is nothing."""
    union: list[Span] = []
    for start, end in sorted(spans):
        if union and start <= union[-1][1]:
            union[-1] = union[-1][0], max(union[-1][1], end)
        elif start <= end:
            union.append((start, end))
    return union


def _overlap(spans: Iterable[Span], opening: Sequence[Span]) -> int:
    total_ms = 0
    for start, end in spans:
        for opens, closes in opening:
            total_ms += max(0, min(end, closes) - max(start, opens))
    return total_ms


def _was_never_seen(stay: Stay, seen: Iterable[Instant], day: date, calendar: Calendar) -> bool:
    """Whether the stay only went on from the day before, and nobody saw its member any more."""
    is_carried = stay.began_at == calendar.moment(day, 0)
    return is_carried and not any(stay.began_at <= at <= (stay.ended_at or at) for at in seen)


def _prolonged(
    used_ms: tuple[int, int], from_ms: int, missing_ms: int, morning: Sequence[Span], afternoon: Sequence[Span]
) -> tuple[int, int]:
    """The time used when `missing_ms` more, as far as opening hours last after `from_ms`, are used."""
    more_morning = min(missing_ms, _overlap([(from_ms, _end(morning, from_ms))], morning))
    more_afternoon = min(missing_ms - more_morning, _overlap([(from_ms, _end(afternoon, from_ms))], afternoon))
    return used_ms[0] + more_morning, used_ms[1] + more_afternoon


def _end(opening: Sequence[Span], from_ms: int) -> int:
    return max(from_ms, opening[-1][1]) if opening else from_ms


def _to_next_hour(used_ms: int) -> int:
    return max(1, -(-used_ms // MS_AN_HOUR)) * MS_AN_HOUR - used_ms


def _reached(from_ms: int, opening: Sequence[Span], amounts_ms: Iterable[int]) -> Iterator[int]:
    """For each amount of opening time after `from_ms`: the first moment by which more than it has passed."""
    ahead = [(max(from_ms, start), max(from_ms, end)) for start, end in opening]
    for amount_ms in amounts_ms:
        left_ms = amount_ms
        for start, end in ahead:
            if 0 <= left_ms < end - start:
                yield start + left_ms + 1
                break
            left_ms -= end - start
