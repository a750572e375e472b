"""The books follow what is known: passages, the clock, the desk; every difference is an entry with its cause."""

import sqlite3
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from device.contract.instant import Instant
from device.contract.messages import Direction
from server.accounts import corrections, credit, sales
from server.accounts.accounts import Accounts
from server.core.calendar.calendar import Calendar
from server.core.calendar.opening_hours import HouseHours, Span
from server.core.house_rules import HouseRules, InForce
from server.ingest import recount
from server.ingest.receipt import receipt
from server.store.accounts import checkpoints, ledger, standings
from server.store.database import open_database
from tests.orders import work_at
from tests.server.core.charge.member_days import MONDAY, local
from tests.server.ledger_place import LedgerPlace, passage, tap

TUESDAY, FRIDAY = MONDAY + timedelta(days=1), MONDAY + timedelta(days=4)


@pytest.fixture
def place(tmp_path: Path) -> Iterator[LedgerPlace]:
    place = LedgerPlace(tmp_path)
    yield place
    assert place.verified() == []
    place.db.close()


EXAMPLES = {
    "résident": (["resident"], ["8:30-17:45"], {}, 0),
    "11 days": (["carnet-day"], ["9:00-12:00", "14:00-17:00"], {"day": 1}, 0),
    "11 half-days, 9:00-13:08": (["carnet-half-day"], ["9:00-13:08"], {"half_day": 1}, 0),
    "11 half-days, 9:00-13:11": (["carnet-half-day"], ["9:00-13:11"], {"half_day": 2}, 0),
    "11 half-days and 1 day": (["carnet-half-day", "ticket-day"], ["9:00-17:00"], {"day": 1}, 0),
    "1 half-day": (["ticket-half-day"], ["9:00-17:00"], {"half_day": 1}, 600),
    "4 hours": (["ticket-hour"] * 4, ["9:00-10:40"], {"hour": 2}, 0),
    "4 hours, 1 half-day": (["ticket-hour"] * 4 + ["ticket-half-day"], ["9:00-11:30"], {"half_day": 1}, 0),
    "10 hours": (["ticket-hour"] * 10, ["8:00-18:00"], {"hour": 5}, 0),
    "2 hours": (["ticket-hour"] * 2, ["9:00-12:30"], {"hour": 2}, 300),
    "nothing, 9:00-9:08": ([], ["9:00-9:08"], {}, 0),
    "nothing, 12:50-13:20": ([], ["12:50-13:20"], {}, 300),
}


@pytest.mark.parametrize(("sold", "stays", "took", "owed_cents"), EXAMPLES.values(), ids=EXAMPLES)
def test_a_worked_example_is_charged_as_it_says(
    place: LedgerPlace, sold: list[str], stays: list[str], took: dict[str, int], owed_cents: int
) -> None:
    for pass_id in sold:
        place.sell(pass_id)
    place.came(*stays)
    assert (place.day().took, place.day().owed_cents) == (took, owed_cents)


def test_who_forgets_to_badge_out_is_charged_for_the_half_day_they_were_last_seen_in(place: LedgerPlace) -> None:
    place.sell("carnet-half-day")
    place.came("9:00-")
    place.clock("18:31")
    assert (place.day().took, place.day().automatic) == ({"half_day": 1}, True)


def test_exits_of_somebody_who_never_came_in_leave_no_day_behind(place: LedgerPlace) -> None:
    place.passes("exit", "9:00")
    place.passes("exit", "9:30")
    assert place.statement().days == []


def test_who_was_in_for_no_time_at_all_was_there_all_the_same(place: LedgerPlace) -> None:
    place.came("9:00-9:00")
    place.passes("exit", "9:30")
    assert [line.minutes for line in place.statement().days] == [0]


