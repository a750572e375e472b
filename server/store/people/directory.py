"""Members as one looks for them: by any part of the name, whatever its case and accents."""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import NamedTuple

import msgspec

from device.contract.messages import Role
from server.core.names import folded
from server.store.database import Database


class Listed(NamedTuple):
    """One line of the directory."""

    id: int
    name: str
    email: str | None
    role: Role
    is_suspended: bool
    badges: int
    is_inside: bool


_LISTED = """
SELECT id, name, email, role, suspended_at IS NOT NULL,
    (SELECT count(*) FROM badges WHERE member = members.id AND ended_at IS NULL),
    EXISTS (SELECT 1 FROM stays WHERE member = members.id AND day = ? AND ended_at IS NULL)
FROM members WHERE forgotten_at IS NULL
"""


def search(db: Database, wanted: str, today: date, *, limit: int = 50) -> list[Listed]:
    """Those whose name or address has every word of `wanted`, or whose number it is; by name."""
    db.connection.create_function("folded", 1, _remembered, deterministic=True)
    words = folded(wanted).split()
    conditions = "".join(
        " AND (instr(folded(name), ?) OR instr(replace(folded(name), ' ', ''), ?)"
        " OR instr(folded(coalesce(email, '')), ?) OR id = ?)"
        for _ in words
    )
    parameters = [parameter for word in words for parameter in (word, word, word, _number(word))]
    sql = f"{_LISTED}{conditions} ORDER BY folded(name), name, id LIMIT ?"
    rows = db.rows(sql, (today.isoformat(), *parameters, limit))
    return [Listed(row[0], row[1], row[2], row[3], bool(row[4]), row[5], bool(row[6])) for row in rows]


def count(db: Database) -> int:
    """How many members there are."""
    return int(db.value("SELECT count(*) FROM members WHERE forgotten_at IS NULL"))


def names(db: Database, members: Iterable[int | None]) -> dict[int, str]:
    """The names of these members; an empty one for who was forgotten."""
    asked = sorted({member for member in members if member is not None})
    sql = "SELECT id, name FROM members WHERE id IN (SELECT value FROM json_each(?))"
    return {row["id"]: row["name"] for row in db.rows(sql, (msgspec.json.encode(asked).decode(),))}


def by_email(db: Database) -> dict[str, int]:
    """The number of each member by their address, in small letters."""
    rows = db.rows("SELECT id, email FROM members WHERE email <> '' AND forgotten_at IS NULL")
    return {row["email"].casefold(): row["id"] for row in rows}


_remembered = lru_cache(maxsize=50_000)(folded)


def _number(word: str) -> int:
    return int(word) if word.isascii() and word.isdigit() and len(word) < 16 else 0
