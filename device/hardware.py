"""The hardware of a unit, real: pins through gpiozero, readers through nfcpy, the clock of the machine.

nfcpy is loaded with the first reader: a room without one does without its 14 MB.
"""

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

from device.adapters.buzzer import PatternBuzzer
from device.adapters.clock import SystemClock
from device.adapters.lgpio_library import import_lgpio, or_lgpio_error
from device.adapters.link import Link
from device.adapters.strike import DrivenStrike
from device.contract.unit_settings import PinSettings, ReaderSettings, ScreenSettings, UnitSettings
from device.core.badge.candidates import Keyring
from device.errors import HardwareFault
from device.inbox import Input, OfLoan, ReaderState, Removed, Tap
from device.ports import Buzzer, Monitor, Reader, Screen, Strike, WallClock

if TYPE_CHECKING:
    from device.adapters.readers.frontend import Connect

log = logging.getLogger(__name__)

Put = Callable[[Input], None]


class Hardware(Protocol):
    """What a unit is built on. A simulation brings another one, and the same program runs on it."""

    @property
    def pin_factory(self) -> Any:
        """Where gpiozero finds the pins."""

    @property
    def clock(self) -> WallClock:
        """The clock of the unit."""

    @property
    def monitor(self) -> Monitor:
        """Who is told what the unit decided."""

    def reader(self, index: int, reader: ReaderSettings, keyring: Keyring, put: Put) -> Reader:
        """The badge reader number `index`."""

    def strike(self, pins: PinSettings, put: Put) -> Strike:
        """The strike, driven from a process of its own; raises `HardwareFault` where it cannot be had."""

    def buzzer(self, pin: int) -> Buzzer:
        """The buzzer on a pin."""

    def screen(self, screen: ScreenSettings, pins: PinSettings) -> Screen:
        """The small screen of a room; raises `HardwareFault` where it cannot be had."""

    def link(self, settings: UnitSettings, put: Put) -> Link:
        """The link to the broker."""


class LogMonitor:
    """Nobody watches a unit on a wall; its log is told, without credentials."""

    def decided(self, verdict: str, reason: str, credential: str) -> None:
        """A badge was answered."""
        log.info("decision verdict=%s reason=%s", verdict, reason)

    def alarm(self, name: str, active: bool) -> None:
        """An alarm began or ended; the station has logged it."""


class PiHardware:
    """The parts of a Pi, as `unit.toml` names them. Raises `HardwareFault` where the pins cannot be had."""

    def __init__(self, settings: UnitSettings) -> None:
        self.pin_factory: Any = pin_factory(settings.pins.factory)
        self.clock: WallClock = SystemClock()
        self.monitor: Monitor = LogMonitor()

    def reader(self, index: int, reader: ReaderSettings, keyring: Keyring, put: Put) -> Reader:
        """A reader on the port that the settings name."""
        return nfc_reader(reader.device, reader, keyring, put, self.clock)

    def strike(self, pins: PinSettings, put: Put) -> Strike:
        """The strike on its line of the header."""
        level = "high" if pins.strike_active_high else "low"
        line = ("none",) if pins.factory == "mock" else ("gpio", str(pins.strike), level)
        return DrivenStrike(line, put, self.clock.monotonic_s)

    def buzzer(self, pin: int) -> Buzzer:
        """A buzzer switched by a pin."""
        return PatternBuzzer(pin, pin_factory=self.pin_factory)

    def screen(self, screen: ScreenSettings, pins: PinSettings) -> Screen:
        """The screen on its bus."""
        try:
            from device.adapters.screen import OledScreen, opener
        except ImportError as error:
            raise HardwareFault(f"screen: {error}; run install unit once more, which brings it") from error
        return OledScreen(opener(screen, pins, self.pin_factory))

    def link(self, settings: UnitSettings, put: Put) -> Link:
        """The link over the machine's network."""
        return Link(settings, put, self.clock.monotonic_s)


def nfc_reader(
    device: str,
    reader: ReaderSettings,
    keyring: Keyring,
    put: Put,
    clock: WallClock,
    connect: "Connect | None" = None,
) -> Reader:
    """An nfcpy reader whose news become inputs of the unit; `connect` opens its device, as nfcpy does by default."""
    from device.adapters.readers import frontend
    from device.adapters.readers.nfc_reader import NfcReader

    return NfcReader(
        device,
        keyring=keyring,
        on_badge=lambda badge: put(Tap(reader.side, badge)),
        on_gone=lambda uid: put(Removed(reader.side, uid)),
        on_fault=lambda lost: put(ReaderState(reader.side, lost)),
        on_ready=lambda: put(ReaderState(reader.side, lost=False)),
        on_loan=lambda word: put(OfLoan(word)),
        connect=connect or frontend.connect,
        monotonic_s=clock.monotonic_s,
    )


def pin_factory(name: str) -> Any:
    """gpiozero's pin factory of that name: never guessed, so that a missing library is a fault and not a surprise."""
    if name == "mock":
        from gpiozero.pins.mock import MockFactory

        return MockFactory()
    try:
        import_lgpio()
        from gpiozero.pins.lgpio import LGPIOFactory

        return LGPIOFactory()
    except or_lgpio_error(ImportError, OSError, RuntimeError) as error:
        raise HardwareFault(f"pins: {error}; install python3-lgpio and run on a Pi, in the group gpio") from error
