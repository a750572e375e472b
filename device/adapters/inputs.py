"""Contact, REX, fire and tamper inputs on GPIOs, read by level: an edge only says that it is time to look."""

import logging
from collections.abc import Callable, Mapping
from threading import Event, Lock, Thread
from typing import NamedTuple

from gpiozero import DigitalInputDevice

from device.contract.unit_settings import Circuit
from device.inbox import InputLevel, InputName

log = logging.getLogger(__name__)

LOOK_EVERY_S = 1.0
"""An edge can be lost; no level is taken for what it is not for longer than that."""


class WiredInput(NamedTuple):
    """The GPIO of an input, and which circuit makes it active: the door open, the button pressed, a fire."""

    pin: int
    active: Circuit


class LevelInputs:
    """Wired inputs, pulled up and switched to ground."""

    def __init__(
        self,
        wired: Mapping[InputName, WiredInput],
        put: Callable[[InputLevel], None],
        pin_factory: object,
        look_every_s: float = LOOK_EVERY_S,
    ) -> None:
        self._put, self._wired, self._look_every_s = put, wired, look_every_s
        self._told: dict[InputName, bool] = {}
        self.failures = 0
        self._telling = Lock()
        self._stopping = Event()
        self._devices = {
            name: DigitalInputDevice(there.pin, pull_up=True, bounce_time=None, pin_factory=pin_factory)
            for name, there in wired.items()
        }
        self._thread = Thread(target=self._look, name="inputs", daemon=True)

    def start(self) -> None:
        """Tells every level as it is now, then every change."""
        for name, device in self._devices.items():
            device.when_activated = device.when_deactivated = lambda name=name: self._tell(name)
            self._tell(name)
        self._thread.start()

    def stop(self) -> None:
        """Gives the pins back."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()
        for device in self._devices.values():
            device.close()

    def _look(self) -> None:
        while not self._stopping.wait(self._look_every_s):
            try:
                for name in self._devices:
                    self._tell(name)
            except Exception:
                self.failures += 1
                log.exception("inputs not read failures=%d", self.failures)

    def _tell(self, name: InputName) -> None:
        with self._telling:
            active = is_active(self._wired[name], "closed" if self._devices[name].value else "open")
            if self._told.get(name) != active:
                self._told[name] = active
                self._put(InputLevel(name, active))


def is_active(wired: WiredInput, circuit: Circuit) -> bool:
    """Whether an input is active by how its circuit is."""
    return circuit == wired.active
