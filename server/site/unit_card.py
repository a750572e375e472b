"""What goes on the card of a new unit: `unit.toml` and, where the broker asks for it, a certificate with its key."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

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
)
from server.errors import Refusal
from server.i18n.speech import PLACE
from server.site.folder import SiteFolder, write_secret
from server.site.settings import ServerSettings
from server.site.whole_file import FOR_EVERYBODY, write_whole

FILE_NAME = "unit.toml"
AUTHORITY, CERTIFICATE, KEY = "ca.crt", "unit.crt", "unit.key"

Readers = Literal["both", "entry", "toggle"]
"""Of a door: one each side, outside alone (people leave by REX), or one for both ways."""

SECOND_READER = "tty:AMA3:pn532"
"""The second serial port of a Pi 4 (`dtoverlay=uart3`, GPIO 4 and 5); the first is ttyAMA0, GPIO 14 and 15."""

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
    settings: ServerSettings, name: str, kind: UnitKind, room: str | None = None, readers: Readers = "both"
) -> UnitSettings:
    """The settings of a new unit as it is usually built, under the rules of the place."""
    rules = {field: getattr(settings.rules, field) for field in UnitRules.__struct_fields__}
    around = next((each for each in settings.rooms if each.id == room), None)
    return UnitSettings(
        site=UnitSiteSettings(id=settings.site.id, timezone=settings.site.timezone),
        name=name,
        kind=kind,
        room=room,
        seats=around.seats if around else None,
        broker=_broker(settings),
        readers=_readers(kind, readers),
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
    if settings.broker.tls:
        identity = site.issue_to_unit(settings.name)
        write_whole(folder / AUTHORITY, site.authority.certificate, FOR_EVERYBODY)
        write_whole(folder / CERTIFICATE, identity.certificate, FOR_EVERYBODY)
        write_secret(folder / KEY, identity.key)
    write_whole(folder / FILE_NAME, unit_text(settings).encode(), FOR_EVERYBODY)


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


def _readers(kind: UnitKind, readers: Readers) -> list[ReaderSettings]:
    if kind == "room":
        return []
    if kind == "desk":
        return [ReaderSettings(side="entry")]
    if readers == "both":
        return [ReaderSettings(side="entry"), ReaderSettings(side="exit", device=SECOND_READER)]
    return [ReaderSettings(side=readers)]
