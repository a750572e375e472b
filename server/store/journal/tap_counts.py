"""How often each answer was given at the doors, counted as it goes on: the whole journal would take too long."""

from collections import Counter
from datetime import date
from threading import Lock

from server.store.database import Database


def between(db: Database, first: date, last: date) -> dict[tuple[str, str], int]:
    """How many taps of those dates had each decision and reason, the most frequent first."""
    sql = """
        SELECT body ->> '$.decision', body ->> '$.reason', count(*) AS times FROM events
        WHERE day BETWEEN ? AND ? AND kind = 'access' GROUP BY 1, 2 ORDER BY times DESC, 1, 2
    """
    rows = db.rows(sql, (first.isoformat(), last.isoformat()))
    return {(decision, reason): times for decision, reason, times in rows}


class TapCounts:
    """Taps by decision and reason since it began to count, which is what a counter of Prometheus may do."""

    def __init__(self) -> None:
        self._through: int | None = None
        self._counts: Counter[tuple[str, str]] = Counter()
        self._counting = Lock()

    def now(self, db: Database) -> dict[tuple[str, str], int]:
        """So many taps with each decision and reason."""
        sql = """
            SELECT body ->> '$.decision', body ->> '$.reason', count(*) FROM events
            WHERE id > ? AND id <= ? AND kind = 'access' GROUP BY 1, 2
        """
        with self._counting:
            newest = int(db.value("SELECT max(id) FROM events") or 0)
            since = newest if self._through is None else self._through
            for decision, reason, times in db.rows(sql, (since, newest)):
                self._counts[decision, reason] += times
            self._through = max(newest, since)
            return dict(sorted(self._counts.items()))
