"""Who was in when, as rows: what `core.presence` makes of the journal and the desk's entries."""

from collections.abc import Iterator, Sequence
from datetime import date

from msgspec import Struct

from device.contract.instant import Instant
from server.core.presence.presence import Presence, Remark, Stay, Step
from server.store.database import Database
from server.store.stored_values import stored_date, stored_instant

StayRow = tuple[int, str, int, str, str | None, bool]
RemarkRow = tuple[int, str, int, str, str]


class Visit(Struct, frozen=True, kw_only=True):
    """One member's stay on a date; `ended_at` is None while it lasts."""

    member: int
    day: date
    began_at: Instant
    ended_at: Instant | None
    automatic: bool


class Doubtful(Struct, frozen=True, kw_only=True):
    """A step of a member that did not fit."""

    member: int
    day: date
    at: Instant
    doubt: str


def steps(db: Database, member: int, day: date) -> list[Step]:
    """Everything in the books that moves this member's presence on that date."""
    passages = db.execute(
        "SELECT at, unit, epoch, seq, body ->> '$.side' FROM events JOIN heads ON heads.id = head"
        " WHERE member = ? AND day = ? AND kind = 'passage'",
        (member, day.isoformat()),
    )
    entries = db.execute(
        "SELECT at, '', '', id, side FROM desk_entries WHERE member = ? AND day = ? AND lifted_at IS NULL",
        (member, day.isoformat()),
    )
    return [Step(stored_instant(at), *rest) for at, *rest in (*passages, *entries)]


def known(db: Database, member: int, day: date) -> Presence:
    """The presence that the books have now."""
    key = (member, day.isoformat())
    stays = db.rows("SELECT * FROM stays WHERE member = ? AND day = ? ORDER BY nth", key)
    remarks = db.rows("SELECT * FROM remarks WHERE member = ? AND day = ? ORDER BY nth", key)
    return Presence(
        tuple(
            Stay(stored_instant(row["began_at"]), _instant(row["ended_at"]), bool(row["automatic"])) for row in stays
        ),
        tuple(Remark(stored_instant(row["at"]), row["remark"]) for row in remarks),
    )


def last_step(db: Database, day: date) -> Instant | None:
    """When a member last came or left, on `day` or on the last date before it that had anybody."""
    sql = """
        SELECT max(began_at, coalesce(ended_at, '')) FROM (
            SELECT max(began_at) AS began_at, max(ended_at) AS ended_at FROM stays
            WHERE day = (SELECT max(day) FROM stays WHERE day <= ?))
    """
    found = db.value(sql, (day.isoformat(),))
    return stored_instant(found) if found else None


def replace(db: Database, member: int, day: date, presence: Presence) -> bool:
    """Brings the books to `presence`; whether anything was different."""
    before = known(db, member, day)
    if before == presence:
        return False
    key = (member, day.isoformat())
    db.execute("DELETE FROM stays WHERE member = ? AND day = ?", key)
    db.execute("DELETE FROM remarks WHERE member = ? AND day = ?", key)
    put(db, stay_rows(member, day, 0, presence.stays), remark_rows(member, day, 0, presence.remarks))
    return True


def put(db: Database, stays: Sequence[StayRow], remarks: Sequence[RemarkRow]) -> None:
    """Writes rows, over those that have their numbers."""
    if stays:
        db.execute_each("INSERT OR REPLACE INTO stays VALUES (?, ?, ?, ?, ?, ?)", stays)
    if remarks:
        db.execute_each("INSERT OR REPLACE INTO remarks VALUES (?, ?, ?, ?, ?)", remarks)


def stay_rows(member: int, day: date, first: int, stays: Sequence[Stay]) -> list[StayRow]:
    """Rows of a member's date, numbered from `first` on."""
    text = day.isoformat()
    return [
        (member, text, nth, str(stay.began_at), str(stay.ended_at) if stay.ended_at else None, stay.automatic)
        for nth, stay in enumerate(stays, first)
    ]


def remark_rows(member: int, day: date, first: int, remarks: Sequence[Remark]) -> list[RemarkRow]:
    """Rows of a member's date, numbered from `first` on."""
    text = day.isoformat()
    return [(member, text, nth, str(remark.at), remark.doubt) for nth, remark in enumerate(remarks, first)]


def lasting(db: Database) -> list[Visit]:
    """Every stay that has no end yet, those of past dates too."""
    return _visits(db, "ended_at IS NULL")


