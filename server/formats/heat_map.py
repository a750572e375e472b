"""How full the place is by hour and weekday, as a picture of cells: shades and figures, for SVG. Pure."""

from collections.abc import Iterable
from typing import NamedTuple

from device.contract.messages import Level
from server.core.presence.hourly_occupancy import WeekHour
from server.core.presence.occupancy_level import level

CELL_WIDTH, CELL_HEIGHT = 60, 30
LEFT, TOP = 56, 24


class HeatCell(NamedTuple):
    """One hour of the week: where it is drawn, its mean, how full that is, and how dark (0 to 1)."""

    x: int
    y: int
    weekday: int
    hour: int
    mean: float
    peak: int
    level: Level
    depth: float


class HeatMap(NamedTuple):
    """The cells, the weekdays and hours that they are of, and the size of it all."""

    cells: list[HeatCell]
    weekdays: list[int]
    hours: list[int]
    width: int
    height: int


def heat_map(week: Iterable[WeekHour], comfortable: int, most: int) -> HeatMap:
    """The picture of `week`; darker is fuller, up to `comfortable`, and beyond it another colour."""
    known = list(week)
    weekdays = sorted({each.weekday for each in known})
    told = [each.hour for each in known]
    hours = list(range(min(told), max(told) + 1)) if told else []
    cells = [
        HeatCell(
            x=LEFT + weekdays.index(each.weekday) * CELL_WIDTH,
            y=TOP + hours.index(each.hour) * CELL_HEIGHT,
            weekday=each.weekday,
            hour=each.hour,
            mean=each.mean,
            peak=each.peak,
            level=level(each.mean, comfortable, most),
            depth=round(min(1.0, each.mean / comfortable), 2),
        )
        for each in known
    ]
    return HeatMap(cells, weekdays, hours, LEFT + len(weekdays) * CELL_WIDTH, TOP + len(hours) * CELL_HEIGHT)
