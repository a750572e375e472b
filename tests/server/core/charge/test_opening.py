"""The entries that the books begin with once a year was removed: with those that go on they come to the balances."""

from collections import Counter
from datetime import timedelta

from server.core.charge.day_charge import Charge, DayCharge, Drawn, Taken
from server.core.charge.holdings import Checkpoint
from server.core.charge.opening import Opened, first_day, goes_on, opening_postings, openings
from server.core.charge.passes import Lot
from server.core.charge.time_used import NOTHING_USED
from tests.server.core.charge.member_days import MONDAY, nomade

LONG_AGO = MONDAY - timedelta(days=400)
TEN_LEFT = Lot(1, "half_day", 11, LONG_AGO, MONDAY + timedelta(days=30))
OVER = Lot(2, "day", 11, LONG_AGO, MONDAY - timedelta(days=30))
LOTS = {1: TEN_LEFT, 2: OVER}


def owed(*taken: Taken, drawn: tuple[Drawn, ...] = (), days_ago: int = 3) -> DayCharge:
    return DayCharge(
        MONDAY - timedelta(days=days_ago), Charge(NOTHING_USED, "owed", taken, drawn, due_cents=900), paid_cents=200
    )


def test_they_stand_on_the_first_date_of_the_books() -> None:
    assert first_day(Checkpoint(MONDAY, {}, {}, ())) == MONDAY + timedelta(days=1)


def test_each_lot_begins_with_what_is_left_of_it() -> None:
    assert openings(Checkpoint(MONDAY, {1: 10}, {}, ()), [], LOTS, []) == Counter({Opened("half_day", lot=1): 10})


def test_a_sum_in_hand_begins_the_books() -> None:
    checkpoint = Checkpoint(MONDAY, {}, {}, (), credit_cents=350)
    assert openings(checkpoint, [], LOTS, []) == Counter({Opened("cents"): 350})


def test_what_a_debt_took_and_was_paid_is_not_taken_off_twice() -> None:
    checkpoint = Checkpoint(MONDAY, {1: 9}, {}, (owed(Taken(1, "half_day", 1)),))
    assert openings(checkpoint, [], LOTS, []) == Counter({Opened("half_day", lot=1): 10, Opened("cents"): 200})


def test_a_pass_begins_with_what_is_left_of_its_allowance_and_one_that_is_over_with_nothing() -> None:
    runs = nomade(20, MONDAY - timedelta(days=10), 7)
    former = nomade(20, MONDAY - timedelta(days=70), 6)
    checkpoint = Checkpoint(MONDAY, {}, {7: 5, 6: 4}, (owed(drawn=(Drawn(7, 2),)),))
    assert openings(checkpoint, [], LOTS, [runs, former])[Opened("nomade", held_pass=7)] == 20 - (5 - 2)
    assert Opened("nomade", held_pass=6) not in openings(checkpoint, [], LOTS, [runs, former])


def test_lots_that_nothing_can_wake_are_left_out_unless_a_debt_is_older() -> None:
    checkpoint = Checkpoint(MONDAY, {1: 10, 2: 3}, {}, ())
    assert goes_on(checkpoint, LOTS.values()).remaining == {1: 10}
    with_debt = Checkpoint(MONDAY, {1: 10, 2: 3}, {}, (owed(days_ago=40),))
    assert goes_on(with_debt, LOTS.values()).remaining == {1: 10, 2: 3}


def test_an_entry_says_its_amount_and_what_it_is_about() -> None:
    amounts = {Opened("half_day", lot=1): 10, Opened("cents"): 0}
    [entry] = opening_postings(MONDAY, amounts)
    assert (entry.day, entry.kind, entry.what, entry.amount, entry.lot) == (MONDAY, "opening", "half_day", 10, 1)
