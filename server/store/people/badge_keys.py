"""What each badge holds for certain, and what it is being given: written before the first key is, and after the proof.

One row a badge, by its ID in hex and whoever holds it. While an exchange is under way the badge may hold either, slot
by slot; so nothing of what it held before is let go of until the exchange has ended.
"""

import sqlite3
from collections.abc import Mapping
from typing import Literal, NamedTuple

from msgspec import Struct

from device.contract.instant import Instant
from server.store.database import Database
from server.store.people import enrolment_numbers
from server.store.people.badges import BadgeAssignment, latest
from server.store.people.enrolment_numbers import BY_CHANCE, Numbering
from server.store.stored_values import read_row, stored_instant

KeyedScheme = Literal["ntag424", "desfire"]

BLANK = 0
"""The version of a badge without keys of ours, as its maker made it."""
_ID = "substr(credential, instr(credential, ':') + 1)"
_SCHEME = "substr(credential, 1, instr(credential, ':') - 1)"


Counts = Mapping[tuple[str, int | None], int]
"""So many badges, by scheme and version; without one those that are known by their ID alone."""


class LeftBadge(NamedTuple):
    """A badge that holds keys of a version, or may, by what doors know it; `member` is None where it is nobody's."""

    credential: str
    member: int | None


class BadgeKeys(Struct, frozen=True, kw_only=True):
    """What one badge holds.

    `key_version` and `enrolment` are what it holds for certain (0: blank; None: not known, it was never written by
    us), as it last proved at `proved_at`. `next_version` and `next_enrolment` are what it is being given since
    `begun_at` (0: it is being wiped), None while nothing is under way. `door_version` is what it proved at a door since
    then: the key of doors alone, so the exchange has not ended for it.
    """

    identity: str
    scheme: KeyedScheme
    key_version: int | None = None
    enrolment: int | None = None
    proved_at: Instant | None = None
    next_version: int | None = None
    next_enrolment: int | None = None
    begun_at: Instant | None = None
    door_version: int | None = None

    @property
    def is_blank(self) -> bool:
        """Whether it was made blank, and nothing is under way since."""
        return self.key_version == BLANK and not self.next_version

    @property
    def may_be_blank(self) -> bool:
        """Whether its master key may be that of its maker: it is being made blank, or was never written by us."""
        return not self.key_version or self.enrolment is None or self.next_version == BLANK

    def versions_at_doors(self, present: int) -> tuple[int, ...]:
        """Of the keys that it may prove, the likeliest first; `present` is what is given out now."""
        coming = self.next_version or None
        held = self.key_version
        if held is None and coming is None:
            held = present
        versions = [version for version in (held, coming) if version]
        if self.door_version == coming:
            versions.reverse()
        return tuple(dict.fromkeys(versions))


def of(db: Database, identity: str) -> BadgeKeys | None:
    """What is known of the badge with that ID."""
    row = db.row("SELECT * FROM badge_keys WHERE identity = ?", (identity,))
    return None if row is None else _keys(row)


def every(db: Database) -> dict[str, BadgeKeys]:
    """What is known of all badges, by their ID."""
    return {row["identity"]: _keys(row) for row in db.rows("SELECT * FROM badge_keys")}


def versions_at_doors(known: Mapping[str, BadgeKeys], credential: str, present: int) -> tuple[int, ...]:
    """Of the keys that the badge may prove, the likeliest first; none for one that is known by its ID alone.

    A badge that was never written by us is taken to hold the present keys: whoever assigned it wrote them.
    """
    scheme, _, identity = credential.partition(":")
    if scheme == "uid":
        return ()
    held = known.get(identity)
    return (present,) if held is None else held.versions_at_doors(present)


def version_of(known: Mapping[str, BadgeKeys], credential: str, present: int) -> int | None:
    """The version that the badge is taken to hold, 0 where it is blank; None for one that is known by its ID alone."""
    scheme, _, identity = credential.partition(":")
    if scheme == "uid":
        return None
    held = known.get(identity)
    if held is not None and held.is_blank:
        return BLANK
    return next(iter(versions_at_doors(known, credential, present)), BLANK)


def begin(
    db: Database,
    identity: str,
    scheme: KeyedScheme,
    version: int,
    *,
    now: Instant,
    unit: str | None = None,
    numbering: Numbering = BY_CHANCE,
) -> BadgeKeys:
    """An enrolment that begins now, with a number of its own: what the badge is to hold, durable before it is written.

    One that began before and did not end goes on as it is, whatever version is asked for: the badge may hold some of
    its keys.
    """
    with db.writing():
        known = of(db, identity)
        if known is not None and known.next_version:
            return known
        number = enrolment_numbers.fresh(db, identity, numbering)
        db.execute(
            "INSERT INTO enrolments (identity, key_version, begun_at, unit, number) VALUES (?, ?, ?, ?, ?)",
            (identity, version, str(now), unit, number),
        )
        return _begin(db, identity, scheme, version, number, now)


def begin_wiping(db: Database, identity: str, scheme: KeyedScheme, *, now: Instant) -> BadgeKeys:
    """The badge is made blank from now on. An enrolment that did not end stays written down until it is: the badge may
    hold some of its keys.
    """
    with db.writing():
        known = of(db, identity)
        if known is not None and known.next_version:
            return known
        return _begin(db, identity, scheme, BLANK, None, now)


