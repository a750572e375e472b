"""The tickets and allowances in a member's hand while the books go from date to date."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from server.core.charge.day_charge import DayCharge, Drawn, Taken
from server.core.charge.passes import PAYING_KINDS, TICKET_KINDS, HeldPass, Lot, TicketKind
from server.core.charge.ways_to_pay import Held


class Checkpoint(NamedTuple):
    """The state of a member's books at the end of `day`: all that later dates need of earlier ones.

    `remaining` is by lot, `drawn` by Nomade pass; what has nothing left, or holds no longer, is left out. `debts` are
    the dates for which something is still owed, oldest first; `credit_cents` is money that came in beyond that.
    """

    day: date
    remaining: Mapping[int, int]
    drawn: Mapping[int, int]
    debts: tuple[DayCharge, ...] = ()
    credit_cents: int = 0

    @property
    def lots(self) -> set[int]:
        """The lots it names: those with something left, and those that a debt took from and may give back to."""
        return {*self.remaining, *(taken.lot for debt in self.debts for taken in debt.charge.taken)}

    def asleep(self, lots: Iterable[Lot], day: date) -> dict[Lot, int]:
        """What is left of those `lots` that expired before `day`, and cannot be taken from or given back to any more.

        Only a prolongation wakes them. A debt that took from a lot, or is of a date on which it was valid, keeps it.
        """
        in_use = {taken.lot for debt in self.debts for taken in debt.charge.taken}
        oldest_debt = self.debts[0].day if self.debts else date.max
        return {
            lot: self.remaining[lot.id]
            for lot in lots
            if lot.id in self.remaining and lot.id not in in_use and lot.last_day_on(day) < min(day, oldest_debt)
        }

    def without(self, lots: Iterable[Lot]) -> "Checkpoint":
        """The same without what is left of `lots`."""
        left_out = {lot.id for lot in lots}
        return self._replace(remaining={lot: left for lot, left in self.remaining.items() if lot not in left_out})


BLANK = Checkpoint(date.min, {}, {})
"""The books of somebody who never came."""


class Holdings:
    """What is left of each lot and allowance; nothing ever goes below zero.

    `lots` must have every lot that the checkpoint names: raises `ValueError` otherwise.
    """

    def __init__(self, lots: Mapping[int, Lot], passes: Iterable[HeldPass], checkpoint: Checkpoint) -> None:
        self._lots = lots
        self._passes = sorted({held.id: held for held in passes}.values(), key=lambda held: (held.last_day, held))
        self.remaining = dict(checkpoint.remaining)
        self.drawn = dict(checkpoint.drawn)
        unknown = checkpoint.lots - lots.keys()
        if unknown:
            raise ValueError(f"the books name lots {sorted(unknown)}, which nobody sold or gave")

    def begin(self, lot: Lot) -> None:
        """A lot begins to count."""
        if lot.size > 0:
            self.remaining[lot.id] = lot.size

    def valid_on(self, *days: date) -> set[int]:
        """The lots with something left that are valid on one of `days`; all of them have begun."""
        return {
            lot_id
            for lot_id in self.remaining
            for day in days
            if (lot := self._lots[lot_id]).first_day <= day <= lot.last_day_on(day)
        }

    def in_order(self, lots: Iterable[int], day: date) -> list[Lot]:
        """Those lots in the order in which they are used on `day`: what expires first, then the oldest."""
        chosen = [self._lots[lot_id] for lot_id in lots]
        return sorted(chosen, key=lambda lot: (lot.last_day_on(day), lot.first_day, lot.id))

    def count(self, lots: Sequence[Lot]) -> Held:
        """How many tickets that pay those lots, of which each has something left, have."""
        counts = dict.fromkeys(TICKET_KINDS, 0)
        for lot in lots:
            counts[lot.kind] += self.remaining[lot.id]
        return Held(*map(counts.__getitem__, PAYING_KINDS))

    def take(self, tickets: Held, lots: Sequence[Lot]) -> tuple[Taken, ...]:
        """Takes `tickets` from `lots`, in their order; there must be as many."""
        if not any(tickets):
            return ()
        return tuple(
            taken
            for kind, number in zip(PAYING_KINDS, tickets, strict=True)
            if number
            for taken in self.take_kind(kind, number, lots)
        )

    def take_kind(self, kind: TicketKind, number: int, lots: Sequence[Lot]) -> list[Taken]:
        """Takes up to `number` tickets of one kind from lots that have something left."""
        taken: list[Taken] = []
        for lot in lots:
            if lot.kind != kind or not number:
                continue
            share = min(number, self.remaining[lot.id])
            self._change(lot.id, -share)
            taken.append(Taken(lot.id, kind, share))
            number -= share
        return taken

    def take_again(self, taken: Iterable[Taken]) -> None:
        """Takes what was given back a moment ago."""
        for lot_id, _, number in taken:
            self._change(lot_id, -number)

    def give_back(self, taken: Iterable[Taken], drawn: Iterable[Drawn] = ()) -> None:
        """Puts tickets and half-days of allowance back where they came from."""
        for lot_id, _, number in taken:
            self._change(lot_id, number)
        for pass_id, half_days in drawn:
            self.drawn[pass_id] -= half_days

    def resident_on(self, day: date) -> bool:
        """Whether a pass that covers everything holds on `day`."""
        return any(held.cover == "resident" and held.holds_on(day) for held in self._passes)

    def draw(self, half_days: int, day: date) -> tuple[Drawn, ...]:
        """Takes up to `half_days` from the allowances that hold on `day`; what ends first goes first."""
        drawn: list[Drawn] = []
        for held in self._passes:
            if half_days and held.cover == "nomade" and held.holds_on(day):
                already = self.drawn.get(held.id, 0)
                share = max(0, min(half_days, held.allowance - already))
                if share:
                    self.drawn[held.id] = already + share
                    drawn.append(Drawn(held.id, share))
                    half_days -= share
        return tuple(drawn)

    def drawn_at_end_of(self, day: date) -> dict[int, int]:
        """What was drawn from the passes that still hold on `day`."""
        return {
            held.id: self.drawn[held.id] for held in self._passes if held.last_day >= day and self.drawn.get(held.id)
        }

    def _change(self, lot_id: int, by: int) -> None:
        left = self.remaining.get(lot_id, 0) + by
        if left:
            self.remaining[lot_id] = left
        else:
            del self.remaining[lot_id]
