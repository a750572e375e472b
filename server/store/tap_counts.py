"""How often each answer was given at the doors."""

from typing import NamedTuple

from server.store.database import Books


class TapCount(NamedTuple):
    """So many taps with this answer since the beginning."""

    decision: str
    reason: str
    times: int


def tap_counts(books: Books) -> list[TapCount]:
    """By decision and reason, in order."""
    sql = """
        SELECT body ->> '$.decision', body ->> '$.reason', count(*) FROM events WHERE kind = 'access'
        GROUP BY 1, 2 ORDER BY 1, 2
    """
    return [TapCount(*row) for row in books.rows(sql)]
