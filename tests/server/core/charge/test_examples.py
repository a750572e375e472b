"""The worked examples of the rules, each by its row: who holds what, the date, what it costs."""

import pytest

from server.core.charge.passes import HeldPass, Lot
from tests.server.core.charge.member_days import came, charged, lots, nomade, resident

EXAMPLES: dict[str, tuple[list[Lot], tuple[HeldPass, ...], tuple[str, ...], dict[str, int], int]] = {
    "résident, in 8:30, out 17:45": ([], (resident(),), ("8:30-17:45",), {}, 0),
    "11 days, 9:00-12:00 then 14:00-17:00": (lots(day=11), (), ("9:00-12:00", "14:00-17:00"), {"day": 1}, 0),
    "11 half-days, 9:00-13:08": (lots(half_day=11), (), ("9:00-13:08",), {"half_day": 1}, 0),
    "11 half-days, 9:00-13:11": (lots(half_day=11), (), ("9:00-13:11",), {"half_day": 2}, 0),
    "11 half-days and 1 day, 9:00-17:00": (lots(half_day=11, day=1), (), ("9:00-17:00",), {"day": 1}, 0),
    "1 half-day, 9:00-17:00": (lots(half_day=1), (), ("9:00-17:00",), {"half_day": 1}, 600),
    "4 hours, 9:00-10:40": (lots(hour=4), (), ("9:00-10:40",), {"hour": 2}, 0),
    "4 hours, 1 half-day, 9:00-11:30": (lots(hour=4, half_day=1), (), ("9:00-11:30",), {"half_day": 1}, 0),
    "10 hours, 8:00-18:00": (lots(hour=10), (), ("8:00-18:00",), {"hour": 5}, 0),
    "2 hours, 9:00-12:30": (lots(hour=2), (), ("9:00-12:30",), {"hour": 2}, 300),
    "nothing, 9:00-9:08": ([], (), ("9:00-9:08",), {}, 0),
    "nothing, 12:50-13:20": ([], (), ("12:50-13:20",), {}, 300),
    "11 half-days, in 9:00, never out": (lots(half_day=11), (), ("9:00-auto",), {"half_day": 1}, 0),
    "nomade with 1 half-day left, 11 half-days, 9:00-17:00": (
        lots(half_day=11),
        (nomade(1),),
        ("9:00-17:00",),
        {"half_day": 1, "nomade": 1},
        0,
    ),
}


@pytest.mark.parametrize("row", EXAMPLES)
def test_the_worked_example(row: str) -> None:
    held, passes, stays, took, owed_cents = EXAMPLES[row]
    db = charged(came(*stays), *held, passes=passes)
    assert (db.charge.took, db.owed_cents) == (took, owed_cents)


@pytest.mark.parametrize(
    ("row", "payer", "used", "minutes"),
    [
        ("résident, in 8:30, out 17:45", "resident", ("morning", "afternoon"), 555),
        ("11 half-days, 9:00-13:08", "tickets", ("morning",), 248),
        ("nothing, 9:00-9:08", "free", (), 8),
        ("nothing, 12:50-13:20", "owed", ("afternoon",), 30),
        ("11 half-days, in 9:00, never out", "tickets", ("morning",), 240),
        ("nomade with 1 half-day left, 11 half-days, 9:00-17:00", "nomade+tickets", ("morning", "afternoon"), 480),
    ],
)
def test_the_account_says_who_paid_for_what(row: str, payer: str, used: tuple[str, ...], minutes: int) -> None:
    held, passes, stays, _, _ = EXAMPLES[row]
    charge = charged(came(*stays), *held, passes=passes).charge
    assert (charge.payer, charge.use.used, charge.use.minutes) == (payer, used, minutes)


def test_an_automatic_check_out_is_told() -> None:
    assert charged(came("9:00-auto"), *lots(half_day=11)).charge.use.automatic
