"""What goes on the card of a new unit: `unit.toml` and, where the broker asks for it, a certificate with its key."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal, NamedTuple

import msgspec

from device.contract.messages import UnitKind
from device.contract.unit_settings import (
    PinSettings,
    ReaderSettings,
    RingSettings,
    UnitBrokerSettings,
    UnitRules,
    UnitSettings,
    UnitSiteSettings,
    read_unit_settings,
)
from server.errors import Refusal
from server.i18n.speech import PLACE
from server.site.folder import SiteFolder
from server.site.secret_files import write_secret
from server.site.settings import ServerSettings
from server.site.whole_file import FOR_EVERYBODY, write_whole

FILE_NAME = "unit.toml"
AUTHORITY, CERTIFICATE, KEY = "ca.crt", "unit.crt", "unit.key"

Readers = Literal["both", "entry", "toggle"]
"""Of a door: one each side, outside alone (people leave by REX), or one for both ways."""


class HardwareProfile(NamedTuple):
    """A Pi as units are built on it: its name for people, and the ports of its first and its second reader."""

    label: str
    readers: tuple[str, str]


PROFILES: dict[str, HardwareProfile] = {
    "pi4": HardwareProfile("Raspberry Pi 4", ("tty:AMA0:pn532", "tty:AMA3:pn532")),
    "pi5": HardwareProfile("Raspberry Pi 5", ("tty:AMA0:pn532", "tty:AMA2:pn532")),
}
"""The first reader is on GPIO 14 and 15 (ttyAMA0). The second is on GPIO 4 and 5: `dtoverlay=uart3` of a Pi 4,
`dtoverlay=uart2-pi5` of a Pi 5.
"""
USUAL_PROFILE = "pi4"

DOOR_PINS = PinSettings(strike=17, contact=27, rex=22, fire=23, tamper=24, buzzer=18)
"""GPIOs that neither the serial ports nor SPI need."""
ROOM_PINS = PinSettings(dial_a=5, dial_b=6, dial_button=13)
"""The encoder; GPIO 2 and 3 are left for a screen on I²C."""
PINS: dict[UnitKind, PinSettings] = {"door": DOOR_PINS, "room": ROOM_PINS, "desk": PinSettings()}
DOOR_LEDS = 12
ROOM_RING = RingSettings(leds=24, hours=[("07:00", 0.4), ("19:30", 0.12)])
"""A room's ring is looked at in the dusk of a corridor too."""

COMMENTS = {
    "": "Written by “poincon unit”. Paths begin at this folder; “poincon-unit check” checks everything.",
    "site": "The place, and its time.",
    "broker": "Where the MQTT broker is, and how this unit proves who it is.",
    "readers": "A reader: its side (entry, exit, toggle) and its port, as nfcpy names it.",
    "pins": "What is wired, by GPIO number; a line that is missing: not that part.",
    "ring": "The LED ring, on SPI bus 0; “limit_ma”: the current not to be exceeded; “hours”: other\n"
    'brightnesses by the hour, [["08:00", 0.4], ["20:00", 0.1]].',
    "uses": "A use of the room, as in the server's settings.",
    "rules": "The rules of the house, which the unit keeps by itself.",
}
"""What stands before each part."""

OF_A_PIN = ("_active", "_settle_ms", "_active_high")
"""Endings of what is said of a part beside its GPIO."""
KEY_COMMENTS = {
    "contact_active": "Door open when the circuit is open (“open”), or closed (“closed”);\n"
    "“poincon-unit check” says what each input reads now.",
    "rex_active": "Button pressed when the circuit is closed (“closed”), or open (“open”).",
    "fire_active": "Fire when the circuit is closed (“closed”); “open” for a fail-safe relay, which opens\n"
    "on alarm, and when its wire is cut.",
    "tamper_active": "Housing opened when the circuit is closed (“closed”), or open (“open”).",
}
"""What stands before a key that an installer may have to turn over."""


def unit_settings(
    settings: ServerSettings,
    name: str,
    kind: UnitKind,
    room: str | None = None,
    readers: Readers = "both",
    *,
    profile: str = USUAL_PROFILE,
) -> UnitSettings:
    """The settings of a new unit as it is usually built, one of `PROFILES`, under the rules of the place."""
    rules = {field: getattr(settings.rules, field) for field in UnitRules.__struct_fields__}
    around = next((each for each in settings.rooms if each.id == room), None)
    return UnitSettings(
        site=UnitSiteSettings(id=settings.site.id, timezone=settings.site.timezone),
        name=name,
        kind=kind,
        room=room,
        seats=around.seats if around else None,
        broker=_broker(settings),
        readers=_readers(kind, readers, PROFILES[profile]),
        pins=PINS[kind],
        ring=ROOM_RING if kind == "room" else RingSettings(leds=DOOR_LEDS),
        uses=settings.uses if kind == "room" else [],
        rules=UnitRules(**rules),
    )


