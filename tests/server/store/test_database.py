"""Opening, migrating, writing and copying the books."""

import sqlite3
import threading
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

from device.contract.errors import Refused
from device.contract.instant import Instant
from server.store.damage import CommitFailed, DamagedDatabase, is_busy, is_damage, is_of_the_disk
from server.store.database import Database, make_database, open_database, read_database
from server.store.people import members
from server.store.schema.write import SCHEMA, schema
from server.store.stored_values import stored_instant

NOW = Instant.parse("2026-11-23T08:00:00.000Z")


def test_the_schema_file_is_what_the_migrations_come_to() -> None:
    assert SCHEMA.read_text("utf-8") == schema(), "run: python -m server.store.schema.write"


def test_every_table_is_strict(db: Database) -> None:
    lax = [row["name"] for row in db.rows("PRAGMA table_list") if not row["strict"]]
    assert [name for name in lax if not name.startswith(("sqlite_", "_sqlite_"))] == []


def test_what_is_committed_survives_a_power_cut(db: Database) -> None:
    assert db.value("PRAGMA journal_mode") == "wal"
    assert db.value("PRAGMA synchronous") == 2  # FULL
    assert db.value("PRAGMA foreign_keys") == 1


def test_books_are_made_once(db: Database) -> None:
    with pytest.raises(Refused, match="books_exist"):
        make_database(db.path)


def test_missing_books_are_refused_and_not_made(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="no_books"):
        open_database(tmp_path / "none.sqlite3")
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_bytes(b"Dear concierge, " * 100)
    with pytest.raises(Refused, match="not a database"):
        open_database(tmp_path / "letter.txt")


@pytest.mark.parametrize("open_it", [open_database, read_database])
@pytest.mark.parametrize("left", [b"", bytes(4096)], ids=["nothing", "zeros"])
def test_books_whose_content_is_gone_are_no_new_books(
    tmp_path: Path, open_it: Callable[[Path], Database], left: bytes
) -> None:
    path = tmp_path / "books.sqlite3"
    path.write_bytes(left)
    with pytest.raises((Refused, sqlite3.DatabaseError)) as caught:
        open_it(path)
    assert isinstance(caught.value, Refused) or is_damage(caught.value)
    assert path.read_bytes() == left


def test_who_finds_the_books_empty_is_told_to_restore_the_backup(tmp_path: Path) -> None:
    path = tmp_path / "books.sqlite3"
    sqlite3.connect(path).executescript("CREATE TABLE shopping (item TEXT)").close()
    with pytest.raises(Refused, match="file_damaged"):
        open_database(path)


@pytest.mark.parametrize("open_it", [open_database, read_database])
def test_a_file_whose_schema_is_no_text_any_more_is_damaged(
    tmp_path: Path, open_it: Callable[[Path], Database]
) -> None:
    """SQLite quotes what it found there, and its words are no text then either."""
    path = tmp_path / "books.sqlite3"
    make_database(path).close()
    whole = path.read_bytes()
    spoilt = whole.replace(b"CREATE TABLE guests (", b"CREATE T\xa6\x80\xffE guests (")
    assert spoilt != whole
    path.write_bytes(spoilt)
    with pytest.raises((Refused, sqlite3.DatabaseError)) as caught:
        open_it(path).value("SELECT count(*) FROM guests")
    assert isinstance(caught.value, Refused) or is_damage(caught.value)


def test_a_failed_transaction_leaves_nothing(db: Database) -> None:
    with pytest.raises(ZeroDivisionError), db.writing():
        members.add(db, "Anne", now=NOW)
        raise ZeroDivisionError
    assert members.every(db) == []


def test_a_transaction_inside_another_is_part_of_it(db: Database) -> None:
    with db.writing(), db.writing():
        members.add(db, "Anne", now=NOW)
    assert [member.name for member in members.every(db)] == ["Anne"]


def test_a_reader_cannot_write(db: Database) -> None:
    with read_database(db.path) as reader, pytest.raises(sqlite3.OperationalError):
        members.add(reader, "Anne", now=NOW)


