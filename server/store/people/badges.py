"""Which badge is whose, and was whose before: a badge that changes hands leaves its past with who had it."""

import re
import sqlite3
from datetime import date
from typing import Literal, get_args

from msgspec import Struct

from device.contract.instant import Instant
from device.contract.messages import Credential
from server.core.doors.telephone import is_telephone
from server.core.presence.badge_holder import Holding
from server.errors import Refusal
from server.store.database import Database
from server.store.people import members
from server.store.stored_values import read_row, stored_instant

Ending = Literal["revoked", "lost", "returned"]
"""Returned badges are unknown at the doors, the others are refused by name."""

_CREDENTIAL = re.compile(get_args(Credential)[1].pattern)


_ID = "substr(credential, instr(credential, ':') + 1)"
"""Of a credential, what tells the badge from every other: its scheme only says how it is to be read."""


class BadgeAssignment(Struct, frozen=True, kw_only=True):
    """One member's time with a badge; `last_day` is the last date it opens on, for one that was lent."""

    credential: str
    member: int
    assigned_at: Instant
    last_day: date | None
    ended_at: Instant | None
    ended_as: Ending | None

    @property
    def is_copyable(self) -> bool:
        """Whether doors know it by its number alone."""
        return is_copyable(self.credential)


def checked_credential(credential: str) -> str:
    """`credential`, in the contract's form whatever case it was typed in; raises `Refusal`."""
    scheme, _, identity = credential.strip().partition(":")
    credential = f"{scheme.lower()}:{identity.upper()}"
    if not _CREDENTIAL.match(credential):
        raise Refusal("not_a_badge", field="credential", credential=credential)
    return credential


def is_copyable(credential: str) -> bool:
    """Whether doors know the badge by its number alone, which anybody can copy who has held it."""
    return credential.startswith("uid:")


def by_its_keys(db: Database, credential: str) -> str:
    """`credential`; where it is an ID alone, and its badge is held as one with keys, or was enrolled here and not wiped
    since, with its scheme.
    """
    scheme, _, identity = credential.partition(":")
    held = holding(db, identity) if scheme == "uid" else None
    if held is not None and not held.is_copyable:
        return held.credential
    sql = (
        "SELECT scheme FROM badge_keys WHERE identity = ?"
        " AND (key_version > 0 AND enrolment IS NOT NULL OR next_version > 0)"
    )
    keyed = db.value(sql, (identity,)) if scheme == "uid" else None
    return credential if keyed is None else f"{keyed}:{identity}"


def assign(
    db: Database,
    member: int,
    credential: str,
    *,
    now: Instant,
    last_day: date | None = None,
    allow_uid: bool = True,
) -> BadgeAssignment:
    """The badge, from now on the member's; raises `Refusal` where somebody holds it, whatever its scheme: one ID is one
    badge, and doors know it by one name. Without `allow_uid` one that is known by its ID alone is refused too.

    A badge that holds keys of this place is known by them, though it was named by its ID: doors name one so that they
    do not know.
    """
    credential = by_its_keys(db, checked_credential(credential))
    if is_telephone(credential):
        raise Refusal(
            "badge_is_telephone",
            field="credential",
            credential=credential,
        )
    if is_copyable(credential) and not allow_uid:
        raise Refusal("badge_can_be_copied", field="credential", credential=credential)
    with db.writing():
        members.find(db, member)
        held = holding(db, credential.partition(":")[2])
        if held is not None:
            name = members.find(db, held.member).name
            raise Refusal(
                "badge_held_already",
                field="credential",
                credential=held.credential,
                name=name,
                member=held.member,
            )
        db.execute(
            "INSERT INTO badges (credential, member, assigned_at, last_day) VALUES (?, ?, ?, ?)",
            (credential, member, str(now), last_day.isoformat() if last_day else None),
        )
        return BadgeAssignment(
            credential=credential, member=member, assigned_at=now, last_day=last_day, ended_at=None, ended_as=None
        )


