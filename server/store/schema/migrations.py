"""The schema of the books, as the steps that made it; `schema.sql` beside it is what they come to.

Moments are `Instant` texts and dates ISO texts, so both sort as they are. Every table is STRICT.
"""

from typing import TYPE_CHECKING

from sqlite_utils import Migrations

from server.store.schema.badge_tables import BADGE_KEYS, ENROLMENT_NUMBERS
from server.store.schema.copy_tables import COPIES
from server.store.schema.desk_tables import DESK, DOOR_MODES
from server.store.schema.ledger_tables import FACTS, RECKONED, REFUSALS
from server.store.schema.retention_tables import REFUSALS as REFUSALS_BUT_AT_CLOSING
from server.store.schema.retention_tables import RELAXED, RETENTION
from server.store.schema.room_tables import ROOMS

if TYPE_CHECKING:
    from sqlite_utils import Database

migrations = Migrations("poincon")


def _run(db: "Database", script: str) -> None:
    # not executescript: it commits the transaction that the migration runs in
    for statement in script.split(";\n\n"):
        if statement.strip():
            db.conn.execute(statement)


PEOPLE = """
CREATE TABLE members (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    email TEXT,
    role TEXT NOT NULL CHECK (role IN ('member', 'concierge')),
    notes TEXT NOT NULL DEFAULT '',
    created_at TEXT NOT NULL,
    suspended_at TEXT,
    suspended_for TEXT,
    forgotten_at TEXT
) STRICT;

CREATE TABLE badges (
    id INTEGER PRIMARY KEY,
    credential TEXT NOT NULL,
    member INTEGER NOT NULL REFERENCES members (id),
    assigned_at TEXT NOT NULL,
    last_day TEXT,
    ended_at TEXT,
    ended_as TEXT CHECK (ended_as IN ('revoked', 'lost', 'returned')),
    CHECK ((ended_at IS NULL) = (ended_as IS NULL))
) STRICT;

CREATE UNIQUE INDEX badges_in_use ON badges (credential) WHERE ended_at IS NULL;

CREATE INDEX badges_by_credential ON badges (credential, id);

CREATE INDEX badges_by_member ON badges (member);

CREATE TABLE guests (
    id INTEGER PRIMARY KEY,
    name TEXT,
    member INTEGER REFERENCES members (id),
    golden INTEGER NOT NULL CHECK (golden IN (0, 1)),
    day TEXT NOT NULL,
    arrived_at TEXT NOT NULL,
    left_at TEXT,
    automatic INTEGER NOT NULL DEFAULT 0 CHECK (automatic IN (0, 1))
) STRICT;

CREATE INDEX guests_by_day ON guests (day);

CREATE INDEX guests_inside ON guests (day) WHERE left_at IS NULL;

CREATE TABLE operators (
    name TEXT PRIMARY KEY,
    password_hash TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('concierge', 'admin')),
    must_change INTEGER NOT NULL CHECK (must_change IN (0, 1)),
    created_at TEXT NOT NULL,
    failures INTEGER NOT NULL DEFAULT 0,
    failed_at TEXT
) STRICT, WITHOUT ROWID;
"""

UNITS = """
CREATE TABLE units (
    name TEXT PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('door', 'room', 'desk')),
    room TEXT,
    added_at TEXT NOT NULL,
    removed_at TEXT
) STRICT, WITHOUT ROWID;

CREATE TABLE unit_states (
    unit TEXT PRIMARY KEY REFERENCES units (name),
    heard_at TEXT NOT NULL,
    state TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE access_lists (
    unit TEXT PRIMARY KEY REFERENCES units (name),
    version INTEGER NOT NULL,
    digest TEXT NOT NULL,
    issued_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
"""

JOURNAL = """
CREATE TABLE heads (
    id INTEGER PRIMARY KEY,
    unit TEXT NOT NULL REFERENCES units (name),
    epoch TEXT NOT NULL,
    through INTEGER NOT NULL,
    heard_at TEXT NOT NULL,
    passed_at TEXT,
    UNIQUE (unit, epoch)
) STRICT;

CREATE TABLE events (
    id INTEGER PRIMARY KEY,
    head INTEGER NOT NULL REFERENCES heads (id),
    seq INTEGER NOT NULL,
    at TEXT NOT NULL,
    day TEXT NOT NULL,
    received_at TEXT NOT NULL,
    kind TEXT NOT NULL,
    member INTEGER REFERENCES members (id),
    body TEXT NOT NULL,
    UNIQUE (head, seq)
) STRICT;

CREATE INDEX events_by_time ON events (at);

CREATE INDEX events_by_member ON events (member, day) WHERE member IS NOT NULL;

CREATE INDEX events_nameless ON events (day) WHERE member IS NULL AND kind = 'passage';

CREATE TABLE faults (
    id INTEGER PRIMARY KEY,
    received_at TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('malformed', 'stranger', 'early', 'old', 'failed')),
    topic TEXT NOT NULL,
    unit TEXT,
    epoch TEXT,
    seq INTEGER,
    fault TEXT NOT NULL,
    payload BLOB NOT NULL
) STRICT;

CREATE TABLE tallies (
    name TEXT PRIMARY KEY,
    count INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
"""

