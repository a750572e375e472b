"""The entries between two states of the books."""

from datetime import timedelta

from server.core.charge.facts import GoldenUse, MemberFacts
from server.core.charge.passes import HeldPass
from server.core.charge.postings import NOTHING, PostedDay, Posting, day_postings, expiry_postings
from server.core.charge.settlement import GoldenTaken, settle
from tests.server.core.charge.member_days import MONDAY, TERMS, came, local, lots, nomade


def db(*stays: str, passes: tuple[HeldPass, ...] = (), **held: int) -> PostedDay:
    facts = MemberFacts(days=came(*stays), lots=lots(**held), passes=passes)
    return PostedDay(settle(facts, TERMS, local("23:00")).days[MONDAY])


def test_a_ticket_taken_is_a_debit_of_its_lot() -> None:
    assert list(day_postings(MONDAY, NOTHING, db("9:00-12:00", half_day=11))) == [
        Posting(MONDAY, "debit", "half_day", -1, lot=1)
    ]


def test_what_is_given_back_comes_first() -> None:
    changes = list(day_postings(MONDAY, db("9:00-12:00", half_day=11), db("9:00-12:00")))
    assert changes == [Posting(MONDAY, "reversal", "half_day", 1, lot=1), Posting(MONDAY, "debit", "cents", -900)]


def test_an_allowance_is_debited_from_its_pass() -> None:
    (posting,) = day_postings(MONDAY, NOTHING, db("9:00-12:00", passes=(nomade(20),)))
    assert posting == Posting(MONDAY, "debit", "nomade", -1, held_pass=1)


def test_what_an_operator_corrects_is_told_apart() -> None:
    (posting,) = day_postings(MONDAY, db("9:00-12:00", half_day=11), NOTHING, corrected=True)
    assert (posting.kind, posting.amount) == ("correction", 1)


def test_what_stays_as_it_was_is_no_entry() -> None:
    same = db("9:00-12:00", half_day=11)
    assert list(day_postings(MONDAY, same, db("9:10-12:10", half_day=11))) == []


def test_a_golden_ticket_moves_with_the_lot_it_is_taken_from() -> None:
    first, second = (GoldenTaken(GoldenUse(MONDAY, guest), lot) for guest, lot in (("1", 1), ("2", None)))
    assert list(day_postings(MONDAY, NOTHING, PostedDay(None, (first, second)))) == [
        Posting(MONDAY, "debit", "golden", -1, lot=1)
    ]
    moved = PostedDay(None, (first._replace(lot=2), second))
    assert [change.amount for change in day_postings(MONDAY, PostedDay(None, (first, second)), moved)] == [1, -1]


def test_golden_tickets_that_are_given_back_come_first_then_lot_by_lot() -> None:
    def used(*lots: int) -> PostedDay:
        return PostedDay(None, tuple(GoldenTaken(GoldenUse(MONDAY, str(nth)), lot) for nth, lot in enumerate(lots)))

    changes = [(change.lot, change.amount) for change in day_postings(MONDAY, used(3, 4), used(1, 1, 2, 4))]
    assert changes == [(3, 1), (1, -2), (2, -1)]


def test_what_expired_and_what_did_not_after_all_are_entries() -> None:
    last_day = MONDAY + timedelta(days=3)
    ends = {1: ("day", last_day), 2: ("hour", last_day)}
    assert list(expiry_postings({1: 5}, {1: 4, 2: 3}, ends)) == [  # type: ignore[arg-type]
        Posting(last_day, "expiry", "day", 1, lot=1),
        Posting(last_day, "expiry", "hour", -3, lot=2),
    ]
    assert list(expiry_postings({1: 5}, {}, ends)) == [Posting(last_day, "expiry", "day", 5, lot=1)]  # type: ignore[arg-type]
