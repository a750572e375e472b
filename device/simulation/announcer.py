"""Tells on a stream what a simulated unit does, one line an effect, as it happens."""

from collections.abc import Sequence
from threading import Event, Lock, Thread
from typing import TextIO

from device.core.lights.light import Rgb
from device.simulation.ring_tap import decode_frame

RING_EVERY_S = 0.1
"""The ring is told at most ten times a second, and always as it came to rest."""


class Announcer:
    """Writes to `stream`; also the unit's monitor. Lines of several threads do not mix."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._lock = Lock()
        self._transfer = b""
        self._told: Sequence[Rgb] = ()
        self._changed, self._closed = Event(), Event()
        self._thread = Thread(target=self._tell_ring, name="ring-teller", daemon=True)
        self._thread.start()

    def tell(self, *words: str) -> None:
        """Writes one line."""
        with self._lock:
            if self._stream.closed:
                return
            try:
                self._stream.write(" ".join(words) + "\n")
                self._stream.flush()
            except (BrokenPipeError, ValueError):
                return  # nobody listens any more; the unit goes on

    def decided(self, verdict: str, reason: str, credential: str) -> None:
        """A badge was answered."""
        self.tell("decision", verdict, reason, credential)

    def alarm(self, name: str, active: bool) -> None:
        """An alarm began or ended."""
        self.tell("alarm", name, "on" if active else "off")

    def ring(self, transfer: bytes) -> None:
        """A whole transfer went over the LED bus."""
        self._transfer = transfer
        self._changed.set()

    def close(self) -> None:
        """Ends; the last picture is told."""
        self._closed.set()
        self._changed.set()
        self._thread.join(timeout=1)

    def _tell_ring(self) -> None:
        while not self._closed.is_set():
            self._changed.wait()
            self._changed.clear()
            lit = decode_frame(self._transfer) if self._transfer else ()
            if lit != self._told:
                self._told = lit
                self.tell("ring", *(f"#{red:02X}{green:02X}{blue:02X}" for red, green, blue in self._told))
            self._closed.wait(RING_EVERY_S)
