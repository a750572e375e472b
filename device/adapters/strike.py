"""The strike on a GPIO, with a guard of its own: whatever becomes of the rest of the program, a pulse ends in time."""

import logging
import time
from collections.abc import Callable
from threading import Condition, Thread

from gpiozero import DigitalOutputDevice

log = logging.getLogger(__name__)

GUARD_MARGIN_S = 0.25
"""How much later than the controller the guard secures: in good order it never has to."""


class GuardedStrike:
    """Drives one output. `pin_factory` comes from the settings; the clock is the monotonic one of the deadlines."""

    def __init__(
        self,
        pin: int,
        *,
        active_high: bool,
        pin_factory: object,
        monotonic_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self._output = DigitalOutputDevice(pin, active_high=active_high, initial_value=False, pin_factory=pin_factory)
        self._monotonic_s = monotonic_s
        self._until_s: float | None = None
        self._closed = False
        self._changed = Condition()
        self._guard = Thread(target=self._watch, name="strike-guard", daemon=True)
        self._guard.start()

    def release(self, until_s: float | None) -> None:
        """Drives the strike until monotonic `until_s`; None holds it until `secure`."""
        self._output.on()
        with self._changed:
            self._until_s = until_s
            self._changed.notify()

    def secure(self) -> None:
        """Stops driving it."""
        with self._changed:
            self._until_s = None
            self._output.off()

    def close(self) -> None:
        """Secures it and gives the pin back; may be called twice."""
        with self._changed:
            if self._closed:
                return
            self._closed = True
            self._output.off()
            self._changed.notify()
        self._guard.join(timeout=1)
        self._output.close()

    def _watch(self) -> None:
        with self._changed:
            while not self._closed:
                wait_s = None if self._until_s is None else self._until_s + GUARD_MARGIN_S - self._monotonic_s()
                if wait_s is None or wait_s > 0:
                    self._changed.wait(wait_s)
                    continue
                self._output.off()
                self._until_s = None
                log.error("strike secured by its guard: the controller did not")
