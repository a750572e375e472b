"""The units that belong to the place, and the last that each said of itself."""

import re
import sqlite3
from typing import get_args

import msgspec
from msgspec import Struct

from device.contract.codec import encode
from device.contract.instant import Instant
from device.contract.messages import Name, UnitKind
from device.contract.state import State
from server.errors import Refusal
from server.store.database import Database
from server.store.stored_values import stored_instant, stored_json

_NAME = re.compile(get_args(Name)[1].pattern)


class Unit(Struct, frozen=True, kw_only=True):
    """One unit; `heard_at` is when anything last came from it, its `state` the newest it sent."""

    name: str
    kind: UnitKind
    room: str | None
    added_at: Instant
    heard_at: Instant | None
    state: State | None


_UNITS = """
SELECT name, kind, room, added_at, state,
    nullif(max(coalesce(unit_states.heard_at, ''),
               coalesce((SELECT max(heard_at) FROM heads WHERE heads.unit = name), '')), '') AS heard_at
FROM units LEFT JOIN unit_states ON unit_states.unit = name
WHERE removed_at IS NULL
"""


def add(db: Database, name: str, kind: UnitKind, *, room: str | None = None, now: Instant) -> Unit:
    """A new unit, or one that was removed and comes back; raises `Refusal` for a name that is taken or cannot be."""
    for text in (name, room):
        if text is not None and not _NAME.match(text):
            raise Refusal("name_not_allowed", field="name", name=text)
    if (kind == "room") != (room is not None):
        raise Refusal("room_for_room_units_alone", field="room")
    with db.writing():
        taken = db.value("SELECT 1 FROM units WHERE name = ? AND removed_at IS NULL", (name,))
        if taken:
            raise Refusal("unit_exists", field="name", name=name)
        db.execute(
            "INSERT INTO units (name, kind, room, added_at) VALUES (?, ?, ?, ?) ON CONFLICT (name) DO UPDATE"
            " SET kind = excluded.kind, room = excluded.room, added_at = excluded.added_at, removed_at = NULL",
            (name, kind, room, str(now)),
        )
        return find(db, name)


def remove(db: Database, name: str, *, now: Instant) -> None:
    """Takes the unit out of the place; what it reported stays. Raises `Refusal` where there is none."""
    with db.writing():
        find(db, name)
        db.execute("UPDATE units SET removed_at = ? WHERE name = ?", (str(now), name))
        db.execute("DELETE FROM unit_states WHERE unit = ?", (name,))


def restore(db: Database, name: str) -> Unit:
    """Takes back that a unit was removed; raises `Refusal` where none of that name was."""
    with db.writing():
        db.execute("UPDATE units SET removed_at = NULL WHERE name = ?", (name,))
        return find(db, name)


def find(db: Database, name: str) -> Unit:
    """The unit of that name; raises `Refusal` where there is none."""
    row = db.row(f"{_UNITS} AND name = ?", (name,))
    if row is None:
        raise Refusal("no_such_unit", name=name)
    return _unit(row)


def every(db: Database) -> list[Unit]:
    """All units, by name."""
    return [_unit(row) for row in db.rows(f"{_UNITS} ORDER BY name")]


def names(db: Database) -> frozenset[str]:
    """The names of all units."""
    return frozenset(row["name"] for row in db.rows("SELECT name FROM units WHERE removed_at IS NULL"))


def with_readers(db: Database) -> list[str]:
    """The names of the units that people pass or show a badge to; rooms know nobody."""
    rows = db.rows("SELECT name FROM units WHERE removed_at IS NULL AND kind <> 'room' ORDER BY name")
    return [row["name"] for row in rows]


def knowing_slots(db: Database) -> frozenset[str]:
    """The names of the units that know the `slot` of a grant."""
    return frozenset(unit.name for unit in every(db) if unit.state is not None and unit.state.slots)


def removed(db: Database) -> list[str]:
    """The names that units once had and nobody has now."""
    return [row["name"] for row in db.rows("SELECT name FROM units WHERE removed_at IS NOT NULL ORDER BY name")]


def note_state(db: Database, name: str, state: State, *, now: Instant) -> None:
    """Keeps what the unit says of itself; a last will keeps the rest of what was known."""
    if not state.online:
        known = db.value("SELECT state FROM unit_states WHERE unit = ?", (name,))
        if known is not None:
            state = msgspec.structs.replace(stored_json(known, State), online=False)
    db.execute(
        "INSERT INTO unit_states (unit, heard_at, state) VALUES (?, ?, ?)"
        " ON CONFLICT (unit) DO UPDATE SET heard_at = excluded.heard_at, state = excluded.state",
        (name, str(now), encode(state).decode()),
    )


def _unit(row: sqlite3.Row) -> Unit:
    return Unit(
        name=row["name"],
        kind=row["kind"],
        room=row["room"],
        added_at=stored_instant(row["added_at"]),
        heard_at=row["heard_at"] and stored_instant(row["heard_at"]),
        state=row["state"] and stored_json(row["state"], State),
    )
