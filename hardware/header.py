"""Draws where each wire of a unit goes on the Pi's header of 40 pins, from the pins that its settings name.

`header.py [FOLDER]` writes `header-KIND.LANGUAGE.svg` for a door, a room and a desk, in French and English, beside
itself unless a folder is named.
"""

import sys
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import NamedTuple

from device.contract.messages import UnitKind
from device.contract.unit_settings import wired
from server.i18n.typography import typeset
from server.site.unit_card import PINS

LANGUAGES = ("fr", "en")

GPIO_OF_PIN = {
    3: 2,
    5: 3,
    7: 4,
    8: 14,
    10: 15,
    11: 17,
    12: 18,
    13: 27,
    15: 22,
    16: 23,
    18: 24,
    19: 10,
    21: 9,
    22: 25,
    23: 11,
    24: 8,
    26: 7,
    27: 0,
    28: 1,
    29: 5,
    31: 6,
    32: 12,
    33: 13,
    35: 19,
    36: 16,
    37: 26,
    38: 20,
    40: 21,
}
"""By the number of the pin on the header, as Broadcom counts (Raspberry Pi, 40-pin header)."""
POWER_5V, POWER_3V3 = (2, 4), (1, 17)
GROUND = (6, 9, 14, 20, 25, 30, 34, 39)

Words = tuple[str, str]
"""In French and in English."""


class Part(NamedTuple):
    """Something that hangs on the header: its colour, and the wires that need no GPIO of their own choosing."""

    name: Words
    colour: str


PARTS: dict[str, Part] = {
    "strike": Part(("relais de la gâche", "strike's relay"), "#d1495b"),
    "contact": Part(("contact de porte", "door contact"), "#2e86ab"),
    "rex": Part(("bouton de sortie", "exit button"), "#2a9d5c"),
    "fire": Part(("alarme incendie", "fire alarm"), "#e07a1f"),
    "tamper": Part(("capot", "housing switch"), "#7b5ea7"),
    "buzzer": Part(("buzzer", "buzzer"), "#8a6d3b"),
    "dial_a": Part(("molette, fil A", "dial, wire A"), "#2e86ab"),
    "dial_b": Part(("molette, fil B", "dial, wire B"), "#2a9d5c"),
    "dial_button": Part(("molette, bouton", "dial, button"), "#e07a1f"),
    "reader_tx": Part(("lecteur d'entrée, RX", "entry reader, RX"), "#444b6e"),
    "reader_rx": Part(("lecteur d'entrée, TX", "entry reader, TX"), "#444b6e"),
    "exit_tx": Part(("lecteur de sortie, RX", "exit reader, RX"), "#7a8299"),
    "exit_rx": Part(("lecteur de sortie, TX", "exit reader, TX"), "#7a8299"),
    "ring_data": Part(("anneau, DATA", "ring, DATA"), "#c2185b"),
    "ring_clock": Part(("anneau, CLOCK", "ring, CLOCK"), "#c2185b"),
}
BUSES: dict[UnitKind, dict[str, int]] = {
    "door": {"reader_tx": 14, "reader_rx": 15, "exit_tx": 4, "exit_rx": 5, "ring_data": 10, "ring_clock": 11},
    "room": {"ring_data": 10, "ring_clock": 11},
    "desk": {"reader_tx": 14, "reader_rx": 15, "ring_data": 10, "ring_clock": 11},
}
"""GPIOs of the serial ports and of SPI bus 0; the second serial port is where `dtoverlay=uart3` puts it."""
POWER: dict[str, Part] = {
    "5V": Part(("5 V : anneau", "5 V: ring"), "#b00020"),
    "3V3": Part(("3,3 V : lecteurs", "3.3 V: readers"), "#a05a00"),
    "0V": Part(("masse", "ground"), "#222222"),
}
TITLE: dict[UnitKind, Words] = {
    "door": ("Une porte : où vont les fils", "A door: where the wires go"),
    "room": ("Une salle : où vont les fils", "A room: where the wires go"),
    "desk": ("L'accueil : où vont les fils", "A desk: where the wires go"),
}
HINT: Words = (
    "Carte vue de dessus, connecteur à droite : la broche 1 est du côté de la carte SD. Branchez hors tension.",
    "Seen from above, header on the right: pin 1 is at the end of the SD card. Wire it with the power off.",
)

