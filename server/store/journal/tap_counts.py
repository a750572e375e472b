"""How often each answer was given at the doors, counted as it goes on: the whole journal would take too long."""

from collections import Counter
from datetime import date
from threading import Lock
from typing import NamedTuple

from server.store.database import Database

_KIND = "body ->> '$.decision', body ->> '$.reason', substr(body ->> '$.credential', 1, 3), body ->> '$.key_version'"
_SCHEMES: dict[str | None, str] = {scheme[:3]: scheme for scheme in ("uid", "ntag424", "desfire")}
"""By the letters that tell them apart: to look for the colon would read every event of a year once more."""


class TapKind(NamedTuple):
    """What taps are counted by.

    `scheme` is that of the badge, "" where whose it was is not kept any more; `key_version` the version of the key that
    it proved, 0 where it proved none, or the unit did not tell which.
    """

    decision: str
    reason: str
    scheme: str
    key_version: int


def between(db: Database, first: date, last: date) -> dict[TapKind, int]:
    """How many taps of each kind there were on those dates, the most frequent first."""
    sql = f"""
        SELECT {_KIND}, count(*) AS times FROM events
        WHERE day BETWEEN ? AND ? AND kind = 'access' GROUP BY 1, 2, 3, 4 ORDER BY times DESC, 1, 2, 3, 4
    """
    return {_kind(*kind): times for *kind, times in db.rows(sql, (first.isoformat(), last.isoformat()))}


class TapCounts:
    """Taps by their kind since it began to count, which is what a counter of Prometheus may do."""

    def __init__(self) -> None:
        self._through: int | None = None
        self._counts: Counter[TapKind] = Counter()
        self._counting = Lock()

    def now(self, db: Database) -> dict[TapKind, int]:
        """So many taps of each kind."""
        sql = f"""
            SELECT {_KIND}, count(*) FROM events
            WHERE id > ? AND id <= ? AND kind = 'access' GROUP BY 1, 2, 3, 4
        """
        with self._counting:
            newest = int(db.value("SELECT max(id) FROM events") or 0)
            since = newest if self._through is None else self._through
            for *kind, times in db.rows(sql, (since, newest)):
                self._counts[_kind(*kind)] += times
            self._through = max(newest, since)
            return dict(sorted(self._counts.items()))


def _kind(decision: str, reason: str, letters: str | None, key_version: int | None) -> TapKind:
    return TapKind(decision, reason, _SCHEMES.get(letters, ""), key_version or 0)
