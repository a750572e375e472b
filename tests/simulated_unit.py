"""A unit as its own process: the real program on virtual hardware, driven by lines and heard line by line."""

import os
import random
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from threading import Condition, Thread

from device.simulation.virtual_badge import VirtualBadge
from server.demo.ports import Ports
from tests.patience import PATIENCE_S, eventually

DOOR = """
name = "{name}"
kind = "door"
[site]
id = "comptoir"
[broker]
port = {port}
resend_after_s = 2
[[readers]]
side = "entry"
[[readers]]
side = "exit"
[pins]
strike = 17
contact = 27
rex = 22
fire = 23
tamper = 24
buzzer = 25
[ring]
leds = 12
[rules]
release_s = {release_s}
debounce_s = 0.2
"""


def free_udp_ports() -> int:
    """A UDP port that is free together with the one after it, and is given to no outgoing socket meanwhile."""
    return Ports(random.Random()).readers()


class SimulatedUnit:
    """`poincon-unit simulate` on `folder`/unit.toml."""

    def __init__(
        self, folder: Path, name: str = "front", broker_port: int = 1, release_s: float = 1, *options: str
    ) -> None:
        self.folder, self.udp, self._options = folder, free_udp_ports(), options
        folder.mkdir(parents=True, exist_ok=True)
        self.settings = folder / "unit.toml"
        if not self.settings.exists():
            self.settings.write_text(DOOR.format(name=name, port=broker_port, release_s=release_s))
        self.lines: list[str] = []
        self._heard = Condition()
        self._process: subprocess.Popen[str] | None = None

    def start(self, **more: object) -> None:
        """Starts the program; returns at once."""
        self._process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "device",
                *self._options,
                "simulate",
                "-c",
                str(self.settings),
                "--udp",
                str(self.udp),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=(self.folder / "log").open("ab"),
            text=True,
            env=os.environ | {"PYTHONUNBUFFERED": "1"},
            **more,  # type: ignore[call-overload]
        )
        Thread(target=self._listen, args=(self._process,), daemon=True).start()

    def order(self, line: str) -> None:
        """Does something to it."""
        assert self._process and self._process.stdin
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()

    def tap(self, credential: str, side: str = "entry", key: bytes | None = None) -> None:
        """Holds a badge to a reader: a keyed one until it is decided on, which takes a busy machine a while."""
        if key is None:
            assert self._badge(credential, side).present(0.05, wait_s=PATIENCE_S)
            return
        before = self._decisions()
        self.hold(credential, key, lambda: self._decisions() > before, side)

    def hold(self, credential: str, key: bytes, until: Callable[[], bool], side: str = "entry") -> None:
        """Holds a keyed badge to a reader for as long as it takes."""
        badge = self._badge(credential, side, key)
        holding = Thread(target=badge.present, args=(PATIENCE_S, PATIENCE_S))
        holding.start()
        assert eventually(until)
        badge.close()
        holding.join()

    def said(self, line: str, times: int = 1) -> bool:
        """Waits until it said a line so many times; False where it does not come."""
        with self._heard:
            return self._heard.wait_for(lambda: sum(told == line for told in self.lines) >= times, PATIENCE_S)

    @property
    def pid(self) -> int:
        """Its process."""
        assert self._process
        return self._process.pid

    def stop(self) -> int:
        """Ends it as systemd would; its exit status."""
        return self._end(signal.SIGTERM)

    def kill(self) -> int:
        """Cuts its power."""
        return self._end(signal.SIGKILL)

    def log(self) -> str:
        """What it logged."""
        return (self.folder / "log").read_text()

    def _badge(self, credential: str, side: str, key: bytes | None = None) -> VirtualBadge:
        return VirtualBadge(self.udp + (1 if side == "exit" else 0), credential, key)

    def _decisions(self) -> int:
        return sum(line.startswith("decision ") for line in self.lines)

    def _end(self, how: int) -> int:
        if self._process is None:
            return 0
        self._process.send_signal(how)
        status = self._process.wait(PATIENCE_S)
        if self._process.stdin:
            self._process.stdin.close()
        self._process = None
        return status

    def _listen(self, process: "subprocess.Popen[str]") -> None:
        assert process.stdout
        for line in process.stdout:
            with self._heard:
                self.lines.append(line.rstrip("\n"))
                self._heard.notify_all()


wait_for = eventually
