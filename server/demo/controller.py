"""The bench itself: what visitors do goes to the simulated hardware, what the hardware does comes back as pictures.

It runs on the one thread of the demo; nothing here waits.
"""

from collections.abc import Callable
from typing import NamedTuple

from msgspec.structs import replace

from device.contract.errors import Refused
from device.contract.messages import Side
from server.demo import narration
from server.demo.fixtures import BADGES, DemoBadge
from server.demo.inbox import (
    Gone,
    Happening,
    Heard,
    Linked,
    Present,
    PressDial,
    PressRex,
    Push,
    Said,
    Shut,
    Switch,
    SwitchProgram,
    TapOver,
    Turn,
)
from server.demo.mqtt_view import MqttView
from server.demo.narration import Told
from server.demo.processes import HOLD_AT_DESK_S, HOLD_S, SERVER, Processes
from server.demo.texts import Saying, both
from server.demo.view_state import ViewState
from server.demo.views import (
    Answer,
    after_line,
    order_for,
    orders_at_start,
    with_answer,
    without_power,
)

CLOSER_S = 2.5
"""After so long the leaf that somebody went through falls shut."""


class EndedProcess(NamedTuple):
    """A process that ended by itself, and the last that it said."""

    name: str
    status: int
    last_words: str


class _Held(NamedTuple):
    """A badge before a reader; what that unit answered last before it came, and how often it had sounded."""

    badge: DemoBadge
    answer: Answer | None
    beeps: int


