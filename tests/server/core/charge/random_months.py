"""Random months of a member, in plain numbers that both the books and the naive books can read.

Days count from 1 December 2025 (day 0, a Monday), minutes from local midnight; nothing here is below a minute.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from device.contract.instant import Instant
from server.core.charge.facts import (
    ChargeCorrection,
    Correction,
    DayFacts,
    GoldenUse,
    MemberFacts,
    Payment,
)
from server.core.charge.passes import HeldPass, Lot, Prolongation, TicketKind
from server.core.presence.presence import Stay
from tests.server.core.charge.member_days import CALENDAR

FIRST = date(2025, 12, 1)
DAYS = 31
OPENS, BOUNDARY, CLOSES = 8 * 60, 13 * 60, 18 * 60
HOLIDAYS = {24 + 0}
"""Christmas Day, the only weekday of December 2025 on which the place is closed."""


@dataclass
class Visit:
    """One date: stays from minute to minute, the last still going on or ended by itself; moments of taps."""

    stays: list[tuple[int, int]] = field(default_factory=list)
    still_in_since: int | None = None
    automatic_since: int | None = None
    seen: list[int] = field(default_factory=list)
    invited: bool = False
    corrected_stays: list[tuple[int, int]] | None = None
    corrected_charge: dict[str, int] | None = None


@dataclass
class Month:
    """Everything known of a member, asked about at minute `now_minute` of day `today`."""

    visits: dict[int, Visit]
    lots: list[tuple[int, TicketKind, int, int, int, list[tuple[int, int]]]]
    """Number, kind, size, first day, last day, prolongations as (on, last day)."""
    passes: list[tuple[int, str, int, int, int]]
    """Number, cover, first day, last day, allowance."""
    payments: list[tuple[int, int, int]]
    golden_uses: list[tuple[int, str]]
    today: int
    now_minute: int


def random_month(random: Random) -> Month:
    today = random.randint(5, DAYS - 1)
    visits = {day: _visit(random) for day in range(today) if random.random() < 0.5}
    now_minute = random.randint(OPENS - 30, CLOSES + 60)
    if random.random() < 0.7:
        visits[today] = _visit_now(random, now_minute)
    return Month(
        visits=visits,
        lots=[_lot(random, number) for number in range(1, random.choice((1, 3, 6, 10, 14)))],
        passes=[_pass(random, number) for number in range(1, random.choice((1, 1, 2, 3)))],
        payments=[
            (number, random.randrange(DAYS), random.choice((300, 500, 900, 1500)))
            for number in range(random.choice((0, 0, 2)))
        ],
        golden_uses=[(random.randrange(DAYS), guest) for guest in random.choice(("", "", "A", "AB"))],
        today=today,
        now_minute=now_minute,
    )


def _times(random: Random, count: int, latest: int) -> list[int]:
    """Minutes in order, many of them where something changes."""
    edges = [OPENS, BOUNDARY, CLOSES, 12 * 60 + 50, 13 * 60 + 10]
    near = [edge + random.randint(-11, 11) for edge in edges]
    pool = sorted(
        {minute for minute in [*near, *(random.randint(7 * 60, 19 * 60) for _ in range(6))] if minute <= latest}
    )
    return sorted(random.sample(pool, min(count, len(pool))))


def _visit(random: Random) -> Visit:
    visit = Visit(invited=random.random() < 0.03)
    times = _times(random, random.choice((2, 2, 4, 4, 3)), 19 * 60)
    if random.random() < 0.15:
        start = random.randint(OPENS, CLOSES - 1)
        times = [start, start + random.randint(1, 21)]
    visit.stays = list(zip(times[::2], times[1::2], strict=False))
    if len(times) % 2 and times[-1] < CLOSES:
        visit.automatic_since = times[-1]
    visit.seen = [random.randint(7 * 60, 20 * 60) for _ in range(random.choice((0, 1, 3)))]
    if random.random() < 0.06:
        visit.corrected_stays = [(540, 540 + random.randint(1, 500))] if random.random() < 0.8 else []
    elif random.random() < 0.06:
        kinds = random.sample(("hour", "half_day", "day", "nomade", "owed_cents"), random.randint(0, 2))
        visit.corrected_charge = {kind: 250 if kind == "owed_cents" else random.randint(1, 3) for kind in kinds}
    return visit


def _visit_now(random: Random, now_minute: int) -> Visit:
    times = _times(random, random.choice((1, 3)), now_minute)
    if len(times) % 2 == 0:
        return Visit()
    return Visit(stays=list(zip(times[:-1:2], times[1:-1:2], strict=True)), still_in_since=times[-1])


def _lot(random: Random, number: int) -> tuple[int, TicketKind, int, int, int, list[tuple[int, int]]]:
    kinds: tuple[TicketKind, ...] = ("hour", "hour", "half_day", "half_day", "day", "golden")
    first = random.randint(-10, DAYS)
    last = first + random.choice((3, 10, 20, 364))
    on = random.randint(0, DAYS)
    prolongations = [(on, on + 20)] if random.random() < 0.15 else []
    return number, random.choice(kinds), random.randint(1, 4), first, last, prolongations


def _pass(random: Random, number: int) -> tuple[int, str, int, int, int]:
    first = random.randint(-15, DAYS)
    cover = random.choice(("nomade", "nomade", "nomade", "resident"))
    return (
        number,
        cover,
        first,
        first + random.choice((6, 15, 29)),
        random.choice((1, 3, 5, 20)) if cover == "nomade" else 0,
    )


def on(day: int) -> date:
    return FIRST + timedelta(days=day)


def moment(day: int, minute: int) -> Instant:
    return CALENDAR.moment(on(day), minute)


def facts_of(month: Month) -> MemberFacts:
    return MemberFacts(
        days={on(day): _day_facts(day, visit) for day, visit in month.visits.items()},
        lots=[
            Lot(
                number,
                kind,
                size,
                on(first),
                on(last),
                tuple(Prolongation(on(day), on(until)) for day, until in prolonged),
            )
            for number, kind, size, first, last, prolonged in month.lots
        ],
        passes=[
            HeldPass(number, "resident" if cover == "resident" else "nomade", on(first), on(last), allowance)
            for number, cover, first, last, allowance in month.passes
        ],
        payments=[Payment(number, on(day), cents) for number, day, cents in month.payments],
        golden_uses=[GoldenUse(on(day), guest) for day, guest in month.golden_uses],
    )


def _day_facts(day: int, visit: Visit) -> DayFacts:
    stays = [Stay(moment(day, start), moment(day, end), False) for start, end in visit.stays]
    if visit.automatic_since is not None:
        stays.append(Stay(moment(day, visit.automatic_since), moment(day, CLOSES), True))
    if visit.still_in_since is not None:
        stays.append(Stay(moment(day, visit.still_in_since), None, False))
    correction: Correction | None = None
    if visit.corrected_stays is not None:
        correction = Correction(presence=tuple((moment(day, a), moment(day, b)) for a, b in visit.corrected_stays))
    elif visit.corrected_charge is not None:
        correction = Correction(charge=ChargeCorrection(**visit.corrected_charge))
    return DayFacts(tuple(stays), tuple(moment(day, minute) for minute in visit.seen), visit.invited, correction)
