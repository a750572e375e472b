"""The composition root of a unit: builds every part from the settings, starts them, and stops them in reverse."""

import logging
import os
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from importlib.metadata import version
from pathlib import Path
from queue import SimpleQueue
from zoneinfo import ZoneInfo

from device.adapters.cache import Cache
from device.adapters.clock import boot_id
from device.adapters.encoder import EncoderDial
from device.adapters.findings_file import runtime_directory
from device.adapters.inputs import LevelInputs, WiredInput
from device.adapters.interpreter import answering_at_once
from device.adapters.led_ring import LedRing
from device.adapters.machine_release import MachinePaths, MachineUpdater, own_release
from device.adapters.watchdog import Watchdog
from device.contract.channels import CARD_ANSWER
from device.contract.instant import Instant
from device.contract.unit_settings import UnitSettings, lends
from device.contract.uses import USES
from device.controller import Behaviour, Controller
from device.core.badge.candidates import Candidates
from device.core.clock import ClockWatch
from device.core.lights.room_ring import Room
from device.core.lights.room_use import use_of
from device.door_panel import DoorPanel
from device.errors import HardwareFault
from device.hardware import Hardware
from device.inbox import Input, InputName, StopAsked
from device.journal.journal import Journal
from device.knowledge import Knowledge
from device.parts import FoundParts, Probes
from device.ports import Part, Reader, Screen
from device.room_panel import RoomPanel
from device.unit_context import UnitContext
from device.units.desk import DeskUnit
from device.units.desk_reader import DeskReader
from device.units.door import DoorUnit
from device.units.room import RoomUnit
from device.updates import UnitUpdates

log = logging.getLogger(__name__)

RELEASED = Instant.parse("2026-11-01T00:00:00.000Z")
"""No clock that is right shows an earlier time."""
SEATS = 4
"""Of a room of which neither the settings nor the server have said anything yet."""


