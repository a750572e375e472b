"""What a member's dates cost (rules 4): one pure function from all that is known of them to the state of their books.

The books go from date to date. On each: lots that begin or are prolonged first cover what is owed, oldest date first
(4.7); golden tickets used that day are taken (4.9); the date is charged (4.1 to 4.6, 4.8); money that came in pays
what is owed, oldest first. So the same facts give the same books in whatever order they came to be known, and the
books can be settled again from any date on, given the `Checkpoint` of the day before.

Where the rules are silent:

- A gift or a prolongation covers what is owed as a sale does: nobody is to owe euros with tickets in hand.
- Covering a debt charges its date anew from what it took, the new tickets, and all else the member holds by then that
  is valid on that date or now; the result stands only where less is owed. So who owed 6 € beside a half-day ticket and
  buys a day ticket gets the half-day ticket back. Passes cover no debt: they pay from their first day on.
- Money beyond what is owed (a charge that a late event lowered) is kept as credit and pays what is owed next.
- Somebody invited on a golden ticket pays nothing on that date, neither from an allowance nor in tickets.
- A golden ticket used by somebody who holds none is told in the books, and takes nothing.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from device.contract.instant import Instant
from device.contract.messages import Payer
from server.core.calendar.calendar import Calendar
from server.core.charge.day_charge import Charge, DayCharge, Drawn, Required, Taken
from server.core.charge.facts import (
    ChargeCorrection,
    Correction,
    DayFacts,
    GoldenUse,
    MemberFacts,
    Terms,
)
from server.core.charge.holdings import BLANK, Checkpoint, Holdings
from server.core.charge.may_come import may_come
from server.core.charge.passes import TICKET_KINDS, HeldPass, Lot, TicketKind
from server.core.charge.tariff import Tariff
from server.core.charge.time_used import TimeUsed, past_use, time_used
from server.core.charge.ways_to_pay import Bill, Held, cheapest
from server.core.presence.presence import Stay

NO_FACTS = DayFacts()


class GoldenTaken(NamedTuple):
    """A golden ticket used for a guest; `lot` is None where the member held none."""

    use: GoldenUse
    lot: int | None


@dataclass(frozen=True, slots=True)
class Account:
    """A member's books at the end of what is known of `checkpoint.day`.

    `days` has each date after the checkpoint they were settled from, where something is known of it, and the earlier
    dates that were owed for: some of those may have been covered since. Whatever it says of a date replaces what was
    written of it. `golden` has the golden tickets used in the same time.
    """

    checkpoint: Checkpoint
    days: Mapping[date, DayCharge]
    golden: tuple[GoldenTaken, ...]
    lots: Mapping[int, Lot]
    passes: Mapping[int, HeldPass]

    @property
    def held(self) -> dict[TicketKind, int]:
        """The tickets that are valid on the last date, by kind."""
        counts = dict.fromkeys(TICKET_KINDS, 0)
        for lot in self.valid_lots:
            counts[lot.kind] += self.checkpoint.remaining[lot.id]
        return counts

    @property
    def valid_lots(self) -> list[Lot]:
        """The lots with something left that are valid on the last date, in the order in which they are used."""
        today = self.checkpoint.day
        lots = [self.lots[lot_id] for lot_id in self.checkpoint.remaining]
        valid = [lot for lot in lots if lot.last_day_on(today) >= today]
        return sorted(valid, key=lambda lot: (lot.last_day_on(today), lot.first_day, lot.id))

    @property
    def expired(self) -> dict[int, int]:
        """What is left in lots that are not valid any more, by lot: shown, and an operator can prolong it."""
        today = self.checkpoint.day
        remaining = self.checkpoint.remaining
        return {lot_id: left for lot_id, left in remaining.items() if self.lots[lot_id].last_day_on(today) < today}

    @property
    def nomade_left(self) -> int | None:
        """Half-days left of the allowances that hold on the last date; None where no such pass does."""
        today, drawn = self.checkpoint.day, self.checkpoint.drawn
        nomades = [held for held in self.passes.values() if held.cover == "nomade" and held.holds_on(today)]
        return sum(max(0, held.allowance - drawn.get(held.id, 0)) for held in nomades) if nomades else None

    @property
    def owed_cents(self) -> int:
        """What is owed in all."""
        return sum(debt.owed_cents for debt in self.checkpoint.debts)

    def may_come(self, tariff: Tariff) -> bool:
        """Whether a pass, a ticket or some credit is left for the last date."""
        return may_come(
            self.owed_cents,
            tariff.max_owed_cents,
            has_tickets=any(lot.kind != "golden" for lot in self.valid_lots),
            has_pass=any(held.holds_on(self.checkpoint.day) for held in self.passes.values()),
        )


def settle(facts: MemberFacts, terms: Terms, now: Instant) -> Account:
    """The books of a member at `now`, from all that is known of them."""
    return settle_from(BLANK, facts, terms, now)


def settle_from(
    checkpoint: Checkpoint, facts: MemberFacts, terms: Terms, now: Instant, through: date | None = None
) -> Account:
    """The books of a member at `now`, given those at the end of an earlier day; the same that `settle` gives.

    A fact that changes calls for a checkpoint before its first effect: a stay, a correction, a payment, a golden use
    before its date; a lot or a pass before its first day; a prolongation before the day it was given on. `through`
    stops at the end of that day, for a checkpoint to start from; one of today does not outlive the day.
    """
    today = terms.calendars.local_date(now)
    last = today if through is None else min(through, today)
    settlement = _Settlement(checkpoint, facts, terms, now)
    for day in settlement.dates(last):
        settlement.pass_day(day)
    return settlement.account(last)


class _Settlement:
    """The books on their way from date to date."""

    def __init__(self, checkpoint: Checkpoint, facts: MemberFacts, terms: Terms, now: Instant) -> None:
        self._facts, self._terms, self._now, self._after = facts, terms, now, checkpoint.day
        self._lots = {lot.id: lot for lot in facts.lots}
        self._passes = {held.id: held for held in facts.passes}
        self._holdings = Holdings(self._lots, self._passes.values(), checkpoint)
        self._debts = list(checkpoint.debts)
        self._credit_cents = checkpoint.credit_cents
        self._days = {debt.day: debt for debt in checkpoint.debts}
        self._golden: list[GoldenTaken] = []
        self._beginning: defaultdict[date, list[Lot]] = defaultdict(list)
        self._prolonging: set[date] = set()
        self._paid_cents: defaultdict[date, int] = defaultdict(int)
        self._golden_uses: defaultdict[date, list[GoldenUse]] = defaultdict(list)

    def dates(self, last: date) -> list[date]:
        """The dates after the checkpoint on which something happens, in order."""
        for lot in self._lots.values():
            self._beginning[lot.first_day].append(lot)
            self._prolonging.update(prolongation.on for prolongation in lot.prolongations)
        for payment in {payment.id: payment for payment in self._facts.payments}.values():
            self._paid_cents[payment.day] += payment.cents
        for use in sorted(set(self._facts.golden_uses)):
            self._golden_uses[use.day].append(use)
        known = {*self._facts.days, *self._beginning, *self._prolonging, *self._paid_cents, *self._golden_uses}
        return sorted(day for day in known if self._after < day <= last)

    def pass_day(self, day: date) -> None:
        """Brings the books to the end of `day`."""
        for lot in self._beginning.get(day, ()):
            self._holdings.begin(lot)
        if day in self._beginning or day in self._prolonging:
            self._cover_debts(day)
        for use in self._golden_uses.get(day, ()):
            self._take_golden(use)
        if day in self._facts.days:
            self._days[day] = charged = self._charge(day, self._facts.days[day])
            if charged.owed_cents:
                self._debts.append(charged)
        self._credit_cents += self._paid_cents.get(day, 0)
        if self._credit_cents:
            self._pay_debts()

    def account(self, last: date) -> Account:
        """The books as they stand, at the end of `last`."""
        holdings = self._holdings
        drawn = holdings.drawn_at_end_of(last) if holdings.drawn else {}
        checkpoint = Checkpoint(
            max(last, self._after), holdings.remaining, drawn, tuple(self._debts), self._credit_cents
        )
        return Account(checkpoint, self._days, tuple(self._golden), self._lots, self._passes)

    def _charge(self, day: date, known: DayFacts) -> DayCharge:
        calendar, tariff = self._terms.calendars.on(day), self._terms.tariffs.on(day)
        if known.past is None:
            use = time_used(known.stays, known.seen, day, calendar, tariff, self._now, counted=known.counted_ms)
        else:
            use = past_use(known.past.morning_ms, known.past.afternoon_ms, tariff, automatic=known.past.automatic)
        correction = known.correction
        if correction is None:
            return DayCharge(day, self._by_the_rules(day, use, known.invited, tariff))
        computed = self._by_the_rules(day, use, known.invited, tariff)
        self._holdings.give_back(computed.taken, computed.drawn)
        use = self._corrected_use(day, correction, use, calendar, tariff)
        if correction.charge is not None:
            charge = self._as_corrected(day, use, correction.charge, tariff)
            return DayCharge(day, charge, corrected="charge", computed=computed)
        charge = self._by_the_rules(day, use, known.invited, tariff)
        return DayCharge(day, charge, corrected="presence", computed=computed)

    def _corrected_use(
        self, day: date, correction: Correction, use: TimeUsed, calendar: Calendar, tariff: Tariff
    ) -> TimeUsed:
        if correction.presence is None:
            return use
        stays = [Stay(began_at, ended_at, False) for began_at, ended_at in correction.presence]
        return time_used(stays, (), day, calendar, tariff, self._now)

    def _by_the_rules(self, day: date, use: TimeUsed, invited: bool, tariff: Tariff) -> Charge:
        if not use.used:
            return Charge(use, "free")
        if self._holdings.resident_on(day):
            return Charge(use, "resident")
        if invited:
            return Charge(use, "golden")
        drawn = self._holdings.draw(len(use.used), day)
        covered = use.used[: sum(half_days for _, half_days in drawn)]
        bill = Bill(
            0 if "morning" in covered else use.morning_hours, 0 if "afternoon" in covered else use.afternoon_hours
        )
        return self._paid_from(self._holdings.valid_on(day), day, Charge(use, "free", drawn=drawn, bill=bill), tariff)

    def _as_corrected(self, day: date, use: TimeUsed, wanted: ChargeCorrection, tariff: Tariff) -> Charge:
        drawn = self._holdings.draw(wanted.nomade, day)
        missing = wanted.nomade - sum(half_days for _, half_days in drawn)
        cents = wanted.owed_cents + missing * tariff.half_day_cents
        required = Required(wanted.tickets, cents)
        charge = Charge(use, "free", drawn=drawn, required=required)
        return self._paid_from(self._holdings.valid_on(day), day, charge, tariff)

    def _paid_from(self, lots: set[int], used_on: date, charge: Charge, tariff: Tariff) -> Charge:
        """Takes what `charge` still has to pay from `lots`, and leaves the rest due."""
        in_order = self._holdings.in_order(lots, used_on)
        held = self._holdings.count(in_order)
        if charge.required is not None:
            wanted = charge.required.tickets
            tickets = Held(*map(min, wanted, held))
            due_cents = charge.required.cents + wanted.value_cents(tariff) - tickets.value_cents(tariff)
        elif any(charge.bill):
            way = cheapest(charge.bill, held, tariff)
            tickets, due_cents = way.tickets, way.owed_cents
        else:
            tickets, due_cents = Held(), 0
        taken = self._holdings.take(tickets, in_order)
        payer = _payer(taken, charge.drawn, due_cents)
        return charge._replace(payer=payer, taken=taken, due_cents=due_cents, held=held)

    def _cover_debts(self, day: date) -> None:
        for debt in self._debts:
            covered = self._covered(debt, day)
            if covered is not None:
                self._days[debt.day] = covered
        self._debts = [debt for old in self._debts if (debt := self._days[old.day]).owed_cents]

    def _covered(self, debt: DayCharge, day: date) -> DayCharge | None:
        """`debt` charged anew with what is held on `day`; None, and nothing taken, where no less would be owed."""
        before = debt.charge
        lots = {lot_id for lot_id in self._holdings.valid_on(debt.day, day) if self._lots[lot_id].kind != "golden"}
        if not lots:
            return None
        self._holdings.give_back(before.taken)
        lots.update(taken.lot for taken in before.taken)
        after = self._paid_from(lots, day, before, self._terms.tariffs.on(debt.day))
        if after.due_cents >= before.due_cents:
            self._holdings.give_back(after.taken)
            self._holdings.take_again(before.taken)
            return None
        paid_cents = min(debt.paid_cents, after.due_cents)
        self._credit_cents += debt.paid_cents - paid_cents
        return debt._replace(charge=after, paid_cents=paid_cents, settled_on=day)

    def _pay_debts(self) -> None:
        for debt in self._debts:
            paid_cents = min(debt.owed_cents, self._credit_cents)
            self._credit_cents -= paid_cents
            self._days[debt.day] = debt._replace(paid_cents=debt.paid_cents + paid_cents)
        self._debts = [debt for old in self._debts if (debt := self._days[old.day]).owed_cents]

    def _take_golden(self, use: GoldenUse) -> None:
        lots = self._holdings.in_order(self._holdings.valid_on(use.day), use.day)
        taken = self._holdings.take_kind("golden", 1, lots)
        self._golden.append(GoldenTaken(use, taken[0].lot if taken else None))


def _payer(taken: tuple[Taken, ...], drawn: tuple[Drawn, ...], due_cents: int) -> Payer:
    if taken:
        return "nomade+tickets" if drawn else "tickets"
    if drawn:
        return "nomade"
    return "owed" if due_cents else "free"
