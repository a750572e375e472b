"""What the desk keeps beside the books: logins, changes, what was looked at, musters, door modes."""

DESK = """
CREATE TABLE sessions (
    id TEXT PRIMARY KEY,
    operator TEXT NOT NULL REFERENCES operators (name) ON DELETE CASCADE,
    began_at TEXT NOT NULL,
    ends_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX sessions_by_operator ON sessions (operator);

CREATE TABLE changes (
    id INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    operator TEXT NOT NULL,
    what TEXT NOT NULL,
    member INTEGER REFERENCES members (id),
    subject TEXT NOT NULL,
    before TEXT,
    after TEXT,
    form TEXT UNIQUE
) STRICT;

CREATE INDEX changes_by_member ON changes (member) WHERE member IS NOT NULL;

CREATE TABLE looked_at (
    matter TEXT PRIMARY KEY,
    operator TEXT NOT NULL,
    at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE musters (
    id INTEGER PRIMARY KEY,
    drill INTEGER NOT NULL CHECK (drill IN (0, 1)),
    operator TEXT NOT NULL,
    began_at TEXT NOT NULL,
    ended_at TEXT
) STRICT;

CREATE UNIQUE INDEX muster_under_way ON musters (ended_at IS NULL) WHERE ended_at IS NULL;

CREATE TABLE muster_people (
    muster INTEGER NOT NULL REFERENCES musters (id),
    person TEXT NOT NULL,
    safe_at TEXT,
    operator TEXT,
    PRIMARY KEY (muster, person)
) STRICT, WITHOUT ROWID;
"""

DOOR_MODES = """
CREATE TABLE door_modes (
    unit TEXT PRIMARY KEY REFERENCES units (name),
    mode TEXT NOT NULL CHECK (mode IN ('normal', 'free', 'locked')),
    until TEXT,
    operator TEXT NOT NULL,
    set_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
"""
