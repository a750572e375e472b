"""What somebody at the desk has looked at and put away: it asks for no hand any more."""

from collections.abc import Iterable

from device.contract.instant import Instant
from server.store.database import Database


def put_away(db: Database, matters: Iterable[str], *, operator: str, now: Instant) -> None:
    """Each of `matters` by its key; one that was put away already stays as it was."""
    db.execute_each(
        "INSERT INTO looked_at (matter, operator, at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
        [(matter, operator, str(now)) for matter in matters],
    )


def bring_back(db: Database, matters: Iterable[str]) -> None:
    """They ask for a hand again."""
    db.execute_each("DELETE FROM looked_at WHERE matter = ?", [(matter,) for matter in matters])


def among(db: Database, matters: Iterable[str]) -> set[str]:
    """Those of `matters` that were put away."""
    asked = list(matters)
    marks = ",".join("?" * len(asked))
    return {row["matter"] for row in db.rows(f"SELECT matter FROM looked_at WHERE matter IN ({marks})", asked)}


def newest_number(db: Database, prefix: str) -> int:
    """The highest number among the matters called `prefix` and a number; 0 where there is none."""
    sql = "SELECT max(CAST(substr(matter, ?) AS INTEGER)) FROM looked_at WHERE matter >= ? AND matter < ?"
    return int(db.value(sql, (len(prefix) + 1, prefix, prefix + "\uffff")) or 0)
