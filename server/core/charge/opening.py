"""What the ledger begins with once a year was removed: one entry for each lot, pass and sum that goes on. Pure."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta
from typing import NamedTuple

from server.core.charge.holdings import Checkpoint
from server.core.charge.passes import HeldPass, Lot
from server.core.charge.postings import PostedDay, Posting, What


class Opened(NamedTuple):
    """What an opening entry is about."""

    what: What
    lot: int | None = None
    held_pass: int | None = None


def first_day(checkpoint: Checkpoint) -> date:
    """The date of the opening entries: the first of the books."""
    return checkpoint.day + timedelta(days=1)


def goes_on(checkpoint: Checkpoint, lots: Iterable[Lot]) -> Checkpoint:
    """The state without what is left of lots that nothing can wake any more."""
    oldest_debt = checkpoint.debts[0].day if checkpoint.debts else date.max
    first_kept = min(first_day(checkpoint), oldest_debt)
    return checkpoint.without(lot for lot in lots if lot.last_day_on(date.max) < first_kept)


def openings(
    checkpoint: Checkpoint, debts: Collection[PostedDay], lots: Mapping[int, Lot], passes: Iterable[HeldPass]
) -> Counter[Opened]:
    """The amounts that the entries which go on must be added to, to come to the balances.

    Of the dates that are owed for, in `debts` as they were posted, the entries go on: what they took is not taken off
    twice.
    """
    found: Counter[Opened] = Counter()
    for lot, left in checkpoint.remaining.items():
        found[Opened(lots[lot].kind, lot=lot)] += left
    for debt in checkpoint.debts:
        found[Opened("cents")] += debt.paid_cents
        for taken in debt.charge.taken:
            found[Opened(taken.kind, lot=taken.lot)] += taken.number
    for posted in debts:
        for golden in posted.golden:
            if golden.lot is not None:
                found[Opened("golden", lot=golden.lot)] += 1
    found[Opened("cents")] += checkpoint.credit_cents
    drawn = Counter(checkpoint.drawn)
    for debt in checkpoint.debts:
        for each in debt.charge.drawn:
            drawn[each.held_pass] -= each.half_days
    for held in passes:
        if held.first_day <= checkpoint.day < held.last_day:
            amount = held.allowance - drawn[held.id] if held.cover == "nomade" else 1
            found[Opened(held.cover, held_pass=held.id)] += amount
    return Counter({about: amount for about, amount in found.items() if amount})


def opening_postings(day: date, amounts: Mapping[Opened, int]) -> list[Posting]:
    """The entries, of that date."""
    return [
        Posting(day, "opening", about.what, amount, lot=about.lot, held_pass=about.held_pass)
        for about, amount in sorted(amounts.items(), key=repr)
        if amount
    ]
