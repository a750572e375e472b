"""A unit's hardware without hardware: the real drivers on mock pins, readers over UDP, and a wire to be cut.

What the simulated world does is told line by line, as it is seen from outside: at the pins and on the bus, not from
the program's state.
"""

import socket
from functools import partial
from math import isfinite
from typing import TYPE_CHECKING, Any, Literal

from gpiozero.pins.mock import MockPin

from device.adapters.buzzer import PatternBuzzer
from device.adapters.clock import SystemClock
from device.adapters.link import Link
from device.adapters.mqtt_client import MqttClient
from device.adapters.strike import DrivenStrike
from device.contract.errors import Refused
from device.contract.instant import FIRST_YEAR, LAST, LAST_YEAR
from device.contract.unit_settings import PinSettings, ReaderSettings, ScreenSettings, UnitSettings
from device.core.badge.candidates import Keyring
from device.core.clock import BEGINNING, Reading
from device.core.room.room_page import RoomPage
from device.hardware import Put, nfc_reader
from device.inbox import InputName
from device.ports import Buzzer, Reader, Screen, Strike
from device.simulation.announcer import Announcer
from device.simulation.ring_tap import TappedFactory

if TYPE_CHECKING:
    from device.adapters.readers.udp import Cable

DialContact = Literal["dial_a", "dial_b", "dial_button"]


class WiredPin(MockPin):  # type: ignore[misc]
    """A mock pin in a wired world: a closed circuit pulls it low whatever its pull-up says."""

    def __init__(self, factory: Any, info: Any) -> None:
        self.closed_circuit = False
        super().__init__(factory, info)

    def set_circuit(self, closed: bool) -> None:
        """Closes or opens the circuit to ground."""
        self.closed_circuit = closed
        if self.function == "input":
            (self.drive_low if closed else self.drive_high)()

    def _set_pull(self, value: str) -> None:
        super()._set_pull(value)
        if self.closed_circuit:
            self.drive_low()

    def _change_state(self, value: bool) -> bool:
        changed = bool(super()._change_state(value))
        self.states.clear()  # a mock pin remembers every edge for ever
        return changed


class ShiftedClock(SystemClock):
    """The machine's clock, put off by some seconds; while it is off, no network confirms it."""

    offset_s = 0.0

    def read(self) -> Reading:
        """One look at the clocks."""
        reading = super().read()
        return reading._replace(wall=reading.wall.after(self.offset_s), confirmed=self.offset_s == 0, kept=True)

    def put_off(self, seconds: float) -> None:
        """Sets it off by so much from now on; raises `Refused` where the time could not be told any more."""
        if not isfinite(seconds) or not BEGINNING < super().read().wall.after(seconds) < LAST:
            raise Refused(f"the clock can be off by what leaves it between {FIRST_YEAR} and {LAST_YEAR}")
        self.offset_s = seconds


class CuttableClient(MqttClient):
    """A client whose cable can be pulled: the broker is then out of reach, and the broken connection is noticed."""

    _is_cut = False

    def cut(self) -> None:
        """Pulls the cable."""
        self._is_cut = True
        opened = self._client.socket()
        if isinstance(opened, socket.socket):
            opened.shutdown(socket.SHUT_RDWR)

    def mend(self) -> None:
        """Puts it back."""
        self._is_cut = False
        self.try_now()

    def _connect(self) -> None:
        if self._is_cut:
            raise ConnectionRefusedError("the network is cut")
        super()._connect()


class SimulatedHardware:
    """Virtual parts for `settings`; readers listen at `udp_port` and the port after it."""

    def __init__(self, settings: UnitSettings, udp_port: int, announcer: Announcer) -> None:
        self.pin_factory = TappedFactory(announcer.ring, pin_class=WiredPin)
        self.clock = ShiftedClock()
        self.monitor = announcer
        self._announcer, self._udp_port, self._pins = announcer, udp_port, settings.pins
        self.clients: list[CuttableClient] = []
        self.cables: list[Cable] = []
        if settings.pins.contact is not None:
            self.set_input("contact", closed=True)

    def reader(self, index: int, reader: ReaderSettings, keyring: Keyring, put: Put) -> Reader:
        """nfcpy's real stack over UDP: the entry or only reader at the port, the exit reader at the next."""
        from device.adapters.readers.udp import Cable

        port = self._udp_port + (1 if reader.side == "exit" else 0)
        cable = Cable()
        self.cables.append(cable)
        return nfc_reader(f"udp:127.0.0.1:{port}", reader, keyring, put, self.clock, cable.connect)

    def strike(self, pins: PinSettings, put: Put) -> Strike:
        """The real driver of a strike, on a line that tells on the standard output what becomes of it."""
        return DrivenStrike(("told",), put, self.clock.monotonic_s)

    def buzzer(self, pin: int) -> Buzzer:
        """The real buzzer on a mock pin, its patterns told by name."""
        return ToldBuzzer(PatternBuzzer(pin, pin_factory=self.pin_factory), self._announcer)

    def screen(self, screen: ScreenSettings, pins: PinSettings) -> Screen:
        """A screen whose pages are told in words."""
        return ToldScreen(self._announcer)

    def link(self, settings: UnitSettings, put: Put) -> Link:
        """A link over a cable that can be pulled."""

        def client(*parts: Any, **more: Any) -> MqttClient:
            made = CuttableClient(*parts, **more)
            self.clients.append(made)
            return made

        return Link(settings, put, self.clock.monotonic_s, client=client)

    def set_input(self, name: InputName | DialContact, *, closed: bool) -> None:
        """Closes or opens the circuit of a wired input; one that is not wired stays as it is."""
        pin = getattr(self._pins, name)
        if pin is not None:
            self._pin(pin).set_circuit(closed)

    def turn(self, steps: int) -> None:
        """Turns the dial by so many detents, negative to the left: each closes both contacts, then opens both."""
        contacts: tuple[DialContact, DialContact] = ("dial_a", "dial_b") if steps > 0 else ("dial_b", "dial_a")
        for closed in (True, False) * abs(steps):
            for contact in contacts:
                self.set_input(contact, closed=closed)

    def _pin(self, number: int) -> WiredPin:
        pin: WiredPin = self.pin_factory.pin(number)
        return pin


class ToldBuzzer:
    """A buzzer whose patterns are told before they are played."""

    def __init__(self, buzzer: Buzzer, announcer: Announcer) -> None:
        self._buzzer = buzzer
        self._tell = partial(announcer.tell, "buzzer")

    def play(self, pattern: str) -> None:
        """Tells and plays."""
        self._tell(pattern)
        self._buzzer.play(pattern)

    def silence(self) -> None:
        """Stops it."""
        self._buzzer.silence()

    def close(self) -> None:
        """Stops it for good."""
        self._buzzer.close()


class ToldScreen:
    """A screen that tells each new page as one line."""

    def __init__(self, announcer: Announcer) -> None:
        self._tell = partial(announcer.tell, "screen")
        self.fault = ""
        self._page: RoomPage | None = None

    def start(self) -> None:
        """Begins dark."""

    def stop(self) -> None:
        """Nothing to end."""

    def show(self, page: RoomPage | None) -> None:
        """Tells the page where it is a new one."""
        if page != self._page:
            self._page = page
            self._tell(f"{page.name} | {page.people}/{page.seats} | {page.use} | {page.until}" if page else "dark")