def test_another_process_writing_is_noticed(db: Database) -> None:
    before = db.foreign_version()
    members.add(db, "Anne", now=NOW)
    assert db.foreign_version() == before
    with open_database(db.path) as other:
        members.add(other, "Bruno", now=NOW)
    assert db.foreign_version() != before


def test_a_backup_is_whole_while_others_write(db: Database, tmp_path: Path) -> None:
    stop = threading.Event()

    def fill() -> None:
        with open_database(db.path) as other:
            while not stop.is_set():
                members.add(other, "Anne", now=NOW)

    writer = threading.Thread(target=fill)
    writer.start()
    try:
        db.backup(tmp_path / "copy.sqlite3")
    finally:
        stop.set()
        writer.join()
    with open_database(tmp_path / "copy.sqlite3") as copy:
        assert copy.value("PRAGMA integrity_check") == "ok"
        assert len(members.every(copy)) <= len(members.every(db))


def test_a_backup_overwrites_nothing(db: Database, tmp_path: Path) -> None:
    (tmp_path / "copy.sqlite3").write_text("precious")
    with pytest.raises(Refused, match="file_exists"):
        db.backup(tmp_path / "copy.sqlite3")


def test_a_folder_of_a_newer_program_is_refused_with_the_version_to_install(db: Database) -> None:
    db.execute(
        "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('poincon', 'cowopass', '2027-01-01')"
    )
    db.execute("PRAGMA user_version = 1002003")
    with pytest.raises(Refused, match=r"books_of_newer_version .*version: 1\.2\.3"):
        open_database(db.path)


def test_new_books_say_which_program_made_them(db: Database) -> None:
    major, minor, patch = map(int, version("poincon").split("."))
    assert db.value("PRAGMA user_version") == (major * 1000 + minor) * 1000 + patch


def test_of_a_transaction_that_failed_at_its_very_end_nobody_can_tell(tmp_path: Path) -> None:
    class Failing(sqlite3.Connection):
        def execute(self, sql: str, *more: Any) -> sqlite3.Cursor:
            if sql == "COMMIT":
                raise sqlite3.OperationalError("disk I/O error")
            return super().execute(sql, *more)

    connection = sqlite3.connect(tmp_path / "books.sqlite3", isolation_level=None, factory=Failing)
    with pytest.raises(CommitFailed), Database(tmp_path, connection).writing():
        pass
    assert not connection.in_transaction
    connection.close()


def test_who_does_not_get_the_books_in_time_has_changed_nothing(db: Database) -> None:
    with open_database(db.path) as other:
        other.execute("PRAGMA busy_timeout = 1")
        with db.writing():
            with pytest.raises(sqlite3.OperationalError) as raised, other.writing():
                members.add(other, "Anne", now=NOW)
            assert is_busy(raised.value)
            assert is_of_the_disk(raised.value)
            assert not is_damage(raised.value)
        assert (other.commits, db.commits) == (0, 1)


@pytest.mark.parametrize(
    ("error", "is_the_disks"),
    [
        (sqlite3.DatabaseError("database disk image is malformed"), True),
        (sqlite3.OperationalError("database or disk is full"), True),
        (sqlite3.InternalError(), True),
        (sqlite3.DataError(), True),
        (sqlite3.NotSupportedError(), True),
        (DamagedDatabase("no moment"), True),
        (sqlite3.IntegrityError("FOREIGN KEY constraint failed"), False),
        (sqlite3.ProgrammingError(), False),
        (ValueError(), False),
    ],
)
def test_what_is_the_disks_fault_and_what_is_not(error: Exception, is_the_disks: bool) -> None:
    assert is_of_the_disk(error) == is_the_disks


@pytest.mark.parametrize("text", ["", "2026-11-23", "garbage", None, 7])
def test_a_moment_that_is_none_is_damage(text: Any) -> None:
    with pytest.raises(DamagedDatabase):
        stored_instant(text)
