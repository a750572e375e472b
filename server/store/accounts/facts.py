"""Everything in the books that bears on what one member is charged, as the reckoning takes it (rules 4)."""

import sqlite3
from collections import defaultdict
from datetime import date

from device.contract.instant import Instant
from server.core.charge.facts import DayFacts, GoldenUse, MemberFacts, Payment
from server.core.charge.holdings import BLANK, Checkpoint
from server.core.house_rules import HouseRules
from server.core.presence.presence import Stay
from server.store.accounts import corrections, lots, used_time
from server.store.database import Database
from server.store.stored_values import stored_date, stored_instant


def known_facts(
    db: Database, house: HouseRules, member: int, now: Instant, checkpoint: Checkpoint = BLANK, until: date = date.max
) -> MemberFacts:
    """What is known of a member beyond `checkpoint`, of dates up to `until`."""
    after = checkpoint.day
    return MemberFacts(
        days=known_days(db, house, member, now, after, until),
        lots=lots.of_member(db, member, after=after, named=checkpoint.lots),
        passes=lots.passes_of_member(db, member, after=after),
        payments=_payments(db, member, after),
        golden_uses=_golden_uses(db, member, after),
    )


def known_days(
    db: Database, house: HouseRules, member: int, now: Instant, after: date, until: date
) -> dict[date, DayFacts]:
    """What is known of a member's dates after one day and up to another."""
    span = (member, after.isoformat(), until.isoformat())
    by_day: defaultdict[date, list[Stay]] = defaultdict(list)
    sql = "SELECT * FROM stays WHERE member = ? AND day > ? AND day <= ? ORDER BY day, nth"
    for row in db.execute(sql, span):
        day = stored_date(row["day"])
        by_day[day].append(_stay(house, day, now, row["began_at"], row["ended_at"], row["automatic"]))
    past = used_time.of_member(db, member, after, until)
    corrected = {day: word for day, word in corrections.in_force(db, member, after=after).items() if day <= until}
    sql = "SELECT day FROM guests WHERE invited = ? AND day > ? AND day <= ?"
    invited = {stored_date(row[0]) for row in db.execute(sql, span)}
    return {
        day: DayFacts(
            tuple(by_day[day]),
            seen_on(db, member, day) if any(stay.automatic for stay in by_day[day]) else (),
            day in invited,
            corrected.get(day),
            past=past.get(day),
        )
        for day in sorted({*by_day, *corrected, *invited, *past})
    }


def stays_on(db: Database, house: HouseRules, member: int, day: date, now: Instant) -> tuple[Stay, ...]:
    """A member's stays of one date; one that should be over by `now` is, whether or not that was written yet."""
    sql = "SELECT began_at, ended_at, automatic FROM stays WHERE member = ? AND day = ? ORDER BY nth"
    rows = db.execute(sql, (member, day.isoformat()))
    return tuple(_stay(house, day, now, *row) for row in rows)


def seen_on(db: Database, member: int, day: date) -> tuple[Instant, ...]:
    """When a member was seen on a date: at a reader, at a door, or by the desk."""
    sql = """
        SELECT at FROM events WHERE member = ?1 AND day = ?2 AND kind IN ('access', 'passage')
        UNION SELECT at FROM desk_entries WHERE member = ?1 AND day = ?2 AND lifted_at IS NULL
    """
    return tuple(stored_instant(row[0]) for row in db.execute(sql, (member, day.isoformat())))


def _stay(house: HouseRules, day: date, now: Instant, began: str, ended: str | None, automatic: int) -> Stay:
    began_at = stored_instant(began)
    if ended is not None:
        return Stay(began_at, stored_instant(ended), bool(automatic))
    evening = house.evening(day)
    closes_at, checked_out_at = evening.end_of(began_at)
    if now < checked_out_at:
        return Stay(began_at, None, False)
    return Stay(began_at, closes_at, not evening.goes_on_from(began_at))


def _payments(db: Database, member: int, after: date) -> list[Payment]:
    sql = """
        SELECT number, day, price_cents FROM sales WHERE member = ? AND day > ? AND what = 'debt' AND cancels IS NULL
        AND number NOT IN (SELECT cancels FROM sales WHERE cancels IS NOT NULL)
    """
    return [
        Payment(row["number"], stored_date(row["day"]), row["price_cents"])
        for row in db.execute(sql, (member, after.isoformat()))
    ]


def _golden_uses(db: Database, member: int, after: date) -> list[GoldenUse]:
    sql = "SELECT id, day FROM guests WHERE golden = 1 AND member = ? AND day > ?"
    return [_use(row) for row in db.execute(sql, (member, after.isoformat()))]


def _use(row: sqlite3.Row) -> GoldenUse:
    return GoldenUse(stored_date(row["day"]), f"{row['id']:09d}")
