"""What the place sells, and what a member holds once it is sold (place.md, rules 4.7, 4.10, 4.11)."""

import calendar
import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal, NamedTuple, get_args

from server.core.calendar.calendar import OpeningCalendars
from server.errors import NameOfSettings, Refusal

PayingKind = Literal["hour", "half_day", "day"]
"""Tickets that pay for a member's own dates, the least first."""
PAYING_KINDS: tuple[PayingKind, ...] = get_args(PayingKind)

TicketKind = Literal[PayingKind, "golden"]
"""A golden ticket pays for a guest's date."""
TICKET_KINDS: tuple[TicketKind, ...] = get_args(TicketKind)

Cover = Literal["resident", "nomade"]
"""`resident` covers everything, `nomade` as many half-days as its allowance: the words that `paid_by` says."""

MAX_AHEAD = timedelta(days=366)
"""How far ahead of today a sale may begin to count."""

FIRST_YEAR = 2000
"""A sale that counts from before is a slip of the pen."""


class Validity(NamedTuple):
    """How long something is valid: calendar months, then days."""

    months: int = 0
    days: int = 0

    def last_day(self, first: date) -> date:
        """The last valid day of what begins on `first`: the day before the same day of a later month.

        Where that month has no such day, the day before its last one: 31 January + 1 month ends on 27 or 28 February.
        """
        month = first.month - 1 + self.months
        year, month = first.year + month // 12, month % 12 + 1
        clamped = min(first.day, calendar.monthrange(year, month)[1])
        return date(year, month, clamped) + timedelta(days=self.days - 1)


YEAR = Validity(months=12)


@dataclass(frozen=True)
class PassKind:
    """One thing on sale; prices in cents, tax included; `reduced_cents` None where there is no such price.

    It covers everything for `months` and `days`, or half time (a half-day for each open day of that term), or only
    what the tickets it `holds` cover. Tickets are valid for that term too, but those of a pass that covers, a year: a
    member does not lose the golden ticket of a month for having had nobody to bring.
    """

    id: str
    name: str
    status: str
    covers: Literal["everything", "half_time", "tickets"]
    price_cents: int
    reduced_cents: int | None = None
    months: int = 12
    holds: Mapping[TicketKind, int] = field(default_factory=dict)
    days: int = 0

    @property
    def term(self) -> Validity:
        """How long it is valid."""
        return Validity(self.months, self.days)


class Prolongation(NamedTuple):
    """An operator's word, given on the day `on`, that a lot is valid until `last_day` (rules 4.10)."""

    on: date
    last_day: date


class Lot(NamedTuple):
    """Tickets of one kind that came together, by a sale or a gift, and expire together.

    `id` is unique among a member's lots and grows in the order they were written. A prolongation holds from its own
    day on: what earlier dates took stays as it was.
    """

    id: int
    kind: TicketKind
    size: int
    first_day: date
    last_day: date
    prolongations: tuple[Prolongation, ...] = ()

    def last_day_on(self, day: date) -> date:
        """The last valid day as it was known on `day`."""
        if not self.prolongations:
            return self.last_day
        return max(self.last_day, *(last_day for on, last_day in self.prolongations if on <= day), date.min)


class HeldPass(NamedTuple):
    """A pass that covers dates of a member, both ends included; `allowance` is in half-days, 0 for a Résident.

    `id` is unique among a member's passes.
    """

    id: int
    cover: Cover
    first_day: date
    last_day: date
    allowance: int = 0

    def holds_on(self, day: date) -> bool:
        """Whether `day` is one of its dates."""
        return self.first_day <= day <= self.last_day


class Coverage(NamedTuple):
    """What a sold pass covers: a `HeldPass` that has no number yet."""

    cover: Cover
    first_day: date
    last_day: date
    allowance: int


class Tickets(NamedTuple):
    """Tickets of one kind that a sale or a gift brings: a `Lot` that has no number yet."""

    kind: TicketKind
    number: int
    first_day: date
    last_day: date


class Goods(NamedTuple):
    """What one sale brings, to be kept as it is: settings that change later do not change it."""

    coverage: Coverage | None
    tickets: tuple[Tickets, ...]


def goods(kind: PassKind, first_day: date, calendars: OpeningCalendars) -> Goods:
    """What a sale of `kind` brings that counts from `first_day`.

    The allowance is counted once, at the sale: a closure declared later takes nothing from who has already paid.
    """
    last_day = kind.term.last_day(first_day)
    coverage: Coverage | None = None
    if kind.covers == "everything":
        coverage = Coverage("resident", first_day, last_day, 0)
    elif kind.covers == "half_time":
        coverage = Coverage("nomade", first_day, last_day, calendars.open_days(first_day, last_day))
    validity = YEAR if coverage else kind.term
    return Goods(coverage, tuple(given(ticket, number, first_day, validity) for ticket, number in kind.holds.items()))


def given(kind: TicketKind, number: int, first_day: date, validity: Validity = YEAR) -> Tickets:
    """Tickets that count from `first_day`: of a sale, or credit for services rendered (rules 4.11)."""
    return Tickets(kind, number, first_day, validity.last_day(first_day))


def pass_for_sale(passes: Mapping[str, PassKind], pass_id: str, first_day: date, today: date) -> PassKind:
    """The kind to sell; raises `Refusal` where it is not sold, or would count from more than a year ahead."""
    kind = passes.get(pass_id)
    if kind is None:
        near = difflib.get_close_matches(pass_id, passes)
        if near:
            raise Refusal("pass_not_sold_but_one_like_it", field="pass", name=pass_id, near=near[0])
        raise Refusal("pass_not_sold", field="pass", name=pass_id, sold=", ".join(passes))
    if first_day > today + MAX_AHEAD:
        raise Refusal("sale_too_far_ahead", field="on", day=first_day)
    if first_day.year < FIRST_YEAR:
        raise Refusal("sale_before_the_place", field="on", day=first_day)
    return kind


def price_cents(kind: PassKind, *, reduced: bool) -> int:
    """What `kind` costs; raises `Refusal` where it has no reduced price."""
    if not reduced:
        return kind.price_cents
    if kind.reduced_cents is None:
        raise Refusal("no_reduced_price", field="reduced", name=kind.id, title=NameOfSettings(kind.name))
    return kind.reduced_cents


PAID_BY: Mapping[str, tuple[Cover, ...]] = {"everything": ("resident",), "half_time": ("resident", "nomade")}
"""What pays already for the dates of a pass that covers so much: a Résident for any, a Nomade for those of its own."""


def overlapped(kind: PassKind, held: Iterable[HeldPass], first_day: date) -> HeldPass | None:
    """Of what a member holds, what already pays for dates that `kind` would cover from `first_day`; the last to end."""
    rivals, last_day = PAID_BY.get(kind.covers, ()), kind.term.last_day(first_day)
    paying = (each for each in held if each.cover in rivals)
    both = [each for each in paying if each.first_day <= last_day and each.last_day >= first_day]
    return max(both, key=lambda each: each.last_day, default=None)


def first_free_day(kind: PassKind, held: Iterable[HeldPass], today: date) -> date:
    """The first day from `today` on from which `kind` pays for no date twice: after whatever held pass overlaps it."""
    held, first_day = tuple(held), today
    while (before := overlapped(kind, held, first_day)) is not None:
        first_day = before.last_day + timedelta(days=1)
    return first_day
