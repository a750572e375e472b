"""What a member holds, owes and came to, as they are told it; and how the charge of a date came about."""

from dataclasses import replace
from datetime import date
from typing import NamedTuple

from msgspec import Struct

from device.contract.instant import Instant
from device.contract.messages import Payer
from server.accounts.account_cache import ONE_DAY, current_account
from server.accounts.explanation import Explanation, explain
from server.core.charge.day_charge import DayCharge
from server.core.charge.facts import DayFacts, MemberFacts
from server.core.charge.passes import TicketKind
from server.core.charge.settlement import NO_FACTS, Account, settle_from
from server.core.charge.time_used import HalfDay
from server.core.house_rules import HouseRules
from server.presence.openings import counted
from server.store.accounts import checkpoints, corrections, day_books, ledger, lots
from server.store.accounts.corrections import CorrectionWritten
from server.store.accounts.facts import known_days, known_facts, seen_on
from server.store.accounts.ledger import LedgerEntry
from server.store.database import Database
from server.store.people import members


class DayLine(Struct, frozen=True, kw_only=True):
    """One date: what was used, who paid, what was taken by kind, what is still owed for it."""

    date: date
    minutes: int
    used: tuple[HalfDay, ...]
    paid_by: Payer
    took: dict[str, int]
    owed_cents: int
    automatic: bool
    corrected: bool


class Statement(Struct, frozen=True, kw_only=True):
    """The account of a member: tickets held by kind, half-days left of a Nomade's allowance, debts, dates."""

    member: int
    held: dict[TicketKind, int]
    nomade_left: int | None
    owed_cents: int
    days: list[DayLine]


class DayExplanation(NamedTuple):
    """How the charge of a date came about, what operators said of it, and the entries that were posted."""

    explanation: Explanation
    corrections: list[CorrectionWritten]
    entries: list[LedgerEntry]


def statement(db: Database, house: HouseRules, member: int, now: Instant, as_of: Instant | None = None) -> Statement:
    """The account at `now`, or as it was at that moment, by all that is known by now of what had happened then.

    Late events are in it at the time they happened, as rules 1 has it, and a sale or a gift for the whole of the date
    that it counts from. Reckoned anew from the first date on. Raises `Refusal` where there is no such member.
    """
    with db.reading():
        members.find(db, member)
        at = as_of or now
        base = checkpoints.forward(db, member)
        facts = known_facts(db, house, member, at, base)
        if as_of is not None:
            facts = _until(db, house, member, facts, as_of)
        account = settle_from(base, facts, house.terms, at)
    return Statement(
        member=member,
        held=account.held,
        nomade_left=account.nomade_left,
        owed_cents=account.owed_cents,
        days=[day_line(account.days[day]) for day in sorted(account.days) if _is_told(account, facts, day)],
    )


def day_line(charged: DayCharge) -> DayLine:
    """One date, as it is told."""
    charge = charged.charge
    return DayLine(
        date=charged.day,
        minutes=charge.use.minutes,
        used=charge.use.used,
        paid_by=charge.payer,
        took=charge.took,
        owed_cents=charged.owed_cents,
        automatic=charge.use.automatic,
        corrected=charged.corrected is not None,
    )


def explained(db: Database, house: HouseRules, member: int, day: date, now: Instant) -> DayExplanation | None:
    """How the charge of that date came about; None where nothing is known of it. Raises `Refusal` as `statement`."""
    with db.reading():
        members.find(db, member)
        charged = _charged(db, house, member, day, now)
        if charged is None:
            return None
        known = known_days(db, house, member, now, day - ONE_DAY, day).get(day, NO_FACTS)
        taken = lots.numbered(db, [taken.lot for taken in charged.charge.taken])
        passes = lots.passes_numbered(db, [drawn.held_pass for drawn in charged.charge.drawn])
        explanation = explain(
            charged, known, {lot.id: lot for lot in taken}, {held.id: held for held in passes}, house.terms
        )
        return DayExplanation(explanation, corrections.of_day(db, member, day), ledger.of_day(db, member, day))


def _charged(db: Database, house: HouseRules, member: int, day: date, now: Instant) -> DayCharge | None:
    if day == house.day_of(now):
        return current_account(db, house, member, now).days.get(day)
    kept = day_books.of_days(db, member, [day]).get(day)
    return kept.charge if kept else None


def _is_told(account: Account, facts: MemberFacts, day: date) -> bool:
    """Whether somebody was there on that date, or an operator says so."""
    return facts.days.get(day, NO_FACTS).is_visited or account.days[day].corrected is not None


def _until(db: Database, house: HouseRules, member: int, facts: MemberFacts, at: Instant) -> MemberFacts:
    """What had happened by then, of `facts`: later dates are left out, and later steps of that date."""
    today = house.day_of(at)
    known = facts.days.get(today, NO_FACTS)
    if known.past is not None:  # nobody can tell any more what of it had happened by then
        return replace(facts, days={day: of_day for day, of_day in facts.days.items() if day <= today})
    then = counted(db, house, member, today, at, until=at)[today].stays
    days: dict[date, DayFacts] = {day: of_day for day, of_day in facts.days.items() if day < today}
    if then or known.correction is not None:
        seen = seen_on(db, member, today) if any(stay.automatic for stay in then) else ()
        days[today] = replace(known, stays=then, seen=tuple(moment for moment in seen if moment <= at))
    return replace(facts, days=days)
