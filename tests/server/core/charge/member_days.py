"""Building what is known of a member: dates by the wall clock, tickets by number, in the place as it is."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from device.contract.instant import Instant
from server.core.calendar.calendar import Calendar, OpeningCalendars
from server.core.calendar.in_force import History
from server.core.calendar.opening_hours import HouseHours
from server.core.charge.day_charge import DayCharge
from server.core.charge.facts import DayFacts, MemberFacts, Terms
from server.core.charge.passes import TICKET_KINDS, HeldPass, Lot, TicketKind
from server.core.charge.settlement import Account, settle
from server.core.charge.tariff import Tariff
from server.core.presence.presence import Stay
from server.site.price_list import PASSES

PARIS = ZoneInfo("Europe/Paris")
MONDAY = date(2026, 11, 23)
TARIFF = Tariff()
CALENDAR = Calendar(HouseHours())
TERMS = Terms(OpeningCalendars.always(CALENDAR), History.always(TARIFF))
PRICE_LIST = {sold.id: sold.kind() for sold in PASSES}
A_YEAR = timedelta(days=364)


def local(clock: str, day: date = MONDAY) -> Instant:
    """The moment when the wall clock shows `9:00`, or `9:00:30`, on `day`."""
    return Instant.of(datetime.combine(day, datetime.strptime(clock, _form(clock)).time(), PARIS))


def _form(clock: str) -> str:
    return "%H:%M:%S" if clock.count(":") == 2 else "%H:%M"


def stay(text: str, day: date = MONDAY) -> Stay:
    """`9:00-12:00`; `9:00-` is still in, `9:00-auto` was checked out automatically at 18:00."""
    start, _, end = text.partition("-")
    if end == "auto":
        return Stay(local(start, day), local("18:00", day), True)
    return Stay(local(start, day), local(end, day) if end else None, False)


def came(*stays: str, day: date = MONDAY, seen: tuple[str, ...] = ()) -> dict[date, DayFacts]:
    """One date of presence."""
    return {day: DayFacts(tuple(stay(text, day) for text in stays), tuple(local(clock, day) for clock in seen))}


def lots(first_day: date = MONDAY, start: int = 1, /, **sizes: int) -> list[Lot]:
    """A lot of each kind, valid for a year, numbered from `start`."""
    kinds: dict[str, TicketKind] = {kind: kind for kind in TICKET_KINDS}
    return [
        Lot(start + nth, kinds[kind], size, first_day, first_day + A_YEAR)
        for nth, (kind, size) in enumerate(sizes.items())
    ]


def nomade(allowance: int, first_day: date = date(2026, 11, 1), pass_id: int = 1) -> HeldPass:
    return HeldPass(pass_id, "nomade", first_day, first_day + timedelta(days=29), allowance)


def resident(first_day: date = date(2026, 11, 1)) -> HeldPass:
    return HeldPass(9, "resident", first_day, first_day + timedelta(days=29))


def charged(
    days: Mapping[date, DayFacts], *held: Lot, passes: tuple[HeldPass, ...] = (), now: str = "23:00"
) -> DayCharge:
    """The books of the only date in `days`, at `now` of that date."""
    (day,) = days
    return settle(MemberFacts(days=days, lots=held, passes=passes), TERMS, local(now, day)).days[day]


def account(facts: MemberFacts, day: date, clock: str = "23:00") -> Account:
    return settle(facts, TERMS, local(clock, day))
