"""Draws the sheet that says what a door's ring means, to be printed and hung up where people badge: French and English.

`ring_guide.py [FOLDER]` writes `ring-guide.fr.svg` and `ring-guide.en.svg`, A4, beside itself unless a folder is named;
what they say stands in `ring-guide.toml`.
"""

import sys
import tomllib
from collections.abc import Iterator
from html import escape
from math import cos, pi, sin
from pathlib import Path
from typing import Any

from device.contract.messages import Left, Receipt
from device.core.lights.door_ring import Picture, Show, frame
from device.core.lights.light import Rgb
from server.i18n.typography import typeset

WIDTH, HEIGHT = 794, 1123
"""A4 at 96 dots an inch."""
MARGIN, COLUMN, COLUMNS, HEADING = 40, 362, 2, 104
ROW, SECTION = 60, 32
DISC, RADIUS, DOT = 28, 20, 7.6
LEDS = 12
DARK = 23
"""Grey of an LED that is out."""
GLOW = 0.55
"""Exponent from an LED's light to that of paper: eyes see a faint LED in the dark far better than a faint print."""

LANGUAGES = ("fr", "en")
TEXTS = Path(__file__).with_name("ring-guide.toml")

RECEIPT = Receipt(
    epoch="9f2c41aa",
    seq=1,
    paid_by="tickets",
    left=Left(hour=0, half_day=7, day=0, golden=1, nomade=None),
    of=11,
    owed_cents=0,
    expires=None,
    greeting="Bonjour",
)


def sheet(language: str) -> str:
    """The SVG of the sheet, in one of `LANGUAGES`."""
    texts = tomllib.loads(TEXTS.read_text("utf-8"))
    columns = [[part for part in texts["section"] if part["column"] == number] for number in range(COLUMNS)]
    body = "".join(
        f'<g transform="translate({MARGIN + number * COLUMN} {HEADING})">{"".join(_column(sections, language))}</g>\n'
        for number, sections in enumerate(columns)
    )
    title = _text("t", MARGIN, 52, texts["title"][language]) + _text("s", MARGIN, 74, texts["subtitle"][language])
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" lang="{language}">'
        "<style>text{font-family:sans-serif;fill:#111}path{stroke-linecap:round}"
        f".l{{stroke-width:{DOT}}}.t{{font-size:26px;font-weight:bold}}.s{{font-size:12px;fill:#444}}"
        ".h{font-size:17px;font-weight:bold}.m{font-size:13px;font-weight:bold}.a{font-size:12px;fill:#333}</style>"
        f'<rect width="100%" height="100%" fill="#fff"/>{title}\n{body}</svg>\n'
    )


def _column(sections: list[dict[str, Any]], language: str) -> Iterator[str]:
    top = 0
    for section in sections:
        yield _text("h", 0, top + 18, section[language])
        top += SECTION
        for light in section["light"]:
            meaning, advice = light[language]
            yield f'<g transform="translate({DISC} {top + DISC})">{_ring(light["picture"], light["moment_s"])}</g>'
            lines = _wrapped(typeset(meaning))
            yield "".join(_text("m", 2 * DISC + 12, top + 22 + 16 * row, line) for row, line in enumerate(lines))
            yield _text("a", 2 * DISC + 12, top + 22 + 17 * len(lines), advice)
            top += ROW
        top += SECTION // 2


def _ring(name: str, moment_s: float) -> str:
    picture = Picture(name)
    receipt = RECEIPT if picture is Picture.RECEIPT else None
    colours = frame(Show(picture, 0.0, receipt), moment_s, LEDS)
    return f'<circle r="{DISC}" fill="#0b0b0d"/>' + "".join(_led(index, colour) for index, colour in enumerate(colours))


def _led(index: int, colour: Rgb) -> str:
    angle = 2 * pi * index / LEDS
    strongest = max(colour)
    gain = (strongest / 255) ** GLOW * 255 / strongest if strongest else 0.0
    shown = [max(DARK, round(value * gain)) for value in colour]
    return (
        f'<path class="l" stroke="#{bytes(shown).hex()}" d="M{RADIUS * sin(angle):.1f} {-RADIUS * cos(angle):.1f}h0"/>'
    )


def _wrapped(text: str, width: int = 38) -> list[str]:
    """One line, or two that break at a space."""
    if len(text) <= width:
        return [text]
    at = text.rindex(" ", 0, width)
    return [text[:at], text[at + 1 :]]


def _text(kind: str, x: int, y: int, words: str) -> str:
    return f'<text class="{kind}" x="{x}" y="{y}">{escape(typeset(words), quote=False)}</text>'


def main() -> None:
    """Writes the files."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent
    folder.mkdir(parents=True, exist_ok=True)
    for language in LANGUAGES:
        (folder / f"ring-guide.{language}.svg").write_text(sheet(language), "utf-8")


if __name__ == "__main__":
    main()
