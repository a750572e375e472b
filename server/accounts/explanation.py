"""How the charge of a date came about, as data for the desk and as an account in French for the member."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from device.contract.instant import Instant
from server.core.charge.day_charge import Charge, DayCharge
from server.core.charge.facts import DayFacts, Terms
from server.core.charge.passes import HeldPass, Lot, TicketKind
from server.core.charge.time_used import HalfDay, last_seen
from server.core.charge.ways_to_pay import Held, Way, ways
from server.i18n.french import clock, duration, euros, full_date, listed, tickets

WAYS_SHOWN = 6

HALF_DAYS: Mapping[HalfDay, str] = {"morning": "matin", "afternoon": "après-midi"}


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
    nothing to choose. `free_min` is how long dropping in costs nothing.
    """

    db: DayCharge
    stays: tuple[StayTold, ...]
    corrected_stays: tuple[StayTold, ...]
    weighed: tuple[Way, ...]
    taken: tuple[TakenFrom, ...]
    drawn: tuple[DrawnFrom, ...]
    free_min: int


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
    )


def in_french(explanation: Explanation) -> str:
    """The account of a date as a member reads it, a few lines of text."""
    return "\n".join(_lines(explanation))


def _weighed(db: DayCharge, terms: Terms) -> Iterator[Way]:
    charge = db.charge
    if charge.required is not None or not any(charge.bill):
        return
    best: dict[Held, Way] = {}
    for way in ways(charge.bill, charge.held, terms.tariffs.on(db.day)):
        if way.tickets not in best or way.cost < best[way.tickets].cost:
            best[way.tickets] = way
    yield from sorted(best.values(), key=lambda way: way.cost)[:WAYS_SHOWN]


def _lines(explanation: Explanation) -> Iterator[str]:
    db, charge = explanation.db, explanation.db.charge
    yield full_date(db.day).capitalize()
    yield from _presence_lines(explanation)
    yield _time_line(charge)
    yield from _payer_lines(explanation)
    yield from _choice_lines(explanation)
    for taken in explanation.taken:
        until = full_date(taken.last_day)
        yield f"Pris : {tickets(taken.kind, taken.number)} (lot {taken.lot}, valable jusqu'au {until})."
    yield from _owed_lines(db)
    if db.computed is not None:
        yield f"Sans la correction : {_summary(db.computed)}."


def _presence_lines(explanation: Explanation) -> Iterator[str]:
    if explanation.stays:
        yield f"Présence : {listed([_stay(stay) for stay in explanation.stays])}."
    if explanation.db.corrected == "presence":
        corrected = [_stay(stay) for stay in explanation.corrected_stays]
        yield f"Présence corrigée par un opérateur : {listed(corrected) if corrected else 'aucune'}."
    else:
        for stay in explanation.stays:
            if stay.last_seen is not None:
                seen = f"vu à {clock(stay.last_seen)} pour la dernière fois"
                yield f"Sortie non badgée : {seen}, compté jusqu'à la fin de cette demi-journée."
    if explanation.db.charge.use.present:
        yield (
            f"Encore là : compté comme pour une sortie maintenant, ou juste après {explanation.free_min} minutes "
            "si elles ne sont pas passées."
        )


def _stay(stay: StayTold) -> str:
    if stay.until is None:
        return f"depuis {clock(stay.since)}"
    automatic = " (sortie automatique)" if stay.last_seen else ""
    return f"{clock(stay.since)} – {clock(stay.until)}{automatic}"


def _time_line(charge: Charge) -> str:
    use = charge.use
    counted = f"Pendant l'ouverture : matin {duration(use.morning_ms)}, après-midi {duration(use.afternoon_ms)}."
    if not use.used:
        return f"{counted} Aucune demi-journée utilisée."
    return f"{counted} Utilisé : {listed([HALF_DAYS[half] for half in use.used])}."


def _payer_lines(explanation: Explanation) -> Iterator[str]:
    db = explanation.db
    if db.corrected == "charge":
        yield "Décompte corrigé par un opérateur."
    elif db.charge.payer == "free":
        yield f"Au plus {explanation.free_min} minutes en tout : rien n'est compté."
    elif db.charge.payer == "resident":
        yield "Pass Résident : tout est couvert."
    elif db.charge.payer == "golden":
        yield "Invitation par un ticket d'or : rien n'est compté."
    for drawn in explanation.drawn:
        until = full_date(drawn.last_day)
        yield f"Pass Nomade : {tickets('half_day', drawn.half_days)} de l'allocation (valable jusqu'au {until})."


def _choice_lines(explanation: Explanation) -> Iterator[str]:
    if not explanation.weighed:
        return
    held = explanation.db.charge.held
    when = "au moment de l'achat" if explanation.db.settled_on else "ce jour-là"
    yield f"Détenu {when} : {_amount(held)}."
    if len(explanation.weighed) > 1:
        yield "Façons de payer (le moins d'euros dus, puis la moindre valeur, puis le moins de tickets) :"
        for rank, way in enumerate(explanation.weighed):
            worth = f", valeur {euros(way.value_cents)}" if way.value_cents else ""
            owed = f"{euros(way.owed_cents)} dus" if way.owed_cents else "rien de dû"
            yield f"  {'·' if rank else '→'} {_amount(way.tickets)}{worth}, {owed}"


def _owed_lines(db: DayCharge) -> Iterator[str]:
    if db.settled_on is not None:
        yield f"Dette couverte le {full_date(db.settled_on)}, par ce qui a été acheté ou donné alors."
    if db.charge.due_cents:
        yield f"Non couvert : {euros(db.charge.due_cents)}."
    if db.paid_cents:
        yield f"Réglé : {euros(db.paid_cents)}."
    if db.charge.due_cents:
        yield f"Reste dû : {euros(db.owed_cents)}."


def _summary(charge: Charge) -> str:
    parts = [tickets(kind, number) for _, kind, number in charge.taken]
    parts += [f"{tickets('half_day', half_days)} du pass Nomade" for _, half_days in charge.drawn]
    if charge.due_cents:
        parts.append(f"{euros(charge.due_cents)} dus")
    return listed(parts) if parts else "rien à payer"


def _amount(held: Held) -> str:
    kinds: tuple[tuple[TicketKind, int], ...] = (("hour", held.hour), ("half_day", held.half_day), ("day", held.day))
    return listed([tickets(kind, number) for kind, number in kinds if number]) or "aucun ticket"
