"""The people known to the place."""

import sqlite3

from msgspec import Struct

from device.contract.instant import Instant
from device.contract.messages import Role
from server.core.names import folded, has_controls, sort_key
from server.errors import Refusal
from server.store.database import Database
from server.store.people import personal_data
from server.store.stored_values import read_row

MAX_NAME = 200


class Member(Struct, frozen=True, kw_only=True):
    """One person; `suspended_for` is the reason, and a forgotten one has no name any more."""

    id: int
    name: str
    email: str | None
    role: Role
    notes: str
    created_at: Instant
    suspended_at: Instant | None
    suspended_for: str | None
    forgotten_at: Instant | None


def add(db: Database, name: str, *, email: str | None = None, role: Role = "member", now: Instant) -> Member:
    """A new member; raises `Refusal` for a name or an address that cannot be one."""
    with db.writing():
        member = db.execute(
            "INSERT INTO members (name, email, role, created_at) VALUES (?, ?, ?, ?)",
            (checked_name(name), _checked_email(email), role, str(now)),
        ).lastrowid
        return find(db, member or 0)


def find(db: Database, member: int) -> Member:
    """The member of that number; raises `Refusal` where there is none, or who was forgotten."""
    row = db.row("SELECT * FROM members WHERE id = ? AND forgotten_at IS NULL", (_storable(member),))
    if row is None:
        raise Refusal("no_such_member", member=member)
    return _member(row)


def every(db: Database, *, search: str = "") -> list[Member]:
    """Everybody, by name; with `search` those whose name, address or number has its words, however they are typed."""
    found = [_member(row) for row in db.rows("SELECT * FROM members WHERE forgotten_at IS NULL ORDER BY id")]
    words = folded(search).split()
    matching = [member for member in found if all(word in _where_to_look(member) for word in words)] if words else found
    return sorted(matching, key=lambda member: sort_key(member.name))


def names(db: Database) -> dict[int, str]:
    """The name of each member by number; an empty one for who was forgotten."""
    return {row["id"]: row["name"] for row in db.rows("SELECT id, name FROM members")}


def edit(
    db: Database,
    member: int,
    *,
    name: str | None = None,
    email: str | None = None,
    role: Role | None = None,
    notes: str | None = None,
) -> Member:
    """The member with what is given changed, an empty `email` taking it away; raises `Refusal`."""
    with db.writing():
        known = find(db, member)
        changed: list[str | None] = [
            known.name if name is None else checked_name(name),
            known.email if email is None else _checked_email(email),
            role or known.role,
            known.notes if notes is None else notes,
        ]
        db.execute("UPDATE members SET name = ?, email = ?, role = ?, notes = ? WHERE id = ?", [*changed, member])
        return find(db, member)


def suspend(db: Database, member: int, reason: str, *, now: Instant) -> Member:
    """The member, refused at every door from now on; raises `Refusal` without a reason, or who is already."""
    if not reason.strip():
        raise Refusal("suspension_without_reason", field="reason")
    with db.writing():
        known = find(db, member)
        if known.suspended_at is not None:
            raise Refusal("suspended_already", name=known.name, reason=known.suspended_for)
        sql = "UPDATE members SET suspended_at = ?, suspended_for = ? WHERE id = ?"
        db.execute(sql, (str(now), reason.strip(), member))
        return find(db, member)


def restore(db: Database, member: int) -> Member:
    """The member, let in again; raises `Refusal` where they were not suspended."""
    with db.writing():
        known = find(db, member)
        if known.suspended_at is None:
            raise Refusal("not_suspended", name=known.name)
        db.execute("UPDATE members SET suspended_at = NULL, suspended_for = NULL WHERE id = ?", (member,))
        return find(db, member)


def forget(db: Database, member: int, *, now: Instant) -> None:
    """The person goes, the number stays, so that counts and books stay right.

    What else says who they were goes too: `personal_data` lists it.
    """
    with db.writing():
        personal_data.forget(db, member)
        db.execute(
            "UPDATE members SET name = '', email = NULL, notes = '', suspended_at = NULL, suspended_for = NULL,"
            " forgotten_at = ? WHERE id = ?",
            (str(now), member),
        )


def count_between(db: Database, first: int, last: int) -> int:
    """How many members have a number from `first` to `last`."""
    return int(db.value("SELECT count(*) FROM members WHERE id BETWEEN ? AND ?", (first, last)) or 0)


def remove_between(db: Database, first: int, last: int) -> int:
    """Removes the members of those numbers; how many. Raises `sqlite3.IntegrityError` where the books refer to any."""
    return db.execute("DELETE FROM members WHERE id BETWEEN ? AND ?", (first, last)).rowcount


def checked_name(name: str) -> str:
    """A person's name, any characters but controls, without spaces around; raises `Refusal`."""
    name = name.strip()
    if not name:
        raise Refusal("name_empty", field="name")
    if len(name) > MAX_NAME:
        raise Refusal("name_too_long", field="name", length=len(name), most=MAX_NAME)
    if has_controls(name):
        raise Refusal("name_with_control_characters", field="name")
    return name


def _checked_email(email: str | None) -> str | None:
    email = (email or "").strip()
    if not email:
        return None
    name, at, host = email.rpartition("@")
    if not (name and at and host) or len(email) > MAX_NAME or not email.isprintable() or " " in email:
        raise Refusal("not_an_email_address", field="email", email=email)
    return email


def _where_to_look(member: Member) -> str:
    name = folded(member.name)
    return f"{name}\n{name.replace(' ', '')}\n{folded(member.email or '')}\n{member.id}"


def _storable(number: int) -> int:
    return number if -(2**63) <= number < 2**63 else 0


def _member(row: sqlite3.Row) -> Member:
    return read_row(row, Member)
