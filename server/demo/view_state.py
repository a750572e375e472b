"""The state that the bench shows: each change goes to the open pages at once."""

from collections.abc import Callable

import msgspec
from msgspec.structs import replace

from server.demo.event_stream import EventStream
from server.demo.fixtures import UNITS
from server.demo.narration import NarrationLine, Told
from server.demo.processes import BROKER, SERVER
from server.demo.texts import both
from server.demo.views import HouseView, UnitView

PLACES = {unit.name: unit.title for unit in UNITS} | {SERVER: both("Server"), BROKER: both("Broker")}
"""What people call the parts of the demo."""


class ViewState:
    """For one thread; `wall_time` gives the hour as people read it."""

    def __init__(self, events: EventStream, wall_time: Callable[[], str]) -> None:
        self._events, self._wall_time = events, wall_time
        self.units = {unit.name: UnitView(name=unit.name, kind=unit.kind) for unit in UNITS}
        self.house = HouseView()

    def show(self, unit: UnitView) -> None:
        """How a unit stands now."""
        self.units[unit.name] = unit
        self._events.show("unit", unit.name, msgspec.json.encode(unit))

    def show_house(self, **changed: object) -> None:
        """What has changed behind the units."""
        self.house = replace(self.house, **changed)
        self._events.show("house", "house", msgspec.json.encode(self.house))

    def tell(self, told: Told, where: str) -> None:
        """What happened at a unit, the server or the broker."""
        line = NarrationLine(self._wall_time(), told.mark, PLACES[where], told.text)
        self._events.tell(msgspec.json.encode(line))
