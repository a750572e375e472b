"""What the steps of the scenario share: the place, the card, the machine that runs, and the hand with the badge."""

import random
import time
from pathlib import Path
from typing import NamedTuple, TypeVar

from tests.card.console import Console
from tests.card.disks import overlay
from tests.card.machine import Machine
from tests.card.place import BADGE, STRIKE, UID, Place
from tests.card.roots import Root, unit_root
from tests.card.unit_machine import UnitMachine

SLOW_S = 600.0
REST_S = 7.0
"""Between two taps: the pulse before, and what would count as the same tap."""
OUTBOX = "/var/lib/poincon-unit/data/outbox.db"


M = TypeVar("M", bound=Machine)


class Pulse(NamedTuple):
    """The strike went high `after_s` a badge was laid or a button pressed, at `up_s`, and was low again at `down_s`."""

    after_s: float
    up_s: float
    down_s: float

    def __str__(self) -> str:
        return f"strike high after {1000 * self.after_s:.0f} ms, for {self.down_s - self.up_s:.1f} s"


class World:
    """Everything is in `folder`; what an earlier run installed there is used again where `again`."""

    def __init__(self, folder: Path, seed: int, *, again: bool = False) -> None:
        self.folder, self.again = folder, again
        self.random = random.Random(seed)
        self.place = Place(folder)
        self.more: list[str] = []
        """QEMU's words for a further disk, until the card is renewed."""
        self._on: UnitMachine | None = None
        self._others: list[Machine] = []
        try:
            self.place.start()
        except TimeoutError:
            self.close()
            raise

    @property
    def root(self) -> Root:
        """The root file system that a unit's card begins with."""
        return unit_root()

    @property
    def boot_partition(self) -> Path:
        """The card's boot partition as the first start left it."""
        return self.folder / "boot.img"

    @property
    def installed(self) -> Path:
        """The card's root after the first start; each later machine begins with it, and leaves it as it is."""
        return self.folder / "installed.qcow2"

    @property
    def machine(self) -> UnitMachine:
        """The installed unit, running: the one that is on, or a new one."""
        if self._on is None or not self._on.is_on:
            self.off()
            self.renew()
            self.power_on()
            self.wait_ready()
        assert self._on is not None
        return self._on

    @property
    def console(self) -> Console:
        """Its root shell."""
        return self.machine.console

    def renew(self) -> None:
        """A card as the first start left it."""
        assert self.installed.exists(), "nothing is installed: run the step first-start too"
        self.more = []
        overlay(self.folder / "root.qcow2", self.installed, "qcow2")
        overlay(self.folder / "boot.qcow2", self.boot_partition)

    @property
    def is_on(self) -> bool:
        """Whether a machine runs."""
        return self._on is not None and self._on.is_on

    def power_on(self) -> tuple[UnitMachine, float]:
        """The card as it is now, in a machine that is switched on; and the seconds until its shell."""
        disks = [self.folder / "root.qcow2", self.folder / "boot.qcow2"]
        self._on = UnitMachine(self.folder / "unit", self.root, disks, self.place, self.more)
        return self._on, self._on.boot()

    def has(self, machine: M) -> M:
        """Another machine of a step: it has no power any more when all ends, whatever the step does."""
        self._others.append(machine)
        return machine

    def off(self) -> None:
        """Cuts the power of the machine that is on."""
        if self._on is not None:
            self._on.cut_power()
            self._on = None

    def wait_ready(self) -> float:
        """Waits until the unit runs and the server has its state; the seconds it took."""
        assert self._on is not None
        began_s = time.monotonic()
        self._on.console.ask("until systemctl is-active -q poincon-unit; do sleep 1; done", SLOW_S)
        self.place.wait_for_state(lambda state: state.online and state.list_version is not None, SLOW_S)
        return time.monotonic() - began_s

    def lay(self) -> float:
        """Lays the badge on the reader after a pause; the monotonic time."""
        machine = self.machine
        machine.reader.lift()
        time.sleep(REST_S)
        since_s = time.monotonic()
        machine.reader.lay(bytes.fromhex(UID), self.place.key)
        return since_s

    def released(self, since_s: float, patience_s: float = 60) -> float:
        """When the strike went high."""
        return self.machine.lines.wait(STRIKE, 1, since_s=since_s, patience_s=patience_s)

    def secured(self, up_s: float, patience_s: float = 60) -> float:
        """When it was low again."""
        return self.machine.lines.wait(STRIKE, 0, since_s=up_s, patience_s=patience_s)

    def tap(self) -> Pulse:
        """A tap, from the badge to the strike at rest."""
        since_s = self.lay()
        up_s = self.released(since_s)
        self.machine.reader.lift()
        return Pulse(up_s - since_s, up_s, self.secured(up_s))

    def pid(self) -> str:
        """The process of the unit."""
        return self.console.ask("systemctl show poincon-unit -p MainPID --value")

    def outbox(self) -> str:
        """Whether the outbox is whole, and its newest records."""
        return self.console.ask(f'sqlite3 {OUTBOX} "pragma integrity_check"')

    def taps_kept(self, since: int) -> int:
        """How many taps of the badge the server has kept past the row `since`."""
        return len([event for event in self.place.events("access", since) if event["credential"] == BADGE])

    def close(self) -> None:
        """Ends all of it; what still runs in it fails."""
        self.off()
        for machine in self._others:
            machine.cut_power()
        self.place.stop()
