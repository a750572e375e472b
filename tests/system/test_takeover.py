"""The server burns in the middle of taps and sales, and another machine takes over: real Mosquitto, real Litestream."""

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from device.contract.instant import Instant
from server.backups.sealing import new_key
from server.replica.note import read_note
from server.site import folder as sites
from server.site.folder import SiteFolder
from server.store.accounts import sales
from server.store.database import Database, open_database
from tests.live_place import ROOT, LivePlace, Program, SimulatedUnit
from tests.patience import PATIENCE_S, wait_until


class Burning(LivePlace):
    """A live place with a copy on a stick, and another folder that stands for another machine."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.stick, self.second = folder / "stick", folder / "second"
        self.stick.mkdir()
        self.url = self.stick.as_uri()
        settings = self.site.folder / "poincon.toml"
        settings.write_text(f'{settings.read_text()}[replica]\nurl = "{self.url}"\n')
        self.site = sites.find(self.site.folder)
        self.key = folder / "key"
        self.key.write_text(new_key(self.site))
        self.copier = self.program("replica", "run", log="copier.log")
        self.new_server = Program("server", "-C", str(self.second), "serve", log=folder / "second.log")

    def __exit__(self, *exception: object) -> None:
        for program in (self.copier, self.new_server):
            program.kill()
        super().__exit__(*exception)

    def program(self, *words: str, log: str) -> Program:
        return Program("server", "-C", str(self.site.folder), *words, log=self.folder / log)

    def copied(self) -> bool:
        """Whether the copy was complete after it began, settings and secrets included."""
        note = read_note(self.site.folder)
        with self.db() as db:
            is_sealed = db.value("SELECT count(*) FROM sealed_place") == 1
        return is_sealed and note is not None and note.current_at is not None and not note.fault

    def burn(self) -> Instant:
        """Server, copier and broker are gone at once."""
        at = Instant.of(datetime.now(UTC))
        for process in (self.server, self.copier, self.broker):
            process.kill()
        return at

    def take_over(self) -> str:
        """What the command tells."""
        command = [sys.executable, "-m", "server", "--lang", "en", "takeover", self.url, str(self.second)]
        done = subprocess.run(
            [*command, "--key-file", str(self.key)], capture_output=True, text=True, cwd=ROOT, timeout=PATIENCE_S
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def run_second(self) -> None:
        """The broker and the new server."""
        self.broker.start()
        self.new_server.start()
        wait_until(lambda: "connected to broker" in self.new_server.log_text(), why=self.new_server.log_end)


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Burning]:
    burning = Burning(tmp_path)
    with burning:
        yield burning


def recorded(unit: SimulatedUnit) -> set[int]:
    """The numbers of all events that a unit ever wrote down."""
    with closing(sqlite3.connect(unit.outbox)) as outbox:
        return {seq for (seq,) in outbox.execute("SELECT seq FROM event")}


def kept(db: Database, unit: str) -> list[int]:
    """The numbers of the events of a unit that the books have, each as often as it is there."""
    rows = db.rows("SELECT seq FROM events JOIN heads ON heads.id = head WHERE unit = ?", (unit,))
    return sorted(row["seq"] for row in rows)


def sold(site: SiteFolder) -> dict[int, Instant]:
    """When each sale was written."""
    with open_database(site.database_path) as db:
        rows = db.rows("SELECT number FROM sales")
        return {row["number"]: sales.find(db, row["number"]).written_at for row in rows}


def selling(place: Burning, member: int) -> "subprocess.Popen[bytes]":
    """Somebody who sells until they are stopped, one sale after the other."""
    program = f"""
import subprocess, sys
while True:
    subprocess.run([sys.executable, "-m", "server", "-C", {str(place.site.folder)!r}, "sell", "{member}", "ticket-hour",
                    "--paid-by", "cash"], check=True, stdout=subprocess.DEVNULL)
"""
    return subprocess.Popen([sys.executable, "-c", program], cwd=ROOT, stderr=subprocess.DEVNULL)


def test_no_tap_is_lost_and_the_sales_that_are_missing_are_told(place: Burning) -> None:
    front = place.add_unit("front")
    place.start()
    place.copier.start()
    place.wait_for_list("front")
    wait_until(place.copied, why=place.copier.log_end)
    people = list(place.people.items())
    seller = selling(place, people[0][1])
    for badge, _ in people[:4]:
        front.tap(badge)
    wait_until(lambda: len(sold(place.site)) >= 3)
    burnt_at = place.burn()
    seller.kill()
    seller.wait()
    before = sold(place.site)
    front.tap(people[5][0])
    told = place.take_over()
    place.run_second()
    second = sites.find(place.second)
    with open_database(second.database_path) as db:
        wait_until(lambda: set(kept(db, "front")) >= recorded(front), why=place.new_server.log_end)
        assert len(kept(db, "front")) == len(set(kept(db, "front"))), "none is kept twice"
    back_at = Instant.of(datetime.now(UTC))
    lost = {number: at for number, at in before.items() if number not in sold(second)}
    ages_s = [(burnt_at - at).total_seconds() for at in lost.values()]
    print(f"RPO: {len(lost)} of {len(before)} sales, the oldest {max(ages_s, default=0):.2f} s before the end; 0 taps")
    print(f"RTO: {(back_at - burnt_at).total_seconds():.1f} s to the last tap in the new books")
    newest = max(sold(second).values())
    assert all(at > newest for at in lost.values()), "what is missing is all after the last sale that is told"
    assert f"number {max(sold(second))}, of" in told
    assert second.badge_keys.present_key == place.site.badge_keys.present_key


def test_the_former_server_stays_stopped_when_it_comes_back(place: Burning) -> None:
    place.start()
    place.copier.start()
    wait_until(place.copied, why=place.copier.log_end)
    place.burn()
    place.take_over()
    for _ in range(2):
        place.server.start()
        wait_until(lambda: not place.server.is_running, why=place.server.log_end)
        assert place.server.stop() == 2
        assert "un autre serveur a pris la relève (mandat 2)" in place.server.log_end()
    assert "serving" not in place.server.log_text().split("mandat 2")[1]
    place.copier.start()
    wait_until(lambda: not place.copier.is_running, why=place.copier.log_end)
    assert place.copier.stop() == 2
