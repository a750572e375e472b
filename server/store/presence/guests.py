"""People who are in without being members: on a golden ticket, by name, or just one more."""

import sqlite3
from collections.abc import Iterator
from datetime import date, timedelta

from msgspec import Struct

from device.contract.access_list import MOST_MIDNIGHTS
from device.contract.instant import Instant
from server.core.names import same_name
from server.errors import Refusal
from server.store.database import Database
from server.store.people import members
from server.store.stored_values import read_row, stored_instant

STAYED_OVER = timedelta(days=MOST_MIDNIGHTS)
"""A guest who came so long before may still be in; whose opening is over was checked out."""


class Guest(Struct, frozen=True, kw_only=True):
    """One visit; nameless where somebody only pressed +1. `member` is who answers for them, or gave the ticket.

    `invited` is the member that a golden guest is, where they are one: the ticket pays for their date. `imprint` tells
    the name of a golden guest again once it was removed.
    """

    id: int
    name: str | None
    member: int | None
    golden: bool
    day: date
    arrived_at: Instant
    left_at: Instant | None
    automatic: bool
    invited: int | None = None
    imprint: str | None = None


def arrive(
    db: Database,
    name: str | None,
    *,
    day: date,
    now: Instant,
    member: int | None = None,
    golden: bool = False,
    invited: int | None = None,
) -> Guest:
    """A guest comes in, `day` being the local date; raises `Refusal` for one who is in by that name already."""
    with db.writing():
        if name is not None:
            name = members.checked_name(name)
            if _called(db, day, name):
                raise Refusal("guest_inside_already", field="name", name=name)
        if member is not None:
            members.find(db, member)
        guest = db.execute(
            "INSERT INTO guests (name, member, golden, day, arrived_at, invited) VALUES (?, ?, ?, ?, ?, ?)",
            (name, member, golden, day.isoformat(), str(now), invited),
        ).lastrowid
        return _find(db, guest or 0)


def leave(db: Database, name: str | None, *, day: date, now: Instant) -> Guest:
    """The guest of that name, or one of the nameless, goes; raises `Refusal` where none is in."""
    with db.writing():
        called = _called(db, day, name if name is None else members.checked_name(name))
        if not called:
            raise Refusal("guest_not_inside", name=name) if name else Refusal("no_nameless_guest_inside")
        return _leave(db, called[-1], now, automatic=False)


def check_out(db: Database, guest: Guest, *, at: Instant) -> Guest:
    """The guest, gone with the closing."""
    return _leave(db, guest, at, automatic=True)


def inside(db: Database, day: date) -> list[Guest]:
    """Who is in now, `day` being today; who stayed over midnight came on a date before it."""
    return [guest for guest in lasting(db) if day - STAYED_OVER <= guest.day <= day]


def lasting(db: Database) -> list[Guest]:
    """Everybody who has not left, of past days too."""
    return [_guest(row) for row in db.rows("SELECT * FROM guests WHERE left_at IS NULL ORDER BY id")]


def present(db: Database, day: date, at: Instant) -> list[Guest]:
    """Who was in at that moment of `day`."""
    sql = (
        "SELECT * FROM guests WHERE day BETWEEN ? AND ? AND arrived_at <= ? AND (left_at IS NULL OR left_at > ?)"
        " ORDER BY id"
    )
    return [_guest(row) for row in db.rows(sql, (*_days(day), str(at), str(at)))]


def golden(db: Database) -> list[Guest]:
    """Everybody who ever came on a golden ticket."""
    return [_guest(row) for row in db.rows("SELECT * FROM guests WHERE golden = 1 ORDER BY id")]


def find_golden(db: Database, guest: int) -> Guest:
    """The visit of that number, for which a golden ticket was used; raises `Refusal` where there is none."""
    found = next((each for each in golden(db) if each.id == guest), None)
    if found is None:
        raise Refusal("no_golden_ticket_used")
    return found


def take_back(db: Database, guest: Guest, *, now: Instant) -> None:
    """It was not on a golden ticket, and nobody is in for it any more."""
    if guest.left_at is None:
        _leave(db, guest, now, automatic=False)
    db.execute("UPDATE guests SET golden = 0, invited = NULL WHERE id = ?", (guest.id,))


def last_step(db: Database, day: date) -> Instant | None:
    """When a guest last came or left, on `day` or on the last date before it that had any."""
    sql = """
        SELECT max(arrived_at, coalesce(left_at, '')) FROM (
            SELECT max(arrived_at) AS arrived_at, max(left_at) AS left_at FROM guests
            WHERE day = (SELECT max(day) FROM guests WHERE day <= ?))
    """
    found = db.value(sql, (day.isoformat(),))
    return stored_instant(found) if found else None


def count(db: Database, day: date) -> int:
    """How many are in now, `day` being today."""
    sql = "SELECT count(*) FROM guests WHERE day BETWEEN ? AND ? AND left_at IS NULL"
    return int(db.value(sql, _days(day)))


def count_by_day(db: Database, first: date, last: date) -> dict[str, int]:
    """How many guests came on each date (ISO), from `first` to `last`."""
    sql = "SELECT day, count(*) FROM guests WHERE day BETWEEN ? AND ? GROUP BY day"
    return dict(db.execute(sql, (first.isoformat(), last.isoformat())).fetchall())


def spans(db: Database, first: date, last: date, now: Instant) -> Iterator[tuple[str, str, str]]:
    """Date, arrival and leaving of every guest, as they are written; who is still in stays until `now`."""
    sql = "SELECT day, arrived_at, coalesce(left_at, ?3) FROM guests WHERE day BETWEEN ?1 AND ?2"
    yield from db.execute(sql, (first.isoformat(), last.isoformat(), str(now)))


def _called(db: Database, day: date, name: str | None) -> list[Guest]:
    there = inside(db, day)
    if name is None:
        return [guest for guest in there if guest.name is None]
    return [guest for guest in there if guest.name is not None and same_name(guest.name, name)]


def _days(day: date) -> tuple[str, str]:
    return (day - STAYED_OVER).isoformat(), day.isoformat()


def _leave(db: Database, guest: Guest, at: Instant, *, automatic: bool) -> Guest:
    # a clock set back since then must not make them leave before they came
    left_at = max(at, guest.arrived_at)
    db.execute("UPDATE guests SET left_at = ?, automatic = ? WHERE id = ?", (str(left_at), automatic, guest.id))
    return _find(db, guest.id)


def _find(db: Database, guest: int) -> Guest:
    row = db.row("SELECT * FROM guests WHERE id = ?", (guest,))
    assert row is not None
    return _guest(row)


def _guest(row: sqlite3.Row) -> Guest:
    return read_row(row, Guest)
