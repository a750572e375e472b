"""The choice among ways to pay: least owed, then least value, then fewest tickets."""

from itertools import product

import pytest

from server.core.charge.tariff import Tariff
from server.core.charge.ways_to_pay import Bill, HalfDayPayment, Held, cheapest, ways

TARIFF = Tariff()


@pytest.mark.parametrize(
    ("bill", "held", "tickets", "owed_cents"),
    [
        (Bill(4, 4), Held(day=11), Held(day=1), 0),
        (Bill(1, 0), Held(day=11), Held(day=1), 0),
        (Bill(4, 4), Held(half_day=11, day=1), Held(day=1), 0),
        (Bill(4, 4), Held(half_day=1), Held(half_day=1), 600),
        (Bill(4, 4), Held(hour=2, half_day=1), Held(hour=2, half_day=1), 0),
        (Bill(4, 4), Held(hour=4), Held(hour=4), 300),
        (Bill(4, 4), Held(hour=10), Held(hour=5), 0),
        (Bill(2, 5), Held(hour=10), Held(hour=5), 0),
        (Bill(4, 4), Held(hour=10, day=1), Held(day=1), 0),
        (Bill(3, 0), Held(hour=3, half_day=1), Held(half_day=1), 0),
        (Bill(2, 0), Held(hour=3, half_day=1), Held(hour=2), 0),
        (Bill(2, 0), Held(hour=1, half_day=1), Held(half_day=1), 0),
        (Bill(2, 0), Held(hour=1), Held(hour=1), 300),
        (Bill(4, 0), Held(hour=2), Held(hour=2), 300),
        (Bill(4, 1), Held(), Held(), 1200),
        (Bill(4, 4), Held(), Held(), 1500),
        (Bill(1, 1), Held(half_day=2), Held(half_day=2), 0),
        (Bill(1, 1), Held(half_day=2, day=1), Held(day=1), 0),
    ],
)
def test_the_cheapest_way(bill: Bill, held: Held, tickets: Held, owed_cents: int) -> None:
    way = cheapest(bill, held, TARIFF)
    assert (way.tickets, way.owed_cents) == (tickets, owed_cents)


def test_the_morning_gets_the_tickets_first() -> None:
    assert cheapest(Bill(4, 4), Held(half_day=1), TARIFF).morning == HalfDayPayment(1, 0, 0)
    assert cheapest(Bill(2, 2), Held(hour=2), TARIFF).afternoon == HalfDayPayment(0, 0, 600)


def test_a_day_ticket_leaves_nothing_to_pay_in_either_half_day() -> None:
    way = cheapest(Bill(4, 4), Held(day=1), TARIFF)
    assert (way.morning, way.afternoon) == (HalfDayPayment(0, 0, 0), HalfDayPayment(0, 0, 0))


def test_tickets_are_worth_their_posted_prices_together() -> None:
    assert Held(hour=1, half_day=2, day=3).value_cents(TARIFF) == 300 + 2 * 900 + 3 * 1500


def test_every_number_of_hours_up_to_those_of_a_half_day_is_weighed() -> None:
    weighed = [(way.tickets.hour, way.owed_cents) for way in ways(Bill(4, 0), Held(hour=9), TARIFF)]
    assert weighed == [(3, 0), (2, 300), (1, 600), (0, 900)]


def test_another_place_has_other_caps() -> None:
    dear = Tariff(hour_cents=400, half_day_cents=1000, day_cents=1800, hours_per_half_day=3, hours_per_day=5)
    assert cheapest(Bill(4, 4), Held(), dear).owed_cents == 1800
    assert cheapest(Bill(4, 0), Held(hour=2), dear).owed_cents == 200
    assert cheapest(Bill(4, 0), Held(hour=3), dear).owed_cents == 0
    assert cheapest(Bill(4, 4), Held(hour=5), dear).owed_cents == 0
    six_a_day = Tariff(hours_per_day=6, day_cents=1800)
    assert cheapest(Bill(4, 4), Held(hour=9), six_a_day).tickets == Held(hour=6)
    two_for_one = Tariff(hour_cents=600, half_day_cents=1000)
    assert cheapest(Bill(4, 0), Held(hour=2), two_for_one).owed_cents == 0


def test_three_hours_cover_a_half_day_and_five_a_date_whatever_they_are_worth() -> None:
    cheap_hours = Tariff(hour_cents=200)
    assert cheapest(Bill(5, 0), Held(hour=10), cheap_hours).tickets == Held(hour=3)
    assert cheapest(Bill(5, 0), Held(hour=10), cheap_hours).owed_cents == 0
    assert cheapest(Bill(5, 0), Held(hour=2), cheap_hours).owed_cents == 500
    assert cheapest(Bill(5, 5), Held(hour=10), cheap_hours).tickets == Held(hour=5)
    assert cheapest(Bill(5, 5), Held(hour=5), cheap_hours).owed_cents == 0


def test_one_ticket_more_never_leaves_more_owed() -> None:
    for bill in (Bill(1, 0), Bill(2, 3), Bill(5, 0), Bill(5, 5)):
        for hour, half_day, day in product(range(6), range(3), range(2)):
            owed_cents = cheapest(bill, Held(hour, half_day, day), TARIFF).owed_cents
            for more in (Held(hour + 1, half_day, day), Held(hour, half_day + 1, day), Held(hour, half_day, day + 1)):
                assert cheapest(bill, more, TARIFF).owed_cents <= owed_cents


def test_tickets_and_euros_together_stay_under_the_cap_of_a_date() -> None:
    for bill, held in product((Bill(5, 5), Bill(2, 4), Bill(3, 0)), (Held(6, 0, 0), Held(2, 1, 0), Held(1, 2, 1))):
        for way in ways(bill, held, TARIFF):
            assert not way.owed_cents or way.value_cents + way.owed_cents <= 1500
            assert all(part.owed_cents + 300 * part.hour <= 900 for part in (way.morning, way.afternoon))
