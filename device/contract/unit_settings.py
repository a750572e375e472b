"""`unit.toml`: what a unit is made of. The server writes it when a unit is added, the unit reads it at start."""

import difflib
from datetime import time
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from msgspec import Meta, Struct, field
from msgspec.structs import replace

from device.contract.errors import SettingsFault
from device.contract.messages import Direction, Name, Seats, Side, TimeOfDay, UnitKind
from device.contract.toml_file import read
from device.contract.uses import UseSettings, use_faults

Pin = Annotated[int, Meta(ge=0, le=27)]
"""A GPIO number of the Pi's header, as Broadcom counts."""
Circuit = Literal["open", "closed"]
Settle = Annotated[int, Meta(ge=0, le=1_000)]
"""Milliseconds: a contact bounces for 5, a worn one for 20, a leaf that falls shut for a few more."""
Port = Annotated[int, Meta(ge=1, le=65_535)]
Share = Annotated[float, Meta(gt=0, le=1)]


class UnitSiteSettings(Struct, frozen=True):
    """Which place the unit belongs to; its rules are local to `timezone`."""

    id: Name
    timezone: str = "Europe/Paris"


class UnitBrokerSettings(Struct, frozen=True):
    """Where the broker is, and how the unit proves who it is: a certificate, or a password on loopback tests."""

    host: str = "127.0.0.1"
    port: Port = 1883
    tls: bool = False
    ca: Path | None = None
    certificate: Path | None = None
    key: Path | None = None
    username: str | None = None
    password_file: Path | None = None
    keepalive_s: Annotated[int, Meta(ge=2, le=600)] = 15
    resend_after_s: Annotated[float, Meta(ge=1, le=3_600)] = 10


class ReaderSettings(Struct, frozen=True):
    """One badge reader: which side of the door it is on, and its device as nfcpy names it."""

    side: Side
    device: str = "tty:AMA0:pn532"


class PinSettings(Struct, frozen=True):
    """What is wired to which GPIO. A missing pin means that the unit has no such part.

    `active_high` says which level releases the strike. Inputs are wired to ground and pulled up; `…_active` says which
    circuit means that the door is open, the button pressed, that there is a fire, that the housing is open;
    `…_settle_ms` how long a level must hold before it counts (REX and fire act at once, and end when they have held).
    `dial_a` and `dial_b` are the contacts of a room's encoder, A first on the way to the right; `screen_dc` is the
    data/command line of a screen on SPI.
    """

    factory: Literal["lgpio", "mock"] = "lgpio"
    strike: Pin | None = None
    strike_active_high: bool = True
    contact: Pin | None = None
    contact_active: Circuit = "open"
    contact_settle_ms: Settle = 50
    rex: Pin | None = None
    rex_active: Circuit = "closed"
    rex_settle_ms: Settle = 300
    fire: Pin | None = None
    fire_active: Circuit = "closed"
    fire_settle_ms: Settle = 50
    tamper: Pin | None = None
    tamper_active: Circuit = "closed"
    tamper_settle_ms: Settle = 50
    buzzer: Pin | None = None
    dial_a: Pin | None = None
    dial_b: Pin | None = None
    dial_button: Pin | None = None
    screen_dc: Pin | None = None


class RingSettings(Struct, frozen=True):
    """The ring of clocked LEDs (APA102 or SK9822) on SPI bus 0.

    `brightness` is a share of full light; `hours` says from what time of day on which other one holds instead, as
    `[["08:00", 0.4], ["20:00", 0.1]]`.
    """

    leds: Annotated[int, Meta(ge=1, le=144)] = 12
    chip_select: Annotated[int, Meta(ge=0, le=1)] = 0
    brightness: Share = 0.4
    hours: list[tuple[TimeOfDay, Share]] = field(default_factory=list)
    limit_ma: Annotated[int, Meta(ge=20, le=5_000)] = 300


class ScreenSettings(Struct, frozen=True):
    """The small screen of a room (SSD1306, 128 × 64), on I²C bus 1 at `address`, or on SPI device 0.1.

    `rotate` counts quarter turns.
    """

    bus: Literal["i2c", "spi"] = "i2c"
    address: Annotated[int, Meta(ge=0x08, le=0x77)] = 0x3C
    rotate: Literal[0, 2] = 0


class UnitRules(Struct, frozen=True):
    """The figures of rules 2 that a unit keeps by itself."""

    release_s: Annotated[float, Meta(gt=0, le=60)] = 5
    held_s: Annotated[float, Meta(gt=0, le=86_400)] = 30
    debounce_s: Annotated[float, Meta(ge=0, le=60)] = 3
    toggle_guard_s: Annotated[float, Meta(ge=0, le=3_600)] = 120
    list_max_age_h: Annotated[float, Meta(gt=0, le=8_760)] = 72
    occupancy_max_age_min: Annotated[float, Meta(gt=0, le=1_440)] = 10


