"""What one date costs a member, and who pays: the values that the books are made of (rules 4)."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Literal, NamedTuple

from device.contract.messages import Payer
from server.core.charge.passes import TicketKind
from server.core.charge.time_used import TimeUsed
from server.core.charge.ways_to_pay import Bill, Held

NO_BILL = Bill(0, 0)
NOTHING_HELD = Held()


class Taken(NamedTuple):
    """Tickets that a date took from one lot."""

    lot: int
    kind: TicketKind
    number: int


class Drawn(NamedTuple):
    """Half-days that a date took from a Nomade pass's allowance."""

    held_pass: int
    half_days: int


class Required(NamedTuple):
    """What an operator says a date costs in tickets and in cents, whatever was used."""

    tickets: Held
    cents: int


class Charge(NamedTuple):
    """How a date is paid, and from what.

    `due_cents` is what no pass and no ticket covers, whether or not money has come in for it. `bill` and `held` say
    what had to be paid and what it could be paid with; `required` replaces the bill where an operator set the charge.
    """

    use: TimeUsed
    payer: Payer
    taken: tuple[Taken, ...] = ()
    drawn: tuple[Drawn, ...] = ()
    due_cents: int = 0
    bill: Bill = NO_BILL
    held: Held = NOTHING_HELD
    required: Required | None = None

    @property
    def took(self) -> dict[str, int]:
        """What was taken, by kind as `account` says it; `nomade` for the allowance."""
        took: dict[str, int] = {}
        for _, kind, number in self.taken:
            took[kind] = took.get(kind, 0) + number
        if self.drawn:
            took["nomade"] = sum(half_days for _, half_days in self.drawn)
        return took


class DayCharge(NamedTuple):
    """The books of one date.

    `computed` is what the rules alone would say, where a correction says otherwise. `settled_on` is the day of the
    later sale, gift or prolongation that covered some of what was owed.
    """

    day: date
    charge: Charge
    paid_cents: int = 0
    corrected: Literal["presence", "charge"] | None = None
    computed: Charge | None = None
    settled_on: date | None = None

    @property
    def owed_cents(self) -> int:
        """What is still owed for this date."""
        return self.charge.due_cents - self.paid_cents

    @property
    def is_as_computed(self) -> bool:
        """Whether a correction leaves the date as the rules alone would: it corrects nothing, and can be refused."""
        computed = self.computed
        return computed is None or (self.charge.use, _takings(self.charge)) == (computed.use, _takings(computed))


DifferenceKind = Literal[TicketKind, "nomade", "due", "paid"]


class ChargeDifference(NamedTuple):
    """How much more (or, negative, less) a date takes than the books say.

    `of` is a lot or a pass by its id, 0 for euros: then `amount` is in cents.
    """

    kind: DifferenceKind
    of: int
    amount: int


def differences(before: DayCharge | None, after: DayCharge | None) -> list[ChargeDifference]:
    """What brings the books of a date from `before` to `after`, those that give back first; None: nothing known."""
    amounts: defaultdict[tuple[DifferenceKind, int], int] = defaultdict(int)
    for kind, of, amount in _entries(after):
        amounts[kind, of] += amount
    for kind, of, amount in _entries(before):
        amounts[kind, of] -= amount
    changes = [ChargeDifference(kind, of, amount) for (kind, of), amount in amounts.items() if amount]
    return sorted(changes, key=lambda change: (change.amount > 0, change.kind, change.of))


def _takings(charge: Charge) -> tuple[object, ...]:
    return charge.taken, charge.drawn, charge.due_cents


def _entries(db: DayCharge | None) -> Iterator[tuple[DifferenceKind, int, int]]:
    if db is None:
        return
    for lot, kind, number in db.charge.taken:
        yield kind, lot, number
    for held_pass, half_days in db.charge.drawn:
        yield "nomade", held_pass, half_days
    yield "due", 0, db.charge.due_cents
    yield "paid", 0, db.paid_cents
