"""The processes of the demo, by name: units, server, broker; and the badges that are held to readers."""

import sys
from collections.abc import Callable
from pathlib import Path
from threading import Thread

from device.contract.messages import Side
from server.demo.broker import Runner, begin_broker
from server.demo.inbox import Gone, Happening, Said, TapOver
from server.demo.place import DemoPlace
from server.demo.ports import Ports
from server.demo.process import Process

SERVER, BROKER = "server", "broker"
HOLD_S, HOLD_AT_DESK_S = 0.8, 5.0
"""How long a visitor holds a badge to a reader: at the desk, until its keys are written."""


class Processes:
    """Begins and ends each process; for the one thread of the demo, on which they all hang."""

    def __init__(self, place: DemoPlace, units: list[str], ports: Ports, put: Callable[[Happening], None]) -> None:
        self._place, self._put = place, put
        self._readers = {unit: ports.readers() for unit in units}
        self._runs: dict[str, Runner] = {}
        self._nth: dict[str, int] = {}
        self._taps: dict[tuple[str, Side], Process] = {}
        self._logs = place.site.folder / "logs"
        self._logs.mkdir(exist_ok=True)

    def begin_broker(self) -> None:
        """The broker, on the port of the settings; raises `Refused` where one inside this process cannot listen."""
        port = self._place.site.settings.broker.port
        folder = self._place.site.broker_folder
        self._runs[BROKER] = begin_broker(folder, port, self._log(BROKER), self._ender(BROKER, self._next_run(BROKER)))

    def begin_server(self) -> None:
        """`poincon serve`."""
        folder = str(self._place.site.folder)
        self._begin(SERVER, [sys.executable, "-m", "server", "-C", folder, "serve"])

    def begin_unit(self, unit: str) -> None:
        """`poincon-unit simulate`."""
        settings, port = str(self._place.unit_settings(unit)), str(self._readers[unit])
        self._begin(unit, [sys.executable, "-m", "device", "simulate", "-c", settings, "--udp", port])

    def order(self, unit: str, line: str) -> None:
        """Does something to the hardware of a unit that runs."""
        run = self._runs.get(unit)
        if isinstance(run, Process):
            run.order(line)

    def hold(self, badge: str, unit: str, side: Side, for_s: float) -> None:
        """`poincon-unit tap`: a badge before a reader; `TapOver` follows when it is taken away."""
        port = self._readers[unit] + (1 if side == "exit" else 0)
        held = ["--badge", str(self._place.badge(badge)), "--udp", str(port), "--hold", str(for_s)]
        self._taps[unit, side] = Process(
            [sys.executable, "-m", "device", "tap", *held],
            self._log("badges"),
            lambda line: None,
            lambda status: self._put(TapOver(unit, side, status == 0)),
        )

    def take_away(self, unit: str, side: Side) -> None:
        """Forgets a badge whose `TapOver` came."""
        self._taps.pop((unit, side)).see_out()

    def runs(self, name: str) -> bool:
        """Whether a process of that name was begun and has not ended."""
        return name in self._runs and self._runs[name].is_running

    def is_current(self, name: str, run: int) -> bool:
        """Whether a happening is of the present run of `name`, and not of one that was killed."""
        return self._nth.get(name) == run

    def last_words(self, name: str) -> str:
        """The last line of the log of `name`."""
        return self._runs[name].last_words

    def kill(self, name: str) -> None:
        """As a power cut does."""
        self._next_run(name)  # what still comes of the one that is killed is no news
        if name in self._runs:
            self._runs.pop(name).kill()

    def end(self) -> None:
        """Ends everything: first who talks, then the broker that they talk through; returns when all are gone."""
        broker = self._runs.pop(BROKER, None)
        for group in ([*self._taps.values(), *self._runs.values()], [broker] if broker else []):
            enders = [Thread(target=_end, args=(run,), name="ender") for run in group]
            for ender in enders:
                ender.start()
            for ender in enders:
                ender.join()

    def _begin(self, name: str, command: list[str]) -> None:
        run = self._next_run(name)
        self._runs[name] = Process(
            command, self._log(name), lambda line: self._put(Said(name, run, line)), self._ender(name, run)
        )

    def _next_run(self, name: str) -> int:
        self._nth[name] = self._nth.get(name, 0) + 1
        return self._nth[name]

    def _ender(self, name: str, run: int) -> Callable[[int], None]:
        return lambda status: self._put(Gone(name, run, status))

    def _log(self, name: str) -> Path:
        return self._logs / f"{name}.log"


def _end(run: Runner) -> None:
    run.ask_to_end()
    run.see_out()
