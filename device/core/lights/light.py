"""Light: from the colours that people see to what clocked LEDs are driven with, and what that draws from the supply.

A colour is sRGB, so that even steps look even; an LED's light follows its pulse width, so each value is made linear
first (IEC 61966-2-1). Eight bits of that are too few in the dark: the 5-bit global brightness that each APA102 or
SK9822 carries beside its colours takes the coarse part, and a slow fade stays smooth down to black.
"""

from collections.abc import Sequence
from datetime import time
from math import ceil

Rgb = tuple[int, int, int]
"""Red, green, blue, 0 to 255 each, in sRGB."""
Drive = tuple[int, int, int, int]
"""What one LED is told: global brightness 0 to 31, then red, green, blue 0 to 255, linear."""

DARK: Rgb = (0, 0, 0)

CHANNEL_MA = 20.0
"""Of one colour of one LED at full (SK9822 data sheet: constant current; APA102: about the same)."""
IDLE_MA = 1.0
"""Of one dark LED: its controller draws this however little it shines."""

GLOBAL_STEPS = 31
CHANNEL_STEPS = 255
FULL = GLOBAL_STEPS * CHANNEL_STEPS
"""Product of a channel and its LED's global brightness, at the most."""

_ROUNDING_MA = 3 * 0.5 / CHANNEL_STEPS * CHANNEL_MA
"""What rounding three channels to whole steps may add to one LED."""


def linear(value: int) -> float:
    """The light, 0 to 1, of an sRGB value."""
    level = value / 255
    return level / 12.92 if level <= 0.04045 else ((level + 0.055) / 1.055) ** 2.4


def seen(light: float) -> int:
    """The sRGB value that looks like this much light, 0 to 1."""
    return round(255 * (light * 12.92 if light <= 0.0031308 else 1.055 * light ** (1 / 2.4) - 0.055))


_LINEAR = tuple(linear(value) for value in range(256))


def parse_colour(text: str) -> Rgb:
    """The colour written `#2A9D8F`."""
    return int(text[1:3], 16), int(text[3:5], 16), int(text[5:], 16)


def luminance(colour: Rgb) -> float:
    """How bright a colour is to those who do not see colours, 0 to 1 (WCAG 2.2, relative luminance)."""
    red, green, blue = colour
    return 0.2126 * _LINEAR[red] + 0.7152 * _LINEAR[green] + 0.0722 * _LINEAR[blue]


def drives(frame: Sequence[Rgb], brightness: float, limit_ma: float) -> list[Drive]:
    """What to tell the LEDs for `frame` at a share of full light, the whole dimmed evenly to draw at most `limit_ma`.

    Dark LEDs draw their idle current all the same: below that no frame can go.
    """
    lights = [(_LINEAR[r] * brightness, _LINEAR[g] * brightness, _LINEAR[b] * brightness) for r, g, b in frame]
    asked_ma = CHANNEL_MA * sum(map(sum, lights))
    budget_ma = max(0.0, limit_ma - len(frame) * (IDLE_MA + _ROUNDING_MA))
    scale = budget_ma / asked_ma if asked_ma > budget_ma else 1.0
    return [_drive(red * scale, green * scale, blue * scale) for red, green, blue in lights]


def brightness_at(local: time, hours: Sequence[tuple[time, float]]) -> float:
    """The brightness in force at a local time of day: `hours` says from when which holds, around midnight too.

    Without any, full.
    """
    if not hours:
        return 1.0
    begun = [entry for entry in hours if entry[0] <= local]
    return max(begun or hours)[1]


def _drive(red: float, green: float, blue: float) -> Drive:
    peak = max(red, green, blue)
    strength = ceil(peak * GLOBAL_STEPS)
    if strength == 0:
        return 0, 0, 0, 0
    steps = FULL / strength
    return strength, round(red * steps), round(green * steps), round(blue * steps)
