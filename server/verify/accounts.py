"""Reckons every member's books again from all that is known, and compares with what was posted."""

from collections import Counter
from collections.abc import Iterator
from datetime import date

from msgspec import Struct

from device.contract.instant import Instant
from server.accounts.account_cache import days_of
from server.accounts.accounts import standing_of
from server.core.charge import opening
from server.core.charge.facts import MemberFacts
from server.core.charge.holdings import BLANK, Checkpoint
from server.core.charge.passes import TICKET_KINDS
from server.core.charge.postings import (
    NOTHING,
    PostedDay,
    Posting,
    What,
    day_postings,
    expiry_postings,
)
from server.core.charge.settlement import Account, settle_from
from server.core.house_rules import HouseRules
from server.i18n.speech import PLACE
from server.store.accounts import checkpoints, day_books, expired_lots, ledger, sales, standings
from server.store.accounts.facts import known_facts
from server.store.accounts.ledger import Sum
from server.store.accounts.standings import Balance
from server.store.database import Database
from server.store.stored_values import stored_date


class Difference(Struct, frozen=True, kw_only=True):
    """Where the books and the recount disagree: `subject` says on what, the texts what each of them has."""

    subject: str
    member: int | None
    day: date | None
    kept: str
    counted: str


def account_differences(db: Database, house: HouseRules, now: Instant) -> Iterator[Difference]:
    """Every disagreement of charges, ledger and balances; within the transaction that is open."""
    for missing in sales.missing_numbers(db):
        yield Difference(subject="sales", member=None, day=None, kept="", counted=f"number {missing}")
    kept = standings.every(db)
    for member in ledger.members_concerned(db):
        yield from _member_differences(db, house, member, kept.get(member), now)


def _member_differences(
    db: Database, house: HouseRules, member: int, standing: Balance | None, now: Instant
) -> Iterator[Difference]:
    stored = day_books.after(db, member, date.min)
    at = _moment(house, standing, stored, now)
    base = checkpoints.forward(db, member)
    facts = known_facts(db, house, member, at, base)
    account = settle_from(base, facts, house.terms, at)
    should = days_of(account, base.day, stored)
    for day in sorted(stored.keys() | should.keys()):
        before, then = stored.get(day, NOTHING), should.get(day, NOTHING)
        if before != then:
            yield Difference(subject="charge", member=member, day=day, kept=_told(before), counted=_told(then))
    yield from _ledger_differences(member, ledger.sums(db, member), _expected(base, facts, account, should, stored))
    expired = expired_lots.of_member(db, member)
    if expired != account.expired:
        kept, counted = _expired_told(expired), _expired_told(account.expired)
        yield Difference(subject="expired", member=member, day=None, kept=kept, counted=counted)
    if standing is not None and _figures(standing) != _figures(standing_of(member, account, at, None)):
        again = standing_of(member, account, at, None)
        yield Difference(subject="balance", member=member, day=None, kept=_balance(standing), counted=_balance(again))


def _expired_told(expired: dict[int, int]) -> str:
    return ", ".join(f"lot {lot}: {number}" for lot, number in sorted(expired.items())) or "–"


def _moment(house: HouseRules, standing: Balance | None, stored: dict[date, PostedDay], now: Instant) -> Instant:
    """When the books were last brought up; a clock that was set back since does not make dates unhappen."""
    settled_at = standing.settled_at if standing else now
    last = max(stored, default=date.min)
    if last > house.day_of(settled_at):
        return house.calendars.on(last).day_bounds(last)[1]
    return settled_at


def _expected(
    base: Checkpoint,
    facts: MemberFacts,
    account: Account,
    should: dict[date, PostedDay],
    stored: dict[date, PostedDay],
) -> Counter[Sum]:
    """What the entries must come to: what the books begin with, what was sold, given and paid, what dates took, what
    expired.
    """
    expected: Counter[Sum] = Counter()
    if base != BLANK:
        debts = [stored.get(debt.day, NOTHING) for debt in base.debts]
        begins_on = opening.first_day(base).isoformat()
        opened = opening.openings(base, debts, {lot.id: lot for lot in facts.lots}, facts.passes)
        for about, amount in opened.items():
            expected[Sum(begins_on, *about)] += amount
    for lot in facts.lots:
        if lot.first_day > base.day:
            expected[Sum(lot.first_day.isoformat(), lot.kind, lot.id, None)] += lot.size
    for held in facts.passes:
        if held.first_day <= base.day:
            continue
        amount = held.allowance if held.cover == "nomade" else 1
        expected[Sum(held.first_day.isoformat(), held.cover, None, held.id)] += amount
    for payment in facts.payments:
        expected[Sum(payment.day.isoformat(), "cents", None, None)] += payment.cents
    for day, kept in should.items():
        for posting in day_postings(day, NOTHING, kept):
            expected[_sum(posting, day.isoformat())] += posting.amount
    ends: dict[int, tuple[What, date]] = {lot.id: (lot.kind, lot.last_day) for lot in account.lots.values()}
    for posting in expiry_postings({}, account.expired, ends):
        expected[_sum(posting, "")] += posting.amount
    return expected


def _sum(posting: Posting, day: str) -> Sum:
    return Sum(day, posting.what, posting.lot, posting.held_pass)


def _ledger_differences(member: int, kept: Counter[Sum], expected: Counter[Sum]) -> Iterator[Difference]:
    for key in sorted(kept.keys() | expected.keys(), key=repr):
        if kept[key] != expected[key]:
            yield Difference(
                subject="ledger",
                member=member,
                day=stored_date(key.day) if key.day else None,
                kept=f"{kept[key]} {key.what}",
                counted=f"{expected[key]} {key.what}",
            )


def _figures(standing: Balance) -> tuple[object, ...]:
    return (
        standing.owed_cents,
        standing.credit_cents,
        *(getattr(standing, kind) for kind in TICKET_KINDS),
        standing.nomade_left,
        standing.covered_by,
        standing.expires,
    )


def _told(kept: PostedDay) -> str:
    if kept.charge is None:
        return "golden" if kept.golden else "nothing"
    charge = kept.charge.charge
    took = ", ".join(f"{number} {kind}" for kind, number in charge.took.items())
    owed = PLACE.money(kept.charge.owed_cents) if kept.charge.owed_cents else ""
    return f"{charge.use.minutes} min, {charge.payer}: {', '.join(filter(None, (took, owed))) or '–'}"


def _balance(standing: Balance) -> str:
    tickets = "+".join(str(getattr(standing, kind)) for kind in TICKET_KINDS)
    return f"{tickets}, {PLACE.money(standing.credit_cents - standing.owed_cents)}"
