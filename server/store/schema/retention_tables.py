"""What remains of dates and years whose time is over: how long somebody was in but not when, who came but not who,
balances without what they came from; and how far things have been removed.

What is carried forward has lost the sale or gift that it came from, so columns that demanded one no longer do.
"""

from server.store.schema.ledger_tables import WRITTEN_ONCE

RETENTION = """
ALTER TABLE events ADD COLUMN named INTEGER NOT NULL DEFAULT 0 CHECK (named IN (0, 1));

ALTER TABLE guests ADD COLUMN imprint TEXT;

CREATE TABLE used_time (
    member INTEGER NOT NULL REFERENCES members (id),
    day TEXT NOT NULL,
    morning_ms INTEGER NOT NULL,
    afternoon_ms INTEGER NOT NULL,
    automatic INTEGER NOT NULL CHECK (automatic IN (0, 1)),
    PRIMARY KEY (member, day)
) STRICT, WITHOUT ROWID;

CREATE TABLE nameless_stays (
    day TEXT NOT NULL,
    person INTEGER NOT NULL,
    began_at TEXT NOT NULL,
    ended_at TEXT NOT NULL,
    PRIMARY KEY (day, person, began_at)
) STRICT, WITHOUT ROWID;

CREATE TABLE removals (
    what TEXT PRIMARY KEY CHECK (what IN ('names', 'books')),
    through TEXT NOT NULL,
    removed_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE balances_forward (
    member INTEGER PRIMARY KEY REFERENCES members (id),
    day TEXT NOT NULL,
    state TEXT NOT NULL
) STRICT;

CREATE TABLE closing_year (
    through TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;
"""


def _refusals(table: str, moment: str) -> str:
    return (
        f"DROP TRIGGER {table}_{moment.lower()};\n\n"
        f"CREATE TRIGGER {table}_{moment.lower()} BEFORE {moment} ON {table}\n"
        f"WHEN NOT EXISTS (SELECT 1 FROM closing_year) BEGIN\n"
        f"    SELECT RAISE(ABORT, '{table}: what is written stays');\nEND"
    )


REFUSALS = ";\n\n".join(_refusals(table, moment) for table in WRITTEN_ONCE for moment in ("UPDATE", "DELETE"))
"""What is written stays, but in the transaction that removes a year: `closing_year` has a row in it, and never after.
"""

RELAXED = (
    (
        "held_passes",
        "sale INTEGER NOT NULL REFERENCES sales (number)",
        "sale INTEGER REFERENCES sales (number)",
    ),
    ("lots", "CHECK ((sale IS NULL) <> (gift IS NULL))", "CHECK (sale IS NULL OR gift IS NULL)"),
    (
        "ledger",
        "CHECK (kind IN ('sale', 'debit', 'reversal', 'gift', 'correction', 'expiry', 'payment'))",
        "CHECK (kind IN ('sale', 'debit', 'reversal', 'gift', 'correction', 'expiry', 'payment', 'opening'))",
    ),
)
"""Table, a constraint of it, and the weaker one in its place: SQLite lets such a change be made in the schema's text
alone (https://www.sqlite.org/lang_altertable.html, 7), without writing ten years of rows anew."""