def end(db: Database, credential: str, *, now: Instant, ended_as: Ending = "revoked") -> BadgeAssignment:
    """The badge, taken from its member; raises `Refusal` where nobody holds it."""
    credential = checked_credential(credential)
    with db.writing():
        held = in_use(db, credential)
        if held is None:
            raise Refusal("badge_not_held", credential=credential)
        # a clock set back since then must not end a holding before it began
        ended_at = max(now, held.assigned_at)
        sql = "UPDATE badges SET ended_at = ?, ended_as = ? WHERE credential = ? AND ended_at IS NULL"
        db.execute(sql, (str(ended_at), ended_as, credential))
    return BadgeAssignment(
        credential=credential,
        member=held.member,
        assigned_at=held.assigned_at,
        last_day=held.last_day,
        ended_at=ended_at,
        ended_as=ended_as,
    )


def in_use(db: Database, credential: str) -> BadgeAssignment | None:
    """The badge, if somebody holds it."""
    row = db.row("SELECT * FROM badges WHERE credential = ? AND ended_at IS NULL", (credential,))
    return None if row is None else badge_of(row)


def last_holder(db: Database, credential: str) -> int | None:
    """Who has the badge, or had it last."""
    sql = "SELECT member FROM badges WHERE credential = ? ORDER BY ended_at IS NULL DESC, id DESC"
    member = db.value(sql, (credential,))
    return None if member is None else int(member)


def holding(db: Database, identity: str) -> BadgeAssignment | None:
    """The badge with that ID, under whatever scheme somebody holds it."""
    row = db.row(f"SELECT * FROM badges WHERE {_ID} = ? AND ended_at IS NULL", (identity,))
    return None if row is None else badge_of(row)


def every(db: Database, *, member: int | None = None) -> list[BadgeAssignment]:
    """All badges, or one member's, the ended ones included, in the order they were assigned."""
    where, parameters = ("", ()) if member is None else (" WHERE member = ?", (member,))
    return [badge_of(row) for row in db.rows(f"SELECT * FROM badges{where} ORDER BY id", parameters)]


def ended_between(db: Database, first: int, last: int) -> int:
    """How many badges of the members numbered from `first` to `last` are not theirs any more."""
    sql = "SELECT count(*) FROM badges WHERE member BETWEEN ? AND ? AND ended_at IS NOT NULL"
    return int(db.value(sql, (first, last)) or 0)


def remove_between(db: Database, first: int, last: int) -> None:
    """Removes the badges of the members numbered from `first` to `last`, as if they had never had them."""
    db.execute("DELETE FROM badges WHERE member BETWEEN ? AND ?", (first, last))


def latest(db: Database) -> list[BadgeAssignment]:
    """The newest holding of each badge: what doors are told. One that is held comes before all that have ended."""
    sql = f"SELECT id, {_ID} AS badge, ended_at IS NULL AS is_held FROM badges"
    newest = f"SELECT id, row_number() OVER (PARTITION BY badge ORDER BY is_held DESC, id DESC) AS nth FROM ({sql})"
    return [
        badge_of(row)
        for row in db.rows(f"SELECT * FROM badges WHERE id IN (SELECT id FROM ({newest}) WHERE nth = 1) ORDER BY id")
    ]


def holdings(db: Database, credential: str) -> list[Holding]:
    """Who had the badge when, in order."""
    sql = "SELECT member, assigned_at, ended_at FROM badges WHERE credential = ? ORDER BY id"
    return [
        Holding(row["member"], stored_instant(row["assigned_at"]), row["ended_at"] and stored_instant(row["ended_at"]))
        for row in db.rows(sql, (credential,))
    ]


def badge_of(row: sqlite3.Row) -> BadgeAssignment:
    """A row of `badges`."""
    return read_row(row, BadgeAssignment)
