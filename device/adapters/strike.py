"""The unit's side of the strike: a driver process of its own owns the line (strike_driver.py), is told until when to
drive it, and is begun again where it dies or no longer answers."""

import logging
import socket
import subprocess
import sys
from collections.abc import Callable, Sequence
from math import inf
from pathlib import Path
from threading import Event, Lock, Thread

from device.adapters import strike_driver
from device.adapters.strike_driver import OVERDUE, READY
from device.errors import HardwareFault
from device.inbox import StrikeState

log = logging.getLogger(__name__)

DRIVER = (sys.executable, "-I", "-S", strike_driver.__file__)
HOLD_S = 15.0
"""A hold lapses so long after its last renewal: three rounds of the controller, and less than systemd's watchdog."""
START_S = 10.0
"""A driver that is not up by then never will be; it takes 50 ms, half a second on a slow Pi."""
ANSWER_S = 3.0
"""A driver that is silent for so long after an order hangs."""
LISTEN_S = 1.0
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.05, 1.0


class DrivenStrike:
    """Orders to the driver of one line, named as `strike_driver.line_of` takes it; `command` runs the driver.

    `tell` is called on a thread of its own when the driver was lost, and when it is back. Raises `HardwareFault` where
    the line cannot be had at the start.
    """

    def __init__(
        self,
        line: Sequence[str],
        tell: Callable[[StrikeState], None],
        monotonic_s: Callable[[], float],
        command: Sequence[str] = DRIVER,
    ) -> None:
        self._command, self._tell, self._monotonic_s = [*command, *line], tell, monotonic_s
        self._until_s: float | None = None
        self._asked_s: float | None = None
        self._closed = Event()
        self._ordering = Lock()
        self._process, self._orders = self._begun(self._command)
        self._watch = Thread(target=self._watch_driver, name="strike", daemon=True)
        self._watch.start()

    def release(self, until_s: float) -> None:
        """Drives the strike until monotonic `until_s`, and a driver that begins meanwhile does too."""
        self._order(until_s)

    def hold(self, *, in_fire: bool) -> None:
        """Holds it, to be said again in every round; in a fire it lasts without."""
        self._order(inf if in_fire else self._monotonic_s() + HOLD_S)

    def secure(self) -> None:
        """Stops driving it."""
        self._order(None)

    def close(self) -> None:
        """Secures it and ends the driver; may be called twice."""
        if self._closed.is_set():
            return
        self._closed.set()
        with self._ordering:
            self._orders.shutdown(socket.SHUT_RDWR)
        self._watch.join(timeout=START_S)
        self._orders.close()
        _ended(self._process)

    @property
    def pid(self) -> int:
        """The driver's process."""
        return self._process.pid

    def _order(self, until_s: float | None) -> None:
        with self._ordering:
            self._until_s = until_s
            self._send()

    def _send(self) -> None:
        order = b"secure" if self._until_s is None else f"drive {self._until_s!r}".encode()
        if self._asked_s is None:
            self._asked_s = self._monotonic_s()
        try:
            self._orders.send(order, socket.MSG_DONTWAIT)
        except OSError as error:
            log.warning("strike driver takes no order error=%s", error)  # whoever watches it begins another

    def _watch_driver(self) -> None:
        while not self._closed.is_set():
            self._listen()
            if self._closed.is_set():
                return
            _ended(self._process)
            log.error("strike driver lost status=%s", self._process.returncode)
            self._tell(StrikeState(lost=True))
            self._begin_again()

    def _listen(self) -> None:
        """Takes answers until the driver is gone, or hangs."""
        while True:
            try:
                answer = self._orders.recv(256)
            except TimeoutError:
                if self._asked_s is not None and self._monotonic_s() - self._asked_s > ANSWER_S:
                    log.error("strike driver hangs")
                    self._process.kill()
                    return
                continue
            except OSError:
                return
            if not answer:
                return
            self._asked_s = None
            if answer == OVERDUE:
                log.error("strike secured by its driver: the unit did not")

    def _begin_again(self) -> None:
        pause_s = FIRST_PAUSE_S
        while not self._closed.wait(pause_s):
            try:
                process, orders = self._begun([*self._command, "again"])
            except HardwareFault as fault:
                log.error("strike driver does not begin fault=%s", fault)
                pause_s = min(pause_s * 2, LONGEST_PAUSE_S)
                continue
            with self._ordering:
                self._orders.close()
                self._process, self._orders, self._asked_s = process, orders, None
                self._send()  # who was granted passage, or flees, is still at the door
            self._tell(StrikeState(lost=False))
            return

    def _begun(self, command: Sequence[str]) -> tuple["subprocess.Popen[bytes]", socket.socket]:
        """A driver that has its line, and the socket of its orders; raises `HardwareFault`."""
        ours: socket.socket | None = None
        try:
            ours, its = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            with its:
                # Of no terminal's group: what stops or ends the unit from there is not for its guard.
                process = subprocess.Popen(command, stdin=its.fileno(), cwd=Path("/"), start_new_session=True)
        except OSError as error:
            if ours is not None:
                ours.close()
            raise HardwareFault(f"strike: {error}") from error
        try:
            ours.settimeout(START_S)
            answer = ours.recv(256)
        except OSError as error:
            answer = str(error).encode()
        if answer != READY:
            ours.close()
            _ended(process)
            raise HardwareFault(
                f"strike: {answer.decode('utf-8', 'replace') or 'its driver ended'}; is the user in the group gpio, and"
                " does no other program use the line?"
            )
        ours.settimeout(LISTEN_S)
        return process, ours


def _ended(process: "subprocess.Popen[bytes]") -> None:
    """Sees the driver out: it ends with its orders; one that hangs is killed, and the kernel takes the line back."""
    try:
        process.wait(timeout=ANSWER_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
