"""What is done to a simulated unit, one line each on a stream: `leaf open`, `rex`, `network cut`, …"""

from collections.abc import Callable
from threading import Event, Timer
from typing import Literal, TextIO

from device.adapters.encoder import HOLD_S
from device.contract.errors import Refused
from device.contract.messages import MOST_PEOPLE
from device.simulation.hardware import SimulatedHardware

PRESS_S = 0.1
"""How long a finger stays on a button."""
LEAF_S = 0.06
"""How long a leaf stays where it was put before the next order is obeyed: no door swings faster than it settles."""


class Console:
    """Reads lines and does what they say; what it does not understand it says, and goes on."""

    hardware: SimulatedHardware

    def __init__(self, complain: Callable[[str], None]) -> None:
        self._complain = complain
        self._attached = Event()
        self._swing = Event()
        self._orders: dict[str, Callable[[str], None]] = {
            "leaf": self._leaf,
            "rex": lambda word: self._press("rex", PRESS_S),
            "fire": lambda word: self.hardware.set_input("fire", closed=_chosen(word, "on", "off")),
            "tamper": lambda word: self.hardware.set_input("tamper", closed=_chosen(word, "on", "off")),
            "reader": self._reader,
            "network": self._network,
            "clock": self._clock,
            "turn": self._turn,
            "press": lambda word: self._press("dial_button", PRESS_S),
            "hold": lambda word: self._press("dial_button", HOLD_S + PRESS_S),
        }

    def attach(self, hardware: SimulatedHardware) -> None:
        """What orders are for from now on; again after each restart of the unit."""
        self.hardware = hardware
        self._attached.set()

    def follow(self, lines: TextIO) -> None:
        """Reads to the end of the stream, once there is hardware; the unit goes on after it."""
        self._attached.wait()
        for line in lines:
            if line.strip():
                self.order(line)

    def order(self, line: str) -> None:
        """Does what one line says."""
        name, _, rest = line.strip().partition(" ")
        order = self._orders.get(name)
        try:
            if order is None:
                raise Refused(f"no such order; there are: {', '.join(sorted(self._orders))}")
            order(rest.strip())
        except ValueError as fault:
            self._complain(f"{line.strip()}: {fault}")

    def _leaf(self, word: str) -> None:
        self.hardware.set_input("contact", closed=not _chosen(word, "open", "closed"))
        self._swing.wait(LEAF_S)

    def _press(self, button: Literal["rex", "dial_button"], for_s: float) -> None:
        self.hardware.set_input(button, closed=True)
        lifted = Timer(for_s, self.hardware.set_input, (button,), {"closed": False})
        lifted.daemon = True
        lifted.start()

    def _turn(self, word: str) -> None:
        try:
            steps = int(word)
        except ValueError:
            raise Refused("say by how many steps, negative to the left, as in: turn -2") from None
        if abs(steps) > MOST_PEOPLE:
            raise Refused(f"at most {MOST_PEOPLE} steps at once")
        self.hardware.turn(steps)

    def _reader(self, word: str) -> None:
        plugged = _chosen(word, "plug", "unplug")
        for cable in self.hardware.cables:
            (cable.plug if plugged else cable.unplug)()

    def _network(self, word: str) -> None:
        back = _chosen(word, "back", "cut")
        for client in self.hardware.clients:
            (client.mend if back else client.cut)()

    def _clock(self, word: str) -> None:
        try:
            seconds = float(word)
        except ValueError:
            raise Refused("say by how many seconds the clock is off, as in: clock 3600") from None
        self.hardware.clock.put_off(seconds)


def _chosen(word: str, yes: str, no: str) -> bool:
    if word not in (yes, no):
        raise Refused(f"say {yes} or {no}")
    return word == yes
