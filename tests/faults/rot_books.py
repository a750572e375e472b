"""Any page or row of the server's books overwritten: what is acknowledged is in the journal, or nothing is.

In one process, on real files: each round takes the same good books, spoils them in one place, and lets the writer
meet them with a morning's taps, a sale at the desk and the clock.
"""

import random
import shutil
import sqlite3
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from device.contract.errors import Refused
from server.accounts.sales import sell
from server.accounts.work import Work
from server.store.database import make_database, open_database
from server.store.people import badges, members
from server.store.units import units
from tests.server.arrivals import EPOCH, MORNING, passed, run_of
from tests.server.conftest import open_house
from tests.server.office import ANNES, Office

DOORS = ("front", "back")
PEOPLE = 40
KEPT = 300
"""Passages of each door that are in the books before anything is spoilt: some pages of every table and index."""
SENT = 20


@dataclass
class Tally:
    """What rounds came to."""

    rounds: int = 0
    refused: int = 0
    harmless: int = 0
    told: int = 0


def rot_books_campaign(folder: Path, rounds: int, seed: int) -> Tally:
    """Spoils so many books; raises `AssertionError` where one acknowledges what it has not, or keeps silent."""
    source, tally = random.Random(seed), Tally()
    good = _good_books(folder / "good.sqlite3")
    for nth in range(rounds):
        spoilt = folder / f"spoilt-{nth}.sqlite3"
        shutil.copy(good, spoilt)
        how = source.choice((_overwrite_page, _overwrite_bytes, _overwrite_row))(spoilt, source)
        _meet(spoilt, f"round {nth}, {how}", tally)
        for path in folder.glob(f"{spoilt.name}*"):
            path.unlink()
        tally.rounds += 1
    return tally


def _meet(spoilt: Path, how: str, tally: Tally) -> None:
    try:
        db = open_database(spoilt)
    except (Refused, sqlite3.DatabaseError):  # the server does not even start, and says why
        tally.refused += 1
        return
    office = Office(db, open_house(), furnishes=False, pause_s=0.0)
    office.now = MORNING + timedelta(hours=2)
    office.keeper.start()
    for nth in range(SENT):
        for door in DOORS:
            office.keeper.arrived(run_of(passed(nth, ANNES), unit=door, first=KEPT + 1 + nth, at=office.now))
        if nth % 5 == 0:
            with suppress(Exception):  # what an order raises is for who gave it
                office.keeper.order(_sale)
    office.keeper.stop()
    stats = office.keeper.stats
    acknowledged = {(door, seq) for door in DOORS for seq in range(KEPT + 1, max(office.acks(door), default=0) + 1)}
    office.own.close()
    db.close()
    missing = sorted(event for event in acknowledged if not _is_kept(spoilt, *event))
    assert not missing, f"{how}: acknowledged, and not in the journal: {missing}"
    if len(acknowledged) == len(DOORS) * SENT:
        tally.harmless += 1
        return
    assert stats.damage or stats.disk_fault or stats.stuck, f"{how}: not all was kept, and nobody is told"
    tally.told += 1


def _sale(work: Work) -> None:
    sell(work, 1, "ticket-hour")


def _is_kept(path: Path, unit: str, seq: int) -> bool:
    """Looked for by the index and, where that is what is spoilt, among the newest rows of the table."""
    with closing(sqlite3.connect(path)) as connection:
        for sql in (
            "SELECT seq FROM events JOIN heads ON heads.id = head WHERE unit = ? AND epoch = ? AND seq = ?",
            "SELECT seq FROM (SELECT head, seq FROM events NOT INDEXED ORDER BY id DESC LIMIT 100)"
            " JOIN heads ON heads.id = head WHERE unit = ? AND epoch = ? AND seq = ?",
        ):
            with suppress(sqlite3.DatabaseError, UnicodeDecodeError):  # its words quote what it found
                if connection.execute(sql, (unit, EPOCH, seq)).fetchone():
                    return True
    return False


def _overwrite_page(path: Path, source: random.Random) -> str:
    page = source.randrange(path.stat().st_size // 4096)
    content = source.choice((source.randbytes(4096), bytes(4096), b"\xff" * 4096))
    return _overwrite(path, page * 4096, content)


def _overwrite_bytes(path: Path, source: random.Random) -> str:
    offset = source.randrange(path.stat().st_size - 64)
    return _overwrite(path, offset, source.randbytes(source.randrange(1, 64)))


def _overwrite(path: Path, offset: int, content: bytes) -> str:
    with path.open("r+b") as file:
        file.seek(offset)
        file.write(content)
    return f"{len(content)} bytes from {offset} on"


def _overwrite_row(path: Path, source: random.Random) -> str:
    """Any column of any row but those that say whose a row is: what is rightly another's cannot be told from rot."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        tables = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        filled = [name for name in tables if connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0]]
        table = source.choice([name for name in filled if not name.startswith(("sqlite_", "_sqlite_"))])
        columns = [(row[1], row[2]) for row in connection.execute(f"PRAGMA table_info({table})") if not row[5]]
        columns = [(name, kind) for name, kind in columns if (table, name) not in IDENTITY]
        if not columns:
            return f"{table}: nothing but keys"
        column, kind = source.choice(columns)
        connection.execute("PRAGMA ignore_check_constraints = ON")
        value = _any_value(kind, source)
        where = f"rowid IN (SELECT rowid FROM {table} ORDER BY random() LIMIT 1)"
        try:
            connection.execute(f"UPDATE {table} SET {column} = ? WHERE {where}", (value,))
        except sqlite3.OperationalError:  # a table without row ids: all of it
            connection.execute(f"UPDATE OR IGNORE {table} SET {column} = ?", (value,))
        except sqlite3.IntegrityError:
            return f"{table}.{column}: could not be spoilt"
    return f"{table}.{column} = {value!r}"


IDENTITY = {("heads", "unit"), ("heads", "epoch"), ("badges", "credential"), ("units", "removed_at")}


def _any_value(kind: str, source: random.Random) -> Any:
    if kind == "INTEGER":
        return source.choice((0, 1, -1, 7, 2**31, 2**53, 2**63 - 1, -(2**63)))
    if kind == "BLOB":
        return source.randbytes(20)
    return source.choice(("", "garbage", "2026-02-30", "{", "\x00", "é" * 300, "9999-12-31T23:59:59.999Z"))


def _good_books(path: Path) -> Path:
    house = open_house()
    with make_database(path) as db:
        with db.writing():
            for nth in range(PEOPLE):
                member = members.add(db, f"Member {nth}", email=f"m{nth}@example.org", now=MORNING).id
                badges.assign(db, member, ANNES if nth == 0 else f"uid:04A1B2C3{nth:06X}", now=MORNING)
            for door in DOORS:
                units.add(db, door, "door", now=MORNING)
        office = Office(db, house, furnishes=False)
        office.keeper.start()
        for door in DOORS:
            events = [passed(nth / 10 - 30, ANNES, "exit" if nth % 2 else "entry") for nth in range(KEPT)]
            office.keeper.arrived(run_of(*events[:200], unit=door))
            office.keeper.arrived(run_of(*events[200:], unit=door, first=201))
            office.keeper.arrived(run_of(passed(0, "uid:04FFFFFF"), unit="nobody"))
        for _ in range(10):
            office.keeper.order(_sale)
        office.keeper.stop()
        office.own.close()
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return path
