"""The door under test: `python -m tests.performance.door FOLDER UDP GRANTS [KEY]`.

The real unit with so many grants, its reader over nfcpy's UDP device. For each tap it tells when the badge was
activated and, from the driver's own process, when the strike was driven; and now and then the milliseconds of its
floor: a value put on a queue, for a thread that drives a pin.
"""

import signal
import sys
import time
from pathlib import Path
from queue import SimpleQueue
from threading import Event, Thread
from typing import Any

from msgspec.structs import replace

from device.adapters.strike import DrivenStrike
from device.app import UnitProgram
from device.contract.codec import encode
from device.contract.instant import Instant
from device.contract.unit_settings import PinSettings, ReaderSettings, UnitRules, UnitSettings, UnitSiteSettings
from device.core.badge.candidates import Keyring
from device.hardware import Put
from device.inbox import Input, Tap
from device.ports import Reader, Strike
from device.simulation.announcer import Announcer
from device.simulation.hardware import SimulatedHardware
from tests.performance.decisions import access_list

STRIKE, FLOOR_PIN = 17, 5
FLOOR_EVERY_S = 0.05
TIMED_DRIVER = Path(__file__).with_name("timed_driver.py")


class TimedHardware(SimulatedHardware):
    """Its strike's driver looks at the clock when it drives."""

    def strike(self, pins: PinSettings, put: Put) -> Strike:
        return DrivenStrike((), put, self.clock.monotonic_s, (sys.executable, str(TIMED_DRIVER)))

    def reader(self, index: int, reader: ReaderSettings, keyring: Keyring, put: Put) -> Reader:
        def note_and_put(happening: Input) -> None:
            if isinstance(happening, Tap):
                self._announcer.tell("sensed", str(happening.badge.sensed_s))
            put(happening)

        return super().reader(index, reader, keyring, note_and_put)

    def measure_floor(self, until: Event) -> None:
        """On a thread of its own."""
        queue: SimpleQueue[float] = SimpleQueue()
        pin: Any = self._pin(FLOOR_PIN)
        pin.function = "output"
        Thread(target=self._drive, args=(queue, pin), daemon=True).start()
        while not until.wait(FLOOR_EVERY_S):
            queue.put(self.clock.monotonic_s())

    def _drive(self, queue: "SimpleQueue[float]", pin: Any) -> None:
        while True:
            put_s = queue.get()
            pin.state = not pin.state
            self._announcer.tell("floor", str((self.clock.monotonic_s() - put_s) * 1000))


def main(folder: Path, udp: int, grants: int, key: str | None) -> None:
    """Runs until SIGTERM."""
    settings = UnitSettings(
        site=UnitSiteSettings(id="here"),
        name="front",
        kind="door",
        readers=[ReaderSettings(side="entry")],
        pins=PinSettings(factory="mock", strike=STRIKE),
        rules=UnitRules(release_s=0.05, debounce_s=0, toggle_guard_s=0),
    )
    (folder / "data").mkdir()
    known = replace(access_list(grants, key), issued_at=Instant.of_epoch_ms(int(time.time() * 1000)))
    (folder / "data" / "access-list.json").write_bytes(encode(known))
    hardware = TimedHardware(settings, udp, Announcer(sys.stdout))
    unit, ended = UnitProgram(settings, folder, hardware), Event()
    signal.signal(signal.SIGTERM, lambda *_: unit.stop())
    Thread(target=hardware.measure_floor, args=(ended,), daemon=True).start()
    unit.run()
    ended.set()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4] if len(sys.argv) > 4 else None)
