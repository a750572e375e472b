"""The books against an independent, deliberately naive implementation, on random months.

More months with `POINCON_RANDOM_MONTHS`, others with `POINCON_SEED`: the message of a failure names its own seed.
"""

import os
from random import Random

import pytest

from server.core.charge.settlement import Account, settle
from tests.examples import scaled
from tests.server.core.charge.member_days import TERMS
from tests.server.core.charge.naive_books import NaiveBooks, Sheet, naive_books
from tests.server.core.charge.random_months import Month, facts_of, moment, on, random_month

MONTHS = int(os.environ.get("POINCON_RANDOM_MONTHS", scaled(800)))
SEED = int(os.environ.get("POINCON_SEED", "1"))


def months() -> list[tuple[str, Month]]:
    return [(f"POINCON_SEED={seed}", random_month(Random(seed))) for seed in range(SEED, SEED + MONTHS)]


def settled(month: Month) -> Account:
    return settle(facts_of(month), TERMS, moment(month.today, month.now_minute))


@pytest.mark.slow
def test_the_naive_books_agree_on_every_random_month() -> None:
    for seed, month in months():
        assert _told(settled(month), month) == _told_naively(naive_books(month), month), seed


def _told(account: Account, month: Month) -> dict[str, object]:
    days = {
        (day - on(0)).days: (
            db.charge.use.minutes,
            list(db.charge.use.used),
            db.charge.payer,
            db.charge.took,
            db.charge.due_cents,
            db.paid_cents,
            sorted((taken.lot, taken.number) for taken in db.charge.taken),
        )
        for day, db in account.days.items()
    }
    remaining = account.checkpoint.remaining
    return {
        "days": days,
        "lots": {number: remaining.get(number, 0) for number, _, _, first, *_ in month.lots if first <= month.today},
        "nomade": account.nomade_left,
        "credit": account.checkpoint.credit_cents,
        "golden missing": sum(golden.lot is None for golden in account.golden),
    }


def _told_naively(db: NaiveBooks, month: Month) -> dict[str, object]:
    holding = [
        number for number, cover, first, last, _ in month.passes if cover == "nomade" and first <= month.today <= last
    ]
    return {
        "days": {day: _sheet(sheet) for day, sheet in db.sheets.items()},
        "lots": {
            number: sum(slip.used_by is None for slip in db.slips if slip.lot == number)
            for number, _, _, first, *_ in month.lots
            if first <= month.today
        },
        "nomade": sum(db.nomade_left[number] for number in holding) if holding else None,
        "credit": db.credit,
        "golden missing": db.golden_missing,
    }


def _sheet(sheet: Sheet) -> tuple[object, ...]:
    lots = sorted({(slip.lot, sum(other.lot == slip.lot for other in sheet.tickets)) for slip in sheet.tickets})
    return int(sheet.minutes), sheet.used, sheet.payer, sheet.took(), sheet.due, sheet.paid, lots
