"""What holds of the books of any month: order, repetition and lateness do not matter, and nothing is lost or made."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from random import Random
from typing import TypeVar

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from server.core.charge.day_charge import Charge, DayCharge, differences
from server.core.charge.facts import DayFacts, MemberFacts
from server.core.charge.holdings import BLANK, Checkpoint
from server.core.charge.settlement import Account, settle, settle_from
from tests.examples import examples
from tests.server.core.charge.member_days import MONDAY, TERMS, came, charged, lots
from tests.server.core.charge.random_months import Month, facts_of, moment, on, random_month

T = TypeVar("T")

months = st.integers(0, 10**9).map(lambda seed: random_month(Random(seed)))
quickly = examples(75)


def settled(facts: MemberFacts, month: Month) -> Account:
    return settle(facts, TERMS, moment(month.today, month.now_minute))


def shuffled(facts: MemberFacts, random: Random) -> MemberFacts:
    """The same facts in another order, some of them twice."""

    def again(things: Iterable[T]) -> list[T]:
        many = list(things)
        many += random.sample(many, len(many) // 2)
        return random.sample(many, len(many))

    days = random.sample(list(facts.days.items()), len(facts.days))
    return MemberFacts(
        days={
            day: replace(known, stays=tuple(again(known.stays)), seen=tuple(again(known.seen))) for day, known in days
        },
        lots=again(facts.lots),
        passes=again(facts.passes),
        payments=again(facts.payments),
        golden_uses=again(facts.golden_uses),
    )


@quickly
@given(months, st.randoms(use_true_random=False))
def test_any_order_and_repetition_of_the_same_facts_gives_the_same_books(month: Month, random: Random) -> None:
    facts = facts_of(month)
    one, other = settled(facts, month), settled(shuffled(facts, random), month)
    assert (one.days, one.checkpoint, one.golden) == (other.days, other.checkpoint, other.golden)


@quickly
@given(months, st.lists(st.integers(-12, 31), min_size=1, max_size=4))
def test_books_settled_in_pieces_are_those_settled_at_once(month: Month, stops: list[int]) -> None:
    facts, now = facts_of(month), moment(month.today, month.now_minute)
    whole = settle(facts, TERMS, now)
    days: dict[date, DayCharge] = {}
    golden = Counter[object]()
    checkpoint = BLANK
    for stop in [*sorted(stops), 31]:
        piece = settle_from(checkpoint, what_follows(checkpoint, facts), TERMS, now, through=on(stop))
        checkpoint = msgspec.json.decode(msgspec.json.encode(piece.checkpoint), type=Checkpoint)
        days.update(piece.days)
        golden.update(piece.golden)
    assert (days, golden) == (whole.days, Counter(whole.golden))
    assert for_later_dates(checkpoint, facts) == for_later_dates(whole.checkpoint, facts)


def for_later_dates(checkpoint: Checkpoint, facts: MemberFacts) -> Checkpoint:
    """Without what was drawn from passes that end with its day: a piece that begins there does not know them."""
    ended = {held.id for held in facts.passes if held.last_day <= checkpoint.day}
    return checkpoint._replace(drawn={held: used for held, used in checkpoint.drawn.items() if held not in ended})


def what_follows(checkpoint: Checkpoint, facts: MemberFacts) -> MemberFacts:
    """Only what the later dates need."""
    return MemberFacts(
        days={day: known for day, known in facts.days.items() if day > checkpoint.day},
        lots=[lot for lot in facts.lots if lot.first_day > checkpoint.day or lot.id in checkpoint.lots],
        passes=[held for held in facts.passes if held.last_day > checkpoint.day],
        payments=[payment for payment in facts.payments if payment.day > checkpoint.day],
        golden_uses=[use for use in facts.golden_uses if use.day > checkpoint.day],
    )


@quickly
@given(months)
def test_every_ticket_is_taken_or_left_and_none_twice(month: Month) -> None:
    facts = facts_of(month)
    db = settled(facts, month)
    left = Counter(db.checkpoint.remaining)
    for charged_day in db.days.values():
        left.update({taken.lot: taken.number for taken in charged_day.charge.taken})
    left.update(taken.lot for taken in db.golden if taken.lot is not None)
    assert all(number > 0 for number in db.checkpoint.remaining.values())
    assert left == {lot.id: lot.size for lot in facts.lots if lot.first_day <= on(month.today)}


@quickly
@given(months)
def test_all_the_money_is_where_it_was_paid_or_kept_as_credit(month: Month) -> None:
    db = settled(facts_of(month), month)
    came_in = sum(cents for _, day, cents in month.payments if day <= month.today)
    assert sum(day.paid_cents for day in db.days.values()) + db.checkpoint.credit_cents == came_in
    assert all(day.owed_cents >= 0 for day in db.days.values())
    assert db.owed_cents == sum(day.owed_cents for day in db.days.values())
    assert not (db.owed_cents and db.checkpoint.credit_cents)


@quickly
@given(months)
def test_no_allowance_is_overdrawn(month: Month) -> None:
    facts = facts_of(month)
    drawn = Counter[int]()
    for charged_day in settled(facts, month).days.values():
        drawn.update({one.held_pass: one.half_days for one in charged_day.charge.drawn})
    assert all(drawn[held.id] <= held.allowance for held in facts.passes)


@quickly
@given(months)
def test_what_is_taken_and_what_is_owed_equal_the_price_of_the_use(month: Month) -> None:
    for charged_day in settled(facts_of(month), month).days.values():
        charge = charged_day.charge
        if charge.required is None and any(charge.bill):
            assert worth(charge.took) + charge.due_cents in prices(charge)


def worth(took: dict[str, int]) -> int:
    return took.get("hour", 0) * 300 + took.get("half_day", 0) * 900 + took.get("day", 0) * 1500


def prices(charge: Charge) -> set[int]:
    """What the use can be worth: a half-day ticket counts 9 € on whichever half-day it is spent, tickets alone have
    no cap, and a day ticket is worth itself.
    """
    if "day" in charge.took:
        return {1500}
    by_hours = sorted(min(900, 300 * hours) for hours in charge.bill if hours)
    by_ticket = charge.took.get("half_day", 0)
    rests = by_hours[by_ticket:], by_hours[: len(by_hours) - by_ticket]
    return {max(worth(charge.took), min(1500, 900 * by_ticket + sum(rest))) for rest in rests}


@quickly
@given(months)
def test_differences_lead_from_any_books_to_any_others_and_back(month: Month) -> None:
    for before, after in pairwise([None, *settled(facts_of(month), month).days.values(), None]):
        there, back = differences(before, after), differences(after, before)
        assert sorted((change.kind, change.of, -change.amount) for change in there) == sorted(back)


@quickly
@given(st.lists(st.integers(1, 14), max_size=3), st.integers(480, 1079), st.integers(0, 600), st.integers(0, 120))
def test_staying_longer_never_costs_less(kinds: list[int], start: int, length: int, more: int) -> None:
    held = lots(hour=sum(kinds[:1]), half_day=sum(kinds[1:2]), day=sum(kinds[2:3]))
    costs = []
    for end in (start + length, start + length + more):
        stays = f"{start // 60}:{start % 60:02d}-{min(end, 1439) // 60}:{min(end, 1439) % 60:02d}"
        charge = charged(came(stays), *held).charge
        costs.append(worth(charge.took) + charge.due_cents)
    assert costs[0] <= costs[1]


def test_a_late_event_changes_later_dates_too() -> None:
    days: dict[date, DayFacts] = came("9:00-12:00", day=MONDAY + timedelta(days=1))
    late = {**days, **came("9:00-12:00")}
    now = moment((MONDAY - on(0)).days + 2, 600)
    before = settle(MemberFacts(days=days, lots=lots(half_day=1)), TERMS, now)
    after = settle(MemberFacts(days=late, lots=lots(half_day=1)), TERMS, now)
    tuesday = MONDAY + timedelta(days=1)
    assert [db.days[tuesday].charge.payer for db in (before, after)] == ["tickets", "owed"]
    assert after.owed_cents == 900
