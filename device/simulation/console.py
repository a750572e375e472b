"""What is done to a simulated unit, one line each on a stream: `leaf open`, `rex`, `network cut`, …"""

from collections.abc import Callable
from threading import Timer
from typing import TextIO

from device.contract.errors import Refused
from device.simulation.hardware import SimulatedHardware

PRESS_S = 0.1
"""How long a finger stays on the REX button."""


class Console:
    """Reads lines and does what they say; what it does not understand it says, and goes on."""

    hardware: SimulatedHardware
    """Set before the first line comes, and anew after each restart of the unit."""

    def __init__(self, complain: Callable[[str], None]) -> None:
        self._complain = complain
        self._orders: dict[str, Callable[[str], None]] = {
            "leaf": self._leaf,
            "rex": self._rex,
            "fire": lambda word: self.hardware.set_input("fire", closed=_chosen(word, "on", "off")),
            "tamper": lambda word: self.hardware.set_input("tamper", closed=_chosen(word, "on", "off")),
            "reader": self._reader,
            "network": self._network,
            "clock": self._clock,
        }

    def follow(self, lines: TextIO) -> None:
        """Reads to the end of the stream; the unit goes on after it."""
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

    def _rex(self, word: str) -> None:
        self.hardware.set_input("rex", closed=True)
        lifted = Timer(PRESS_S, self.hardware.set_input, ("rex",), {"closed": False})
        lifted.daemon = True
        lifted.start()

    def _reader(self, word: str) -> None:
        plugged = _chosen(word, "plug", "unplug")
        for cable in self.hardware.cables:
            (cable.plug if plugged else cable.unplug)()

    def _network(self, word: str) -> None:
        back = _chosen(word, "back", "cut")
        for link in self.hardware.links:
            (link.mend if back else link.cut)()

    def _clock(self, word: str) -> None:
        try:
            self.hardware.clock.offset_s = float(word)
        except ValueError:
            raise Refused("say by how many seconds the clock is off, as in: clock 3600") from None


def _chosen(word: str, yes: str, no: str) -> bool:
    if word not in (yes, no):
        raise Refused(f"say {yes} or {no}")
    return word == yes