def present(db: Database, day: date, at: Instant) -> list[Visit]:
    """Who was in at that moment of `day`, as far as is known now."""
    return _visits(db, "day = ? AND began_at <= ? AND (ended_at IS NULL OR ended_at > ?)", day, str(at), str(at))


def count_nameless(db: Database, day: date, at: Instant) -> int:
    """How many were in at that moment of `day`, of those whose names were removed since."""
    sql = "SELECT count(*) FROM nameless_stays WHERE day = ? AND began_at <= ? AND ended_at > ?"
    return int(db.value(sql, (day.isoformat(), str(at), str(at))))


def inside(db: Database, day: date) -> list[Visit]:
    """Who is in now."""
    return _visits(db, "day = ? AND ended_at IS NULL", day)


def members_inside(db: Database, day: date) -> list[int]:
    """The numbers of those who are in, in order."""
    sql = "SELECT member FROM stays WHERE day = ? AND ended_at IS NULL ORDER BY member"
    return [row[0] for row in db.rows(sql, (day.isoformat(),))]


def is_inside(db: Database, member: int) -> bool:
    """Whether the member has a stay without end."""
    return db.row("SELECT 1 FROM stays WHERE member = ? AND ended_at IS NULL", (member,)) is not None


def count_inside(db: Database, day: date) -> int:
    """How many members are in."""
    return int(db.value("SELECT count(*) FROM stays WHERE day = ? AND ended_at IS NULL", (day.isoformat(),)))


def of_member(db: Database, member: int, first: date, last: date) -> list[Visit]:
    """One member's stays from `first` to `last`, both included."""
    return _visits(db, "member = ? AND day BETWEEN ? AND ?", member, first.isoformat(), last.isoformat())


def automatic(db: Database, day: date) -> list[Visit]:
    """The stays of `day` that ended by themselves."""
    return _visits(db, "day = ? AND automatic = 1", day)


def doubts(db: Database, day: date) -> list[Doubtful]:
    """The steps of `day` that did not fit, in order of time."""
    sql = "SELECT * FROM remarks WHERE day = ? ORDER BY at, member, nth"
    return [
        Doubtful(member=row["member"], day=day, at=stored_instant(row["at"]), doubt=row["remark"])
        for row in db.rows(sql, (day.isoformat(),))
    ]


def kept_days(db: Database) -> list[tuple[int, date]]:
    """Each member and date that the books know a presence of, or should: for `verify`."""
    sql = """
        SELECT member, day FROM stays UNION SELECT member, day FROM remarks
        UNION SELECT member, day FROM events WHERE member IS NOT NULL AND kind = 'passage'
        UNION SELECT member, day FROM desk_entries ORDER BY day, member
    """
    return [(row["member"], stored_date(row["day"])) for row in db.rows(sql)]


def members_by_day(db: Database, first: date, last: date) -> dict[str, int]:
    """How many members came on each date (ISO), from `first` to `last`."""
    sql = """
        SELECT day, count(DISTINCT member) FROM stays WHERE day BETWEEN ?1 AND ?2 GROUP BY day
        UNION ALL SELECT day, count(DISTINCT person) FROM nameless_stays WHERE day BETWEEN ?1 AND ?2 GROUP BY day
    """
    return dict(db.execute(sql, (first.isoformat(), last.isoformat())).fetchall())


def spans(db: Database, first: date, last: date, now: Instant) -> Iterator[tuple[str, str, str]]:
    """Date, begin and end of every stay, as they are written: a year has too many to read each as a time. Who is still
    in stays until `now`."""
    sql = """
        SELECT day, began_at, coalesce(ended_at, ?3) FROM stays WHERE day BETWEEN ?1 AND ?2
        UNION ALL SELECT day, began_at, ended_at FROM nameless_stays WHERE day BETWEEN ?1 AND ?2
    """
    yield from db.execute(sql, (first.isoformat(), last.isoformat(), str(now)))


def _visits(db: Database, where: str, *parameters: int | str | date) -> list[Visit]:
    texts = [value.isoformat() if isinstance(value, date) else value for value in parameters]
    rows = db.rows(f"SELECT * FROM stays WHERE {where} ORDER BY day, began_at, member", texts)
    return [
        Visit(
            member=row["member"],
            day=stored_date(row["day"]),
            began_at=stored_instant(row["began_at"]),
            ended_at=_instant(row["ended_at"]),
            automatic=bool(row["automatic"]),
        )
        for row in rows
    ]


def _instant(text: str | None) -> Instant | None:
    return None if text is None else stored_instant(text)
