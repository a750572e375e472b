"""A room: what its dial says shows at once, the server's word holds, and between the two the later in time wins.

A reader, where there is one, counts its holder in, and out again at the next tap. Who it was stays here, and is
forgotten with the room's going free: rooms know how many, never who (rules 5).
"""

import logging
from collections.abc import Sequence
from dataclasses import replace as remade

from msgspec.structs import replace

from device.contract.channels import SILENT_AFTER_S
from device.contract.messages import Command, Message, RoomSet, RoomStatus
from device.contract.uses import FREE
from device.core.door.taps import Debounce
from device.core.lights.light import parse_colour
from device.core.lights.reservation_mark import mark
from device.core.lights.room_ring import Room, RoomSigns, is_awake
from device.core.lights.room_use import Use
from device.core.room.dial import Dial, Setting
from device.core.room.room_page import room_page
from device.inbox import Input, Pressed, ReaderState, Removed, Tap, Turned
from device.knowledge import RoomMemory
from device.ports import Moment, Screen
from device.room_panel import RoomPanel
from device.unit_context import UnitContext, stamp

log = logging.getLogger(__name__)


class RoomUnit:
    """The ring, the dial and perhaps a screen and a reader of one room."""

    def __init__(
        self,
        station: UnitContext,
        panel: RoomPanel,
        *,
        name: str,
        seats: int,
        uses: Sequence[Use],
        screen: Screen | None = None,
        debounce_s: float = 3,
    ) -> None:
        self._station, self._panel, self._name, self._screen = station, panel, name, screen
        self._uses = {use.name: use for use in uses}
        self._memory = station.knowledge.room
        self._dial = self._recalled(seats)
        self._touched: Moment | None = None
        self._debounce = Debounce(debounce_s)
        self._badges_in: set[str] = set()

    def begin(self, moment: Moment) -> None:
        """Shows what was last known."""
        self.tick(moment)

    def end(self, moment: Moment) -> None:
        """Nothing to leave: what was set is kept already."""

    def take(self, happening: Input, moment: Moment) -> None:
        """One thing that happened at the room's door."""
        match happening:
            case Turned(steps):
                self._turn(steps, moment)
            case Pressed(long):
                (self._dial.hold if long else self._dial.press)(moment.now_s, moment.trusted)
                self._touched = moment
            case Tap():
                self._tap(happening, moment)
            case Removed(side, uid):
                self._debounce.seen((side, uid), moment.now_s)
            case ReaderState(_, lost):
                events = self._station.set_alarm("reader", lost, moment)
                if events:
                    self._station.record(events)

    def heard(self, message: Message, moment: Moment) -> None:
        """The server's word on this room."""
        if not isinstance(message, RoomStatus):
            return
        use = self._uses.get(message.use)
        if use is None:
            log.warning("status set aside: unknown use=%s", message.use)
            return
        self._uses[use.name] = remade(use, label=message.label, colour=parse_colour(message.colour))
        word = Setting(message.people, message.use)
        taken = self._dial.take(word, message.since, message.seats, moment.now_s, moment.reckoned)
        self._keep(message if taken else replace(message, people=self._dial.setting.people, use=self._dial.setting.use))

    def obey(self, command: Command, moment: Moment) -> str | None:
        """Carries out a command; the reason where it cannot."""
        return f"a room cannot {command.kind}"

    def tick(self, moment: Moment) -> None:
        """Tells the server of a dial that has rested, and the ring how things stand."""
        told = self._dial.step(moment.now_s)
        if told is not None:
            self._tell(told, self._touched or moment)
        if self._dial.setting.people == 0:
            self._badges_in.clear()
        room, happening = self._room(), self._happening(moment)
        self._panel.tell(room, happening, moment.now_s)
        if self._screen is not None:
            self._show_page(self._screen, room, happening, moment)

    def deadline_s(self, moment: Moment) -> float | None:
        """When the dial has rested; the rest of what time changes can wait for the controller's round."""
        return self._dial.deadline_s

    def show(self, moment: Moment, is_connected: bool) -> None:
        """Nothing more than `tick` does: the ring of a room says by itself when the server is silent."""

    def is_quiet(self, moment: Moment) -> bool:
        """Unless somebody's hand is on the dial."""
        return self._dial.deadline_s is None

    def _turn(self, steps: int, moment: Moment) -> None:
        self._dial.turn(steps, moment.now_s, moment.trusted)
        self._touched = moment

    def _tap(self, tap: Tap, moment: Moment) -> None:
        if not self._debounce.is_new((tap.side, tap.badge.uid), moment.now_s):
            return
        leaves = tap.badge.uid in self._badges_in
        (self._badges_in.discard if leaves else self._badges_in.add)(tap.badge.uid)
        self._turn(-1 if leaves else 1, moment)

    def _tell(self, setting: Setting, touched: Moment) -> None:
        moment = touched._replace(at=self._dial.at or touched.at)
        self._station.record([RoomSet(**stamp(moment), room=self._name, use=setting.use, people=setting.people)])
        use = self._uses[setting.use]
        before = self._memory.status if self._memory else None
        red, green, blue = use.colour
        self._keep(
            RoomStatus(
                name=before.name if before else self._name,
                seats=self._dial.seats,
                people=setting.people,
                use=use.name,
                label=use.label,
                colour=f"#{red:02X}{green:02X}{blue:02X}",
                since=moment.at,
                set_by="dial",
                reservation=before.reservation if before else None,
            )
        )

    def _room(self) -> Room:
        return Room(self._dial.setting.people, self._dial.seats, self._uses[self._dial.setting.use])

    def _happening(self, moment: Moment) -> RoomSigns:
        reserved = self._memory.status.reservation if self._memory else None
        return RoomSigns(
            closed=self._station.knowledge.is_closed_at(moment.reckoned),
            silent=moment.now_s - self._station.heard_s > SILENT_AFTER_S,
            reservation=mark(reserved, self._dial.setting.people, moment.trusted),
            touched_s=self._dial.touched_s,
        )

    def _show_page(self, screen: Screen, room: Room, happening: RoomSigns, moment: Moment) -> None:
        if happening.closed and not is_awake(happening, moment.now_s):
            screen.show(None)
            return
        knowledge, status = self._station.knowledge, self._memory.status if self._memory else None
        closes_at = knowledge.hours.until if knowledge.hours else None
        reserved, name = (status.reservation, status.name) if status else (None, self._name)
        screen.show(room_page(name, room, reserved, closes_at, moment.trusted, knowledge.zone))

    def _keep(self, status: RoomStatus) -> None:
        """Keeps how the room stands, and since when by the dial where the server has not said so yet."""
        memory = RoomMemory(status, self._dial.at)
        if memory != self._memory:
            self._memory = memory
            self._station.knowledge.keep_room(memory)

    def _recalled(self, seats: int) -> Dial:
        if self._memory is None:
            return Dial(tuple(self._uses), seats)
        status = self._memory.status
        use = status.use if status.use in self._uses else FREE
        return Dial(tuple(self._uses), status.seats, Setting(status.people, use), at=self._memory.dial_at)
