"""A list of members brought into the books: who is there already, what would be refused, all of it or nothing, undone.

Nobody is doubled unawares: who has the name of somebody else is left out, unless they are asked for.
"""

import hashlib
import sqlite3
from collections.abc import Collection, Iterable
from typing import NamedTuple

from device.contract.instant import Instant
from server.core.names import folded
from server.errors import Refusal
from server.formats.member_list import ListedMember
from server.store.database import Database
from server.store.people import badges, changes, members


class Double(NamedTuple):
    """A line with somebody's name: a member's, by their number, or that of an earlier line, 0 where it is the other."""

    line: int
    name: str
    member: int
    earlier: int


class RefusedLine(NamedTuple):
    """A line that the books do not take."""

    line: int
    refusal: Refusal


class Imported(NamedTuple):
    """What came in: how many, numbered from `first` to `last` without a gap."""

    people: int
    first: int
    last: int


class LastImport(NamedTuple):
    """The newest list that came in and is all still there; `change` is the number that it has among the changes."""

    change: int
    at: Instant
    operator: str
    people: int


def doubles(db: Database, rows: Iterable[ListedMember]) -> list[Double]:
    """The lines whose person has the name of a member, or of an earlier line."""
    known = {_who(member.name): member.id for member in members.every(db)}
    seen: dict[str, int] = {}
    found: list[Double] = []
    for row in rows:
        who = _who(row.name)
        if who in known or who in seen:
            found.append(Double(row.line, row.name, known.get(who, 0), seen.get(who, 0)))
        seen.setdefault(who, row.line)
    return found


def shared_addresses(db: Database, rows: Iterable[ListedMember]) -> list[str]:
    """The addresses that several people of different names would have, such as a family's."""
    people: dict[str, set[str]] = {}
    for email, name in (
        *((member.email or "", member.name) for member in members.every(db)),
        *((row.email, row.name) for row in rows),
    ):
        if email:
            people.setdefault(email.casefold(), set()).add(_who(name))
    asked = {row.email.casefold() for row in rows}
    return sorted(email for email, names in people.items() if len(names) > 1 and email in asked)


def fingerprint(rows: Iterable[ListedMember], found: Iterable[Double]) -> str:
    """What tells a list that was looked at from one that has changed since, its doubles included."""
    return hashlib.sha256(repr((list(rows), list(found))).encode("utf-8", "replace")).hexdigest()[:32]


def add_each(
    db: Database, rows: Iterable[ListedMember], *, now: Instant, allow_uid: bool = True
) -> tuple[Imported, list[RefusedLine]]:
    """Adds them in the transaction that is open; where any was refused, it is for who called to keep nothing."""
    numbers: list[int] = []
    refused: list[RefusedLine] = []
    for row in rows:
        try:
            added = members.add(db, row.name, email=row.email, role=row.role, now=now)
            if row.notes:
                members.edit(db, added.id, notes=row.notes)
            for credential in row.badge.split():
                badges.assign(db, added.id, credential, now=now, allow_uid=allow_uid)
            numbers.append(added.id)
        except Refusal as refusal:
            refused.append(RefusedLine(row.line, refusal))
    return Imported(len(numbers), min(numbers, default=0), max(numbers, default=0)), refused


def last_import(db: Database) -> LastImport | None:
    """The newest one, where it can still be undone by its looks; None where there is none."""
    written = changes.newest_of(db, "member.import")
    if written is None:
        return None
    state = written.change.after or {}
    first, last = int(state.get("first") or 0), int(state.get("last") or -1)
    there = members.count_between(db, first, last)
    if not there or there != state.get("count"):
        return None
    return LastImport(written.id, written.at, written.change.operator, there)


def undo(db: Database, change: int) -> Imported:
    """Takes a whole list out again; raises `Refusal` where anybody of it did anything, or anything was done to them.

    Everything that names a member refers to them, so the books themselves tell whether there is such a thing.
    """
    state = changes.find(db, change, "member.import").change.after or {}
    count, first, last = (int(state.get(key) or 0) for key in ("count", "first", "last"))
    try:
        with db.writing():
            if badges.ended_between(db, first, last):
                raise Refusal("list_in_use")
            badges.remove_between(db, first, last)
            gone = members.remove_between(db, first, last)
            if not gone or gone != count:
                raise Refusal("no_such_list")
    except sqlite3.IntegrityError:
        raise Refusal("list_in_use") from None
    return Imported(count, first, last)


def to_add(rows: Iterable[ListedMember], found: Iterable[Double], also: Collection[int]) -> list[ListedMember]:
    """The rows but the doubles, and those of them that are asked for by their line."""
    left_out = {double.line for double in found} - set(also)
    return [row for row in rows if row.line not in left_out]


def _who(name: str) -> str:
    """A name as it is compared: in any case, accents and order of its words."""
    return " ".join(sorted(folded(name).replace("-", " ").split()))