WIDTH, TOP, STEP, MIDDLE = 760, 92, 26, 380
DOT, GAP = 9, 15


def wires(kind: UnitKind) -> dict[int, Part]:
    """What hangs on each pin of the header."""
    gpios = {**wired(PINS[kind]), **BUSES[kind]}
    pins = {gpio: pin for pin, gpio in GPIO_OF_PIN.items()}
    on_power = {**dict.fromkeys(POWER_5V, "5V"), **dict.fromkeys(GROUND, "0V")}
    if kind != "room":
        on_power |= dict.fromkeys(POWER_3V3, "3V3")
    return {
        **{pins[gpio]: PARTS[name] for name, gpio in gpios.items()},
        **{pin: POWER[name] for pin, name in on_power.items()},
    }


def drawn(kind: UnitKind, language: str) -> str:
    """The SVG of one kind of unit, in one of `LANGUAGES`."""
    spoken, used = LANGUAGES.index(language), wires(kind)
    height = TOP + 20 * STEP + 16
    frame = (
        f'<rect x="{MIDDLE - 2 * GAP}" y="{TOP - STEP // 2 - 6}" width="{4 * GAP}" height="{20 * STEP + 12}" rx="8"'
        ' fill="#1d2021"/>'
    )
    body = "".join(_pin(pin, used.get(pin), spoken) for pin in range(1, 41))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" lang="{language}">'
        "<style>text{font:14px sans-serif;fill:#111}.t{font-size:22px;font-weight:bold}.h{font-size:12px;fill:#444}"
        ".n{font-size:9px;fill:#fff;text-anchor:middle}.e{text-anchor:end}</style>"
        f'<rect width="100%" height="100%" fill="#fff"/>'
        f'<text class="t" x="24" y="34">{_said(TITLE[kind][spoken])}</text>'
        f'<text class="h" x="24" y="56">{_said(HINT[spoken])}</text>\n{frame}{body}</svg>\n'
    )


def _pin(pin: int, part: Part | None, spoken: int) -> str:
    """Odd pins on the left, even ones on the right, as on the board."""
    left = pin % 2 == 1
    x, y = MIDDLE + (-GAP if left else GAP), TOP + (pin - 1) // 2 * STEP
    fill = part.colour if part else "#3a3f41"
    dot = f'<circle cx="{x}" cy="{y}" r="{DOT}" fill="{fill}"/><text class="n" x="{x}" y="{y + 3}">{pin}</text>'
    return dot + ("".join(_label(pin, part, spoken, left, y)) if part else "")


def _label(pin: int, part: Part, spoken: int, left: bool, y: int) -> Iterator[str]:
    begin, end = (MIDDLE - 2 * GAP, MIDDLE - 70) if left else (MIDDLE + 2 * GAP, MIDDLE + 70)
    gpio = GPIO_OF_PIN.get(pin)
    words = part.name[spoken] + (f" (GPIO {gpio})" if gpio is not None else "")
    yield f'<path d="M{begin} {y}H{end}" stroke="{part.colour}" stroke-width="3"/>'
    kind = ' class="e"' if left else ""
    yield f'<text{kind} x="{end + (-8 if left else 8)}" y="{y + 5}">{_said(words)}</text>\n'


def _said(words: str) -> str:
    return escape(typeset(words), quote=False)


def main() -> None:
    """Writes the files."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent
    folder.mkdir(parents=True, exist_ok=True)
    for kind in BUSES:
        for language in LANGUAGES:
            (folder / f"header-{kind}.{language}.svg").write_text(drawn(kind, language), "utf-8")


if __name__ == "__main__":
    main()
