"""A badge reader at the end of a machine's serial line, and a hand that lays badges on it.

The chip is the suite's own PN532. A socket carries no baud rate: a change of speed always succeeds here.
"""

import os
import socket
import threading
from contextlib import suppress
from pathlib import Path

from device.contract.keys import DOOR_SLOT
from device.simulation.cards import FACTORY_KEYS, Ntag424
from device.simulation.iso_dep import IsoDep
from tests.pn532 import Chip


class Reader:
    """A PN532 on the Unix socket at `path`, until the other end goes away."""

    def __init__(self, path: Path) -> None:
        self.chip = Chip()
        self._line = socket.socket(socket.AF_UNIX)
        self._line.connect(str(path))
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def lay(self, uid: bytes, key: bytes) -> None:
        """An NTAG 424 DNA that has the door's key comes into the field."""
        keys = list(FACTORY_KEYS)
        keys[DOOR_SLOT] = key
        self.chip.lay(uid, card=IsoDep(Ntag424(uid, keys, os.urandom)))

    def lift(self) -> None:
        """The field is empty again."""
        self.chip.lift()

    def close(self) -> None:
        """The reader is taken away."""
        with suppress(OSError):
            self._line.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._line.close()

    def _serve(self) -> None:
        waiting = b""
        with suppress(OSError):
            while heard := self._line.recv(4096):
                said, waiting = self.chip.hear(waiting + heard)
                self._line.sendall(said)
