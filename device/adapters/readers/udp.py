"""A reader without hardware: nfcpy's UDP device, quick enough to tap with, and a cable that can be pulled."""

import errno
import os
import socket
import threading
from contextlib import suppress
from typing import Any

import nfc.clf
import nfc.clf.udp

PATIENCE_S = 0.05
"""How long a call waits for a card: nfcpy's driver takes 0.5 s and 1 s, as if the card were across an ocean."""
IMPATIENT_FROM_S = 0.5
DEFAULT_PORT = 54321
"""nfcpy's own."""


class Cable:
    """What the simulated reader hangs on: pulled, its device fails as one whose USB or UART was."""

    def __init__(self) -> None:
        self._pulled = threading.Event()

    def unplug(self) -> None:
        """Pulls it; the reader notices at its next frame."""
        self._pulled.set()

    def plug(self) -> None:
        """Puts it back; the reader takes itself up again."""
        self._pulled.clear()

    def check(self) -> None:
        """Raises OSError while it is pulled."""
        if self._pulled.is_set():
            raise OSError(errno.ENODEV, os.strerror(errno.ENODEV))

    def connect(self, path: str) -> "UdpDevice":
        """The device `udp:HOST:PORT` at the end of this cable."""
        self.check()
        _, host, port, *_ = [*path.split(":"), "", ""]
        device = UdpDevice(host or "127.0.0.1", int(port or DEFAULT_PORT))
        device.cable = self
        return device


class UdpDevice(nfc.clf.udp.Device):  # type: ignore[misc]  # nfcpy has no types
    """nfcpy's driver, its long waits cut short and what is no frame taken for a broken one."""

    _vendor_name, _device_name, _chipset_name = "Poinçon", "Virtual reader", "UDP"
    cable: Cable

    def __init__(self, host: str, port: int) -> None:
        # nfcpy's own looks up the port's name, and then takes "sgi-cad" of /etc/services for a number
        self.addr = (socket.gethostbyname(host), port)
        self._path = f"{self.addr[0]}:{port}"
        self.socket: Any = None
        self._create_socket()

    def sense_tta(self, target: Any) -> Any:
        """As nfcpy's, which stumbles over a call that is answered by a single byte: there is no such card."""
        try:
            return super().sense_tta(target)
        except LookupError:
            return None

    def _send_data(self, brty: str, data: bytes, addr: tuple[str, int]) -> None:
        self.cable.check()
        self._drop_late_answers()
        super()._send_data(brty, data, addr)

    def _drop_late_answers(self) -> None:
        """What comes before a command is no answer to it: on a busy machine a card answers after its time."""
        with suppress(BlockingIOError):
            while self.socket.recv(1024, socket.MSG_DONTWAIT):
                pass

    def _recv_data(self, timeout: float, *brty_list: str) -> Any:
        if timeout >= IMPATIENT_FROM_S:
            timeout = PATIENCE_S
        try:
            return super()._recv_data(timeout, *brty_list)
        except ValueError as fault:
            raise nfc.clf.TransmissionError(f"no frame: {fault}") from fault
