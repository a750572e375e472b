"""The eight GPIO lines of QEMU's "virt" machine (a PL061, with interrupts), seen and driven from outside by qtest.

Each edge that the guest drives is told here; what is set here is an edge in the guest, with its interrupt. So lgpio
in the guest works on a real character device, and no kernel is changed.
"""

import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from tests.patience import wait_until

LINES = 8
ANSWER_S = 60.0


class Edge(NamedTuple):
    """A line that the guest drove to `level`, at the host's monotonic time."""

    at_s: float
    line: int
    level: int


class GpioLines:
    """The lines of `chip` (a path of QEMU's objects) by the qtest socket at `path`.

    `watch` is told every edge at once, from another thread; those of `unkept` lines go there alone.
    """

    def __init__(self, path: Path, chip: str, unkept: frozenset[int] = frozenset()) -> None:
        self.edges: list[Edge] = []
        self.level = [0] * LINES
        self.watch: Callable[[int, int], None] = lambda line, level: None
        self._unkept = unkept
        self._chip = chip
        self._answers: list[str] = []
        self._changed = threading.Condition()
        self._asking = threading.Lock()
        self._end = socket.socket(socket.AF_UNIX)
        self._end.connect(str(path))
        self._thread = threading.Thread(target=self._listen)
        self._thread.start()
        self._ask(f"irq_intercept_out {chip}")

    def set(self, line: int, level: int) -> None:
        """Drives an input of the guest; raises `OSError` where QEMU refuses."""
        answer = self._ask(f"set_irq_in {self._chip} unnamed-gpio-in {line} {level}")
        if not answer.startswith("OK"):
            raise OSError(answer)

    def wait(self, line: int, level: int, *, since_s: float, patience_s: float) -> float:
        """When the guest first drove `line` to `level` after `since_s`; raises `TimeoutError`."""

        def found() -> Edge | None:
            return next((e for e in self.edges if (e.line, e.level) == (line, level) and e.at_s >= since_s), None)

        def why() -> str:
            return f"line {line} did not go to {level}; its edges: {self.of(line, since_s=since_s)}"

        edge = wait_until(found, patience_s=patience_s, changed=self._changed, why=why)
        assert edge is not None
        return edge.at_s

    def of(self, line: int, *, since_s: float) -> list[Edge]:
        """The edges of one line since then."""
        return [edge for edge in list(self.edges) if edge.line == line and edge.at_s >= since_s]

    def close(self) -> None:
        """Listens no more."""
        with suppress(OSError):
            self._end.shutdown(socket.SHUT_RDWR)  # what reads it would go on otherwise
        self._thread.join()
        self._end.close()

    def _listen(self) -> None:
        with self._end.makefile("r") as lines:
            try:
                for text in lines:
                    self._hear(text)
            except (OSError, ValueError):  # closed, or the machine is gone
                return

    def _hear(self, text: str) -> None:
        words = text.split()
        if words[:1] != ["IRQ"]:
            with self._changed:
                self._answers.append(text)
                self._changed.notify_all()
            return
        line, level = int(words[2]), int(words[1] == "raise")
        self.level[line] = level
        self.watch(line, level)
        if line not in self._unkept:
            with self._changed:
                self.edges.append(Edge(time.monotonic(), line, level))
                self._changed.notify_all()

    def _ask(self, command: str) -> str:
        with self._asking:
            self._answers.clear()
            self._end.sendall(command.encode() + b"\n")
            wait_until(lambda: self._answers, patience_s=ANSWER_S, changed=self._changed, why=lambda: command)
            return self._answers[0]
