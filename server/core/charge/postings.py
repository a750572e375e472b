"""From two states of a member's books to the ledger entries between them. Pure.

Amounts are the member's: what they get is positive, what is taken from them negative; of `cents`, what they paid and
what they owe. So what is left of a lot, and what is owed in all, are sums of entries and nothing else.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Literal, NamedTuple

from server.core.charge.day_charge import DayCharge, differences
from server.core.charge.passes import TicketKind
from server.core.charge.settlement import GoldenTaken

EntryKind = Literal["sale", "debit", "reversal", "gift", "correction", "expiry", "payment", "opening"]
What = Literal[TicketKind, "nomade", "resident", "cents"]


class Posting(NamedTuple):
    """An entry on its way into the ledger: what a date, or a sale or gift of that date, does to a lot, pass or debt."""

    day: date
    kind: EntryKind
    what: What
    amount: int
    lot: int | None = None
    held_pass: int | None = None


class PostedDay(NamedTuple):
    """What the books say of a date: its charge, where something is known of it, and golden tickets used on it."""

    charge: DayCharge | None
    golden: tuple[GoldenTaken, ...] = ()


NOTHING = PostedDay(None)


def day_postings(day: date, before: PostedDay, after: PostedDay, *, corrected: bool = False) -> Iterator[Posting]:
    """What brings the ledger of a date from `before` to `after`; `corrected` where an operator's correction does.

    Which date a payment went to is no entry: the payment itself is one.
    """
    if before.charge != after.charge:
        for kind, of, amount in differences(before.charge, after.charge):
            if kind == "due":
                yield Posting(day, _kind(amount, corrected), "cents", -amount)
            elif kind == "nomade":
                yield Posting(day, _kind(amount, corrected), "nomade", -amount, held_pass=of)
            elif kind != "paid":
                yield Posting(day, _kind(amount, corrected), kind, -amount, lot=of)
    if before.golden != after.golden:
        yield from _golden_postings(day, before.golden, after.golden)


def expiry_postings(
    expired_before: Mapping[int, int], expired_after: Mapping[int, int], kinds: Mapping[int, tuple[What, date]]
) -> Iterator[Posting]:
    """What expired in each lot, or did not after all; `kinds` has each lot's tickets and its last valid day."""
    for lot in sorted({*expired_before, *expired_after}):
        more = expired_after.get(lot, 0) - expired_before.get(lot, 0)
        if more:
            what, last_day = kinds[lot]
            yield Posting(last_day, "expiry", what, -more, lot=lot)


def _golden_postings(day: date, before: tuple[GoldenTaken, ...], after: tuple[GoldenTaken, ...]) -> Iterator[Posting]:
    more: dict[int, int] = {}
    for sign, uses in ((-1, before), (1, after)):
        for taken in uses:
            if taken.lot is not None:
                more[taken.lot] = more.get(taken.lot, 0) + sign
    for lot, number in sorted(more.items(), key=lambda change: (change[1] > 0, change[0])):
        if number:
            yield Posting(day, _kind(number, False), "golden", -number, lot=lot)


def _kind(taken: int, corrected: bool) -> EntryKind:
    if corrected:
        return "correction"
    return "debit" if taken > 0 else "reversal"
