"""What the books know of the keys that each badge holds, the numbers of enrolments, and the versions of the site's key.

They are of things, not of people: a badge can only be written anew by who knows what it holds, whoever had it last.
"""

BADGE_KEYS = """
CREATE TABLE badge_keys (
    identity TEXT PRIMARY KEY,
    scheme TEXT NOT NULL CHECK (scheme IN ('ntag424', 'desfire')),
    key_version INTEGER CHECK (key_version BETWEEN 0 AND 255),
    enrolment INTEGER,
    proved_at TEXT,
    next_version INTEGER CHECK (next_version BETWEEN 0 AND 255),
    next_enrolment INTEGER,
    begun_at TEXT,
    door_version INTEGER CHECK (door_version BETWEEN 1 AND 255),
    CHECK ((next_version IS NULL) = (begun_at IS NULL))
) STRICT, WITHOUT ROWID;

CREATE INDEX badge_keys_under_way ON badge_keys (begun_at) WHERE next_version IS NOT NULL;

CREATE TABLE enrolments (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    identity TEXT NOT NULL,
    key_version INTEGER NOT NULL,
    begun_at TEXT NOT NULL,
    unit TEXT
) STRICT;

CREATE TABLE site_keys (
    version INTEGER PRIMARY KEY CHECK (version BETWEEN 1 AND 255),
    imprint TEXT NOT NULL,
    begun_at TEXT NOT NULL,
    ended_at TEXT
) STRICT;
"""

ENROLMENT_NUMBERS = """
ALTER TABLE enrolments ADD COLUMN number INTEGER CHECK (number BETWEEN 1 AND 255);

CREATE INDEX enrolments_by_identity ON enrolments (identity, number);
"""
