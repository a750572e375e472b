-- Made by python -m server.store.schema from migrations.py; do not edit.

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

CREATE TABLE door_modes (
    unit TEXT PRIMARY KEY REFERENCES units (name),
    mode TEXT NOT NULL CHECK (mode IN ('normal', 'free', 'locked')),
    until TEXT,
    operator TEXT NOT NULL,
    set_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
