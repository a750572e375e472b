"""`poincon.toml`: what the server is told of its place. `connection_settings.py` has where things are reached,
`settings_template.py` the file that `init` writes.

A key that is left out has the default that stands here; an unknown one is a fault. Money is in cents, tax included.
"""

from collections.abc import Iterator
from dataclasses import fields
from datetime import date, time
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from msgspec import Meta, Struct, field

from device.contract.errors import SettingsFault
from device.contract.messages import Name, Seats, TimeOfDay, Weekday
from device.contract.toml_file import in_file, read
from device.contract.uses import USES, UseSettings, use_faults
from device.contract.wording import Wording
from server.core.calendar.opening_hours import DateRange, HouseHours, spans_of
from server.core.calendar.public_holidays import public_holidays
from server.core.charge.passes import PassKind
from server.core.charge.tariff import Tariff
from server.i18n.catalogue import languages
from server.site.connection_settings import (
    BrokerSettings,
    HomeAssistantSettings,
    NoticeSettings,
    ReplicaSettings,
    WebSettings,
    address_faults,
    broker_faults,
)
from server.site.display_names import ENGLISH_NAMES, DisplayName
from server.site.price_list import PASSES, PassSettings

FILE_NAME = "poincon.toml"

Seconds = Annotated[float, Meta(gt=0, le=86_400)]
Minutes = Annotated[int, Meta(ge=0, le=1_440)]
People = Annotated[int, Meta(ge=1, le=100_000)]
Price = Annotated[int, Meta(ge=0, le=10_000_000)]
Week = dict[Weekday, list[tuple[TimeOfDay, TimeOfDay]]]
"""Intervals by weekday; a day left out has none."""

OFFICE_WEEK: Week = {day: [("08:00", "18:00")] for day in ("mon", "tue", "wed", "thu", "fri")}
CONCIERGE_WEEK: Week = {day: [("07:00", "22:00")] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}


class SiteSettings(Struct, frozen=True):
    """Which place this is; its days and hours are local to `timezone`.

    `contact` is whom to ask about one's data, an address or a number; the desk where it is "".
    """

    id: Name = "comptoir-numerique"
    name: DisplayName = "Au Comptoir Numérique"
    timezone: str = "Europe/Paris"
    contact: Annotated[str, Meta(max_length=200)] = ""


class CapacitySettings(Struct, frozen=True):
    """How many the place holds (rules 3), and whether a door refuses when it is full (rules 2, row 11)."""

    comfortable: People = 25
    max: People = 35
    mode: Literal["deny", "warn"] = "deny"


class RuleSettings(Struct, frozen=True):
    """The figures of `rules.md`, each by its name there."""

    half_day_boundary: TimeOfDay = "13:00"
    list_max_age_h: Annotated[float, Meta(gt=0, le=8_760)] = 72
    max_owed_cents: Price = 1_500
    anti_passback: Literal["soft", "hard"] = "soft"
    debounce_s: Annotated[float, Meta(ge=0, le=60)] = 3
    toggle_guard_s: Annotated[float, Meta(ge=0, le=3_600)] = 120
    occupancy_max_age_min: Annotated[float, Meta(gt=0, le=1_440)] = 10
    release_s: Annotated[float, Meta(gt=0, le=60)] = 5
    held_s: Seconds = 30
    checkout_after_min: Minutes = 30
    free_min: Minutes = 10
    grace_min: Minutes = 10
    hour_cents: Price = 300
    half_day_cents: Price = 900
    day_cents: Price = 1_500
    hours_per_half_day: Annotated[int, Meta(ge=1, le=24)] = 3
    hours_per_day: Annotated[int, Meta(ge=1, le=24)] = 5
    vat_percent: Annotated[float, Meta(ge=0, le=100)] = 20
    break_even_residents: Annotated[int, Meta(ge=1, le=10_000)] = 12
    names_kept_months: Annotated[int, Meta(ge=1, le=120)] = 3
    books_kept_years: Annotated[int, Meta(ge=1, le=100)] = 10

    def tariff(self) -> Tariff:
        """The figures that a charge is reckoned with."""
        return Tariff(**{figure.name: getattr(self, figure.name) for figure in fields(Tariff)})


class BadgeSettings(Struct, frozen=True):
    """Whether badges that are known by their number alone, which anybody can copy, are given out and let in."""

    allow_uid: bool = True


class HoursSettings(Struct, frozen=True):
    """When the place is open, when its concierges may come in, and when its doors stand in free passage.

    `holidays` is an ISO 3166 code, "" for none. A closure is a date, or the first and the last of several. Openings
    win over both, and over the week.
    """

    weekly: Week = field(default_factory=lambda: dict(OFFICE_WEEK))
    holidays: str = "FR"
    closures: list[date | tuple[date, date]] = field(default_factory=list)
    openings: dict[date, list[tuple[TimeOfDay, TimeOfDay]]] = field(default_factory=dict)
    concierge_weekly: Week = field(default_factory=lambda: dict(CONCIERGE_WEEK))
    free_passage_weekly: Week = field(default_factory=dict)


class RoomSettings(Struct, frozen=True):
    """A room; `calendar` is the file or address of its iCal reservations, "" for none."""

    id: Name
    name: DisplayName
    seats: Seats
    calendar: str = ""


ROOMS = (
    RoomSettings("open-space", "Open space", 12),
    RoomSettings("reunion", "Salle de réunion", 8),
    RoomSettings("atelier", "Atelier", 6),
    RoomSettings("bureau-4", "Bureau de 4", 4),
    RoomSettings("bureau-3", "Bureau de 3", 3),
    RoomSettings("appels", "Cabine d'appel", 2),
)


