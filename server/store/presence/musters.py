"""Musters: everybody who was in when it began, and who has been seen outside."""

from collections.abc import Iterable
from typing import NamedTuple

from device.contract.instant import Instant
from server.errors import Refusal
from server.store.database import Database
from server.store.stored_values import stored_instant


class Muster(NamedTuple):
    """One evacuation, or the exercise of one; `ended_at` is None while it goes on."""

    id: int
    drill: bool
    operator: str
    began_at: Instant
    ended_at: Instant | None


class MusterTick(NamedTuple):
    """Somebody seen outside; `person` is `m17` for a member, `g3` for a guest."""

    person: str
    safe_at: Instant | None
    operator: str | None


def begin(db: Database, people: Iterable[str], *, drill: bool, operator: str, now: Instant) -> Muster:
    """A new muster of `people`; raises `Refusal` while another one goes on."""
    with db.writing():
        if under_way(db) is not None:
            raise Refusal("muster_under_way")
        row = (drill, operator, str(now))
        muster = db.execute("INSERT INTO musters (drill, operator, began_at) VALUES (?, ?, ?)", row).lastrowid or 0
        db.execute_each("INSERT INTO muster_people (muster, person) VALUES (?, ?)", [(muster, who) for who in people])
        return find(db, muster)


def join(db: Database, muster: int, people: Iterable[str]) -> None:
    """Somebody turns out to have been in, too."""
    sql = "INSERT INTO muster_people (muster, person) VALUES (?, ?) ON CONFLICT DO NOTHING"
    db.execute_each(sql, [(muster, who) for who in people])


def tick(db: Database, muster: int, person: str, *, safe: bool, operator: str, now: Instant) -> None:
    """Somebody was seen outside, or not after all; raises `Refusal` for who is not of this muster."""
    at, by = (str(now), operator) if safe else (None, None)
    sql = "UPDATE muster_people SET safe_at = ?, operator = ? WHERE muster = ? AND person = ?"
    if not db.execute(sql, (at, by, muster, person)).rowcount:
        raise Refusal("not_on_muster_list")


def end(db: Database, muster: int, *, now: Instant) -> None:
    """The muster is over; raises `Refusal` where it is already."""
    sql = "UPDATE musters SET ended_at = ? WHERE id = ? AND ended_at IS NULL"
    if not db.execute(sql, (str(now), muster)).rowcount:
        raise Refusal("muster_over")


def under_way(db: Database) -> Muster | None:
    """The muster that goes on, if one does."""
    number = db.value("SELECT id FROM musters WHERE ended_at IS NULL")
    return None if number is None else find(db, number)


def past(db: Database, *, limit: int = 20) -> list[Muster]:
    """Those that are over, the newest first."""
    rows = db.rows("SELECT id FROM musters WHERE ended_at IS NOT NULL ORDER BY id DESC LIMIT ?", (limit,))
    return [find(db, row["id"]) for row in rows]


def find(db: Database, muster: int) -> Muster:
    """The muster of that number; raises `Refusal` where there is none."""
    row = db.row("SELECT * FROM musters WHERE id = ?", (muster,))
    if row is None:
        raise Refusal("no_such_muster")
    ended_at = None if row["ended_at"] is None else stored_instant(row["ended_at"])
    return Muster(row["id"], bool(row["drill"]), row["operator"], stored_instant(row["began_at"]), ended_at)


def ticks(db: Database, muster: int) -> dict[str, MusterTick]:
    """Everybody of that muster."""
    rows = db.rows("SELECT person, safe_at, operator FROM muster_people WHERE muster = ?", (muster,))
    return {
        row["person"]: MusterTick(row["person"], row["safe_at"] and stored_instant(row["safe_at"]), row["operator"])
        for row in rows
    }
