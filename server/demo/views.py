"""What a visitor sees of each simulated unit, as values: made from what the unit says of itself, line by line. Pure."""

from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from device.contract.messages import Level, Side, UnitKind
from server.demo.texts import Saying

Switchable = Literal["power", "network", "reader", "fire", "tamper"]


class Answer(Struct, frozen=True):
    """What a badge was answered at this unit, the newest; `nth` tells two alike apart."""

    nth: int
    granted: bool
    text: Saying


class RoomView(Struct, frozen=True):
    """What the server says of a room."""

    people: int
    seats: int
    label: str
    colour: str


class UnitView(Struct, frozen=True, kw_only=True):
    """One unit. What is done to it stands first, then what it does, then what the broker knows of it.

    `network` and `reader` are whether the cables are in; `ring` has a colour `#RRGGBB` for each LED; `beeps` counts
    the patterns that the buzzer played; `kept` is the last event that the server acknowledged.
    """

    name: str
    kind: UnitKind
    power: bool = False
    network: bool = True
    reader: bool = True
    fire: bool = False
    tamper: bool = False
    leaf_open: bool = False
    held_to: tuple[Side, ...] = ()

    released: bool = False
    ring: tuple[str, ...] = ()
    alarms: tuple[str, ...] = ()
    buzzer: str = ""
    beeps: int = 0
    answer: Answer | None = None

    online: bool = False
    kept: int = 0
    room: RoomView | None = None


class HouseView(Struct, frozen=True, kw_only=True):
    """What runs behind the units, and how many are in as the server says (None before it said so)."""

    server: bool = False
    broker: bool = False
    present: int | None = None
    guests: int = 0
    uncertain: int = 0
    comfortable: int = 25
    most: int = 35
    level: Level = "comfortable"


def after_line(unit: UnitView, line: str) -> UnitView:
    """The unit after a line of its standard output; the same where the line says nothing of what is shown."""
    word, _, rest = line.partition(" ")
    match word:
        case "strike":
            return replace(unit, released=rest == "released")
        case "ring":
            return replace(unit, ring=tuple(rest.split()))
        case "buzzer":
            return replace(unit, buzzer=rest, beeps=unit.beeps + 1)
        case "alarm":
            name, _, state = rest.partition(" ")
            others = tuple(alarm for alarm in unit.alarms if alarm != name)
            return replace(unit, alarms=(*others, name) if state == "on" else others)
    return unit


def with_answer(unit: UnitView, granted: bool, text: Saying) -> UnitView:
    """The unit after it has answered a badge."""
    nth = unit.answer.nth + 1 if unit.answer else 1
    return replace(unit, answer=Answer(nth, granted, text))


def without_power(unit: UnitView) -> UnitView:
    """Dark and still: the strike falls shut, and what was plugged or wedged stays as it is."""
    return replace(
        unit, power=False, released=False, ring=("#000000",) * len(unit.ring), alarms=(), answer=None, held_to=()
    )


def orders_at_start(unit: UnitView) -> list[str]:
    """What a unit that starts has to find: by itself, simulated hardware begins whole, at rest and plugged in."""
    found = {
        "leaf open": unit.leaf_open,
        "fire on": unit.fire,
        "tamper on": unit.tamper,
        "reader unplug": not unit.reader,
        "network cut": not unit.network,
    }
    return [order for order, holds in found.items() if holds]


def order_for(switch: Switchable, on: bool) -> str:
    """The line that tells a running unit of a switch; power has none."""
    words = {
        "network": ("network back", "network cut"),
        "reader": ("reader plug", "reader unplug"),
        "fire": ("fire on", "fire off"),
        "tamper": ("tamper on", "tamper off"),
    }
    return words[switch][0 if on else 1]
