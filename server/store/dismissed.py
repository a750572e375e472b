"""What somebody at the desk has dismissed: it asks for no hand any more. Table `looked_at`."""

from collections.abc import Iterable

from device.contract.instant import Instant
from server.store.database import Database


def dismiss(db: Database, keys: Iterable[str], *, operator: str, now: Instant) -> None:
    """Dismisses the items of these keys; one that was dismissed already stays as it was."""
    db.execute_each(
        "INSERT INTO looked_at (matter, operator, at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
        [(key, operator, str(now)) for key in keys],
    )


def restore(db: Database, keys: Iterable[str]) -> None:
    """Lets the items of these keys ask for a hand again."""
    db.execute_each("DELETE FROM looked_at WHERE matter = ?", [(key,) for key in keys])


def among(db: Database, keys: Iterable[str]) -> set[str]:
    """Those of `keys` that were dismissed."""
    asked = list(keys)
    marks = ",".join("?" * len(asked))
    return {row["matter"] for row in db.rows(f"SELECT matter FROM looked_at WHERE matter IN ({marks})", asked)}


def newest_number(db: Database, prefix: str) -> int:
    """The highest number among the dismissed keys that are `prefix` and a number; 0 where there is none."""
    sql = "SELECT max(CAST(substr(matter, ?) AS INTEGER)) FROM looked_at WHERE matter >= ? AND matter < ?"
    return int(db.value(sql, (len(prefix) + 1, prefix, prefix + "\uffff")) or 0)
