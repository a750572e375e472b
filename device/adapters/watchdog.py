"""systemd's watchdog: told that the unit lives only when its loop has come round (sd_notify(3))."""

import os
import socket
from collections.abc import Callable

EVERY_S = 5


class Watchdog:
    """Sends to `NOTIFY_SOCKET` where systemd gave one; elsewhere it does nothing."""

    def __init__(self, address: str | None, monotonic_s: Callable[[], float]) -> None:
        self._address = address.replace("@", "\0", 1) if address else None
        self._monotonic_s = monotonic_s
        self._told_s: float | None = None

    @classmethod
    def of_environment(cls, monotonic_s: Callable[[], float]) -> "Watchdog":
        """The watchdog of the service that this process runs in, if any."""
        return cls(os.environ.get("NOTIFY_SOCKET"), monotonic_s)

    def alive(self) -> None:
        """The loop has come round; the first time, the unit is up."""
        now_s = self._monotonic_s()
        if self._told_s is None:
            self._send(b"READY=1")
        elif now_s - self._told_s < EVERY_S:
            return
        self._told_s = now_s
        self._send(b"WATCHDOG=1")

    def _send(self, word: bytes) -> None:
        if self._address is None:
            return
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notify:
            notify.connect(self._address)
            notify.send(word)
