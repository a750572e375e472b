"""Draws every picture of the rings, at six moments each, from the bits that the LED driver sends.

`pictures.py [FOLDER]` writes `door-ring.svg` and `room-ring.svg`, beside itself unless a folder is named.
"""

import sys
from collections.abc import Callable, Iterator
from functools import partial
from math import cos, pi, sin
from pathlib import Path
from typing import Any

from device.adapters.led_ring import LedRing
from device.contract.messages import Left, Payer, Receipt
from device.core.lights.door_ring import SCENES, Picture, Show, frame
from device.core.lights.light import Rgb
from device.core.lights.room_ring import Reservation, Room, RoomSigns
from device.core.lights.room_ring import frame as room_frame
from device.core.lights.room_use import DEFAULT_USES, GESTURE_S
from device.simulation.ring_tap import TappedFactory, decode_frame

Painted = Callable[[float], tuple[Rgb, ...]]
Row = tuple[str, float, Painted]
"""Its name, how many seconds the moments are spread over, and the ring at a time."""

MOMENTS = 6
RADIUS, CELL, TEXT, LINE = 28, 74, 196, 74
COLUMNS = 2
OUTLINE = 23
"""Grey of an LED's outline; what shines less is left out."""


def receipt(
    paid_by: Payer, half_day: int = 0, nomade: int | None = None, golden: int = 1, owed_cents: int = 0
) -> Receipt:
    """A receipt as the server sends it."""
    left = Left(hour=0, half_day=half_day, day=0, golden=golden, nomade=nomade)
    return Receipt(
        epoch="9f2c41aa",
        seq=1,
        paid_by=paid_by,
        left=left,
        of=11 if "tickets" in paid_by else None,
        owed_cents=owed_cents,
        expires=None,
        greeting="Bonjour",
    )


RECEIPTS = {
    "carnet: 7 left": receipt("tickets", 7),
    "carnet: golden one given": receipt("tickets", 4, golden=0),
    "carnet: one left": receipt("tickets", 1),
    "carnet: the last one": receipt("tickets", 0),
    "nomade: 9 half-days left": receipt("nomade", nomade=9, golden=0),
    "nomade: one left": receipt("nomade", nomade=1, golden=0),
    "résident": receipt("resident", golden=0),
    "golden ticket": receipt("golden", golden=0),
    "nothing taken": receipt("free", 7),
    "owed: 6 €": receipt("owed", owed_cents=600),
    "carnet: 3 left, 9 € owed": receipt("tickets", 3, owed_cents=900),
}


def door_rows() -> Iterator[Row]:
    """Every picture of a door's ring."""
    for picture in SCENES:
        scene = SCENES[picture]
        spread_s = scene.lasts_s or (0.0 if scene.moves_s == 0.0 else 2.0)
        yield picture.value.replace("_", " "), min(spread_s, 4.0), partial(_shown, Show(picture, 0.0))
    for name, told in RECEIPTS.items():
        yield name, 4.5, partial(_shown, Show(Picture.RECEIPT, 0.0, told))


USES = {use.name: use for use in DEFAULT_USES}


def room_rows() -> Iterator[Row]:
    """Every picture of a room's ring."""

    def row(name: str, spread_s: float, people: int, seats: int, use: str, **happening: Any) -> Row:
        return name, spread_s, partial(_room, Room(people, seats, USES[use]), RoomSigns(**happening))

    yield row("free and empty", 6.0, 0, 12, "free")
    yield row("free, 2 of 12", 0.0, 2, 12, "free")
    for use in DEFAULT_USES[1:]:
        yield row(f"{use.label}: 7 of 12", GESTURE_S, 7, 12, use.name)
    yield row("meeting, nobody yet", 0.0, 0, 8, "meeting")
    yield row("1 of 200", 0.0, 1, 200, "workshop", touched_s=-3.0)
    yield row("199 of 200", 0.0, 199, 200, "workshop", touched_s=-3.0)
    yield row("the only seat, free", 6.0, 0, 1, "free")
    yield row("the only seat, taken", 0.0, 1, 1, "call", touched_s=-3.0)
    yield row("all 4 seats", 0.0, 4, 4, "focus", touched_s=-3.0)
    yield row("over the seats: 5 of 4", 1.2, 5, 4, "focus")
    yield row("dial touched", 1.4, 5, 12, "free", touched_s=0.0)
    yield row("closed", 0.0, 3, 12, "focus", closed=True)
    yield row("no server", 0.0, 5, 12, "focus", touched_s=-3.0, silent=True)
    yield row("no server, all seats", 0.0, 12, 12, "focus", touched_s=-3.0, silent=True)
    yield row("reserved in 10 min", 0.0, 5, 12, "focus", touched_s=-3.0, reservation=Reservation.AHEAD)
    yield row("reserved, nobody there", 3.0, 0, 8, "free", reservation=Reservation.UNCLAIMED)
    yield row("identify", 1.0, 3, 12, "focus", identify_s=0.0)


