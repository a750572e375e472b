"""How the charge of a date came about, as data; `explanation_text` has it in words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from device.contract.instant import Instant
from server.core.charge.day_charge import DayCharge
from server.core.charge.facts import DayFacts, Terms
from server.core.charge.passes import HeldPass, Lot, TicketKind
from server.core.charge.time_used import last_seen
from server.core.charge.ways_to_pay import Held, Way, ways

WAYS_SHOWN = 6


@dataclass(frozen=True, slots=True)
class TakenFrom:
    """Tickets taken, and the lot they came from; `last_day` as it was known on the date they were taken for."""

    lot: int
    kind: TicketKind
    number: int
    last_day: date


@dataclass(frozen=True, slots=True)
class DrawnFrom:
    """Half-days taken from a Nomade pass."""

    held_pass: int
    half_days: int
    last_day: date


@dataclass(frozen=True, slots=True)
class StayTold:
    """A stay, in local times; `until` is None while it lasts, `last_seen` set where nobody badged out."""

    since: datetime
    until: datetime | None
    last_seen: datetime | None = None


@dataclass(frozen=True, slots=True)
class Explanation:
    """Everything that led to the charge of a date.

    `weighed` are the ways to pay, the one that was taken first, one for each set of tickets; empty where there was
    nothing to choose. `free_min` is how long dropping in costs nothing. `is_past`: it is known how long, not when.
    """

    db: DayCharge
    stays: tuple[StayTold, ...]
    corrected_stays: tuple[StayTold, ...]
    weighed: tuple[Way, ...]
    taken: tuple[TakenFrom, ...]
    drawn: tuple[DrawnFrom, ...]
    free_min: int
    is_past: bool = False


def explain(
    db: DayCharge, known: DayFacts, lots: Mapping[int, Lot], passes: Mapping[int, HeldPass], terms: Terms
) -> Explanation:
    """The explanation of `db`; `lots` and `passes` must have those that the date took from."""
    zone = terms.calendars.on(db.day).hours.timezone
    taken_on = db.settled_on or db.day

    def local(at: Instant) -> datetime:
        return datetime.fromtimestamp(at.timestamp(), zone)

    corrected = known.correction.presence if known.correction and known.correction.presence else ()
    return Explanation(
        db=db,
        stays=tuple(
            StayTold(
                local(stay.began_at),
                local(stay.ended_at) if stay.ended_at else None,
                local(last_seen(stay, known.seen)) if stay.automatic else None,
            )
            for stay in sorted(set(known.stays))
        ),
        corrected_stays=tuple(StayTold(local(began_at), local(ended_at)) for began_at, ended_at in corrected),
        weighed=tuple(_weighed(db, terms)),
        taken=tuple(
            TakenFrom(lot, kind, number, lots[lot].last_day_on(taken_on)) for lot, kind, number in db.charge.taken
        ),
        drawn=tuple(DrawnFrom(held, half_days, passes[held].last_day) for held, half_days in db.charge.drawn),
        free_min=terms.tariffs.on(db.day).free_min,
        is_past=known.past is not None,
    )


def _weighed(db: DayCharge, terms: Terms) -> Iterator[Way]:
    charge = db.charge
    if charge.required is not None or not any(charge.bill):
        return
    best: dict[Held, Way] = {}
    for way in ways(charge.bill, charge.held, terms.tariffs.on(db.day)):
        if way.tickets not in best or way.cost < best[way.tickets].cost:
            best[way.tickets] = way
    yield from sorted(best.values(), key=lambda way: way.cost)[:WAYS_SHOWN]
