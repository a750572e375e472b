"""Shapes of light that move: how bright each place of a ring is at each time, and pictures painted from them.

A place is 0 to 1, clockwise from the top; a time is in seconds since the picture began; a level is 0 (dark) to 1, in
even steps to the eye. No shape flashes more than three times a second (WCAG 2.2, 2.3.1): nobody's door may harm them.
"""

from collections.abc import Callable, Sequence
from math import copysign, cos, exp, pi

from device.core.lights.light import Rgb

Shape = Callable[[float, float], float]
"""Time and place to level."""
Layer = tuple[Rgb, Shape]

SOFT = 1 / 24
"""Over how much of the ring an edge goes from light to dark: half an LED of twelve."""
DOT = SOFT / 2
"""Half of what an arc needs to light one LED of twelve, and nothing of its neighbours."""


def paint(layers: Sequence[Layer], time_s: float, leds: int, fade: float = 1.0) -> tuple[Rgb, ...]:
    """The layers over each other, the brighter one winning in each colour, all dimmed to `fade`."""
    return tuple(_point(layers, time_s, index / leds, fade) for index in range(leds))


def _point(layers: Sequence[Layer], time_s: float, place: float, fade: float) -> Rgb:
    red = green = blue = 0
    for colour, shape in layers:
        level = shape(time_s, place) * fade
        red = max(red, round(colour[0] * level))
        green = max(green, round(colour[1] * level))
        blue = max(blue, round(colour[2] * level))
    return red, green, blue


def clamp(value: float) -> float:
    """`value` cut to 0 to 1."""
    return 0.0 if value < 0.0 else 1.0 if value > 1.0 else value


def away(place: float, centre: float) -> float:
    """How far two places are apart, the shorter way around: 0 to 0.5."""
    return abs((place - centre + 0.5) % 1.0 - 0.5)


def near(place: float, centre: float, half: float) -> float:
    """The level of an arc that reaches `half` of the ring to each side of its centre, with soft ends."""
    return clamp((half - away(place, centre)) / SOFT + 0.5)


def height(place: float) -> float:
    """How high a place is: 1 at the top, 0 at the bottom."""
    return (1 + cos(2 * pi * place)) / 2


def swell(time_s: float, period_s: float, low: float = 0.0) -> float:
    """Breathing: from `low` up to 1 and back, once a period."""
    return low + (1 - low) * (0.5 - 0.5 * cos(2 * pi * time_s / period_s))


def arcs(*centres: float, half: float, level: float = 1.0) -> Shape:
    """Arcs that stand still."""
    return lambda _, place: level * max(near(place, centre, half) for centre in centres)


def whole(level: float = 1.0) -> Shape:
    """The whole ring, still."""
    return lambda _, __: level


def breathing(shape: Shape, period_s: float, low: float = 0.0) -> Shape:
    """A shape that swells and sinks, beginning low."""
    return lambda time_s, place: shape(time_s, place) * swell(time_s, period_s, low)


def struck(shape: Shape, period_s: float) -> Shape:
    """A shape that appears at once and dies away to a twentieth, again each period, like a bell."""
    return lambda time_s, place: shape(time_s, place) * exp(-3 * (time_s % period_s) / period_s)


def rising(over_s: float) -> Shape:
    """Light that fills the ring from the bottom to the top, and stays."""
    return lambda time_s, place: clamp((1.2 * time_s / over_s - height(place)) / 0.2)


def sinking(over_s: float) -> Shape:
    """A whole ring that empties from the top to the bottom."""
    return lambda time_s, place: clamp((1.2 * (1 - time_s / over_s) - height(place)) / 0.2)


def comet(turn_s: float, tail: float = 0.4, heads: int = 1) -> Shape:
    """Lights that run around once in `turn_s` (negative: anticlockwise), each with a tail behind it."""
    way = copysign(1, turn_s)
    space = 1 / heads

    def level(time_s: float, place: float) -> float:
        behind = (time_s / turn_s - place) * way % space
        ahead = space - behind
        return max(clamp(1 - behind / tail) ** 2, clamp(1 - ahead / (2 * SOFT)))

    return level


def gap(turn_s: float, half: float) -> Shape:
    """A whole ring in which a dark gap runs around."""
    return lambda time_s, place: 1 - near(place, time_s / turn_s, half)


def draining(over_s: float) -> Shape:
    """A whole ring that empties anticlockwise from the top, like sand running out; the outline stays."""
    return lambda time_s, place: max(0.12, clamp((1 - time_s / over_s - place) / SOFT + 0.5))


def sweeping(period_s: float) -> Shape:
    """Light that fills the ring clockwise from the top, and begins again."""
    return lambda time_s, place: clamp(((time_s / period_s % 1) * 1.1 - place) / SOFT)


def winding(over_s: float) -> Shape:
    """Light that fills the ring clockwise from the top, once, and stays."""
    return lambda time_s, place: clamp((time_s / over_s * (1 + SOFT) - place) / SOFT)


def swapping(first: Shape, second: Shape, period_s: float) -> Shape:
    """Two shapes in turn, each for half a period."""
    return lambda time_s, place: (first if time_s % period_s < period_s / 2 else second)(time_s, place)


def ticking(steps: int, per_s: float) -> Shape:
    """A hand that goes clockwise from step to step, as a clock's does."""
    return lambda time_s, place: near(place, int(time_s * per_s) / steps, SOFT)


def falling(per_s: float) -> Shape:
    """Bands that run down both sides, from the top to the bottom."""
    return lambda time_s, place: 1.0 if (height(place) + time_s * per_s / 2) % 0.5 < 0.25 else 0.1


def sectors(count: int, shifted: bool = False) -> Shape:
    """As many lit arcs as dark ones, `count` each, still."""
    return lambda _, place: 1.0 if (int(place * 2 * count + 1e-9) % 2 == 0) is not shifted else 0.0
