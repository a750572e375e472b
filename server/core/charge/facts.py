"""Everything that is known of one member and bears on what they are charged: the only input of the books (rules 4)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from device.contract.instant import Instant
from server.core.calendar.calendar import OpeningCalendars
from server.core.calendar.in_force import History
from server.core.charge.passes import PAYING_KINDS, HeldPass, Lot
from server.core.charge.tariff import Tariff
from server.core.charge.time_used import NOTHING_COUNTED
from server.core.charge.ways_to_pay import Held
from server.core.presence.presence import Stay


@dataclass(frozen=True, slots=True)
class ChargeCorrection:
    """The charge that an operator says a date has, instead of the computed one: tickets, half-days of a Nomade's
    allowance, and euros owed. What of it the member does not hold is owed at its posted price.
    """

    hour: int = 0
    half_day: int = 0
    day: int = 0
    nomade: int = 0
    owed_cents: int = 0

    @property
    def tickets(self) -> Held:
        """Its tickets by kind."""
        return Held(*(getattr(self, kind) for kind in PAYING_KINDS))


@dataclass(frozen=True, slots=True)
class Correction:
    """An operator's word on a date, in force until it is lifted (rules 4.8): presence, charge, or both.

    `presence` may be empty: the member was not there. None leaves what was computed.
    """

    presence: tuple[tuple[Instant, Instant], ...] | None = None
    charge: ChargeCorrection | None = None


class PastUse(NamedTuple):
    """What remains of a date whose stays were removed (rules 5): how long each half-day was used, not when.

    `automatic`: somebody had forgotten to badge out.
    """

    morning_ms: int
    afternoon_ms: int
    automatic: bool


@dataclass(frozen=True, slots=True)
class DayFacts:
    """What is known of one date of a member.

    `seen` are the moments of their taps and passages, which tell where somebody who forgot to badge out was last
    seen. `invited`: somebody else's golden ticket pays for this date. `counted_ms` is the time used in each half-day
    by stays that are not among `stays`, and overlap none of them. With `past` there are no stays any more.
    """

    stays: tuple[Stay, ...] = ()
    seen: tuple[Instant, ...] = ()
    invited: bool = False
    correction: Correction | None = None
    counted_ms: tuple[int, int] = NOTHING_COUNTED
    past: PastUse | None = None

    @property
    def is_visited(self) -> bool:
        """Whether the member was there, as far as doors and desk know."""
        return bool(self.stays) or self.past is not None


class Payment(NamedTuple):
    """Money taken for what is owed, on the date `day`; `id` tells it from another of the same day."""

    id: int
    day: date
    cents: int


class GoldenUse(NamedTuple):
    """One of the member's golden tickets, used on `day` for `guest` (whatever tells one guest from another)."""

    day: date
    guest: str


@dataclass(frozen=True, slots=True)
class MemberFacts:
    """What is known of one member, in any order; what stands in it twice (by its id) counts once.

    To settle from a checkpoint, it must have the days, payments and golden uses after the checkpoint, the lots that
    the checkpoint names (`Checkpoint.lots`) or that come later, and the passes that hold after it. More does no harm.
    """

    days: Mapping[date, DayFacts] = field(default_factory=dict)
    lots: Iterable[Lot] = ()
    passes: Iterable[HeldPass] = ()
    payments: Iterable[Payment] = ()
    golden_uses: Iterable[GoldenUse] = ()


@dataclass(frozen=True, slots=True)
class Terms:
    """The hours and the tariff that were in force on each date."""

    calendars: OpeningCalendars
    tariffs: History[Tariff]