def write_unit_files(site: SiteFolder, folder: Path, settings: UnitSettings) -> None:
    """Makes `folder` ready for the unit's card; raises `Refusal` where it holds a unit already."""
    if (folder / FILE_NAME).exists():
        raise Refusal("folder_has_file", folder=folder, file=FILE_NAME)
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in unit_files(site, settings).items():
        if name == KEY:
            write_secret(folder / name, content)
        else:
            write_whole(folder / name, content, FOR_EVERYBODY)


def unit_files(site: SiteFolder, settings: UnitSettings) -> dict[str, bytes]:
    """The files of a unit by their names, `unit.toml` last; its identity is made now, the former one refused."""
    files: dict[str, bytes] = {}
    if settings.broker.tls:
        identity = site.issue_to_unit(settings.name)
        files = {AUTHORITY: site.authority.certificate, CERTIFICATE: identity.certificate, KEY: identity.key}
    return files | {FILE_NAME: unit_text(settings).encode()}


def files_of_folder(folder: Path, name: str) -> dict[str, bytes]:
    """What `write_unit_files` wrote for the unit `name`; raises `Refusal` where it is another's, or none."""
    path = folder / FILE_NAME
    if not path.is_file():
        raise Refusal("folder_without_unit", folder=folder, file=FILE_NAME)
    found = read_unit_settings(path)
    if found.name != name:
        raise Refusal("folder_of_other_unit", folder=folder, name=name, other=found.name)
    files = (folder / each for each in (AUTHORITY, CERTIFICATE, KEY, FILE_NAME))
    return {path.name: path.read_bytes() for path in files if path.is_file()}


def unit_text(settings: UnitSettings) -> str:
    """The TOML of `settings`, with what each part is for."""
    table: dict[str, Any] = msgspec.to_builtins(settings, enc_hook=str)
    scalars = {key: value for key, value in table.items() if not isinstance(value, dict | list)}
    blocks = [_block("", "", scalars)]
    for name, value in table.items():
        if isinstance(value, dict):
            blocks.append(_block(name, f"[{name}]\n", value))
        elif isinstance(value, list):
            blocks += [_block(name, f"[[{name}]]\n", entry) for entry in value]
    return "\n".join(blocks)


def _block(name: str, heading: str, table: dict[str, Any]) -> str:
    return f"{_comment(COMMENTS[name])}{heading}{''.join(_lines(table))}"


def _comment(text: str) -> str:
    """In the language of the place, with plain spaces, for it is read in an editor."""
    return "".join(f"# {line}\n" for line in PLACE.say(text).replace("\u00a0", " ").splitlines())


def _lines(table: dict[str, Any]) -> Iterator[str]:
    for key, value in table.items():
        if value is not None and _is_there(key, table):
            if key in KEY_COMMENTS:
                yield _comment(KEY_COMMENTS[key])
            yield f"{key} = {json.dumps(value, ensure_ascii=False)}\n"


def _is_there(key: str, table: dict[str, Any]) -> bool:
    """Whether a key says something of this unit: how an input is wired only where there is one."""
    part = next((key.removesuffix(ending) for ending in OF_A_PIN if key.endswith(ending)), None)
    return part is None or table.get(part) is not None


def _broker(settings: ServerSettings) -> UnitBrokerSettings:
    broker = settings.broker
    return UnitBrokerSettings(
        host=broker.host,
        port=broker.port,
        tls=broker.tls,
        ca=Path(AUTHORITY) if broker.tls else None,
        certificate=Path(CERTIFICATE) if broker.tls else None,
        key=Path(KEY) if broker.tls else None,
        keepalive_s=broker.keepalive_s,
    )


def _readers(kind: UnitKind, readers: Readers, profile: HardwareProfile) -> list[ReaderSettings]:
    first, second = profile.readers
    if kind == "room":
        return []
    if kind == "desk":
        return [ReaderSettings(side="entry", device=first)]
    if readers == "both":
        return [ReaderSettings(side="entry", device=first), ReaderSettings(side="exit", device=second)]
    return [ReaderSettings(side=readers, device=first)]
