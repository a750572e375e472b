"""A whole place that runs for real: Mosquitto, `poincon serve`, simulated units, each a process that can be killed."""

import json
import random
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from datetime import timedelta
from pathlib import Path
from threading import Condition, Thread
from typing import Any, NamedTuple, Self, cast

import msgspec

from device.contract.messages import Direction, UnitKind
from device.contract.unit_settings import UnitSettings
from device.simulation.virtual_badge import VirtualBadge
from server.demo.ports import Ports
from server.site import folder as sites
from server.site.folder import SiteFolder
from server.site.settings import FILE_NAME, SiteSettings
from server.site.unit_card import Readers, unit_settings, write_unit_files
from server.store.database import Database, open_database
from server.store.people import badges, members
from server.store.units import units
from tests.contract_client import now
from tests.mosquitto import Mosquitto
from tests.patience import PATIENCE_S, eventually, wait_until

__all__ = ["SITE", "LivePlace", "Program", "SimulatedUnit", "Told", "eventually", "heads", "is_kept"]

ROOT = Path(__file__).resolve().parents[1]
SITE = "here"
RESEND_AFTER_S = 2.0
LONG_AGO = timedelta(days=60)

SETTINGS = """\
[site]
id = "{site}"
[broker]
port = {broker_port}
[web]
port = {web_port}
[capacity]
max = 500
comfortable = 25
[hours]
holidays = ""
weekly = {always}
concierge_weekly = {always}
"""
ALL_DAY = '[["00:00", "24:00"]]'
ALWAYS = f"{{ {', '.join(f'{day} = {ALL_DAY}' for day in ('mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'))} }}"


class Told(NamedTuple):
    """A line on a stdout, and the monotonic time it came at."""

    at_s: float
    line: str