class ServerSettings(Struct, frozen=True, rename={"rooms": "room", "uses": "use", "passes": "pass"}):
    """The whole of `poincon.toml`; its lists are written `[[room]]`, `[[use]]` and `[[pass]]`.

    `names` has the names of rooms, uses and passes in other languages: by language, then by the name in the place's.
    """

    site: SiteSettings = field(default_factory=SiteSettings)
    broker: BrokerSettings = field(default_factory=BrokerSettings)
    web: WebSettings = field(default_factory=WebSettings)
    capacity: CapacitySettings = field(default_factory=CapacitySettings)
    rules: RuleSettings = field(default_factory=RuleSettings)
    hours: HoursSettings = field(default_factory=HoursSettings)
    badges: BadgeSettings = field(default_factory=BadgeSettings)
    notices: NoticeSettings = field(default_factory=NoticeSettings)
    replica: ReplicaSettings = field(default_factory=ReplicaSettings)
    home_assistant: HomeAssistantSettings = field(default_factory=HomeAssistantSettings)
    rooms: list[RoomSettings] = field(default_factory=lambda: list(ROOMS))
    uses: list[UseSettings] = field(default_factory=lambda: list(USES))
    passes: list[PassSettings] = field(default_factory=lambda: list(PASSES))
    names: dict[str, dict[str, DisplayName]] = field(default_factory=lambda: {"en": dict(ENGLISH_NAMES)})

    def name_in(self, language: str, name: str) -> str:
        """The name of a room, a use or a pass for who reads `language`; as it is where `[names]` has no other."""
        return self.names.get(language, {}).get(name, name)

    def pass_kinds(self) -> dict[str, PassKind]:
        """What is sold, by its id."""
        return {sold.id: sold.kind() for sold in self.passes}

    def house_hours(self) -> HouseHours:
        """The opening hours as the calendar takes them."""
        hours = self.hours
        return HouseHours(
            timezone=ZoneInfo(self.site.timezone),
            weekly={day: spans_of(pairs) for day, pairs in hours.weekly.items()},
            half_day_boundary=time.fromisoformat(self.rules.half_day_boundary),
            closures=tuple(DateRange(*(both if isinstance(both, tuple) else (both, both))) for both in hours.closures),
            openings={day: spans_of(pairs) for day, pairs in hours.openings.items()},
            holidays=hours.holidays,
        )


def read_server_settings(path: Path) -> ServerSettings:
    """The settings in `path`; raises `SettingsFault` with every fault, those between keys included."""
    return checked(read(path, ServerSettings), path.name)


def checked(settings: ServerSettings, source: str) -> ServerSettings:
    """`settings`, whose keys agree with each other; raises `SettingsFault` in the name of `source`."""
    faults = [in_file(source, fault) for fault in _contradictions(settings)]
    if faults:
        raise SettingsFault(faults)
    return settings


def _contradictions(settings: ServerSettings) -> Iterator[str]:
    yield from _place_faults(settings)
    yield from broker_faults(settings.broker)
    yield from _hour_faults(settings.hours)
    yield from address_faults(settings.web, settings.notices, settings.replica)
    yield from (
        Wording("pass {id}: months or days: how long is it valid?", id=sold.id)
        for sold in settings.passes
        if not any(sold.term)
    )
    yield from (Wording("use: {fault}", fault=fault) for fault in use_faults(settings.uses))
    for language in settings.names.keys() - set(languages()):
        spoken = ", ".join(languages())
        yield Wording(
            'names.{name}: "{name}" is spoken nowhere here; languages are {spoken}', name=language, spoken=spoken
        )
    for key, names in (("room", settings.rooms), ("pass", settings.passes)):
        ids = [entry.id for entry in names]
        twice = [name for name in sorted(set(ids)) if ids.count(name) > 1]
        yield from (Wording('{key}: the id "{name}" stands twice', key=key, name=name) for name in twice)


def _place_faults(settings: ServerSettings) -> Iterator[str]:
    try:
        ZoneInfo(settings.site.timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        yield Wording('site.timezone: no such time zone "{name}"; one is "Europe/Paris"', name=settings.site.timezone)
    capacity = settings.capacity
    if capacity.comfortable > capacity.max:
        most = capacity.max
        yield Wording(
            "capacity.comfortable: {number} is more than capacity.max, {most}", number=capacity.comfortable, most=most
        )
    if settings.rules.half_day_boundary == "24:00":
        yield Wording("rules.half_day_boundary: 24:00 leaves no afternoon")


def _hour_faults(hours: HoursSettings) -> Iterator[str]:
    tables: list[tuple[str, dict[str, list[tuple[str, str]]]]] = [
        ("weekly", {str(day): pairs for day, pairs in hours.weekly.items()}),
        ("openings", {day.isoformat(): pairs for day, pairs in hours.openings.items()}),
        ("concierge_weekly", {str(day): pairs for day, pairs in hours.concierge_weekly.items()}),
        ("free_passage_weekly", {str(day): pairs for day, pairs in hours.free_passage_weekly.items()}),
    ]
    for name, table in tables:
        for day, pairs in table.items():
            yield from (
                Wording(
                    "hours.{name}.{day}: {start}-{end} ends before it starts", name=name, day=day, start=start, end=end
                )
                for start, end in pairs
                if start >= end
            )
    for closure in hours.closures:
        if isinstance(closure, tuple) and closure[0] > closure[1]:
            first, last = closure
            yield Wording("hours.closures: {first} to {last} ends before it starts", first=first, last=last)
    try:
        public_holidays(hours.holidays, 2026)
    except ValueError:
        yield Wording("hours.holidays: no public holidays are known for {region}", region=repr(hours.holidays))
