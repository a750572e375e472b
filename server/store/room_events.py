"""What the dials of rooms said."""

from typing import NamedTuple

from device.contract.instant import Instant
from server.store.database import Books


class DialEvent(NamedTuple):
    """Somebody turned or pressed the dial of a room."""

    room: str
    at: Instant
    use: str
    people: int


def latest(books: Books, since: Instant) -> list[DialEvent]:
    """The last word of each room from `since` on."""
    sql = """
        SELECT body ->> '$.room' AS room, max(at) AS at, body ->> '$.use' AS use, body ->> '$.people' AS people
        FROM events WHERE at >= ? AND kind = 'room' GROUP BY room
    """
    rows = books.rows(sql, (str(since),))
    return [DialEvent(row["room"], Instant.parse(row["at"]), row["use"], row["people"]) for row in rows]