def _room(room: Room, happening: RoomSigns, now_s: float) -> tuple[Rgb, ...]:
    return room_frame(room, now_s, happening)


def _shown(show: Show, now_s: float) -> tuple[Rgb, ...]:
    return frame(show, now_s)


def drawn(rows: list[Row], leds: int) -> str:
    """The SVG of the rows, in columns."""
    sent: list[bytes] = []
    with LedRing(leds, brightness=1, limit_ma=10_000, pin_factory=TappedFactory(sent.append)) as ring:
        lines = [_line(row, ring, sent) for row in rows]
    height = -(-len(lines) // COLUMNS)
    body = "".join(
        f'<g transform="translate({index // height * (TEXT + MOMENTS * CELL)} {index % height * LINE})">{line}</g>\n'
        for index, line in enumerate(lines)
    )
    size = f'width="{COLUMNS * (TEXT + MOMENTS * CELL) + 8}" height="{height * LINE}"'
    width = min(11.0, 5.8 * RADIUS / leds)
    style = (
        f"<style>text{{font:15px sans-serif;fill:#bbb}}path{{stroke-linecap:round;stroke-width:{width:.1f}}}</style>"
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{style}'
        f'<rect width="100%" height="100%" fill="#0b0b0d"/>\n{_outline(leds)}{body}</svg>\n'
    )


def _line(row: Row, ring: LedRing, sent: list[bytes]) -> str:
    name, spread_s, painted = row
    moments = [spread_s * (index + 0.25) / MOMENTS for index in range(MOMENTS)] if spread_s else [0.0]
    rings = []
    for column, now_s in enumerate(moments):
        ring.show(painted(now_s))
        rings.append(
            f'<g transform="translate({TEXT + CELL * column + CELL // 2} {LINE // 2})"><use href="#o"/>'
            f"{''.join(_dots(decode_frame(sent[-1])))}</g>"
        )
    return f'<text x="12" y="{LINE // 2 + 5}">{name}</text>' + "".join(rings)


def _dots(colours: list[Rgb]) -> Iterator[str]:
    """One path a colour: a round dot is a line of no length."""
    for colour in sorted({colour for colour in colours if max(colour) >= OUTLINE}):
        spots = [_spot(index, len(colours)) for index, own in enumerate(colours) if own == colour]
        yield f'<path stroke="#{bytes(colour).hex()}" d="{"".join(spots)}"/>'


def _outline(leds: int) -> str:
    grey = f"#{OUTLINE:02x}{OUTLINE:02x}{OUTLINE:02x}"
    return f'<defs><path id="o" stroke="{grey}" d="{"".join(_spot(index, leds) for index in range(leds))}"/></defs>\n'


def _spot(index: int, leds: int) -> str:
    angle = 2 * pi * index / leds
    return f"M{RADIUS * sin(angle):.1f} {-RADIUS * cos(angle):.1f}h0"


def main() -> None:
    """Writes the files."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "door-ring.svg").write_text(drawn(list(door_rows()), 12), "utf-8")
    (folder / "room-ring.svg").write_text(drawn(list(room_rows()), 24), "utf-8")


if __name__ == "__main__":
    main()