PRESENCE = """
CREATE TABLE stays (
    member INTEGER NOT NULL REFERENCES members (id),
    day TEXT NOT NULL,
    nth INTEGER NOT NULL,
    began_at TEXT NOT NULL,
    ended_at TEXT,
    automatic INTEGER NOT NULL CHECK (automatic IN (0, 1)),
    PRIMARY KEY (member, day, nth)
) STRICT, WITHOUT ROWID;

CREATE INDEX stays_by_day ON stays (day);

CREATE INDEX stays_open ON stays (day) WHERE ended_at IS NULL;

CREATE TABLE remarks (
    member INTEGER NOT NULL REFERENCES members (id),
    day TEXT NOT NULL,
    nth INTEGER NOT NULL,
    at TEXT NOT NULL,
    remark TEXT NOT NULL CHECK (remark IN ('entry_while_present', 'exit_while_absent')),
    PRIMARY KEY (member, day, nth)
) STRICT, WITHOUT ROWID;

CREATE INDEX remarks_by_day ON remarks (day);

CREATE TABLE desk_entries (
    id INTEGER PRIMARY KEY,
    member INTEGER NOT NULL REFERENCES members (id),
    day TEXT NOT NULL,
    at TEXT NOT NULL,
    side TEXT NOT NULL CHECK (side IN ('entry', 'exit')),
    operator TEXT NOT NULL,
    written_at TEXT NOT NULL,
    lifted_at TEXT
) STRICT;

CREATE INDEX desk_entries_by_member ON desk_entries (member, day);

CREATE TABLE settlements (
    id INTEGER PRIMARY KEY,
    day TEXT NOT NULL,
    at TEXT NOT NULL,
    operator TEXT NOT NULL
) STRICT;

CREATE INDEX settlements_by_day ON settlements (day);

CREATE TABLE settings_in_force (
    valid_from TEXT PRIMARY KEY,
    hours TEXT NOT NULL,
    rules TEXT NOT NULL
) STRICT, WITHOUT ROWID;
"""


@migrations()
def spine(db: "Database") -> None:
    """People, units, the journal of events, and who is in."""
    for part in (PEOPLE, UNITS, JOURNAL, PRESENCE):
        _run(db, part)


@migrations()
def desk(db: "Database") -> None:
    """Sessions and changes of operators, what they looked at, musters."""
    _run(db, DESK)


@migrations()
def door_modes(db: "Database") -> None:
    """What the desk told each door to be."""
    _run(db, DOOR_MODES)


@migrations()
def ledger(db: "Database") -> None:
    """What was sold, given, paid and corrected, the ledger, and what the books reckon from it."""
    for part in (FACTS, RECKONED, REFUSALS):
        _run(db, part)


@migrations()
def rooms(db: "Database") -> None:
    """What the desk said of rooms."""
    _run(db, ROOMS)


@migrations()
def retention(db: "Database") -> None:
    """What remains of dates and years whose time is over."""
    for part in (RETENTION, REFUSALS_BUT_AT_CLOSING):
        _run(db, part)
    _relax(db)


def _relax(db: "Database") -> None:
    (version,) = db.conn.execute("PRAGMA schema_version").fetchone()
    db.conn.execute("PRAGMA writable_schema = ON")
    for table, before, after in RELAXED:
        sql = "UPDATE sqlite_schema SET sql = replace(sql, ?, ?) WHERE type = 'table' AND name = ?"
        db.conn.execute(sql, (before, after, table))
    db.conn.execute(f"PRAGMA schema_version = {version + 1}")
    db.conn.execute("PRAGMA writable_schema = RESET")


@migrations()
def copies(db: "Database") -> None:
    """The terms of the place's servers, and its settings and secrets, sealed."""
    _run(db, COPIES)


@migrations()
def badge_keys(db: "Database") -> None:
    """The keys that badges hold, and those of the site."""
    _run(db, BADGE_KEYS)


@migrations()
def enrolment_numbers(db: "Database") -> None:
    """The number of an enrolment, which the badge shows."""
    _run(db, ENROLMENT_NUMBERS)
