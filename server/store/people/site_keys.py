"""Which versions of the site's badge key there were, by an imprint of each: the keys themselves stand in no books."""

from device.contract.instant import Instant
from server.store.database import Database


def note(db: Database, version: int, imprint: str, *, now: Instant) -> None:
    """The key of `version` is in use from now on, or was already; another key under that version takes its place."""
    if imprint_of(db, version) == imprint:
        return
    with db.writing():
        db.execute(
            "INSERT INTO site_keys (version, imprint, begun_at) VALUES (?, ?, ?) ON CONFLICT (version) DO UPDATE"
            " SET imprint = excluded.imprint, begun_at = excluded.begun_at, ended_at = NULL",
            (version, imprint, str(now)),
        )


def end(db: Database, version: int, *, now: Instant) -> None:
    """The key of `version` is over."""
    db.execute("UPDATE site_keys SET ended_at = ? WHERE version = ? AND ended_at IS NULL", (str(now), version))


def is_over(db: Database, version: int) -> bool:
    """Whether the key of `version` was in use, and was ended: nothing is written with it any more."""
    return bool(db.value("SELECT 1 FROM site_keys WHERE version = ? AND ended_at IS NOT NULL", (version,)))


def imprint_of(db: Database, version: int) -> str | None:
    """The imprint of the key of `version`, if one was ever in use and is not over."""
    sql = "SELECT imprint FROM site_keys WHERE version = ? AND ended_at IS NULL"
    imprint = db.value(sql, (version,))
    return None if imprint is None else str(imprint)
