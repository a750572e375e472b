"""The place of the emulated unit, on this machine: Mosquitto with TLS, `poincon serve`, one member, one badge."""

import getpass
import json
import socket
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from device.contract.keys import DOOR_SLOT
from device.contract.unit_settings import PinSettings, ReaderSettings
from server.core.doors.key_diversification import badge_key
from server.site import folder as sites
from server.site.folder import SiteFolder
from server.site.settings import FILE_NAME, SiteSettings
from server.site.unit_card import unit_settings, write_unit_files
from server.store.database import Database, open_database
from server.store.people import badges, members
from server.store.units import units
from tests.card.console import Said
from tests.contract_client import now
from tests.live_place import ALWAYS, ROOT, SITE, Program
from tests.mosquitto import free_port
from tests.patience import wait_until
from tests.tls_broker import TlsBroker

SETTINGS = """\
[site]
id = "{site}"
[broker]
host = "{host}"
port = {broker_port}
tls = true
[web]
host = "0.0.0.0"
port = {web_port}
[capacity]
max = 500
comfortable = 25
[hours]
holidays = ""
weekly = {always}
concierge_weekly = {always}
"""
UNIT = "front"
UID = "04A1B2C3D4E5F6"
BADGE = f"ntag424:{UID}"
LONG_AGO = timedelta(days=60)

STRIKE, CONTACT, REX, TAMPER, FIRE, BUZZER = range(6)
PINS = PinSettings(strike=STRIKE, contact=CONTACT, rex=REX, tamper=TAMPER, fire=FIRE, buzzer=BUZZER)
"""The emulated chip has eight lines, and its own numbers."""


class Place:
    """The folder of a place, made where it is not there; nothing of it runs until `start`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.host = socket.gethostname()
        self.site = sites.find(folder / "place") if (folder / "place" / FILE_NAME).exists() else self._made()
        self.server = Program("server", "-C", str(self.site.folder), "serve", log=folder / "server.log")
        self._broker: TlsBroker | None = None

    @property
    def ports(self) -> list[int]:
        """What the machine may reach: the broker's, the desk's."""
        return [self.site.settings.broker.port, self.site.settings.web.port]

    @property
    def key(self) -> bytes:
        """The badge's own key."""
        return badge_key(self.site.badge_keys.present_key, bytes.fromhex(UID), DOOR_SLOT, SITE)

    @property
    def broker(self) -> TlsBroker:
        """The broker that runs."""
        assert self._broker is not None
        return self._broker

    def start(self) -> None:
        """Broker and server; returns when the server listens to units."""
        self._broker = TlsBroker(self.site)
        self.server.start()
        wait_until(lambda: "connected to broker" in self.server.log_text(), why=self.server.log_end)

    def stop(self) -> None:
        """Ends both."""
        self.server.kill()
        if self._broker is not None:
            self._broker.stop()

    def db(self) -> Database:
        """The books, opened beside the server."""
        return open_database(self.site.database_path)

    def events(self, kind: str, since: int = 0) -> list[dict[str, Any]]:
        """What the server keeps of the unit, by kind, oldest first, past the row `since`."""
        sql = "SELECT body FROM events JOIN heads ON heads.id = head WHERE unit = ? AND kind = ? AND events.rowid > ?"
        with self.db() as db:
            return [json.loads(row["body"]) for row in db.rows(sql + " ORDER BY events.rowid", (UNIT, kind, since))]

    def newest(self) -> int:
        """The row of the newest event."""
        with self.db() as db:
            return int(db.value("SELECT coalesce(max(rowid), 0) FROM events"))

    def wait_for_event(self, kind: str, since: int, patience_s: float, **facts: object) -> dict[str, Any]:
        """The first such event past the row `since`; raises `TimeoutError`."""

        def found() -> dict[str, Any] | None:
            told = self.events(kind, since)
            return next((event for event in told if facts.items() <= event.items()), None)

        event = wait_until(found, patience_s=patience_s, why=lambda: f"{kind} {facts}: {self.events(kind, since)}")
        assert event is not None
        return event

    def unit_state(self) -> Any:
        """The newest that the unit said of itself, and when it was heard."""
        with self.db() as db:
            return units.find(db, UNIT)

    def wait_for_state(self, so: Callable[[Any], bool], patience_s: float) -> Any:
        """The unit as the server knows it, once its state is so; raises `TimeoutError`."""

        def found() -> Any:
            unit = self.unit_state()
            return unit if unit.state is not None and so(unit.state) else None

        return wait_until(found, patience_s=patience_s, why=lambda: self.unit_state())

    def said(self, *words: str) -> Said:
        """What `poincon` prints, and its exit status."""
        command = [sys.executable, "-m", "server", "-C", str(self.site.folder), *words]
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=ROOT)
        return Said(done.stdout.strip(), done.returncode)

    def command(self, *words: str) -> str:
        """What `poincon` prints; raises `AssertionError` where it fails."""
        said = self.said(*words)
        assert said.status == 0, (words, said)
        return said.text

    def unit_folder(self, folder: Path) -> None:
        """Writes what goes on the card of the unit, with the pins of the emulated chip."""
        settings = unit_settings(self.site.settings, UNIT, "door", None, "entry")
        readers = [ReaderSettings(side="entry", device="tty:AMA0:pn532")]
        write_unit_files(self.site, folder, replace(settings, pins=PINS, readers=readers))

    def _made(self) -> SiteFolder:
        folder = self.folder / "place"
        sites.create(folder, SiteSettings(id=SITE), self.host)
        ports = {"broker_port": free_port(), "web_port": free_port()}
        text = SETTINGS.format(site=SITE, host=self.host, always=ALWAYS, **ports)
        (folder / FILE_NAME).write_text(text, "utf-8")
        site = sites.find(folder)  # with its new settings
        site.write_broker_files(user=getpass.getuser())
        with open_database(site.database_path) as db, db.writing():
            member = members.add(db, "Anne", now=now() - LONG_AGO).id
            badges.assign(db, member, BADGE, now=now() - LONG_AGO)
            units.add(db, UNIT, "door", now=now() - LONG_AGO)
        return site