def finish(db: Database, identity: str, *, now: Instant) -> BadgeKeys | None:
    """The badge proved what it was being given: from now on it holds that for certain."""
    with db.writing():
        db.execute(
            "UPDATE badge_keys SET key_version = next_version, enrolment = next_enrolment, proved_at = ?,"
            " next_version = NULL, next_enrolment = NULL, begun_at = NULL, door_version = NULL"
            " WHERE identity = ? AND next_version IS NOT NULL",
            (str(now), identity),
        )
        return of(db, identity)


def wiped(db: Database, identity: str, *, now: Instant) -> BadgeKeys | None:
    """The badge is blank: from now on it holds nothing of ours."""
    with db.writing():
        db.execute(
            "UPDATE badge_keys SET key_version = ?, enrolment = NULL, proved_at = ?, next_version = NULL,"
            " next_enrolment = NULL, begun_at = NULL, door_version = NULL WHERE identity = ?",
            (BLANK, str(now), identity),
        )
        return of(db, identity)


def under_way(db: Database) -> dict[str, BadgeKeys]:
    """The badges whose exchange began and has not ended, by their ID, the oldest first."""
    rows = db.rows("SELECT * FROM badge_keys WHERE next_version IS NOT NULL ORDER BY begun_at, identity")
    return {row["identity"]: _keys(row) for row in rows}


def proved_at_door(db: Database, identity: str, version: int) -> None:
    """Takes that the badge proved the key of doors which it is being given: doors ask for that one first from now on.

    Its other slots may still hold what they held, so the exchange stays under way until it is held to a desk.
    """
    sql = "UPDATE badge_keys SET door_version = next_version WHERE identity = ? AND next_version = ?"
    db.execute(sql, (identity, version))


def settle(db: Database, version: int) -> None:
    """Writes down of each badge of which nothing was known that it holds `version`: what was present until now."""
    db.execute(
        f"INSERT INTO badge_keys (identity, scheme, key_version) SELECT DISTINCT {_ID}, {_SCHEME}, ? FROM badges"
        " WHERE credential NOT LIKE 'uid:%' ON CONFLICT (identity) DO UPDATE SET key_version = excluded.key_version"
        " WHERE key_version IS NULL AND coalesce(next_version, 0) = 0",
        (version,),
    )


def let_go(db: Database, version: int) -> None:
    """Lets go of enrolments under way to a version whose key is over: they cannot be ended any more."""
    db.execute(
        "UPDATE badge_keys SET next_version = NULL, next_enrolment = NULL, begun_at = NULL, door_version = NULL"
        " WHERE next_version = ?",
        (version,),
    )


def counts(db: Database, present: int) -> Counts:
    """How many badges are in use."""
    sql = (
        f"SELECT {_SCHEME} AS kind, count(*) AS number,"
        " CASE WHEN credential LIKE 'uid:%' THEN NULL ELSE coalesce(key_version, next_version, ?) END AS version"
        f" FROM badges LEFT JOIN badge_keys ON identity = {_ID} WHERE ended_at IS NULL"
        " GROUP BY kind, version ORDER BY kind, version"
    )
    return {(row["kind"], row["version"]): row["number"] for row in db.rows(sql, (present,))}


def copyable(db: Database) -> int:
    """How many badges in use are known by their ID alone, which can be copied."""
    sql = "SELECT count(*) FROM badges WHERE ended_at IS NULL AND credential LIKE 'uid:%'"
    return int(db.value(sql) or 0)


def left_on(db: Database, version: int) -> list[LeftBadge]:
    """The badges that hold keys of `version`, or may, in the order they were given out, and those that are nobody's.

    A badge in a drawer counts: once that version is over, nobody can write it anew. One that is lost does not.
    """
    newest = {badge.credential.partition(":")[2]: badge for badge in latest(db)}
    order = {identity: nth for nth, identity in enumerate(newest)}
    rows = db.rows("SELECT identity, scheme FROM badge_keys WHERE key_version = ?1 OR next_version = ?1", (version,))
    found = []
    for row in sorted(rows, key=lambda row: (order.get(row["identity"], len(order)), row["identity"])):
        holding = newest.get(row["identity"])
        if holding is None or holding.ended_as != "lost":
            is_held = holding is not None and holding.ended_at is None
            member = holding.member if holding is not None and is_held else None
            found.append(LeftBadge(f"{row['scheme']}:{row['identity']}", member))
    return found


def with_door_keys(db: Database) -> list[BadgeAssignment]:
    """The badges in use whose keys doors and desks are told, in the order they were given out."""
    known = every(db)
    return [badge for badge in latest(db) if badge.ended_at is None and versions_at_doors(known, badge.credential, 1)]


def were_given_after(db: Database, known: BadgeKeys, moment: Instant) -> bool:
    """Whether the badge may hold keys of a version that it was given none of before then."""
    sql = "SELECT min(begun_at) FROM enrolments WHERE identity = ? AND key_version = ?"
    begun = [db.value(sql, (known.identity, version)) for version in (known.key_version, known.next_version) if version]
    return any(at is not None and stored_instant(at) > moment for at in begun)


def _begin(
    db: Database, identity: str, scheme: KeyedScheme, version: int, enrolment: int | None, now: Instant
) -> BadgeKeys:
    db.execute(
        "INSERT INTO badge_keys (identity, scheme, next_version, next_enrolment, begun_at) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (identity) DO UPDATE SET scheme = excluded.scheme, next_version = excluded.next_version,"
        " next_enrolment = excluded.next_enrolment, begun_at = excluded.begun_at, door_version = NULL",
        (identity, scheme, version, enrolment, str(now)),
    )
    begun = of(db, identity)
    assert begun is not None
    return begun


def _keys(row: sqlite3.Row) -> BadgeKeys:
    return read_row(row, BadgeKeys)
