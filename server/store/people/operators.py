"""Who may log in to the desk. Passwords come here as argon2 hashes, made and checked elsewhere."""

import sqlite3
from typing import Literal

from msgspec import Struct

from device.contract.instant import Instant
from server.core.names import sort_key
from server.errors import Refusal
from server.store.database import Database
from server.store.people.members import checked_name
from server.store.stored_values import read_row

OperatorRole = Literal["concierge", "admin"]


class Operator(Struct, frozen=True, kw_only=True):
    """One login; `failures` counts the wrong passwords since the last right one."""

    name: str
    password_hash: str
    role: OperatorRole
    must_change: bool
    created_at: Instant
    failures: int
    failed_at: Instant | None


def add(
    db: Database, name: str, password_hash: str, *, role: OperatorRole = "concierge", must_change: bool, now: Instant
) -> Operator:
    """A new operator; raises `Refusal` for a name that is taken."""
    name = checked_name(name)
    with db.writing():
        if db.row("SELECT 1 FROM operators WHERE name = ?", (name,)):
            raise Refusal("operator_exists", name=name)
        db.execute(
            "INSERT INTO operators (name, password_hash, role, must_change, created_at) VALUES (?, ?, ?, ?, ?)",
            (name, password_hash, role, must_change, str(now)),
        )
        return find(db, name)


def find(db: Database, name: str) -> Operator:
    """The operator of that name; raises `Refusal` where there is none."""
    row = db.row("SELECT * FROM operators WHERE name = ?", (name,))
    if row is None:
        raise Refusal("no_such_operator", name=name)
    return _operator(row)


def every(db: Database) -> list[Operator]:
    """All operators, by name."""
    found = [_operator(row) for row in db.rows("SELECT * FROM operators ORDER BY name")]
    return sorted(found, key=lambda operator: sort_key(operator.name))


def remove(db: Database, name: str) -> None:
    """Takes the login away; raises `Refusal` where there is none."""
    with db.writing():
        find(db, name)
        db.execute("DELETE FROM operators WHERE name = ?", (name,))


def set_password(db: Database, name: str, password_hash: str, *, must_change: bool = False) -> None:
    """A new password, and what went wrong before forgotten; raises `Refusal` where there is no such operator."""
    with db.writing():
        find(db, name)
        sql = "UPDATE operators SET password_hash = ?, must_change = ?, failures = 0, failed_at = NULL WHERE name = ?"
        db.execute(sql, (password_hash, must_change, name))


def note_failure(db: Database, name: str, *, now: Instant) -> None:
    """Counts a wrong password."""
    db.execute("UPDATE operators SET failures = failures + 1, failed_at = ? WHERE name = ?", (str(now), name))


def note_success(db: Database, name: str) -> None:
    """Forgets the wrong passwords before a right one."""
    db.execute("UPDATE operators SET failures = 0, failed_at = NULL WHERE name = ?", (name,))


def _operator(row: sqlite3.Row) -> Operator:
    return read_row(row, Operator)
