"""The door under test: `python -m tests.performance.door FOLDER UDP GRANTS [CHANGE…]`.

The real unit with so many grants, its reader over nfcpy's UDP device, and the named changes made to it
(`door_changes.py`). Each release is told by the driver's own process, when the line was driven. At the end, on
SIGTERM, so that nothing of it falls into what is measured, it tells of each tap its badge and four moments: when the
badge was activated, when the tap was put on the queue, taken from there, and when the strike's driver was told; and
after every so many taps what the door takes of memory and handles.
"""

import signal
import sys
import threading
import time
from pathlib import Path

import psutil
from msgspec.structs import replace

from device.adapters.strike import DrivenStrike
from device.app import UnitProgram
from device.contract.codec import encode
from device.contract.instant import Instant
from device.contract.unit_settings import PinSettings, ReaderSettings, UnitRules, UnitSettings, UnitSiteSettings
from device.core.badge.candidates import Keyring
from device.core.clock import Reading
from device.hardware import Put
from device.inbox import Input, ReaderState, Removed, Tap
from device.ports import Reader, Strike
from device.simulation.announcer import Announcer
from device.simulation.hardware import ShiftedClock, SimulatedHardware
from tests.performance.badge_kinds import list_of_all_kinds
from tests.performance.door_changes import CHANGES

STRIKE = 17
LOOK_EVERY = 50
"""Taps between two looks at what the door takes."""
TIMED_DRIVER = Path(__file__).with_name("timed_driver.py")


class NotedClock(ShiftedClock):
    """It is looked at first thing in each round of the controller."""

    looked_s = 0.0

    def read(self) -> Reading:
        reading = super().read()
        self.looked_s = reading.monotonic_s
        return reading


class NotedStrike(DrivenStrike):
    """Notes each release before it passes it on to a driver that looks at the clock when it drives."""

    def __init__(self, put: Put, clock: NotedClock) -> None:
        super().__init__((), put, clock.monotonic_s, (sys.executable, str(TIMED_DRIVER)))
        self._clock = clock
        self.releases: list[tuple[float, float]] = []

    def release(self, until_s: float) -> None:
        self.releases.append((self._clock.looked_s, self._clock.monotonic_s()))
        super().release(until_s)


class NotedHardware(SimulatedHardware):
    """Notes what becomes of each tap."""

    def __init__(self, settings: UnitSettings, udp_port: int, announcer: Announcer) -> None:
        super().__init__(settings, udp_port, announcer)
        self.clock = self.noted_clock = NotedClock()
        self.taps: list[tuple[str, float, float]] = []
        self.takes: list[tuple[int, int, int]] = []
        self._process = psutil.Process()

    def strike(self, pins: PinSettings, put: Put) -> Strike:
        self.noted_strike = NotedStrike(put, self.noted_clock)
        return self.noted_strike

    def reader(self, index: int, reader: ReaderSettings, keyring: Keyring, put: Put) -> Reader:
        def note_and_put(happening: Input) -> None:
            if isinstance(happening, Tap):
                self.taps.append((happening.badge.uid, happening.badge.sensed_s, self.clock.monotonic_s()))
            put(happening)
            match happening:
                case ReaderState(lost=False) if not self.taps:
                    self._announcer.tell("ready")
                case Removed() if len(self.taps) % LOOK_EVERY == 0:
                    self._look()

        return super().reader(index, reader, keyring, note_and_put)

    def _look(self) -> None:
        """While no badge is there."""
        self.takes.append((self._process.memory_info().rss, self._process.num_fds(), threading.active_count()))

    def tell(self) -> None:
        for uid, *moments in self.taps:
            self._announcer.tell("tap", uid, *map(repr, moments))
        for taken_s, told_s in self.noted_strike.releases:
            self._announcer.tell("told", repr(taken_s), repr(told_s))
        for memory, files, threads in self.takes:
            self._announcer.tell("takes", str(memory), str(files), str(threads))


def main(folder: Path, udp: int, grants: int, changes: list[str]) -> None:
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
    known = replace(list_of_all_kinds(grants), issued_at=Instant.of_epoch_ms(int(time.time() * 1000)))
    (folder / "data" / "access-list.json").write_bytes(encode(known))
    del known
    for change in changes:
        CHANGES[change]()
    hardware = NotedHardware(settings, udp, Announcer(sys.stdout))
    unit = UnitProgram(settings, folder, hardware)
    signal.signal(signal.SIGTERM, lambda *_: unit.stop())
    unit.run()
    hardware.tell()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4:])
