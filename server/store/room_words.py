"""What was said of rooms: by their dials, in the journal, and by the desk."""

from device.contract.instant import Instant
from server.core.rooms import Word
from server.store.database import Database
from server.store.stored_values import stored_instant


def words(db: Database, since: Instant, before: Instant) -> dict[str, list[Word]]:
    """By room, everything said from `since` until `before`, in order; of two words at once the desk's is the last."""
    sql = """
        SELECT body ->> '$.room' AS room, at, body ->> '$.use' AS use, body ->> '$.people' AS people,
            'dial' AS set_by, id AS nth
        FROM events WHERE kind = 'room' AND at >= ?1 AND at < ?2
        UNION ALL
        SELECT room, at, use, people, 'desk', id FROM desk_rooms WHERE at >= ?1 AND at < ?2
        ORDER BY at, set_by DESC, nth
    """
    said: dict[str, list[Word]] = {}
    for room, at, use, people, set_by, _ in db.rows(sql, (str(since), str(before))):
        said.setdefault(room, []).append(Word(stored_instant(at), use, people, set_by))
    return said


def rooms(db: Database, since: Instant) -> list[str]:
    """The rooms that anything was said of since then, and those that ever had a unit."""
    sql = """
        SELECT body ->> '$.room' FROM events WHERE kind = 'room' AND at >= ?1
        UNION SELECT room FROM desk_rooms WHERE at >= ?1
        UNION SELECT room FROM units WHERE room IS NOT NULL
    """
    return [row[0] for row in db.rows(sql, (str(since),))]


def write(db: Database, room: str, use: str, people: int, *, at: Instant, operator: str, now: Instant) -> None:
    """The desk sets a room as of `at`."""
    db.execute(
        "INSERT INTO desk_rooms (room, at, use, people, operator, written_at) VALUES (?, ?, ?, ?, ?, ?)",
        (room, str(at), use, people, operator, str(now)),
    )
