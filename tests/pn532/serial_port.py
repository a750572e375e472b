"""A pseudo-terminal with a PN532 at its end: plugged in, pulled out, plugged in again, under one path."""

import os
import select
import termios
import threading
import tty
from pathlib import Path

from tests.pn532.chip import Chip

SPEEDS = {termios.B115200: 115_200, termios.B921600: 921_600}


class SerialPort:
    """`path` is there while the chip is plugged in, as /dev/ttyUSB0 is."""

    def __init__(self, path: Path, chip: Chip) -> None:
        self.path = path
        self.chip = chip
        self._master = -1
        self._thread: threading.Thread | None = None

    def plug(self) -> None:
        """The device appears, and the chip at its end listens."""
        self._master, slave = os.openpty()
        tty.setraw(slave)
        self.path.symlink_to(os.ttyname(slave))
        self._stop, stop = os.pipe()
        self._thread = threading.Thread(target=self._serve, args=(self._master, slave, stop))
        self._thread.start()

    def unplug(self) -> None:
        """The device is gone, under the hands of whoever uses it."""
        if self._thread is None:
            return
        self.path.unlink()
        os.close(self._stop)
        self._thread.join()
        self._thread = None

    def _serve(self, master: int, slave: int, stop: int) -> None:
        waiting = b""
        while stop not in (readable := select.select([master, stop], [], [])[0]):
            if master not in readable:
                continue
            heard = os.read(master, 1024)
            speed = SPEEDS.get(termios.tcgetattr(slave)[5])
            if speed == self.chip.next_baud:
                self.chip.acknowledged()  # the host changed over behind its ACK, which a pty forgets when it is closed
            if speed != self.chip.baud:
                continue  # at another speed it is noise
            answers, waiting = self.chip.hear(waiting + heard)
            os.write(master, answers)
        for descriptor in (master, slave, stop):
            os.close(descriptor)
