"""What a running unit finds of its parts, kept up as things happen: for its state, and for `poincon-unit check`."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import get_args

from device.adapters.boot_config import STRICT_GPIO, boot_config, is_strict
from device.adapters.findings_file import write_findings
from device.contract.findings import finding
from device.contract.messages import AlarmName, Clock
from device.contract.state import Finding
from device.contract.unit_settings import Circuit, UnitSettings
from device.inbox import Connected, Disconnected, Input, InputLevel, InputName, LinkFailed, ReaderState, StrikeState
from device.ports import Moment

log = logging.getLogger(__name__)

READS: dict[InputName, tuple[str, str]] = {
    "contact": ("door_open", "door_shut"),
    "rex": ("button_pressed", "button_up"),
    "fire": ("fire_on", "fire_off"),
    "tamper": ("housing_open", "housing_shut"),
}
"""The code of each input when it is active, and when it is not."""
CLOCKS: dict[Clock, str] = {"synced": "clock_synced", "holdover": "clock_kept", "unset": "clock_unset"}
READERS: dict[bool | None, str] = {None: "reader_awaited", True: "reader_lost", False: "reader_answers"}
"""By whether it is lost, None where it has not worked yet."""
TAKEN_FOR_S = 600.0
"""So long after another machine last took this unit's name at the broker it is told."""
FOUND_EVERY_S = 1.0
NO_TIME = "?"


@dataclass(frozen=True)
class Probes:
    """Asked at each look: why the ring and the screen fail, or nothing (None: there is none), and how often another
    machine took the unit's name at the broker.
    """

    ring: Callable[[], str] | None = None
    screen: Callable[[], str] | None = None
    takeovers: Callable[[], int] = lambda: 0


@dataclass
class FoundParts:
    """Used by the controller's thread alone; `runtime` is the folder where `check` looks for `found`.

    `has_news` says that something happened since `all` was asked last.
    """

    settings: UnitSettings
    probes: Probes = field(default_factory=Probes)
    runtime: Path | None = None
    found: list[Finding] | None = None
    has_news: bool = True
    _due_s: float = float("-inf")
    _at_rest: list[Finding] = field(default_factory=lambda: strike_at_rest())
    """The boot settings change with a restart alone."""
    _levels: dict[InputName, bool] = field(default_factory=dict)
    _lost_readers: dict[str, bool] = field(default_factory=dict)
    """Whether each is lost, by its side; one that is not here has not worked yet."""
    _strike_lost: bool = False
    _since: str | None = None
    """When the present connection to the broker began, None while there is none."""
    _failed: LinkFailed | None = None
    _takeovers: tuple[int, float] = (0, float("-inf"))

    def take(self, happening: Input, moment: Moment) -> None:
        """Something happened that may say how a part is."""
        match happening:
            case InputLevel(name, active):
                self._levels[name] = active
            case ReaderState(side, lost):
                self._lost_readers[side] = lost
            case StrikeState(lost):
                self._strike_lost = lost
            case Connected():
                self._since = str(moment.trusted or NO_TIME)
            case Disconnected():
                self._since = None
            case LinkFailed():
                self._failed = happening
            case _:
                return
        self.has_news = True

    def deadline_s(self) -> float | None:
        """When to look again for what happened."""
        return self._due_s if self.has_news else None

    def look(self, moment: Moment, alarms: set[AlarmName]) -> None:
        """Keeps up what is `found`: once a second at most, however fast somebody presses the button."""
        if moment.now_s < self._due_s:
            return
        found, self._due_s = self.all(moment, alarms), moment.now_s + FOUND_EVERY_S
        if found == self.found:
            return
        self.found = found
        if self.runtime is not None:
            try:
                write_findings(self.runtime, self.settings.name, found)
            except OSError as error:
                log.warning("findings not written error=%s", error)

    def all(self, moment: Moment, alarms: set[AlarmName]) -> list[Finding]:
        """Every part in the order of wiring; the strike is not released by it."""
        self.has_news = False
        pins, settings = self.settings.pins, self.settings
        found = [self._disk("disk" in alarms)]
        if pins.strike is not None:
            found.append(finding("strike", "strike_lost" if self._strike_lost else "strike_driven"))
            found += self._at_rest
        found += [self._input(name) for name in READS if getattr(pins, name) is not None and name in self._levels]
        if settings.ring is not None and self.probes.ring is not None:
            fault = self.probes.ring()
            shows = finding("ring", "ring_shows", chip_select=settings.ring.chip_select)
            found.append(finding("ring", "ring_fails", error=fault) if fault else shows)
        if settings.screen is not None and self.probes.screen is not None:
            fault = self.probes.screen()
            answers = finding("screen", "screen_answers", bus=settings.screen.bus)
            found.append(finding("screen", "screen_fails", error=fault) if fault else answers)
        for reader in settings.readers:
            code = READERS[self._lost_readers.get(reader.side)]
            found.append(finding(f"reader_{reader.side}", code, device=reader.device))
        return [*found, self._broker(moment.now_s), finding("clock", CLOCKS[moment.clock])]

    def _disk(self, fails: bool) -> Finding:
        if fails:
            return finding("disk", "disk_fails", error="what happened cannot be written down")
        return finding("disk", "disk_takes", folder=self.settings.data)

    def _input(self, name: InputName) -> Finding:
        active = self._levels[name]
        means: Circuit = getattr(self.settings.pins, f"{name}_active")
        circuit = means if active else next(other for other in get_args(Circuit) if other != means)
        return reads(name, circuit, means)

    def _broker(self, now_s: float) -> Finding:
        count = self.probes.takeovers()
        if count > self._takeovers[0]:
            self._takeovers = count, now_s
        if now_s - self._takeovers[1] < TAKEN_FOR_S:
            return finding("broker", "name_taken")
        broker = self.settings.broker
        where, failed = f"{broker.host}:{broker.port}", self._failed
        if self._since is not None:
            if failed is None:
                return finding("broker", "broker_connected", where=where, since=self._since)
            return finding("broker", "broker_back", where=where, since=self._since, error=failed.error)
        if failed is None:
            return finding("broker", "broker_awaited", where=where)
        if failed.refused:
            return finding("broker", "broker_refuses", error=failed.error)
        return finding("broker", "broker_lost", where=where, error=failed.error)


def reads(name: InputName, circuit: Circuit, active: Circuit) -> Finding:
    """What an input says in words: one wired the other way round says the opposite of what one sees."""
    code = READS[name][0 if circuit == active else 1]
    return finding(name, code, circuit=circuit, active=active)


def strike_at_rest() -> list[Finding]:
    """Whether the kernel secures the strike when the program dies; nothing on a machine that is no Pi."""
    config = boot_config()
    if config is None:
        return []
    if is_strict(config):
        return [finding("strike_rest", "strike_secured")]
    return [finding("strike_rest", "strike_stays", line=STRICT_GPIO, file=config)]
