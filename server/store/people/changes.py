"""What operators changed: who, when, before and after. A form that is sent twice is found here the second time."""

import json
import sqlite3
from collections.abc import Mapping
from typing import Any, NamedTuple

from device.contract.instant import Instant
from server.errors import Refusal
from server.store.database import Database
from server.store.stored_values import stored_instant, stored_json

State = Mapping[str, str | int | bool | None]


class LoggedChange(NamedTuple):
    """One thing done at the desk.

    `what` is a word of the code such as `member.edit`; `subject` names what it was done to where that is no member.
    """

    operator: str
    what: str
    member: int | None = None
    subject: str = ""
    before: State | None = None
    after: State | None = None
    form: str | None = None


class Written(NamedTuple):
    """A change in the books."""

    id: int
    at: Instant
    change: LoggedChange


def write(db: Database, change: LoggedChange, *, now: Instant) -> int:
    """Keeps the change, and gives its number."""
    row = (
        str(now),
        change.operator,
        change.what,
        change.member,
        change.subject,
        _text(change.before),
        _text(change.after),
        change.form,
    )
    columns = "at, operator, what, member, subject, before, after, form"
    return db.execute(f"INSERT INTO changes ({columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row).lastrowid or 0


def by_form(db: Database, form: str) -> Written | None:
    """What that form did already, if it was sent before."""
    row = db.row("SELECT * FROM changes WHERE form = ?", (form,))
    return None if row is None else _written(row)


def find(db: Database, change: int, what: str) -> Written:
    """The change of that number and kind; raises `Refusal` where there is none."""
    row = db.row("SELECT * FROM changes WHERE id = ? AND what = ?", (change, what))
    if row is None:
        raise Refusal("no_such_change")
    return _written(row)


def newest(db: Database, *, before: int | None = None, member: int | None = None, limit: int = 100) -> list[Written]:
    """The newest changes first; those before a number, or of one member, where that is given."""
    where = "(?1 IS NULL OR id < ?1) AND (?2 IS NULL OR member = ?2)"
    rows = db.rows(f"SELECT * FROM changes WHERE {where} ORDER BY id DESC LIMIT ?3", (before, member, limit))
    return [_written(row) for row in rows]


def newest_of(db: Database, what: str) -> Written | None:
    """The newest change of that kind."""
    row = db.row("SELECT * FROM changes WHERE what = ? ORDER BY id DESC LIMIT 1", (what,))
    return None if row is None else _written(row)


def _text(state: State | None) -> str | None:
    return None if state is None else json.dumps(state, ensure_ascii=False, default=str)


def _written(row: sqlite3.Row) -> Written:
    before, after = (None if row[key] is None else stored_json(row[key], dict[str, Any]) for key in ("before", "after"))
    change = LoggedChange(row["operator"], row["what"], row["member"], row["subject"], before, after, row["form"])
    return Written(row["id"], stored_instant(row["at"]), change)