def test_an_allowance_pays_first_and_tickets_what_it_cannot_cover(place: LedgerPlace) -> None:
    sale = place.at("8:00", date(2026, 11, 2)).sell("nomade")
    place.sell("carnet-half-day")
    days = [date(2026, 11, 2) + timedelta(days=nth) for nth in range(30)]
    open_days = [day for day in days if place.house.calendars.on(day).is_open_day(day)]
    assert sale.price_cents == 15_000
    for day in open_days[: len(open_days) // 2]:
        place.came("9:00-17:00", day=day)
    if len(open_days) % 2 == 0:
        place.came("9:00-12:00", day=open_days[-2])
    left = place.statement().nomade_left
    assert left in (0, 1)
    place.came("9:00-17:00", day=open_days[-1])
    assert place.day(open_days[-1]).took == ({"half_day": 1, "nomade": 1} if left else {"half_day": 2})


def test_an_entry_takes_a_ticket_and_leaving_within_ten_minutes_gives_it_back(place: LedgerPlace) -> None:
    place.sell("ticket-half-day")
    place.passes("entry", "9:00")
    place.passes("exit", "9:08")
    assert place.moved() == [("sale", "half_day", 1), ("debit", "half_day", -1), ("reversal", "half_day", 1)]
    assert [entry.cause for entry in place.entries()] == [
        "sale 1",
        "event front/00c0ffee/1",
        "event front/00c0ffee/2",
    ]


def test_a_repeated_passage_posts_nothing(place: LedgerPlace) -> None:
    place.sell("carnet-half-day")
    place.came("9:00-12:00")
    before = place.entries()
    place.keep([passage(place.ada, "exit", local("12:00")), passage(place.ada, "exit", local("12:00"))])
    assert place.entries() == before


def test_a_late_event_recomputes_from_its_date_on(place: LedgerPlace) -> None:
    place.sell("ticket-half-day")
    place.came("9:00-12:00", day=TUESDAY)
    assert place.day(TUESDAY).took == {"half_day": 1}
    place.keep([passage(place.ada, "entry", local("9:00")), passage(place.ada, "exit", local("12:00"))])
    assert place.day(MONDAY).took == {"half_day": 1}
    assert place.day(TUESDAY).owed_cents == 900
    assert ("reversal", "half_day", 1) in place.moved()


def test_an_event_a_year_late_looks_back_no_further_than_its_month(place: LedgerPlace) -> None:
    place.at("8:00", date(2025, 12, 1))
    place.sell("carnet-half-day")
    for month in (1, 3, 5, 7, 9, 11):
        place.came("9:00-12:00", day=date(2026, month, 5))
    place.came("9:00-12:00", day=TUESDAY)
    assert checkpoints.before(place.db, place.ada, date(2026, 10, 1)).day > date(2026, 8, 1)
    place.keep([passage(place.ada, "entry", local("14:00", date(2026, 1, 5)))], place.now)
    place.keep([passage(place.ada, "exit", local("17:00", date(2026, 1, 5)))], place.now)
    assert place.day(date(2026, 1, 5)).took == {"half_day": 2}


def test_a_sale_covers_what_is_owed_oldest_date_first(place: LedgerPlace) -> None:
    place.came("9:00-12:00")
    place.came("9:00-12:00", day=TUESDAY)
    assert place.statement().owed_cents == 1800
    place.at("9:00", FRIDAY).sell("ticket-half-day")
    assert [(line.took, line.owed_cents) for line in place.statement().days] == [({"half_day": 1}, 0), ({}, 900)]


def test_a_sale_for_past_days_pays_for_them(place: LedgerPlace) -> None:
    place.came("9:00-12:00")
    place.at("9:00", FRIDAY).sell("resident", on=MONDAY)
    assert (place.day().paid_by, place.statement().owed_cents) == ("resident", 0)


def test_a_balance_is_the_sum_of_its_entries(place: LedgerPlace) -> None:
    place.sell("carnet-half-day")
    place.came("9:00-17:00")
    place.came("9:00-12:00", day=TUESDAY)
    assert sum(entry.amount for entry in place.entries() if entry.what == "half_day") == 8
    assert place.statement().held["half_day"] == 8


@pytest.mark.parametrize("table", ["ledger", "sales", "lots", "gifts", "held_passes", "prolongations", "corrections"])
@pytest.mark.parametrize(
    "order", ["UPDATE {} SET ROWID = ROWID", "DELETE FROM {}", "REPLACE INTO {0} SELECT * FROM {0}"]
)
def test_the_database_itself_refuses_to_change_what_is_written(place: LedgerPlace, table: str, order: str) -> None:
    place.sell("carnet-half-day")
    place.sell("nomade")
    gift = credit.give(place.work(), place.ada, "day", 1, reason="ménage")
    assert gift.id == 1
    credit.prolong(place.work(), 1, date(2028, 1, 1), reason="malade")
    corrections.correct(place.work(), place.ada, MONDAY, reason="r", presence=[Span(540, 720)])
    with pytest.raises(sqlite3.IntegrityError, match="what is written stays"):
        place.db.execute(order.format(table))
    place.ingest.drop_cache()


def test_staying_past_the_boundary_takes_the_second_half_day_by_the_clock_alone(place: LedgerPlace) -> None:
    place.sell("carnet-half-day")
    place.came("9:00-")
    place.clock("13:10")
    assert place.moved()[-1] == ("debit", "half_day", -1)
    before = len(place.entries())
    place.clock("13:11")
    assert place.moved()[before:] == [("debit", "half_day", -1)]
    assert place.entries()[-1].cause == "clock"


def test_each_begun_hour_of_somebody_on_hour_tickets_is_posted(place: LedgerPlace) -> None:
    for _ in range(6):
        place.sell("ticket-hour")
    place.came("9:00-")
    taken = []
    for clock in ("9:59", "10:01", "11:01", "12:01", "12:59"):
        place.clock(clock)
        taken.append(6 - place.statement().held["hour"])
    assert taken == [1, 2, 3, 3, 3]
    assert sum(entry.amount for entry in place.entries()) == 3


def test_a_server_that_was_away_posts_what_became_due_meanwhile(place: LedgerPlace) -> None:
    place.sell("carnet-half-day")
    place.came("14:00-")
    place.clock("9:00", FRIDAY)
    assert (place.day().took, place.day().automatic) == ({"half_day": 1}, True)
    assert place.verified() == []


def test_tickets_expire_by_an_entry_and_can_be_prolonged(place: LedgerPlace) -> None:
    place.at("9:00", date(2026, 3, 3)).sell("carnet-half-day")
    place.clock("0:30", date(2027, 3, 2))
    assert place.statement().held["half_day"] == 11
    place.clock("0:30", date(2027, 3, 3))
    assert [entry for entry in place.moved() if entry[0] == "expiry"] == [
        ("expiry", "half_day", -11),
        ("expiry", "golden", -1),
    ]
    credit.prolong(place.work(), 1, date(2027, 6, 30), reason="malade")
    place.ingest.drop_cache()
    assert (place.statement().held["half_day"], place.statement().held["golden"]) == (11, 0)
    assert sum(entry.amount for entry in place.entries() if entry.what == "half_day") == 11


def test_a_clock_that_goes_back_takes_nothing_back(place: LedgerPlace) -> None:
    place.sell("carnet-half-day")
    place.came("9:00-12:00")
    place.came("9:00-12:00", day=TUESDAY)
    place.at("10:00", date(2026, 11, 16))
    place.ingest.drop_cache()
    place.keep([passage(place.ada, "entry", local("9:00", date(2026, 11, 16)))])
    place.keep([passage(place.ada, "exit", local("9:30", date(2026, 11, 16)))])
    place.clock("12:30", TUESDAY)
    assert [line.took for line in place.statement().days] == [{"half_day": 1}] * 3
    assert place.statement().held["half_day"] == 8


def test_an_event_a_little_ahead_of_midnight_waits_for_its_day(place: LedgerPlace) -> None:
    place.sell("carnet-half-day")
    place.passes("entry", "23:50")
    place.passes("exit", "23:51")
    place.keep([passage(place.ada, "entry", local("0:02", TUESDAY))], local("23:58"))
    assert [line.date for line in place.statement().days] == [MONDAY]
    standing = standings.of_member(place.db, place.ada)
    assert standing is not None
    assert standing.due_at == local("0:00", TUESDAY)
    place.clock("0:03", TUESDAY)
    assert place.day(TUESDAY).owed_cents == 0


def test_a_correction_wins_over_late_events_until_it_is_lifted(place: LedgerPlace) -> None:
    place.sell("carnet-half-day")
    place.came("9:00-17:00")
    place.at("18:00")
    corrected = corrections.correct(place.work(), place.ada, MONDAY, reason="parti", presence=[Span(540, 720)])
    assert corrected.charge.took == {"half_day": 1}
    place.ingest.drop_cache()
    place.keep([passage(place.ada, "entry", local("17:10")), passage(place.ada, "exit", local("17:55"))])
    assert (place.day().took, place.day().corrected) == ({"half_day": 1}, True)
    corrections.lift(place.work(), place.ada, MONDAY)
    place.ingest.drop_cache()
    assert (place.day().took, place.day().corrected) == ({"half_day": 2}, False)
    assert [entry.amount for entry in place.entries() if entry.kind == "correction"] == [1, -1]


def test_a_correction_that_changes_nothing_is_refused_and_not_written(place: LedgerPlace) -> None:
    place.sell("carnet-half-day")
    place.came("9:00-12:00")
    before = place.entries()
    with pytest.raises(ValueError, match="as_computed_already"):
        corrections.correct(place.work(), place.ada, MONDAY, reason="r", presence=[Span(540, 720)])
    assert place.entries() == before
    assert place.db.value("SELECT count(*) FROM corrections") == 0


def test_two_operators_who_sell_to_the_same_member_at_once_both_do(place: LedgerPlace) -> None:
    with open_database(place.db.path) as other:
        for db in (place.db, other, place.db, other):
            sales.sell(work_at(place.now, db, place.house), place.ada, "ticket-day")
    assert place.statement().held["day"] == 4
    assert [row[0] for row in place.db.rows("SELECT number FROM sales")] == [1, 2, 3, 4]


def test_a_failed_sale_leaves_no_gap_in_the_numbers(place: LedgerPlace) -> None:
    place.sell("ticket-day")
    with pytest.raises(ZeroDivisionError), place.db.writing():
        sales.sell(place.work(), place.ada, "ticket-day")
        raise ZeroDivisionError
    assert place.sell("ticket-day").number == 2


def test_what_another_process_sold_pays_for_the_next_passage(place: LedgerPlace) -> None:
    place.came("9:00-9:05")
    with open_database(place.db.path) as other:
        sales.sell(work_at(place.now, other, place.house), place.ada, "resident")
    place.ingest.drop_cache()  # as the writer does when it notices
    place.passes("entry", "9:30")
    place.passes("exit", "11:30")
    assert place.day().paid_by == "resident"


def test_who_owes_to_the_limit_has_no_credit_until_they_buy(place: LedgerPlace) -> None:
    most = place.settings.rules.max_owed_cents
    place.came("9:00-12:00")
    assert standings.without_credit(place.db, most) == set()
    place.came("9:00-12:00", day=TUESDAY)
    assert standings.without_credit(place.db, most) == {place.ada}
    assert [change.account.owed_cents for change in place.changes if change.credit_changed] == [1_800]
    work = place.work()
    sales.pay(work, place.ada, 600)
    assert [change.credit_changed for change in work.changes] == [True]
    assert standings.without_credit(place.db, most) == set()
    place.ingest.drop_cache()


def test_a_pass_that_begins_tomorrow_lets_in_tomorrow(place: LedgerPlace) -> None:
    most = place.settings.rules.max_owed_cents
    place.came("9:00-17:00")
    place.sell("resident", on=TUESDAY)
    assert standings.without_credit(place.db, most) == {place.ada}
    place.clock("0:00:01", TUESDAY)
    assert standings.without_credit(place.db, most) == set()


def test_a_desk_entry_is_charged_at_once_and_lifting_it_gives_back(place: LedgerPlace) -> None:
    place.sell("carnet-half-day")
    place.at("10:00")
    entry = recount.enter_by_desk(place.work(), place.ada, "entry", at=place.now)
    assert place.moved()[-1] == ("debit", "half_day", -1)
    assert (place.entries()[-1].cause, place.entries()[-1].operator) == ("desk entry 1", "zoe")
    recount.lift_entry(place.work(), entry.id)
    assert place.moved()[-1] == ("reversal", "half_day", 1)
    assert place.statement().days == []
    place.ingest.drop_cache()


def test_past_dates_keep_the_hours_and_the_tariff_of_their_time(tmp_path: Path) -> None:
    short = HouseHours(weekly={"tue": (Span(540, 720),)})
    house = HouseRules(
        [
            InForce(date.min, Calendar(HouseHours()), timedelta(minutes=30)),
            InForce(TUESDAY, Calendar(short), timedelta(minutes=30)),
        ]
    )
    place = LedgerPlace(tmp_path, house)
    place.came("8:00-18:00")
    place.came("8:00-18:00", day=TUESDAY)
    assert [line.minutes for line in place.statement().days] == [600, 180]
    assert place.verified() == []


def answered(place: LedgerPlace, side: Direction, clock: str) -> tuple[object, ...]:
    at = local(clock)
    place.now = max(place.now, at)
    (tapped,) = place.keep([tap(place.ada, side, at)])
    told = receipt(place.accounts, tapped, place.now)
    return told.paid_by, told.left.half_day, told.of, told.owed_cents, told.expires


def test_a_receipt_says_what_will_be_left_once_the_passage_is_charged(place: LedgerPlace) -> None:
    place.sell("carnet-half-day")
    assert answered(place, "entry", "9:00") == ("tickets", 10, 11, 0, "2027-11-22")
    assert place.statement().held["half_day"] == 11
    place.passes("entry", "9:00")
    assert answered(place, "exit", "12:00") == ("tickets", 10, 11, 0, "2027-11-22")


def test_a_receipt_on_the_way_out_in_time_gives_the_ticket_back(place: LedgerPlace) -> None:
    place.sell("carnet-half-day")
    place.passes("entry", "9:00")
    assert answered(place, "exit", "9:05") == ("free", 11, None, 0, "2027-11-22")


def test_a_receipt_tells_what_is_owed(place: LedgerPlace) -> None:
    assert answered(place, "entry", "9:00") == ("owed", 0, None, 300, None)


def test_a_receipt_of_a_resident_tells_until_when_the_pass_holds(place: LedgerPlace) -> None:
    place.sell("resident")
    assert answered(place, "entry", "9:00") == ("resident", 0, None, 0, "2026-12-22")


def test_a_late_tap_tells_that_somebody_was_seen_later(place: LedgerPlace) -> None:
    place.sell("carnet-half-day")
    place.came("9:00-")
    place.clock("19:00")
    assert place.day().took == {"half_day": 1}
    place.keep([tap(place.ada, "entry", local("15:00"))])
    assert place.day().took == {"half_day": 2}


def test_books_brought_up_from_nothing_are_those_that_grew(place: LedgerPlace) -> None:
    place.sell("carnet-half-day")
    for nth in range(5):
        place.came("9:00-12:00", "14:00-17:00", day=MONDAY + timedelta(days=nth))
    before = place.entries()
    place.db.execute("DELETE FROM checkpoints")
    Accounts(place.db, place.house).bring_up(place.ada, MONDAY, ledger.CLOCK, place.now)
    assert place.entries() == before
    place.ingest.drop_cache()


def test_the_tenth_day_reads_no_more_than_the_first(place: LedgerPlace) -> None:
    place.sell("carnet-half-day")
    read: list[int] = []
    for nth in range(12):
        day = MONDAY + timedelta(days=nth)
        statements: list[str] = []
        place.db.connection.set_trace_callback(statements.append)
        place.came("9:00-12:00", day=day)
        place.db.connection.set_trace_callback(None)
        read.append(len(statements))
    assert max(read[2:]) <= read[1] + 2


def test_a_moment_that_daylight_saving_repeats_is_charged_once(place: LedgerPlace) -> None:
    night = HouseRules(
        [
            InForce(
                date.min,
                Calendar(HouseHours(weekly={"sun": (Span(0, 1440),)})),
                timedelta(minutes=30),
            )
        ]
    )
    first, second = Instant.parse("2026-10-25T00:15:00.000Z"), Instant.parse("2026-10-25T01:15:00.000Z")
    place.house = night
    place.ingest = type(place.ingest)(place.db, night)
    place.now = Instant.parse("2026-10-25T12:00:00.000Z")
    place.keep([passage(place.ada, "entry", first), passage(place.ada, "exit", second)])
    assert place.day(date(2026, 10, 25)).minutes == 60


def test_tickets_that_slept_for_long_wake_when_they_are_prolonged_and_pay_late_dates_too(place: LedgerPlace) -> None:
    place.at("9:00", date(2025, 10, 1)).sell("carnet-half-day")
    for month in (10, 11, 12):
        place.clock("0:30", date(2026, month, 2))
        place.came("9:00-12:00", day=date(2026, month, 6 if month == 10 else 4))
        sales.pay(place.work(), place.ada)
        place.ingest.drop_cache()
    assert "half_day" not in [lot.kind for lot in place.accounts.account(place.ada, place.now).valid_lots]
    place.clock("9:00", date(2026, 12, 7))
    credit.prolong(place.work(), 1, date(2027, 1, 31), reason="malade")
    place.ingest.drop_cache()
    place.came("9:00-12:00", day=date(2026, 12, 8))
    assert place.day(date(2026, 12, 8)).took == {"half_day": 1}
    assert place.accounts.account(place.ada, place.now).held["half_day"] == 10
    place.keep([passage(place.ada, "entry", local("14:00", date(2026, 11, 4)))])
    place.keep([passage(place.ada, "exit", local("17:00", date(2026, 11, 4)))])
    assert place.day(date(2026, 11, 4)).owed_cents in (0, 600)
    assert place.verified() == []


def test_what_expired_years_ago_is_still_told(place: LedgerPlace) -> None:
    place.at("9:00", date(2024, 1, 8)).sell("carnet-day")
    for day in (date(2025, 2, 3), date(2025, 3, 3), date(2026, 2, 2)):
        place.clock("7:00", day)
        place.came("9:00-9:05", day=day)
    account = place.accounts.account(place.ada, place.now)
    assert account.expired == {1: 11, 2: 1}
    assert account.held["day"] == 0


def test_a_sale_taken_back_after_its_tickets_expired_leaves_nothing(place: LedgerPlace) -> None:
    number = place.at("9:00", date(2025, 1, 6)).sell("carnet-day").number
    place.clock("9:00", date(2026, 2, 6))
    sales.cancel(place.work(), number, reason="never paid")
    assert sum(entry.amount for entry in place.entries()) == 0
    assert place.verified() == []
