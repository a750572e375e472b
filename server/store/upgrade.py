"""Bringing the books up to the present schema; how they were before is kept beside them until the next time."""

import re
import sqlite3
from importlib.metadata import version
from pathlib import Path

import sqlite_utils

from server.errors import Refusal
from server.store.schema.migrations import migrations

WRITES_OVER = "retention"
"""The migration since which whatever is removed is written over."""


def bring_up(db: sqlite_utils.Database, path: Path) -> None:
    """Applies what is missing of the schema; raises `Refusal` where a newer program has been here."""
    own = _numbered(version("poincon"))
    known = known_migrations()
    if any(applied.name not in known for applied in migrations.applied(db)):
        (needed,) = db.conn.execute("PRAGMA user_version").fetchone()
        raise Refusal(
            "books_of_newer_version",
            path=path,
            version=_dotted(max(needed, own)) if needed > own else f"{_dotted(own)}+",
        )
    if pending := {migration.name for migration in migrations.pending(db)}:
        is_new = not migrations.applied(db)
        if not is_new:
            _keep_former(db, path)
        migrations.apply(db)
        db.conn.execute(f"PRAGMA user_version = {own}")
        if not is_new and WRITES_OVER in pending:
            db.conn.execute("VACUUM")  # what was removed before lies in free pages, legible


def _keep_former(db: sqlite_utils.Database, path: Path) -> None:
    """Keeps the books as they are before they are brought up, until the next time; nobody else may read the file."""
    former = path.with_name(f"{path.stem}.before-{len(known_migrations())}{path.suffix}")
    beside = former.with_name(f".{former.name}.new")
    beside.unlink(missing_ok=True)
    beside.touch(0o600)
    copy = sqlite3.connect(beside)
    try:
        db.conn.backup(copy, pages=-1)
        copy.execute("PRAGMA journal_mode = DELETE")
    finally:
        copy.close()
    drop_former(path)
    beside.replace(former)


def drop_former(path: Path) -> None:
    """Removes the books as they were before they were brought up."""
    for old in path.parent.glob(f"{path.stem}.before-*{path.suffix}"):
        old.unlink(missing_ok=True)


def drop_set_aside(path: Path) -> None:
    """Removes newer books that an update's way back has set aside, with their logs."""
    for old in path.parent.glob(f".newer-{path.stem}*"):
        old.unlink(missing_ok=True)


def known_migrations() -> frozenset[str]:
    """The names of the steps to the present schema."""
    return frozenset(migration.name for migration in migrations._migrations)


def _numbered(text: str) -> int:
    """A version as one number, for the head of the file: 1.2.3 is 1002003."""
    parts = [int(digits[0]) for part in text.split(".")[:3] if (digits := re.match(r"\d+", part))]
    major, minor, patch = (*parts, 0, 0, 0)[:3]
    return (major * 1000 + minor) * 1000 + patch


def _dotted(number: int) -> str:
    return f"{number // 1_000_000}.{number // 1000 % 1000}.{number % 1000}"
