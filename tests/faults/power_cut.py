"""Power cuts over the unit's outbox and the server's books: whatever was promised before a cut is there after it."""

import random
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

from device.adapters.outbox import NOTE_EVERY, Outbox
from device.contract.codec import encode
from device.contract.messages import AnyEvent, Run
from server.ingest.ingest import Ingest
from server.mqtt.inbound import Arrival
from server.site.rules_in_force import house_of, note_settings
from server.site.settings import ServerSettings
from server.store.database import FILE_NAME, PRAGMAS, Database, make_database, open_database
from server.store.people import badges, members
from server.store.units import units
from server.verify.verify import verify
from tests.contract_client import now, passage
from tests.faults.simulated_disk import Cut, SimulatedDisk

CHANCE = 0.1
BOOT = "boot"
PEOPLE, DOORS = 20, ("front", "back")
EPOCH = "00c0ffee"


class Tally(NamedTuple):
    """How many cuts there were, and after how many of them something promised was missing."""

    cuts: int
    losses: int


def outbox_campaign(folder: Path, records: int, source: random.Random, *, full: bool = True) -> Tally:
    """A unit writes so many times while its power is cut now and then."""
    written: list[bytes] = []
    disk = SimulatedDisk(source, CHANCE, lambda: list(written))
    outbox = Outbox(Path("outbox.db"), EPOCH, lambda path: disk.connect(path, full=full))
    with closing(outbox):
        for _ in range(records):
            payloads = [source.randbytes(source.randrange(80, 400)) for _ in range(source.randrange(1, 4))]
            outbox.record(payloads, 0.0, BOOT)
            written += payloads
            if source.random() < 0.05:
                outbox.kept_through(min(len(written), outbox.kept + NOTE_EVERY))
    return _tally(folder, disk.cuts, _outbox_lost)


def books_campaign(folder: Path, batches: int, source: random.Random, *, full: bool = True) -> Tally:
    """A server keeps so many batches of runs while its power is cut now and then."""
    acknowledged: dict[str, int] = dict.fromkeys(DOORS, 0)
    disk = SimulatedDisk(source, CHANCE, lambda: dict(acknowledged))
    disk.put(FILE_NAME, _new_books(folder / FILE_NAME))
    with Database(Path(FILE_NAME), disk.connect(FILE_NAME, full=full)) as db:
        for pragma in PRAGMAS:
            db.execute(f"PRAGMA {pragma}")
        ingest = Ingest(db, house_of(db, ServerSettings()))
        for _ in range(batches):
            runs = [_run(door, acknowledged[door], source) for door in DOORS]
            with db.writing():
                outcome = ingest.keep(runs, now())
            acknowledged.update({unit: through for (unit, _), through in outcome.heads.items()})
    return _tally(folder, disk.cuts, _books_lost)


def _tally(folder: Path, cuts: list[Cut], is_lost: Callable[[Path, Any], bool]) -> Tally:
    losses = [is_lost(cut.put_down(folder / f"cut-{nth}"), cut.promised) for nth, cut in enumerate(cuts)]
    return Tally(len(cuts), sum(losses))


def _outbox_lost(folder: Path, promised: list[bytes]) -> bool:
    with closing(Outbox(folder / "outbox.db", EPOCH)) as outbox:
        found = [entry.payload for entry in outbox.entries(1, outbox.recorded)]
        assert outbox.kept <= outbox.recorded
    _check_integrity(folder / "outbox.db")
    return found[: len(promised)] != promised


def _books_lost(folder: Path, promised: dict[str, int]) -> bool:
    with open_database(folder / FILE_NAME) as db:
        differences = verify(db, house_of(db, ServerSettings()), now())
        assert not differences, differences
        sql = "SELECT unit, max(seq), count(*), through FROM events JOIN heads ON heads.id = head GROUP BY heads.id"
        kept = {unit: last for unit, last, count, through in db.rows(sql) if last == count == through}
    _check_integrity(folder / FILE_NAME)
    return any(kept.get(door, 0) < through for door, through in promised.items())


def _check_integrity(path: Path) -> None:
    with closing(sqlite3.connect(path)) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)], path


def _new_books(path: Path) -> bytes:
    with make_database(path) as db, db.writing():
        for door in DOORS:
            units.add(db, door, "door", now=now())
        for nth in range(PEOPLE):
            badges.assign(db, members.add(db, f"Member {nth}", now=now()).id, _credential(nth), now=now())
        settings = ServerSettings()
        note_settings(db, settings, house_of(db, settings).day_of(now()))
    return path.read_bytes()


def _run(door: str, through: int, source: random.Random) -> Arrival:
    events: list[AnyEvent] = [
        passage(_credential(source.randrange(PEOPLE)), source.choice(("entry", "exit")))
        for _ in range(source.randrange(1, 8))
    ]
    payload = encode(Run(epoch=EPOCH, first=through + 1, sent_at=now(), events=events))
    return Arrival(f"poincon/v1/here/unit/{door}/events", payload, now())


def _credential(nth: int) -> str:
    return f"uid:04A1B2C3{nth:06X}"
