"""Who was in when, where an opening goes on past midnight: one fold over its dates, cut at midnight after. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from device.contract.instant import Instant
from server.core.house_rules import HouseRules
from server.core.presence.presence import Presence, Remark, Stay, Step

ONE_DAY = timedelta(days=1)


@dataclass
class _Whole:
    """A stay before it is cut: `seen_at` is the last that was heard of its member while it lasted."""

    began_at: Instant
    seen_at: Instant
    ended_at: Instant | None = None
    automatic: bool = False


@dataclass
class _Course:
    stays: list[_Whole] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)


def presences(steps: Iterable[Step], house: HouseRules, now: Instant) -> dict[date, Presence]:
    """The presence of each date that the steps of one member, of whatever dates, make; dates without any are left out.

    Where no opening goes on past midnight it is what `core.presence` makes of each date by itself. Of somebody who
    forgot to badge out, the dates before the last sighting end normally; that date and later ones are marked automatic.
    """
    course = _folded(sorted(set(steps)), house, now)
    stays: defaultdict[date, list[Stay]] = defaultdict(list)
    remarks: defaultdict[date, list[Remark]] = defaultdict(list)
    for whole in course.stays:
        for day, part in _parts(whole, house, now):
            stays[day].append(part)
    for remark in course.remarks:
        remarks[house.day_of(remark.at)].append(remark)
    return {day: Presence(tuple(stays[day]), tuple(remarks[day])) for day in sorted({*stays, *remarks})}


def _folded(steps: Iterable[Step], house: HouseRules, now: Instant) -> _Course:
    course, lasting = _Course(), None
    for step in steps:
        if lasting is not None and _check_out(lasting, house, step.at):
            lasting = None
        if step.side == "entry" and lasting is None:
            lasting = _Whole(step.at, step.at)
            course.stays.append(lasting)
        elif step.side == "exit" and lasting is not None:
            lasting.ended_at, lasting = step.at, None
        else:
            doubt = Remark(step.at, "exit_while_absent" if step.side == "exit" else "entry_while_present")
            course.remarks.append(doubt)
            if lasting is not None:
                lasting.seen_at = step.at
    if lasting is not None:
        _check_out(lasting, house, now)
    return course


def _check_out(stay: _Whole, house: HouseRules, at: Instant) -> bool:
    """Ends a stay whose opening is over `at` that moment; whether it is."""
    closing_at, checked_out_at = house.end_of(stay.began_at)
    if at < checked_out_at:
        return False
    stay.ended_at, stay.automatic = closing_at, True
    return True


def _parts(stay: _Whole, house: HouseRules, now: Instant) -> Iterator[tuple[date, Stay]]:
    """The stay, cut at every midnight that it went past by `now`."""
    began_at, day = stay.began_at, house.day_of(stay.began_at)
    seen_on = house.day_of(stay.seen_at)
    while True:
        midnight = house.evening(day).ends_at
        if not (stay.ended_at > midnight if stay.ended_at else now >= midnight):
            yield day, Stay(began_at, stay.ended_at, stay.automatic)
            return
        yield day, Stay(began_at, midnight, stay.automatic and day >= seen_on)
        began_at, day = midnight, day + ONE_DAY
