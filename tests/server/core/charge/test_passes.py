"""What is sold brings what place.md says, for as long as it says."""

from datetime import date, timedelta

import pytest
from hypothesis import given as where
from hypothesis import strategies as st

from device.contract.errors import Refused
from server.core.calendar.calendar import OpeningCalendars
from server.core.charge.passes import (
    Coverage,
    Goods,
    HeldPass,
    Lot,
    PassKind,
    Prolongation,
    Tickets,
    Validity,
    first_free_day,
    given,
    goods,
    overlapped,
    pass_for_sale,
    price_cents,
)
from tests.server.core.charge.member_days import CALENDAR, PRICE_LIST

CALENDARS = OpeningCalendars.always(CALENDAR)
SOLD_ON = date(2026, 3, 3)
LAST = date(2027, 3, 2)


def sold(pass_id: str, first_day: date = SOLD_ON) -> Goods:
    return goods(PRICE_LIST[pass_id], first_day, CALENDARS)


@pytest.mark.parametrize(
    ("pass_id", "tickets"),
    [
        ("carnet-day", {"day": 11, "golden": 1}),
        ("carnet-half-day", {"half_day": 11, "golden": 1}),
        ("ticket-hour", {"hour": 1}),
        ("ticket-half-day", {"half_day": 1}),
        ("ticket-day", {"day": 1}),
    ],
)
def test_a_carnet_or_ticket_is_valid_for_a_year_from_its_sale(pass_id: str, tickets: dict[str, int]) -> None:
    brought = sold(pass_id)
    assert brought.coverage is None
    assert {ticket.kind: ticket.number for ticket in brought.tickets} == tickets
    assert {(ticket.first_day, ticket.last_day) for ticket in brought.tickets} == {(SOLD_ON, LAST)}


def test_a_resident_pass_covers_a_month() -> None:
    assert sold("resident") == Goods(Coverage("resident", SOLD_ON, date(2026, 4, 2), 0), ())


def test_a_nomade_pass_has_a_half_day_for_each_open_day_of_its_month_and_a_golden_ticket_for_a_year() -> None:
    # November 2026: 21 weekdays, less Armistice Day; 1 November falls on a Sunday.
    assert sold("nomade", date(2026, 11, 1)) == Goods(
        Coverage("nomade", date(2026, 11, 1), date(2026, 11, 30), 20),
        (Tickets("golden", 1, date(2026, 11, 1), date(2027, 10, 31)),),
    )


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("2026-01-31", "2026-02-27"),
        ("2028-01-31", "2028-02-28"),
        ("2026-03-31", "2026-04-29"),
        ("2026-02-28", "2026-03-27"),
        ("2026-12-15", "2027-01-14"),
        ("2026-11-01", "2026-11-30"),
    ],
)
def test_a_month_ends_the_day_before_the_same_day_of_the_next(first: str, last: str) -> None:
    assert Validity(months=1).last_day(date.fromisoformat(first)) == date.fromisoformat(last)


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("2026-03-03", "2027-03-02"),
        ("2028-02-29", "2029-02-27"),
        ("2027-03-01", "2028-02-29"),
        ("2026-01-01", "2026-12-31"),
    ],
)
def test_a_year_ends_the_day_before_the_same_day_of_the_next(first: str, last: str) -> None:
    assert Validity(months=12).last_day(date.fromisoformat(first)) == date.fromisoformat(last)


def test_another_place_sells_a_week_and_a_carnet_of_ten() -> None:
    week = PassKind("week", "Semaine", "de passage", "everything", 7_000, months=0, days=7)
    carnet = PassKind("carnet-ten", "Carnet de dix", "habitué", "tickets", 8_000, months=6, holds={"half_day": 10})
    assert goods(week, date(2026, 11, 23), CALENDARS).coverage == Coverage(
        "resident", date(2026, 11, 23), date(2026, 11, 29), 0
    )
    assert goods(carnet, SOLD_ON, CALENDARS).tickets == (Tickets("half_day", 10, SOLD_ON, date(2026, 9, 2)),)


def test_a_gift_is_valid_for_a_year() -> None:
    assert given("hour", 3, SOLD_ON) == Tickets("hour", 3, SOLD_ON, LAST)


def test_prices_are_the_places_own() -> None:
    assert {pass_id: price_cents(kind, reduced=False) for pass_id, kind in PRICE_LIST.items()} == {
        "resident": 28_000,
        "nomade": 15_000,
        "carnet-day": 15_000,
        "carnet-half-day": 9_000,
        "ticket-hour": 300,
        "ticket-half-day": 900,
        "ticket-day": 1_500,
    }
    assert price_cents(PRICE_LIST["resident"], reduced=True) == 19_000
    assert price_cents(PRICE_LIST["nomade"], reduced=True) == 9_000


def test_a_carnet_has_no_reduced_price() -> None:
    with pytest.raises(Refused, match=r"no_reduced_price .*carnet-day"):
        price_cents(PRICE_LIST["carnet-day"], reduced=True)


def test_a_pass_that_is_not_sold_is_refused_with_the_nearest_one() -> None:
    with pytest.raises(Refused, match=r"pass_not_sold_but_one_like_it .*near: carnet-half-day"):
        pass_for_sale(PRICE_LIST, "carnet-halfday", SOLD_ON, SOLD_ON)
    with pytest.raises(Refused, match=r"pass_not_sold .*resident, nomade"):
        pass_for_sale(PRICE_LIST, "xyz", SOLD_ON, SOLD_ON)


