"""The room under test: `python -m tests.performance.room UNIT.TOML`.

The real unit on virtual hardware; its ring's bus is looked at. It tells `lit N S` when so many LEDs shine since S, on
the monotonic clock of this machine. Told `turns N` on stdin, it first tells `floor MS` so often, while the ring stands
still: a value put on a queue, for a thread that hands a frame to the same bus. Then it turns the dial so often, and
tells for each `turned MS`, from the dial to the frame on the bus.
"""

import random
import signal
import sys
import time
from pathlib import Path
from queue import SimpleQueue
from threading import Event, Thread

from device.adapters.led_ring import HEADER, START_FRAME, wire
from device.app import UnitProgram
from device.contract.unit_settings import UnitSettings, read_unit_settings
from device.core.lights.light import drives
from device.simulation.announcer import Announcer
from device.simulation.hardware import SimulatedHardware

BRIGHT = 360
"""Global brightness times channel: an LED that stands for people shines more, one of the faint circle less."""
PAUSE_S = 0.04
PATIENCE_S = 5.0
LEDS = 24
FRAME = wire(drives([(139, 195, 74)] * LEDS, 0.4, 300))


class WatchedHardware(SimulatedHardware):
    """Looks at the clock when a frame with another number of lit LEDs is on the bus."""

    def __init__(self, settings: UnitSettings, announcer: Announcer) -> None:
        super().__init__(settings, 0, announcer)
        self.pin_factory.listener = self._clocked_out
        self.changed = Event()
        self.changed_s, self._lit = 0.0, -1

    def _clocked_out(self, transfer: bytes) -> None:
        lit = count_lit(transfer)
        if lit != self._lit:
            self.changed_s, self._lit = self.clock.monotonic_s(), lit
            self.changed.set()
            self._announcer.tell("lit", str(lit), str(self.changed_s))


def count_lit(transfer: bytes) -> int:
    """How many LEDs shine for people; not decoded in full, for what the looking costs is counted as the unit's."""
    leds = (transfer[at : at + 4] for at in range(len(START_FRAME), len(START_FRAME) + 4 * LEDS, 4))
    return sum((led[0] & ~HEADER) * max(led[1:]) > BRIGHT for led in leds)


def turn(hardware: WatchedHardware, announcer: Announcer, times: int) -> None:
    """To and fro, at no particular moment of a frame."""
    floor = Floor(hardware)
    for _ in range(times):
        announcer.tell("floor", str(floor.milliseconds()))
        time.sleep(PAUSE_S * random.random())
    for nth in range(times):
        hardware.changed.clear()
        began_s = hardware.clock.monotonic_s()
        hardware.turn(-1 if nth % 2 else 1)
        if not hardware.changed.wait(PATIENCE_S):
            raise TimeoutError("the ring did not follow the dial")
        announcer.tell("turned", str((hardware.changed_s - began_s) * 1000))
        time.sleep(PAUSE_S * (1 + random.random()))


class Floor:
    """A queue, and a thread that hands a frame to the bus for each value on it."""

    def __init__(self, hardware: WatchedHardware) -> None:
        self._clock = hardware.clock
        self._queue: SimpleQueue[float] = SimpleQueue()
        self._found: SimpleQueue[float] = SimpleQueue()
        Thread(target=self._run, daemon=True).start()

    def milliseconds(self) -> float:
        """Once through."""
        self._queue.put(self._clock.monotonic_s())
        return self._found.get(timeout=PATIENCE_S)

    def _run(self) -> None:
        while True:
            put_s = self._queue.get()
            count_lit(FRAME)
            self._found.put((self._clock.monotonic_s() - put_s) * 1000)


def main(path: Path) -> None:
    """Runs until SIGTERM."""
    settings, announcer = read_unit_settings(path), Announcer(sys.stdout)
    hardware = WatchedHardware(settings, announcer)
    unit = UnitProgram(settings, path.parent, hardware)
    signal.signal(signal.SIGTERM, lambda *_: unit.stop())

    def follow() -> None:
        for line in sys.stdin:
            word, _, times = line.strip().partition(" ")
            if word == "turns":
                turn(hardware, announcer, int(times))

    Thread(target=follow, daemon=True).start()
    unit.run()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
