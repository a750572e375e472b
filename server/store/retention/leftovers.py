"""What lies beside the books, each removed when its time is over; within the transaction that is open."""

from datetime import date

from device.contract.instant import Instant
from server.core.retention.periods import LastDays
from server.store.database import Database


def remove(db: Database, over: LastDays, now: Instant) -> dict[str, int]:
    """Logins, wrong tries, what was set aside, texts of changes, who was ticked off, badges long given back; of which
    table how many rows.
    """
    names, year, month = (_end_of(day) for day in (over.names, over.year, over.month))
    return {
        "sessions": _run(db, "DELETE FROM sessions WHERE ends_at <= ?", str(now)),
        "operators": _run(db, "UPDATE operators SET failures = 0, failed_at = NULL WHERE failed_at <= ?", month),
        "faults": _run(db, "DELETE FROM faults WHERE received_at <= ?", month),
        "changes": _run(
            db,
            "UPDATE changes SET before = NULL, after = NULL, subject = '', form = NULL WHERE at <= ?"
            " AND (before IS NOT NULL OR after IS NOT NULL OR subject <> '' OR form IS NOT NULL)",
            names,
        ),
        # their keys have moments in them
        "looked_at": _run(
            db, "DELETE FROM looked_at WHERE at <= ? AND (matter LIKE 'doubt:%' OR matter LIKE 'unbadged:%')", names
        ),
        "muster_people": _take_muster_people(db, names),
        "badges": _run(db, "DELETE FROM badges WHERE ended_at <= ?", year),
    }


def leavers(db: Database, last: date) -> list[int]:
    """Members who were not here after that date, bought nothing, hold nothing and have no badge."""
    sql = """
        SELECT id FROM members WHERE forgotten_at IS NULL AND role = 'member' AND created_at <= ?2
        AND id NOT IN (SELECT member FROM badges WHERE ended_at IS NULL)
        AND id NOT IN (SELECT member FROM stays WHERE day > ?1)
        AND id NOT IN (SELECT member FROM used_time WHERE day > ?1)
        AND id NOT IN (SELECT member FROM sales WHERE day > ?1)
        AND id NOT IN (SELECT member FROM gifts WHERE first_day > ?1)
        AND id NOT IN (SELECT member FROM held_passes WHERE last_day > ?1)
        AND id NOT IN (SELECT member FROM lots WHERE last_day > ?1)
        AND id NOT IN (SELECT lots.member FROM prolongations JOIN lots ON lots.id = lot
            WHERE prolongations.last_day > ?1)
        AND id NOT IN (SELECT member FROM guests WHERE member IS NOT NULL AND day > ?1)
        AND id NOT IN (SELECT invited FROM guests WHERE invited IS NOT NULL AND day > ?1)
        ORDER BY id
    """
    return [row["id"] for row in db.rows(sql, (last.isoformat(), _end_of(last)))]


def _take_muster_people(db: Database, until: str) -> int:
    """How many there were stays, who does not."""
    sql = """
        SELECT muster, person, row_number() OVER (PARTITION BY muster ORDER BY random()) AS nth FROM muster_people
        JOIN musters ON musters.id = muster
        WHERE began_at <= ? AND ended_at IS NOT NULL AND person NOT LIKE 'x%'
    """
    found = db.rows(sql, (until,))
    update = "UPDATE muster_people SET person = ? WHERE muster = ? AND person = ?"
    db.execute_each(update, [(f"x{row['nth']}", row["muster"], row["person"]) for row in found])
    return len(found)


def _run(db: Database, sql: str, until: str) -> int:
    return db.execute(sql, (until,)).rowcount


def _end_of(day: date) -> str:
    """What all moments of that date and earlier ones come before, as they are written."""
    return f"{day.isoformat()}T~"