class Program:
    """A process that is started as often as it is killed; `prefix` is a command that runs it, such as `prlimit`.

    What it writes on its stdout is kept line by line, over all its runs.
    """

    def __init__(self, module: str, *words: str, log: Path, prefix: Sequence[str] = ()) -> None:
        self.command = [*prefix, sys.executable, "-m", module, *words]
        self.told: list[Told] = []
        self._log = log
        self._changed = Condition()
        self._process: subprocess.Popen[str] | None = None
        self._reader: Thread | None = None

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Begins; returns at once."""
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, cwd=ROOT, text=True, bufsize=1
            )
        self._reader = Thread(target=self._follow, args=(self._process,), daemon=True)
        self._reader.start()

    def kill(self) -> None:
        """As a power cut does."""
        if self._process is not None:
            self._process.kill()
            self._see_out()

    def stop(self) -> int:
        """As systemd does; the exit status."""
        if self._process is None:
            return 0
        self._process.terminate()
        return self._see_out()

    def order(self, line: str) -> None:
        """Writes a line on its stdin, where somebody still reads it."""
        if self._process is not None and self._process.stdin is not None:
            with suppress(BrokenPipeError, ValueError):
                self._process.stdin.write(line + "\n")
                self._process.stdin.flush()

    def wait_for(self, line: str, *, after: int = 0, patience_s: float = PATIENCE_S) -> Told:
        """The first line that begins with `line`, not counting the first `after` lines; raises `TimeoutError`."""

        def came() -> Told | None:
            return next((told for told in self.told[after:] if told.line.startswith(line)), None)

        def why() -> str:
            return f"no “{line}”; told: {self.told[-5:]}; log: {self.log_end()}"

        return cast(Told, wait_until(came, patience_s=patience_s, changed=self._changed, why=why))

    def log_end(self) -> str:
        """The last it wrote on its stderr."""
        return self._log.read_text("utf-8", "replace")[-2000:]

    def log_text(self) -> str:
        """All it wrote on its stderr."""
        return self._log.read_text("utf-8", "replace") if self._log.exists() else ""

    def _follow(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        for line in process.stdout:
            with self._changed:
                self.told.append(Told(time.monotonic(), line.rstrip("\n")))
                self._changed.notify_all()

    def _see_out(self) -> int:
        assert self._process is not None and self._reader is not None
        try:
            status = self._process.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            status = self._process.wait()
        self._reader.join(PATIENCE_S)
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()
        return status


class SimulatedUnit(Program):
    """`poincon-unit simulate`: its readers are at `udp` and the port after it."""

    def __init__(self, folder: Path, udp: int, prefix: Sequence[str] = ()) -> None:
        words = ("simulate", "-c", str(folder / "unit.toml"), "--udp", str(udp))
        super().__init__("device", *words, log=folder / "log", prefix=prefix)
        self.folder, self.udp = folder, udp

    def tap(self, credential: str, side: Direction = "entry", hold_s: float = 0.02) -> str:
        """Holds a badge to a reader: `granted granted`, `denied full` or such; again where it was not seen to go."""
        before = len(self.told)
        port = self.udp + (1 if side == "exit" else 0)
        for _ in range(3):
            assert VirtualBadge(port, credential).present(hold_s, PATIENCE_S), "no reader took the badge up"
            if eventually(lambda: any(told.line.startswith("decision") for told in self.told[before:]), 20):
                break
        return " ".join(self.wait_for("decision", after=before).line.split()[1:3])

    @property
    def outbox(self) -> Path:
        return self.folder / "data" / "outbox.db"


class LivePlace:
    """Nothing of it runs until it is started; all that runs is ended with the `with`."""

    def __init__(self, folder: Path, people: int = 12) -> None:
        self.folder = folder
        self.ports = Ports(random.Random())
        self.broker = Mosquitto(folder / "broker")
        self.web_port = self.ports.tcp()
        self.site = self._made_site(folder / "place")
        self.server = Program("server", "-C", str(self.site.folder), "serve", log=folder / "server.log")
        self.units: dict[str, SimulatedUnit] = {}
        self.people = self._added_people(people)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        with ExitStack() as ending:
            ending.callback(self.broker.kill)
            for program in (self.server, *self.units.values()):
                ending.callback(program.kill)

    def add_unit(
        self,
        name: str,
        kind: UnitKind = "door",
        readers: Readers = "both",
        *,
        room: str | None = None,
        has_contact: bool = True,
        prefix: Sequence[str] = (),
        **rules: float,
    ) -> SimulatedUnit:
        """A unit in the books, its card ready."""
        settings = unit_settings(self.site.settings, name, kind, room, readers)
        folder = self.folder / "units" / name
        with self.db() as db:
            units.add(db, name, kind, room=room, now=now() - LONG_AGO)
        write_unit_files(self.site, folder, _tuned(settings, has_contact, rules))
        self.units[name] = SimulatedUnit(folder, self.ports.readers(), prefix)
        return self.units[name]

    def start(self) -> None:
        """Broker, server, units."""
        self.broker.start()
        self.server.start()
        for unit in self.units.values():
            unit.start()

    def db(self) -> Database:
        """The books, opened beside whoever writes them."""
        return open_database(self.site.database_path)

    def start_server(self) -> None:
        """Broker and server; returns when the server listens to the units."""
        self.broker.start()
        self._start_server()

    def restart_server(self) -> None:
        """The server anew, with nothing in its memory; returns when it listens to the units."""
        self.server.stop()
        self._start_server()

    def _start_server(self) -> None:
        before = self._connections()
        self.server.start()
        wait_until(lambda: self._connections() > before, why=self.server.log_end)

    def _connections(self) -> int:
        return self.server.log_text().count("connected to broker")

    def wait_for_list(self, name: str, credential: str | None = None) -> None:
        """Waits until a unit has its access list on its disk."""
        kept = self.units[name].folder / "data" / "access-list.json"
        wanted = credential or list(self.people)[-1]
        assert eventually(lambda: kept.exists() and wanted in kept.read_text()), "the unit got no list"

    def command(self, *words: str, status: int = 0) -> str:
        """What `poincon` prints on its stdout."""
        command = [sys.executable, "-m", "server", "-C", str(self.site.folder), *words]
        done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=PATIENCE_S)
        assert done.returncode == status, (words, done.returncode, done.stdout, done.stderr)
        return done.stdout

    def json(self, *words: str) -> Any:
        """The document of a command."""
        return json.loads(self.command(*words, "--json"))

    def wait(self, until: Callable[[Database], bool], patience_s: float = PATIENCE_S) -> None:
        """Waits until the books say so; raises `TimeoutError`."""
        with self.db() as db:
            wait_until(lambda: until(db), patience_s=patience_s, why=lambda: f"log: {self.server.log_end()}")

    def _made_site(self, folder: Path) -> SiteFolder:
        sites.create(folder, SiteSettings(id=SITE), "127.0.0.1")
        text = SETTINGS.format(site=SITE, broker_port=self.broker.port, web_port=self.web_port, always=ALWAYS)
        (folder / FILE_NAME).write_text(text, "utf-8")
        return sites.find(folder)  # with its new settings

    def _added_people(self, people: int) -> dict[str, int]:
        """Members by the badge that each of them holds."""
        numbers = {}
        with self.db() as db, db.writing():
            for nth in range(people):
                member = members.add(db, f"Member {nth}", now=now() - LONG_AGO).id
                badge = badges.assign(db, member, f"uid:04A1B2C3{nth:06X}", now=now() - LONG_AGO)
                numbers[badge.credential] = member
        return numbers


def heads(db: Database) -> dict[tuple[str, str], int]:
    """How far the journal of each unit and epoch is kept."""
    return {(row["unit"], row["epoch"]): row["through"] for row in db.rows("SELECT * FROM heads")}


def is_kept(unit: str, kind: str, part: str = "") -> Callable[[Database], bool]:
    """Whether the journal has an event of that unit and kind whose JSON has `part` in it."""
    sql = "SELECT 1 FROM events JOIN heads ON heads.id = head WHERE unit = ? AND kind = ? AND instr(body, ?) > 0"
    return lambda db: db.row(sql, (unit, kind, part)) is not None


def _tuned(settings: UnitSettings, has_contact: bool, rules: dict[str, float]) -> UnitSettings:
    replace = msgspec.structs.replace
    return replace(
        settings,
        broker=replace(settings.broker, resend_after_s=RESEND_AFTER_S),
        pins=replace(settings.pins, factory="mock", contact=settings.pins.contact if has_contact else None),
        rules=replace(settings.rules, **rules),
    )
