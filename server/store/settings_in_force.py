"""Which opening hours and rules held from which date on: past dates keep theirs when the settings change."""

from datetime import date
from typing import NamedTuple

from server.store.database import Database
from server.store.stored_values import stored_date


class SettingsInForce(NamedTuple):
    """Hours and rules as JSON, in force from `valid_from` until the next row's date."""

    valid_from: date
    hours: str
    rules: str


def history(db: Database) -> list[SettingsInForce]:
    """All that was ever in force, the oldest first."""
    rows = db.rows("SELECT * FROM settings_in_force ORDER BY valid_from")
    return [SettingsInForce(stored_date(row["valid_from"]), row["hours"], row["rules"]) for row in rows]


def note(db: Database, today: date, hours: str, rules: str) -> bool:
    """Puts these in force from today on, the first ever for all dates before too; whether they differ from what was."""
    with db.writing():
        known = history(db)
        if known and (known[-1].hours, known[-1].rules) == (hours, rules):
            return False
        sql = (
            "INSERT INTO settings_in_force (valid_from, hours, rules) VALUES (?, ?, ?)"
            " ON CONFLICT (valid_from) DO UPDATE SET hours = excluded.hours, rules = excluded.rules"
        )
        db.execute(sql, ((today if known else date.min).isoformat(), hours, rules))
        return True
