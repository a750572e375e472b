"""The former release, taken from the history, and a place that its own program made and runs."""

import json
import sqlite3
import subprocess
import sys
import tarfile
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from server.site import folder as sites
from server.site.folder import SiteFolder
from server.site.settings import FILE_NAME
from server.store.database import Database
from tests.live_place import ALWAYS, ROOT, SETTINGS, SITE, LivePlace, Program, SimulatedUnit
from tests.patience import PATIENCE_S

COMMIT = "2356a17fed684b856bc6d81d8ddd4c75efaa2468"
"""The last commit before updates: its units and servers know nothing of them."""


def unpacked(folder: Path) -> Path:
    """The program of that commit; skips the test where the history is not there, as in a shallow clone."""
    command = ["git", "-C", str(ROOT), "archive", COMMIT, "device", "server"]
    try:
        done = subprocess.run(command, capture_output=True, check=False)
    except FileNotFoundError:
        pytest.skip("git is not here, and so not the former release")
    if done.returncode != 0:
        pytest.skip(f"the history has no {COMMIT}: a shallow clone?")
    with tarfile.open(fileobj=BytesIO(done.stdout)) as archive:
        for member in archive:
            if member.isfile():
                path = folder / member.name
                path.parent.mkdir(parents=True, exist_ok=True)
                content = archive.extractfile(member)
                path.write_bytes(content.read() if content else b"")
    asking = [*inside(folder), sys.executable, "-c", "import device, server; print(device.__file__, server.__file__)"]
    asked = subprocess.run(asking, capture_output=True, text=True, check=True)
    assert all(Path(name).is_relative_to(folder) for name in asked.stdout.split()), asked.stdout
    return folder


def inside(former: Path) -> tuple[str, ...]:
    """What a command is run by so that it is the former program's: Python looks in the present folder first."""
    return ("env", "-C", str(former))


def unit_text(text: str, port: int) -> str:
    """A door's card without its pins and its contact, at the broker of `port`."""
    lines = (line for line in text.splitlines() if not line.startswith(("contact = ", "port = ", "resend_after_s = ")))
    changed = "\n".join(lines).replace('factory = "lgpio"', 'factory = "mock"')
    return changed.replace("[broker]\n", f"[broker]\nport = {port}\nresend_after_s = 2.0\n") + "\n"


class FormerPlace(LivePlace):
    """A place made by the former program, whose server is the former one; today's units may join it."""

    def __init__(self, folder: Path, former: Path) -> None:
        self.former = former
        super().__init__(folder, people=2)
        words = ("-C", str(self.site.folder), "serve")
        self.server = Program("server", *words, log=self.folder / "server.log", prefix=inside(former))

    def order(self, *words: str) -> Mapping[str, Any]:
        """What a command of the former program says, as JSON."""
        command = [*inside(self.former), sys.executable, "-m", "server", "-C", str(self.folder / "place"), *words]
        done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_S, check=False)
        assert done.returncode == 0, (words, done.stderr)
        told: Mapping[str, Any] = json.loads(done.stdout) if "--json" in words else {}
        return told

    def add_door(self, name: str) -> Path:
        """The folder of a new door's card, as the former server makes it."""
        folder = self.folder / "units" / name
        self.order("unit", "add", name, "--kind", "door", "--out", str(folder))
        toml = folder / "unit.toml"
        toml.write_text(unit_text(toml.read_text("utf-8"), self.broker.port), "utf-8")
        return folder

    def db(self) -> Database:
        """The books, which must not be brought up: the server beside is the former one."""
        connection = sqlite3.connect(self.site.database_path, isolation_level=None)
        connection.row_factory = sqlite3.Row
        return Database(self.site.database_path, connection)

    def _made_site(self, folder: Path) -> SiteFolder:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.order("init", str(folder), "--id", SITE)
        text = SETTINGS.format(site=SITE, broker_port=self.broker.port, web_port=self.web_port, always=ALWAYS)
        (folder / FILE_NAME).write_text(text, "utf-8")
        return sites.find(folder)

    def _added_people(self, people: int) -> dict[str, int]:
        numbers = {}
        for nth in range(people):
            number = int(self.order("member", "add", f"Member {nth}", "--json")["id"])
            badge = f"uid:04A1B2C3{nth:06X}"
            self.order("badge", "assign", str(number), badge)
            numbers[badge] = number
        return numbers


def join(place: LivePlace, folder: Path, name: str, former: Path | None = None) -> SimulatedUnit:
    """The unit of a card in `folder`, of the former program where that is named."""
    unit = SimulatedUnit(folder, place.ports.readers(), inside(former) if former else ())
    place.units[name] = unit
    return unit
