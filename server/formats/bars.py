"""A chart of bars, as SVG draws it: heights, a round top of the scale, lines across. Pure."""

from collections.abc import Sequence
from typing import NamedTuple

WIDTH, HEIGHT = 720, 220
LEFT, BOTTOM, TOP = 40, 24, 8


class Bar(NamedTuple):
    """One bar: from `x`, `width` wide, its `parts` from the bottom up as (y, height)."""

    label: str
    x: float
    width: float
    parts: tuple[tuple[float, float], ...]
    value: float


class ScaleLine(NamedTuple):
    """A value of the scale, and where it is."""

    value: int
    y: float


class Chart(NamedTuple):
    """Bars, lines of the scale, and marks such as a capacity."""

    bars: list[Bar]
    lines: list[ScaleLine]
    marks: list[ScaleLine]


def chart(labels: Sequence[str], values: Sequence[Sequence[float]], marks: Sequence[int] = ()) -> Chart:
    """One bar for each label, made of as many parts as its values; `marks` are shown where they fit."""
    totals = [sum(parts) for parts in values]
    most = max(totals, default=0)
    top = _round_top(max([most, *(mark for mark in marks if mark <= 2 * most)]))
    scale = (HEIGHT - TOP - BOTTOM) / top
    step = (WIDTH - LEFT) / max(1, len(labels))
    bars = []
    for nth, (label, parts) in enumerate(zip(labels, values, strict=True)):
        drawn, below = [], 0.0
        for part in parts:
            below += part
            drawn.append((_y(below, scale), round(part * scale, 1)))
        bars.append(Bar(label, round(LEFT + nth * step + step * 0.1, 1), round(step * 0.8, 1), tuple(drawn), below))
    return Chart(
        bars,
        [ScaleLine(value, _y(value, scale)) for value in range(0, top + 1, top // 4)],
        [ScaleLine(mark, _y(mark, scale)) for mark in marks if mark <= top],
    )


def _y(value: float, scale: float) -> float:
    return round(HEIGHT - BOTTOM - value * scale, 1)


def _round_top(most: float) -> int:
    """The next of 4, 8, 20, 40, 80, 200 …, so that four lines divide it; 4 for nothing at all."""
    power = 1
    while True:
        for step in (4, 8, 20):
            if step * power >= most:
                return step * power
        power *= 10