class UnitSettings(Struct, frozen=True):
    """The whole of `unit.toml`; relative paths are relative to its folder.

    A room unit has `seats` and `uses` from the server's settings of the day it was added, to go by until the server
    says more.
    """

    site: UnitSiteSettings
    name: Name
    kind: UnitKind
    data: Path = Path("data")
    room: Name | None = None
    seats: Seats | None = None
    broker: UnitBrokerSettings = field(default_factory=UnitBrokerSettings)
    readers: Annotated[list[ReaderSettings], Meta(max_length=2)] = field(default_factory=list)
    pins: PinSettings = field(default_factory=PinSettings)
    ring: RingSettings | None = None
    screen: ScreenSettings | None = None
    uses: list[UseSettings] = field(default_factory=list)
    rules: UnitRules = field(default_factory=UnitRules)


def read_unit_settings(path: Path) -> UnitSettings:
    """The settings in `path`; raises `SettingsFault` with every fault, those between keys included."""
    settings = _rooted(read(path, UnitSettings), path.parent)
    faults = [f"{path.name}: {fault}" for fault in _contradictions(settings)]
    if faults:
        raise SettingsFault(faults)
    return settings


def _rooted(settings: UnitSettings, folder: Path) -> UnitSettings:
    broker = settings.broker
    names = ("ca", "certificate", "key", "password_file")
    files = {name: folder / path for name in names if (path := getattr(broker, name)) is not None}
    return replace(settings, broker=replace(broker, **files))


def brightness_hours(ring: RingSettings | None) -> list[tuple[time, float]]:
    """From what time of day on which brightness holds; `24:00` is the midnight that a day begins with."""
    return [(time(int(clock[:2]) % 24, int(clock[3:])), share) for clock, share in (ring.hours if ring else [])]


def lends(settings: UnitSettings) -> bool:
    """Whether the unit has a reader that it lends to the server: a desk does, for at its reader nothing opens."""
    return settings.kind == "desk" and bool(settings.readers)


def sides(settings: UnitSettings) -> list[Direction | Literal["toggle"]]:
    """The sides that have a reader, in the order of the settings."""
    return [reader.side for reader in settings.readers]


def wired(pins: PinSettings) -> dict[str, int]:
    """What is wired, by its name in the settings, to which GPIO."""
    named = {name: getattr(pins, name) for name in PinSettings.__struct_fields__}
    return {name: pin for name, pin in named.items() if type(pin) is int and not name.endswith("_ms")}


def _contradictions(settings: UnitSettings) -> list[str]:
    taken: dict[int, str] = {}
    faults = []
    for name, pin in wired(settings.pins).items():
        if pin in taken:
            faults.append(f"pins.{name}: GPIO {pin} is taken by pins.{taken[pin]}")
        taken[pin] = name
    if settings.kind == "door" and settings.pins.strike is None:
        faults.append("pins.strike: missing; a door needs its strike")
    faults += _zone_faults(settings.site.timezone)
    faults += _room_faults(settings)
    if len(settings.readers) == 2 and {reader.side for reader in settings.readers} != {"entry", "exit"}:
        faults.append("readers: two readers are one for entry and one for exit")
    return faults


def _zone_faults(name: str) -> list[str]:
    try:
        ZoneInfo(name)
    except (ValueError, OSError, ZoneInfoNotFoundError):  # OSError: the name of a folder of zones
        near = difflib.get_close_matches(name, available_timezones(), n=1)
        return [f'site.timezone: no such zone "{name}"; did you mean "{near[0] if near else "Europe/Paris"}"?']
    return []


def _room_faults(settings: UnitSettings) -> list[str]:
    pins, faults = settings.pins, []
    if settings.kind == "room" and settings.room is None:
        faults.append("room: missing; a room unit needs the room it shows")
    dial = [pins.dial_a, pins.dial_b, pins.dial_button]
    if None in dial and dial != [None] * 3:
        faults.append("pins.dial_a, pins.dial_b, pins.dial_button: a dial has all three")
    if settings.screen is not None and settings.screen.bus == "spi" and pins.screen_dc is None:
        faults.append("pins.screen_dc: missing; a screen on SPI needs its data/command line")
    if settings.uses:
        faults += [f"uses: {fault}" for fault in use_faults(settings.uses)]
    return faults
