"""What the server and the units say over the broker, shown at the bench."""

from msgspec.structs import replace

from device.contract.messages import Ack, Message, Occupancy, RoomStatus
from device.contract.state import State
from server.demo import narration
from server.demo.fixtures import UNITS
from server.demo.inbox import Heard, Linked
from server.demo.processes import SERVER
from server.demo.view_state import ViewState
from server.demo.views import RoomView

UNIT_OF_ROOM = {unit.room: unit.name for unit in UNITS if unit.room}


class MqttView:
    """Remembers who was heard of before, since only who comes back is news."""

    def __init__(self, views: ViewState) -> None:
        self._views = views
        self._heard_of: set[str] = set()

    def take(self, happening: Heard | Linked) -> None:
        """A message; or the bench's own line went up or down, and without it nobody knows who is heard."""
        match happening:
            case Heard(address, message):
                self._hear(address.name, message)
            case Linked(False):
                for unit in list(self._views.units.values()):
                    self._views.show(replace(unit, online=False))

    def _hear(self, name: str, message: Message) -> None:
        match message:
            case Occupancy():
                self._count(message)
            case RoomStatus() if name in UNIT_OF_ROOM:
                self._see_room(UNIT_OF_ROOM[name], message)
            case State() if name in self._views.units:
                self._see_unit(name, message)
            case Ack() if name in self._views.units:
                self._views.show(replace(self._views.units[name], kept=message.through))

    def _count(self, told: Occupancy) -> None:
        before = self._views.house.present
        self._views.show_house(
            present=told.present,
            guests=told.guests,
            uncertain=told.uncertain,
            comfortable=told.comfortable,
            most=told.max,
            level=told.level,
        )
        if news := narration.counted(before, told.present):
            self._views.tell(news, SERVER)

    def _see_unit(self, name: str, state: State) -> None:
        unit = self._views.units[name]
        if state.online == unit.online:
            return
        self._views.show(replace(unit, online=state.online))
        if name in self._heard_of:
            self._views.tell(narration.linked(state.online, state.outbox or 0), name)
        self._heard_of.add(name)

    def _see_room(self, name: str, status: RoomStatus) -> None:
        unit = self._views.units[name]
        room = RoomView(status.people, status.seats, status.label, status.colour)
        if unit.room is not None and room != unit.room:
            self._views.tell(narration.room_set(room), name)
        self._views.show(replace(unit, room=room))
