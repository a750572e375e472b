"""A place made by the program of commit b7f462c, before anything was released, opens with this one, nothing lost.

`former_place/` holds its settings, secrets, its database as SQL, and what its own command line told of it.
"""

import json
import re
import shutil
import sqlite3
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from device.contract.errors import Refused
from device.contract.instant import Instant
from server.app import Server
from server.ingest import recount
from server.site.rules_in_force import house_of
from server.store.database import open_database
from server.store.upgrade import known_migrations
from tests.orders import work_at
from tests.server.cli.conftest import CommandLine

FORMER = Path(__file__).parent / "former_place"
TOLD = json.loads((FORMER / "told.json").read_text("utf-8"))
WRITTEN = re.compile(r"\d{4}-\d\d-\d\d|[{\[]")
"""A date, a moment, or JSON."""
COMMANDS = (("verify",), ("present",), ("account", "4"), ("report", "attendance"), ("report", "occupancy"))
AFTERWARDS = Instant.parse("2026-11-27T14:30:00.000Z")


@pytest.fixture
def former(tmp_path: Path) -> CommandLine:
    folder = tmp_path / "place"
    shutil.copytree(FORMER, folder, ignore=shutil.ignore_patterns("*.sql", "told.json"))
    for path in (folder, folder / "secrets"):
        path.chmod(0o700)
    for path in (folder / "secrets").iterdir():
        path.chmod(0o600)
    connection = sqlite3.connect(folder / "books.sqlite3")
    connection.executescript((FORMER / "books.sql").read_text("utf-8"))
    connection.close()
    line = CommandLine(folder)
    line.now, line.language = AFTERWARDS, "en"
    return line


def test_everybody_and_every_entry_of_their_account_is_still_there(former: CommandLine) -> None:
    assert sorted([member["id"], member["name"]] for member in former.json("member", "list")) == sorted(TOLD["members"])
    for member, ledger in TOLD["ledgers"].items():
        assert former.json("ledger", member) == ledger, f"the ledger of member {member}"


def test_once_started_it_counts_all_again_and_agrees(former: CommandLine) -> None:
    with open_database(former.site.database_path) as db:
        starting = work_at(former.now, db, house_of(db, former.site.settings))
        recount.check_out_due(starting)  # as the server does when it starts
    assert "agree" in former.out("verify")


def test_it_goes_on_selling_and_numbers_on(former: CommandLine) -> None:
    last = max(int(entry["cause"].split()[1]) for entry in _entries() if entry["cause"].startswith("sale "))
    assert former.json("sell", "2", "ticket-hour", "--paid-by", "cash")["number"] == last + 1


def test_a_rotten_date_or_word_anywhere_is_told_as_damage_and_never_as_a_fault_of_the_program(
    former: CommandLine,
) -> None:
    """Whatever meets it, the server's start or a command; what nobody meets harms nobody."""
    told = 0
    with sqlite3.connect(former.site.database_path, isolation_level=None) as connection:
        for (trigger,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {trigger}")
        for table, column in _written_columns(connection):
            before = connection.execute(f"SELECT rowid, {column} FROM {table} WHERE {column} IS NOT NULL").fetchall()
            connection.execute(f"UPDATE {table} SET {column} = 'x' WHERE {column} IS NOT NULL")
            for words in COMMANDS:
                result = former.run(*words)
                assert "a fault of the program" not in result.stderr, f"{table}.{column}: {result.stderr}"
                told += "restore" in result.stderr
            try:
                Server(former.site, now=lambda: former.now)._db.close()
            except (Refused, sqlite3.DatabaseError):
                told += 1
            connection.executemany(f"UPDATE {table} SET {column} = ?2 WHERE rowid = ?1", before)
    assert told > 20


def _written_columns(connection: sqlite3.Connection) -> Iterator[tuple[str, str]]:
    """Columns that hold dates, moments or JSON, of tables with row numbers."""
    tables = connection.execute("PRAGMA table_list").fetchall()
    for table in sorted(name for _, name, kind, _, wr, _ in tables if kind == "table" and not wr and name[0] != "_"):
        for _, column, kind, *_ in connection.execute(f"PRAGMA table_info({table})").fetchall():
            values = connection.execute(f"SELECT {column} FROM {table} WHERE {column} IS NOT NULL LIMIT 1").fetchall()
            if kind == "TEXT" and values and WRITTEN.match(values[0][0]):
                yield table, column


def _entries() -> list[dict[str, str]]:
    return [entry for ledger in TOLD["ledgers"].values() for entry in ledger]


def _take_last_step_back(path: Path) -> set[str]:
    """The books as before the step `rooms`; all that is in them."""
    with sqlite3.connect(path) as connection:
        connection.execute("DROP TABLE desk_rooms")
        connection.execute("DROP INDEX events_of_rooms")
        connection.execute("DELETE FROM _sqlite_migrations WHERE name = 'rooms'")
    with sqlite3.connect(path) as connection:
        return set(connection.iterdump())


def test_the_books_are_kept_as_they_were_before_they_are_brought_up(former: CommandLine, tmp_path: Path) -> None:
    path = former.site.database_path
    before = _take_last_step_back(path)
    open_database(path).close()
    kept = path.with_name(f"books.before-{len(known_migrations())}.sqlite3")
    assert kept.stat().st_mode & 0o777 == 0o600
    with sqlite3.connect(kept) as connection:
        assert set(connection.iterdump()) == before
    written = kept.stat()
    open_database(path).close()
    assert (kept.stat().st_ino, kept.stat().st_mtime_ns) == (written.st_ino, written.st_mtime_ns)
    former.out("backup", str(tmp_path / "place.tar"))
    with tarfile.open(tmp_path / "place.tar") as archive:
        assert [name for name in archive.getnames() if name.startswith("books")] == ["books.sqlite3"]


def test_what_is_removed_for_good_is_in_no_copy_of_before_either(former: CommandLine) -> None:
    path = former.site.database_path
    _take_last_step_back(path)
    with open_database(path) as db:
        assert list(path.parent.glob("books.before-*"))
        for more in ("", "-wal"):  # an update's way back sets them aside
            path.with_name(f".newer-books-2026-11-23T100000Z.sqlite3{more}").touch()
        db.leave_no_trace()
    assert not list(path.parent.glob("books.before-*"))
    assert not list(path.parent.glob(".newer-*"))


def test_only_the_last_copy_of_before_is_kept(former: CommandLine) -> None:
    old = former.site.database_path.with_name("books.before-1.sqlite3")
    old.touch()
    _take_last_step_back(former.site.database_path)
    open_database(former.site.database_path).close()
    assert not old.exists()
