"""Which version of its access list each unit was last sent: versions only grow, also across restarts."""

from typing import NamedTuple

from device.contract.instant import Instant
from server.store.database import Database
from server.store.stored_values import stored_instant

LEAP = 100_000
"""More lists than are sent in a day, at one a second."""


SOURCES = (
    "INSERT ON main.badges",
    "UPDATE ON main.badges",
    "DELETE ON main.badges",
    "UPDATE ON main.members WHEN OLD.role IS NOT NEW.role OR OLD.suspended_at IS NOT NEW.suspended_at",
    "DELETE ON main.members",
    "INSERT ON main.badge_keys",
    "UPDATE ON main.badge_keys",
    "UPDATE ON main.site_keys",
    "INSERT ON main.units",
    "UPDATE ON main.units",
)
"""What of the books a list is compiled from and who gets one, but for credit, which accounts tell of."""


class Sent(NamedTuple):
    """The last list of a unit: `digest` is of all that it says but version and time."""

    version: int
    digest: str
    issued_at: Instant


def watch_sources(db: Database) -> None:
    """Counts from now on what this connection changes of the badges, roles, suspensions and units that lists are made
    from, by whatever way: nobody who writes them has to think of the lists.
    """
    db.execute("CREATE TEMP TABLE IF NOT EXISTS list_sources (changes INTEGER NOT NULL)")
    if db.row("SELECT changes FROM list_sources") is None:
        db.execute("INSERT INTO list_sources VALUES (0)")
    for nth, change in enumerate(SOURCES):
        db.execute(
            f"CREATE TEMP TRIGGER IF NOT EXISTS list_source_{nth} AFTER {change}"
            " BEGIN UPDATE list_sources SET changes = changes + 1; END"
        )


def source_changes(db: Database) -> int:
    """How many such changes there were; those of a transaction that was rolled back are not among them."""
    return int(db.value("SELECT changes FROM list_sources"))


def sent(db: Database, unit: str) -> Sent | None:
    """What the unit was last sent, if anything."""
    row = db.row("SELECT version, digest, issued_at FROM access_lists WHERE unit = ?", (unit,))
    return None if row is None else Sent(row["version"], row["digest"], stored_instant(row["issued_at"]))


def may_be_given_out(db: Database, unit: str, version: int) -> bool:
    """Whether the unit may have had a list of that version from this place: what was sent, or what was sent after the
    copy was made that these books were restored from.
    """
    last = db.value("SELECT version FROM access_lists WHERE unit = ?", (unit,)) or 0
    return bool(version <= last + LEAP)


def note(db: Database, unit: str, list_: Sent) -> None:
    """Keeps what is being sent."""
    db.execute(
        "INSERT INTO access_lists (unit, version, digest, issued_at) VALUES (?, ?, ?, ?) ON CONFLICT (unit)"
        " DO UPDATE SET version = excluded.version, digest = excluded.digest, issued_at = excluded.issued_at",
        (unit, list_.version, list_.digest, str(list_.issued_at)),
    )


def leap(db: Database, versions: int = LEAP) -> None:
    """Moves on past every version that may have been used since these books were copied: for `restore`."""
    db.execute("UPDATE access_lists SET version = version + ?", (versions,))