def test_a_sale_counts_from_any_past_day_and_from_at_most_a_year_ahead() -> None:
    kind = PRICE_LIST["nomade"]
    for first_day in (date(2000, 1, 1), date(2020, 1, 1), date(2027, 3, 4)):
        assert pass_for_sale(PRICE_LIST, "nomade", first_day, SOLD_ON) is kind
    with pytest.raises(Refused, match="sale_too_far_ahead"):
        pass_for_sale(PRICE_LIST, "nomade", date(2027, 3, 5), SOLD_ON)
    with pytest.raises(Refused, match="sale_before_the_place"):
        pass_for_sale(PRICE_LIST, "nomade", date(1999, 12, 31), SOLD_ON)


def test_what_a_place_leaves_unsaid_is_a_year_without_an_allowance() -> None:
    assert PassKind("ten", "Dix", "habitué", "tickets", 8_000).term == Validity(months=12, days=0)
    assert Validity(days=7).last_day(SOLD_ON) == date(2026, 3, 9)
    assert HeldPass(1, "resident", SOLD_ON, LAST).allowance == 0


def test_a_pass_holds_on_its_first_and_its_last_day() -> None:
    held = HeldPass(1, "nomade", date(2026, 11, 1), date(2026, 11, 30), 20)
    days = [date(2026, 10, 31), date(2026, 11, 1), date(2026, 11, 30), date(2026, 12, 1)]
    assert [held.holds_on(day) for day in days] == [False, True, True, False]


def test_a_prolongation_is_known_from_its_own_day_on() -> None:
    lot = Lot(1, "day", 11, SOLD_ON, LAST, (Prolongation(date(2027, 4, 1), date(2027, 6, 30)),))
    assert lot.last_day_on(date(2027, 3, 31)) == LAST == lot._replace(prolongations=()).last_day_on(SOLD_ON)
    assert lot.last_day_on(date(2027, 4, 1)) == date(2027, 6, 30)


def test_a_prolongation_never_shortens() -> None:
    lot = Lot(1, "day", 11, SOLD_ON, LAST, (Prolongation(SOLD_ON, date(2026, 6, 30)),))
    assert lot.last_day_on(SOLD_ON) == LAST


NOVEMBER = HeldPass(1, "resident", date(2026, 11, 15), date(2026, 12, 14))
BOOKED = HeldPass(2, "resident", date(2026, 12, 15), date(2027, 1, 14))
HALF_TIME = HeldPass(3, "nomade", date(2026, 11, 2), date(2026, 12, 1), 22)


@pytest.mark.parametrize(
    ("pass_id", "held", "first_day"),
    [
        ("resident", (), date(2026, 11, 27)),
        ("resident", (NOVEMBER,), date(2026, 12, 15)),
        ("resident", (BOOKED, NOVEMBER), date(2027, 1, 15)),
        ("resident", (BOOKED,), date(2027, 1, 15)),
        ("resident", (HALF_TIME,), date(2026, 11, 27)),
        ("nomade", (HALF_TIME,), date(2026, 12, 2)),
        ("nomade", (NOVEMBER,), date(2026, 12, 15)),
        ("carnet-day", (NOVEMBER, HALF_TIME), date(2026, 11, 27)),
    ],
)
def test_a_renewal_begins_the_day_after_what_pays_for_the_same_dates(
    pass_id: str, held: tuple[HeldPass, ...], first_day: date
) -> None:
    assert first_free_day(PRICE_LIST[pass_id], held, date(2026, 11, 27)) == first_day


HELD = st.builds(
    lambda nth, cover, first, days: HeldPass(nth, cover, SOLD_ON + timedelta(first), SOLD_ON + timedelta(first + days)),
    *(st.integers(1, 99), st.sampled_from(("resident", "nomade")), st.integers(-60, 90), st.integers(0, 60)),
)


@where(st.lists(HELD, max_size=6), st.sampled_from(("resident", "nomade", "carnet-day")))
def test_whatever_is_held_no_date_is_paid_twice(held: list[HeldPass], pass_id: str) -> None:
    kind = PRICE_LIST[pass_id]
    first_day = first_free_day(kind, held, SOLD_ON)
    assert overlapped(kind, held, first_day) is None
    assert first_day == SOLD_ON or any(each.last_day + timedelta(1) == first_day for each in held)


DECEMBER = date(2026, 12, 1)


@pytest.mark.parametrize(
    ("held", "found"),
    [
        (((1, "2026-11-01", "2026-11-30"),), None),
        (((1, "2026-11-02", "2026-12-01"),), 1),
        (((1, "2026-12-31", "2027-01-30"),), 1),
        (((1, "2027-01-01", "2027-01-31"),), None),
        (((1, "2026-11-02", "2026-12-01"), (2, "2026-12-02", "2027-01-01"), (3, "2026-11-15", "2026-12-14")), 2),
    ],
)
def test_what_pays_already_for_dates_of_a_new_pass_is_found_the_last_to_end(
    held: tuple[tuple[int, str, str], ...], found: int | None
) -> None:
    passes = [
        HeldPass(number, "resident", date.fromisoformat(first), date.fromisoformat(last))
        for number, first, last in held
    ]
    overlap = overlapped(PRICE_LIST["resident"], passes, DECEMBER)
    assert (overlap and overlap.id) == found
