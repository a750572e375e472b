"""Names taken from a date: what happened stays, who it was does not. Each within the transaction that is open."""

from datetime import date, timedelta
from random import SystemRandom
from secrets import token_hex

from device.contract.instant import Instant
from server.core.charge.facts import PastUse
from server.core.charge.time_used import time_used
from server.core.house_rules import HouseRules
from server.core.names import imprint
from server.store.accounts import used_time
from server.store.accounts.facts import known_days
from server.store.database import Database
from server.store.stored_values import stored_date

_NAMED_DAYS = """
SELECT DISTINCT day FROM stays WHERE day <= ?1 AND day > ?2
UNION SELECT DISTINCT day FROM desk_entries WHERE day <= ?1 AND day > ?2
UNION SELECT DISTINCT day FROM remarks WHERE day <= ?1 AND day > ?2
UNION SELECT DISTINCT day FROM guests WHERE name IS NOT NULL AND day <= ?1 AND day > ?2
UNION SELECT DISTINCT day FROM events WHERE at BETWEEN ?3 AND ?4 AND day <= ?1 AND day > ?2
    AND kind IN ('access', 'passage', 'unused')
ORDER BY day
"""


def named_days(db: Database, after: date, last: date) -> list[date]:
    """The dates after one and up to another that may name somebody, in order."""
    rows = db.rows(_NAMED_DAYS, (last.isoformat(), after.isoformat(), *_around(after, last)))
    return [stored_date(row["day"]) for row in rows]


def goes_on(db: Database, house: HouseRules, day: date) -> bool:
    """Whether somebody stayed in over the midnight after that date: its steps are needed for the next one's."""
    evening = house.evening(day)
    if not evening.goes_on:
        return False
    sql = "SELECT 1 FROM stays WHERE day = ? AND (ended_at IS NULL OR ended_at >= ?)"
    return db.row(sql, (day.isoformat(), str(evening.ends_at))) is not None


def remove(db: Database, house: HouseRules, day: date, now: Instant) -> dict[str, int]:
    """Takes the names from that date; of which table how many rows named somebody."""
    text = day.isoformat()
    _keep_remains(db, house, day, now)
    removed = {
        table: db.execute(f"DELETE FROM {table} WHERE day = ?", (text,)).rowcount
        for table in ("stays", "remarks", "desk_entries")
    }
    removed["guests"] = _take_guests(db, text)
    removed["events"] = db.execute(
        "UPDATE events SET named = named OR member IS NOT NULL, member = NULL,"
        " body = json_set(body, '$.credential', NULL)"
        " WHERE at BETWEEN ? AND ? AND day = ? AND (member IS NOT NULL OR body ->> '$.credential' IS NOT NULL)",
        (*_around(day, day), text),
    ).rowcount
    return removed


def _keep_remains(db: Database, house: HouseRules, day: date, now: Instant) -> None:
    """How long each of them was in, which the books need, and when somebody was, which the counts do: apart."""
    calendar, tariff, before = house.calendars.on(day), house.terms.tariffs.on(day), day - timedelta(days=1)
    came = [row[0] for row in db.rows("SELECT DISTINCT member FROM stays WHERE day = ?", (day.isoformat(),))]
    SystemRandom().shuffle(came)  # in their order they could be told by their numbers
    for person, member in enumerate(came, start=1):
        known = known_days(db, house, member, now, before, day)[day]
        use = time_used(known.stays, known.seen, day, calendar, tariff, now)
        used_time.put(db, member, day, PastUse(use.morning_ms, use.afternoon_ms, use.automatic))
        db.execute(
            "INSERT OR IGNORE INTO nameless_stays SELECT day, ?, began_at, max(began_at, coalesce(ended_at, began_at))"
            " FROM stays WHERE member = ? AND day = ?",
            (person, member, day.isoformat()),
        )


def _take_guests(db: Database, day: str) -> int:
    """Of who came on a golden ticket an imprint of the name stays: it may be used once per person."""
    named = db.rows("SELECT id, name, golden FROM guests WHERE day = ? AND name IS NOT NULL", (day,))
    for row in named:
        left = imprint(row["name"], token_hex(8)) if row["golden"] else None
        db.execute("UPDATE guests SET name = NULL, imprint = ? WHERE id = ?", (left, row["id"]))
    return len(named)


def _around(first: date, last: date) -> tuple[str, str]:
    """What the moments of those dates lie between, as they are written, wherever the place is."""
    before = first if first == date.min else first - timedelta(days=1)
    return before.isoformat(), f"{(last + timedelta(days=1)).isoformat()}T~"
