"""Opening, migrating, writing and copying the books."""

import sqlite3
import threading
from pathlib import Path

import pytest

from device.contract.errors import Refused
from device.contract.instant import Instant
from server.store import members
from server.store.database import Books, make_books, open_books, read_books
from server.store.schema import SCHEMA, schema

NOW = Instant.parse("2026-11-23T08:00:00.000Z")


def test_the_schema_file_is_what_the_migrations_come_to() -> None:
    assert SCHEMA.read_text("utf-8") == schema(), "run: python -m server.store.schema"


def test_every_table_is_strict(books: Books) -> None:
    lax = [row["name"] for row in books.rows("PRAGMA table_list") if not row["strict"]]
    assert [name for name in lax if not name.startswith(("sqlite_", "_sqlite_"))] == []


def test_what_is_committed_survives_a_power_cut(books: Books) -> None:
    assert books.value("PRAGMA journal_mode") == "wal"
    assert books.value("PRAGMA synchronous") == 2  # FULL
    assert books.value("PRAGMA foreign_keys") == 1


def test_books_are_made_once(books: Books) -> None:
    with pytest.raises(Refused, match="exists"):
        make_books(books.path)


def test_missing_books_are_refused_and_not_made(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="poincon init"):
        open_books(tmp_path / "none.sqlite3")
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_bytes(b"Dear concierge, " * 100)
    with pytest.raises(Refused, match="not a database"):
        open_books(tmp_path / "letter.txt")


def test_a_failed_transaction_leaves_nothing(books: Books) -> None:
    with pytest.raises(ZeroDivisionError), books.writing():
        members.add(books, "Anne", now=NOW)
        raise ZeroDivisionError
    assert members.every(books) == []


def test_a_transaction_inside_another_is_part_of_it(books: Books) -> None:
    with books.writing(), books.writing():
        members.add(books, "Anne", now=NOW)
    assert [member.name for member in members.every(books)] == ["Anne"]


def test_a_reader_cannot_write(books: Books) -> None:
    with read_books(books.path) as reader, pytest.raises(sqlite3.OperationalError):
        members.add(reader, "Anne", now=NOW)


def test_another_process_writing_is_noticed(books: Books) -> None:
    before = books.foreign_version()
    members.add(books, "Anne", now=NOW)
    assert books.foreign_version() == before
    with open_books(books.path) as other:
        members.add(other, "Bruno", now=NOW)
    assert books.foreign_version() != before


def test_a_backup_is_whole_while_others_write(books: Books, tmp_path: Path) -> None:
    stop = threading.Event()

    def fill() -> None:
        with open_books(books.path) as other:
            while not stop.is_set():
                members.add(other, "Anne", now=NOW)

    writer = threading.Thread(target=fill)
    writer.start()
    try:
        books.backup(tmp_path / "copy.sqlite3")
    finally:
        stop.set()
        writer.join()
    with open_books(tmp_path / "copy.sqlite3") as copy:
        assert copy.value("PRAGMA integrity_check") == "ok"
        assert len(members.every(copy)) <= len(members.every(books))


def test_a_backup_overwrites_nothing(books: Books, tmp_path: Path) -> None:
    (tmp_path / "copy.sqlite3").write_text("precious")
    with pytest.raises(Refused, match="exists"):
        books.backup(tmp_path / "copy.sqlite3")
