"""What a member has in hand while the books go from date to date, and what of it sleeps."""

from datetime import date, timedelta

import pytest

from server.core.charge.day_charge import Charge, DayCharge, Drawn, Taken
from server.core.charge.facts import MemberFacts
from server.core.charge.holdings import BLANK, Checkpoint, Holdings
from server.core.charge.passes import Lot, Prolongation, TicketKind
from server.core.charge.time_used import NOTHING_USED
from server.core.charge.ways_to_pay import Held
from tests.server.core.charge.member_days import MONDAY, TARIFF, account, came, nomade

LONG_AGO = MONDAY - timedelta(days=400)
DEBT_DAY = MONDAY - timedelta(days=10)


def before(days: int) -> date:
    return MONDAY - timedelta(days=days)


def lot(number: int, last_day: date, kind: TicketKind = "day", size: int = 11) -> Lot:
    return Lot(number, kind, size, LONG_AGO, last_day)


def debt(day: date, *taken: Taken) -> DayCharge:
    return DayCharge(day, Charge(NOTHING_USED, "owed", taken, due_cents=900))


@pytest.mark.parametrize(
    "last_day, debts, sleeps",
    [
        (before(1), (), True),
        (MONDAY, (), False),
        (before(11), (debt(DEBT_DAY),), True),
        (before(10), (debt(DEBT_DAY),), False),
        (before(10), (debt(DEBT_DAY), debt(before(2))), False),
        (before(11), (debt(DEBT_DAY, Taken(1, "day", 1)),), False),
        (before(11), (debt(DEBT_DAY, Taken(2, "day", 1)),), True),
    ],
)
def test_a_lot_sleeps_once_it_is_over_and_no_debt_can_reach_it(
    last_day: date, debts: tuple[DayCharge, ...], sleeps: bool
) -> None:
    one = lot(1, last_day)
    assert Checkpoint(MONDAY, {1: 5}, {}, debts).asleep([one, lot(3, before(30))], MONDAY) == (
        {one: 5} if sleeps else {}
    )


def test_a_prolonged_lot_sleeps_until_it_is_prolonged() -> None:
    one = lot(1, before(1))._replace(prolongations=(Prolongation(MONDAY, MONDAY),))
    known = Checkpoint(MONDAY, {1: 5}, {})
    assert [bool(known.asleep([one], day)) for day in (before(0), MONDAY + timedelta(days=1))] == [False, True]


def test_what_sleeps_is_left_out() -> None:
    known = Checkpoint(MONDAY, {1: 5, 2: 3}, {1: 4}, (debt(DEBT_DAY),), 70)
    assert known.without([lot(1, before(30))]) == Checkpoint(MONDAY, {2: 3}, {1: 4}, (debt(DEBT_DAY),), 70)


def test_a_checkpoint_names_what_is_left_and_what_debts_took_from() -> None:
    assert Checkpoint(MONDAY, {1: 5}, {}, (debt(DEBT_DAY, Taken(2, "day", 1)), debt(MONDAY))).lots == {1, 2}


def test_a_lot_of_nothing_is_nothing() -> None:
    facts = MemberFacts(days=came("9:00-17:00"), lots=(lot(1, MONDAY, size=0),))
    db = account(facts, MONDAY)
    assert (dict(db.checkpoint.remaining), db.valid_lots, db.may_come(TARIFF)) == ({}, [], False)


def test_tickets_are_taken_in_order_and_given_back_where_they_came_from() -> None:
    every = {one.id: one for one in (lot(1, MONDAY, "day", 1), lot(2, MONDAY, "hour", 3), lot(3, MONDAY, "day", 2))}
    held = Holdings(every, (), BLANK)
    for one in every.values():
        held.begin(one)
    in_order = held.in_order([3, 2, 1], MONDAY)
    assert held.count(in_order) == Held(hour=3, day=3)
    taken = held.take(Held(hour=3, day=2), in_order)
    assert taken == (Taken(2, "hour", 3), Taken(1, "day", 1), Taken(3, "day", 1))
    assert held.remaining == {3: 1}
    held.give_back(taken)
    assert held.remaining == {1: 1, 2: 3, 3: 2}
    held.take_again(taken)
    assert held.remaining == {3: 1}


def test_an_allowance_is_drawn_as_far_as_it_goes_and_told_while_its_pass_holds() -> None:
    held = Holdings({}, (nomade(3, before(28)), nomade(2, before(29), 2)), Checkpoint(before(1), {}, {1: 1}))
    assert held.draw(5, MONDAY) == (Drawn(2, 2), Drawn(1, 2))
    assert held.draw(1, MONDAY) == ()
    assert held.drawn_at_end_of(MONDAY) == {1: 3, 2: 2}
    assert held.drawn_at_end_of(MONDAY + timedelta(days=1)) == {1: 3}
    held.give_back((), (Drawn(1, 2),))
    assert (held.drawn, held.draw(0, MONDAY)) == ({1: 1, 2: 2}, ())