class UnitProgram:
    """One unit of `settings` on `hardware`; `folder` is where its relative paths begin."""

    def __init__(self, settings: UnitSettings, folder: Path, hardware: Hardware) -> None:
        self._inbox: SimpleQueue[Input] = SimpleQueue()
        self._closing = ExitStack()
        self._settings, self._hardware = settings, hardware
        self._data = folder / settings.data
        self._seats = settings.seats or SEATS
        self._uses = [use_of(use) for use in settings.uses or USES]
        self._probes = Probes()
        self._panel = self._built_panel()
        self._station = self._built_station()
        readers = self._built_readers()
        self._parts: list[Part] = [*self._built_inputs(), *self._built_dial(), *readers]
        link = hardware.link(settings, self._inbox.put)
        self._parts.append(link)
        lent = None
        if lends(settings):
            lent = DeskReader(settings.readers[0].side, readers[0], partial(link.publish, CARD_ANSWER))
        behaviour = self._built_behaviour(lent)
        found = FoundParts(settings, replace(self._probes, takeovers=lambda: link.takeovers), runtime_directory())
        self._controller = Controller(
            settings,
            version("poincon"),
            self._station,
            behaviour,
            link=link,
            inbox=self._inbox,
            data=self._data,
            parts=found,
            alive=Watchdog.of_environment(hardware.clock.monotonic_s).alive,
            updates=UnitUpdates(
                self._station, self._built_updater(folder), [reader.side for reader in settings.readers]
            ),
        )

    def run(self) -> bool:
        """Runs until asked to stop; True where a new start was asked for. Every part is closed afterwards."""
        with self._closing, answering_at_once():
            for part in self._parts:
                part.start()
                self._closing.callback(part.stop)
            return self._controller.run()

    def stop(self) -> None:
        """Asks the unit to end; from any thread or signal."""
        self._inbox.put(StopAsked())

    def leave(self) -> None:
        """Asks the unit to end as soon as that takes nothing from anybody; from any thread or signal."""
        self._inbox.put(StopAsked(quietly=True))

    def _built_updater(self, folder: Path) -> MachineUpdater | None:
        """The machine's updater, where the program was installed from a release."""
        release = own_release()
        if release is None:
            return None
        paths = MachinePaths(folder / "update", run=runtime_directory())
        return MachineUpdater(release, self._settings.broker.host, paths, self._inbox.put)

    def _built_station(self) -> UnitContext:
        settings, clock = self._settings, self._hardware.clock
        journal = Journal(
            self._data / "outbox.db",
            boot_id(),
            lambda: os.urandom(4).hex(),
            clock.monotonic_s,
            settings.broker.resend_after_s,
        )
        self._closing.callback(journal.close)
        cache = Cache(self._data, self._inbox.put)
        self._closing.callback(cache.close)
        knowledge = Knowledge(cache, ZoneInfo(settings.site.timezone), settings.rules.occupancy_max_age_min)
        watch = ClockWatch(RELEASED)
        return UnitContext(clock, watch, journal, knowledge, self._panel, self._hardware.monitor)

    def _built_panel(self) -> DoorPanel | RoomPanel:
        settings = self._settings
        ring, buzzer = self._built_ring(), None
        leds = settings.ring.leds if settings.ring else 0
        if settings.kind == "room":
            return RoomPanel(ring, leds, Room(0, self._seats, self._uses[0]))
        if settings.pins.buzzer is not None:
            buzzer = self._hardware.buzzer(settings.pins.buzzer)
            self._closing.callback(buzzer.close)
        return DoorPanel(ring, buzzer, leds)

    def _built_ring(self) -> LedRing | None:
        """The ring; without one where its bus cannot be had, for a dark door still opens."""
        settings = self._settings.ring
        if settings is None:
            return None
        try:
            ring = LedRing(
                settings.leds,
                brightness=settings.brightness,
                limit_ma=settings.limit_ma,
                chip_select=settings.chip_select,
                pin_factory=self._hardware.pin_factory,
            )
        except HardwareFault as fault:
            log.error("no ring fault=%s", fault)
            why = str(fault)
            self._probes = replace(self._probes, ring=lambda: why)
            return None
        self._probes = replace(self._probes, ring=lambda: ring.fault)
        self._closing.callback(ring.close)
        return ring

    def _built_behaviour(self, lends: DeskReader | None) -> Behaviour:
        settings, panel = self._settings, self._panel
        if isinstance(panel, RoomPanel):
            return RoomUnit(
                self._station,
                panel,
                name=settings.room or settings.name,
                seats=self._seats,
                uses=self._uses,
                screen=self._built_screen(),
                debounce_s=settings.rules.debounce_s,
            )
        if settings.kind == "desk" or settings.pins.strike is None:
            return DeskUnit(self._station, panel, settings.rules, lends)
        strike = self._hardware.strike(settings.pins, self._inbox.put)
        self._closing.callback(strike.close)
        return DoorUnit(self._station, panel, strike, settings.rules, settings.pins)

    def _built_screen(self) -> Screen | None:
        """The screen of a room; without one where it cannot be had, for the ring does without."""
        if self._settings.screen is None:
            return None
        try:
            screen = self._hardware.screen(self._settings.screen, self._settings.pins)
        except HardwareFault as fault:
            log.error("no screen fault=%s", fault)
            why = str(fault)
            self._probes = replace(self._probes, screen=lambda: why)
            return None
        self._probes = replace(self._probes, screen=lambda: screen.fault)
        self._parts.append(screen)
        return screen

    def _built_dial(self) -> list[Part]:
        pins = self._settings.pins
        if pins.dial_a is None or pins.dial_b is None or pins.dial_button is None:
            return []
        factory = self._hardware.pin_factory
        return [EncoderDial(pins.dial_a, pins.dial_b, pins.dial_button, self._inbox.put, factory)]

    def _built_inputs(self) -> list[Part]:
        pins = self._settings.pins
        wired: dict[InputName, int | None] = {
            "contact": pins.contact,
            "rex": pins.rex,
            "fire": pins.fire,
            "tamper": pins.tamper,
        }
        there = {
            name: WiredInput(pin, getattr(pins, f"{name}_active")) for name, pin in wired.items() if pin is not None
        }
        return [LevelInputs(there, self._inbox.put, self._hardware.pin_factory)] if there else []

    def _built_readers(self) -> list[Reader]:
        def keyring(uid: str) -> Candidates | None:
            return self._station.knowledge.access_list.keyring(uid)

        return [
            self._hardware.reader(index, reader, keyring, self._inbox.put)
            for index, reader in enumerate(self._settings.readers)
        ]