class DemoController:
    """Gives orders to `processes`, and shows in `views` what they say."""

    def __init__(self, processes: Processes, views: ViewState, monotonic_s: Callable[[], float]) -> None:
        self._processes, self._views, self._monotonic_s = processes, views, monotonic_s
        self._mqtt = MqttView(views)
        self._held: dict[tuple[str, Side], _Held] = {}
        self._closing_s: dict[str, float] = {}
        self._silent: set[str] = set()
        self.failures: list[EndedProcess] = []

    def begin(self) -> None:
        """Starts server and units; the broker runs already."""
        self._processes.begin_server()
        self._views.show_house(broker=True, server=True)
        for unit in self._views.units:
            self._begin_unit(unit)

    def last_words(self, name: str) -> str:
        """The last line that a process wrote to its log."""
        return self._processes.last_words(name)

    @property
    def awaited(self) -> list[str]:
        """Who has not been heard of yet: the place is ready when nobody is missing."""
        silent = [name for name, unit in self._views.units.items() if not unit.online]
        return silent if self._views.house.present is not None else [SERVER, *silent]

    @property
    def deadline_s(self) -> float | None:
        """When time next matters, in monotonic seconds."""
        return min(self._closing_s.values(), default=None)

    def tick(self) -> None:
        """Lets time pass."""
        for unit, due_s in list(self._closing_s.items()):
            if self._monotonic_s() >= due_s:
                self._shut(unit)

    def take(self, happening: Happening) -> None:
        """One thing that happened, or that a visitor does."""
        match happening:
            case Said(name, run, line) if self._processes.is_current(name, run) and name in self._views.units:
                self._said(name, line)
            case Gone(name, run, status) if self._processes.is_current(name, run):
                self._gone(name, status)
            case TapOver(unit, side, taken):
                self._tap_over(unit, side, taken)
            case Linked() | Heard():
                self._mqtt.take(happening)
            case Present() | Push() | Shut() | PressRex() | Turn() | PressDial() | Switch() | SwitchProgram():
                self._order(happening)

    def _said(self, name: str, line: str) -> None:
        if name in self._silent:
            self._silent.discard(name)
            for order in orders_at_start(self._views.units[name]):
                self._processes.order(name, order)
        unit = after_line(self._views.units[name], line)
        told = narration.of_line(line, self._who(name, line.rpartition(" ")[2]))
        if told and told.mark in ("yes", "no"):
            unit = with_answer(unit, told.mark == "yes", told.text)
        self._views.show(unit)
        if told:
            self._views.tell(told, name)

    def _gone(self, name: str, status: int) -> None:
        self.failures.append(EndedProcess(name, status, self._processes.last_words(name)))
        if name in self._views.units:
            self._views.show(without_power(self._views.units[name]))
        elif name == SERVER:
            self._views.show_house(server=False)
        else:
            self._views.show_house(broker=False)
        self._views.tell(Told("alarm", both("stopped by itself: {why}", why=self._processes.last_words(name))), name)

    def _tap_over(self, unit: str, side: Side, taken: bool) -> None:
        self._processes.take_away(unit, side)
        badge, answer, beeps = self._held.pop((unit, side))
        view = self._views.units[unit]
        self._views.show(replace(view, held_to=tuple(each for each in view.held_to if each != side)))
        if not taken:
            self._views.tell(Told("quiet", both("the reader did not take up {badge}", badge=badge.label)), unit)
        elif view.answer == answer:
            was_lent = view.kind == "desk" and view.beeps != beeps
            self._views.tell(narration.unanswered(badge.label, was_lent), unit)

    def _order(self, order: Happening) -> None:
        match order:
            case Present():
                self._present(order)
            case Push(unit, how):
                self._push(unit, how)
            case Shut(unit):
                self._shut(unit)
            case PressRex(unit):
                self._press(unit)
            case Turn(unit, steps):
                self._processes.order(unit, f"turn {steps}")
            case PressDial(unit, long):
                self._processes.order(unit, "hold" if long else "press")
            case Switch(unit, "power", on):
                self._power(unit, on)
            case Switch():
                self._switch(order)
            case SwitchProgram(what, on):
                self._run(what, on)

    def _present(self, order: Present) -> None:
        unit = self._views.units[order.unit]
        badge = next(badge for badge in BADGES if badge.id == order.badge)
        if order.side in unit.held_to:
            self._views.tell(Told("quiet", both("one badge at a time: the last one is still there")), unit.name)
            return
        if any(held.badge is badge for held in self._held.values()):
            self._views.tell(Told("quiet", both("{badge} is still at another reader", badge=badge.label)), unit.name)
            return
        if not (unit.power and unit.reader):
            self._views.tell(Told("quiet", both("the reader is dead: no power, or no cable")), unit.name)
            return
        self._held[unit.name, order.side] = _Held(badge, unit.answer, unit.beeps)
        for_s = HOLD_AT_DESK_S if unit.kind == "desk" else HOLD_S
        self._processes.hold(badge.id, unit.name, order.side, for_s)
        self._views.show(replace(unit, held_to=(*unit.held_to, order.side)))
        self._views.tell(Told("hand", both(narration.HELD[order.side == "exit"], badge=badge.label)), unit.name)

    def _push(self, name: str, how: str) -> None:
        unit = self._views.units[name]
        if unit.leaf_open:
            return
        if not unit.released and how != "force":
            self._views.tell(Told("quiet", both("somebody pushes: the strike is locked, the door does not move")), name)
            return
        self._views.show(replace(unit, leaf_open=True))
        self._processes.order(name, "leaf open")
        if how == "through":
            self._closing_s[name] = self._monotonic_s() + CLOSER_S
        self._views.tell(Told("hand", both(narration.PUSHED[how])), name)

    def _shut(self, name: str) -> None:
        self._closing_s.pop(name, None)
        if self._views.units[name].leaf_open:
            self._views.show(replace(self._views.units[name], leaf_open=False))
            self._processes.order(name, "leaf closed")
            self._views.tell(Told("hand", both("the door falls shut")), name)

    def _press(self, name: str) -> None:
        if self._views.units[name].power:
            self._processes.order(name, "rex")
            self._views.tell(Told("hand", both("somebody presses the exit button")), name)
        else:
            self._views.tell(Told("quiet", both("the exit button does nothing: no power")), name)

    def _power(self, name: str, on: bool) -> None:
        if on == self._views.units[name].power:
            return
        self._views.tell(Told("hand", both(narration.SWITCHED["power", on])), name)
        if on:
            self._begin_unit(name)
        else:
            self._processes.kill(name)
            self._views.show(without_power(self._views.units[name]))

    def _switch(self, order: Switch) -> None:
        unit = self._views.units[order.unit]
        if getattr(unit, order.what) == order.on:
            return
        self._views.show(replace(unit, **{order.what: order.on}))
        if unit.power:
            self._processes.order(order.unit, order_for(order.what, order.on))
        self._views.tell(Told("hand", both(narration.SWITCHED[order.what, order.on])), order.unit)

    def _run(self, what: str, on: bool) -> None:
        if on == getattr(self._views.house, what):
            return
        try:
            self._put_on(what) if on else self._processes.kill(what)
        except Refused as fault:
            self._views.tell(Told("alarm", both("does not start: {why}", why=fault)), what)
            return
        self._views.tell(Told("hand", both(narration.RUN[what, on])), what)
        self._views.show_house(**{what: on})

    def _put_on(self, what: str) -> None:
        if what == SERVER:
            self._processes.begin_server()
        else:
            self._processes.begin_broker()

    def _begin_unit(self, name: str) -> None:
        self._silent.add(name)
        self._processes.begin_unit(name)
        self._views.show(replace(self._views.units[name], power=True))

    def _who(self, unit: str, credential: str) -> Saying:
        """The badge that is held there, since a copy shows the number of another; else the one of that number."""
        held = [held.badge for (where, _), held in self._held.items() if where == unit]
        known = next((badge for badge in [*held, *BADGES] if badge.shows(credential)), None)
        return known.label if known else both("{name}", name=credential)
