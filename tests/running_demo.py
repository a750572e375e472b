"""`poincon demo` as a visitor runs it: its own process, worked through the bench's page."""

import http.client
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from threading import Condition, Thread
from typing import Any

import psutil

from tests.patience import PATIENCE_S, Deadline, wait_until

ROOT = Path(__file__).resolve().parents[1]
DEBOUNCE_S = 3.2
"""How long a badge must have been away for its next time to be a second tap (rules 2), and a little more."""
ADDRESSES = re.compile(r"(l'établi|the bench|le tableau de bord|the dashboard)\s+(http://127\.0\.0\.1:(\d+)/)")


class RunningDemo:
    """Started and ready once made. `units`, `house` and `story` are what its page would show now."""

    def __init__(self, *options: str, program: tuple[str, ...] = ("-m", "server", "demo")) -> None:
        self.units: dict[str, dict[str, Any]] = {}
        self.house: dict[str, Any] = {}
        self.story: list[dict[str, Any]] = []
        self.lines: list[str] = []
        self._changed = Condition()
        self.process = subprocess.Popen(
            [sys.executable, *program, *options],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd=ROOT,
            text=True,
            env=os.environ | {"LC_ALL": "fr_FR.UTF-8", "PYTHONUNBUFFERED": "1"},
        )
        Thread(target=self._read, daemon=True).start()
        self.wait(lambda: any("Ctrl-C" in line for line in self.lines) or self.process.poll() is not None)
        ports = {found[1]: int(found[3]) for line in self.lines if (found := ADDRESSES.search(line))}
        assert len(ports) == 2, self.lines
        self.bench_port, self.web_port = ports["l'établi"], ports["le tableau de bord"]
        self.processes = self._children()
        self.folder = self._folder()
        Thread(target=self._watch, daemon=True).start()
        self.wait(lambda: self.house.get("present") is not None and len(self.units) >= 3 and self._doors_have_lists())

    def __enter__(self) -> "RunningDemo":
        return self

    def __exit__(self, *exception: object) -> None:
        self.end()

    @property
    def bench(self) -> str:
        """The address of the bench."""
        return f"http://127.0.0.1:{self.bench_port}/"

    def order(self, do: str, **fields: object) -> None:
        """What a button of the page sends."""
        assert post(self.bench_port, "/orders", {"do": do, **fields}) == 202, (do, fields)

    def present(self, badge: str, unit: str, side: str = "entry") -> str:
        """Holds a badge to a reader, and waits for the answer: its text in English.

        Again where it was there a moment ago, which is no second tap, or the reader did not get round to it.
        """
        nth = self._nth_answer(unit)
        while self._nth_answer(unit) == nth:
            self.wait(lambda: side not in self.units[unit]["held_to"])
            seen = len(self.story)
            self.order("present", badge=badge, unit=unit, side=side)
            self.wait(lambda seen=seen: self._nth_answer(unit) > nth or self._is_in_vain(seen))  # type: ignore[misc]
            away = Deadline(DEBOUNCE_S)
            self.wait(lambda away=away: self._nth_answer(unit) > nth or away.left_s < 0)  # type: ignore[misc]
        return str(self.units[unit]["answer"]["text"]["en"])

    def enter(self, badge: str, unit: str, side: str = "entry") -> None:
        """Holds a badge to a reader and goes through the door; shuts it behind."""
        self.present(badge, unit, side)
        self.wait(lambda: self.units[unit]["released"])
        self.order("push", unit=unit, how="through")
        self.wait(lambda: self.units[unit]["leaf_open"])
        self.order("shut", unit=unit)
        self.wait(lambda: not self.units[unit]["leaf_open"])

    def get(self, path: str) -> Any:
        """A JSON document of the dashboard."""
        connection = http.client.HTTPConnection("127.0.0.1", self.web_port, timeout=PATIENCE_S)
        connection.request("GET", path)
        return json.loads(connection.getresponse().read())

    def wait(self, until: Callable[[], object]) -> None:
        """Waits until it is so, looking whenever something changed."""
        wait_until(until, changed=self._changed, why=lambda: (self.lines[-8:], self.units, self.house, self.story[-8:]))

    def end(self, number: int = signal.SIGTERM) -> int:
        """Sends a signal and waits; its exit status."""
        self.processes = self._children() or self.processes
        self.process.send_signal(number)
        return self.process.wait(PATIENCE_S)

    def all_gone(self) -> bool:
        """Whether none of its processes is left."""
        _, left = psutil.wait_procs(self.processes, timeout=PATIENCE_S)
        return [process for process in left if process.status() != psutil.STATUS_ZOMBIE] == []

    def _children(self) -> list[psutil.Process]:
        try:
            return psutil.Process(self.process.pid).children(recursive=True)
        except psutil.NoSuchProcess:
            return []

    def _folder(self) -> Path:
        words = next(words for process in self.processes if "serve" in (words := process.cmdline()))
        return Path(words[words.index("-C") + 1])

    def _doors_have_lists(self) -> bool:
        """Whether each reader knows by now whom it may let in: before, everybody is a stranger to it."""
        with_readers = (name for name, unit in self.units.items() if unit["kind"] in ("door", "desk"))
        return all((self.folder / "units" / name / "data" / "access-list.json").exists() for name in with_readers)

    def _is_in_vain(self, seen: int) -> bool:
        said = json.dumps(self.story[seen:])
        vain = ("so soon: not a second tap", "the reader did not take up", "is still at another reader")
        return any(why in said for why in vain)

    def _nth_answer(self, unit: str) -> int:
        answer = self.units[unit]["answer"]
        return answer["nth"] if answer else 0

    def _read(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            with self._changed:
                self.lines.append(line.rstrip("\n"))
                self._changed.notify_all()

    def _watch(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.bench_port)
        connection.request("GET", "/stream")
        event = ""
        for raw in connection.getresponse():
            line = raw.decode().rstrip("\r\n")
            if line.startswith("event: "):
                event = line[7:]
            elif line.startswith("data: "):
                with self._changed:
                    self._keep(event, json.loads(line[6:]))
                    self._changed.notify_all()

    def _keep(self, event: str, told: dict[str, Any]) -> None:
        if event == "unit":
            self.units[told["name"]] = told
        elif event == "house":
            self.house = told
        elif event == "story":
            self.story.append(told)


def post(port: int, path: str, body: object) -> int:
    """The status of a request as the page sends it."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
    connection.request("POST", path, json.dumps(body), {"Content-Type": "application/json"})
    return connection.getresponse().status
