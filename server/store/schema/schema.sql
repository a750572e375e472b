-- Made by python -m server.store.schema.write from migrations.py; do not edit.

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
, invited INTEGER REFERENCES members (id), imprint TEXT) STRICT;

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
    body TEXT NOT NULL, named INTEGER NOT NULL DEFAULT 0 CHECK (named IN (0, 1)),
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

CREATE TABLE sales (
    number INTEGER PRIMARY KEY CHECK (number > 0),
    written_at TEXT NOT NULL,
    day TEXT NOT NULL,
    operator TEXT NOT NULL,
    member INTEGER NOT NULL REFERENCES members (id),
    what TEXT NOT NULL CHECK (what IN ('pass', 'debt')),
    pass TEXT,
    title TEXT NOT NULL,
    first_day TEXT NOT NULL,
    price_cents INTEGER NOT NULL,
    vat_bp INTEGER NOT NULL CHECK (vat_bp >= 0),
    paid_by TEXT NOT NULL CHECK (paid_by IN ('cash', 'card', 'transfer', 'other')),
    reduced INTEGER NOT NULL CHECK (reduced IN (0, 1)),
    reason TEXT NOT NULL,
    cancels INTEGER REFERENCES sales (number),
    CHECK ((what = 'pass') = (pass IS NOT NULL))
) STRICT;

CREATE INDEX sales_by_member ON sales (member, day);

CREATE INDEX payments_by_member ON sales (member, day) WHERE what = 'debt';

CREATE UNIQUE INDEX sales_cancelled ON sales (cancels) WHERE cancels IS NOT NULL;

CREATE INDEX sales_by_day ON sales (day);

CREATE TABLE gifts (
    id INTEGER PRIMARY KEY,
    written_at TEXT NOT NULL,
    operator TEXT NOT NULL,
    member INTEGER NOT NULL REFERENCES members (id),
    kind TEXT NOT NULL CHECK (kind IN ('hour', 'half_day', 'day', 'golden')),
    size INTEGER NOT NULL,
    first_day TEXT NOT NULL,
    reason TEXT NOT NULL CHECK (reason <> ''),
    cancels INTEGER REFERENCES gifts (id)
) STRICT;

CREATE UNIQUE INDEX gifts_cancelled ON gifts (cancels) WHERE cancels IS NOT NULL;

CREATE TABLE held_passes (
    id INTEGER PRIMARY KEY,
    sale INTEGER REFERENCES sales (number),
    member INTEGER NOT NULL REFERENCES members (id),
    cover TEXT NOT NULL CHECK (cover IN ('resident', 'nomade')),
    first_day TEXT NOT NULL,
    last_day TEXT NOT NULL,
    allowance INTEGER NOT NULL CHECK (allowance >= 0)
) STRICT;

CREATE INDEX held_passes_by_member ON held_passes (member, last_day);

CREATE TABLE lots (
    id INTEGER PRIMARY KEY,
    sale INTEGER REFERENCES sales (number),
    gift INTEGER REFERENCES gifts (id),
    member INTEGER NOT NULL REFERENCES members (id),
    kind TEXT NOT NULL CHECK (kind IN ('hour', 'half_day', 'day', 'golden')),
    size INTEGER NOT NULL CHECK (size > 0),
    first_day TEXT NOT NULL,
    last_day TEXT NOT NULL,
    CHECK (sale IS NULL OR gift IS NULL)
) STRICT;

CREATE INDEX lots_by_member ON lots (member, first_day);

CREATE TABLE prolongations (
    id INTEGER PRIMARY KEY,
    lot INTEGER NOT NULL REFERENCES lots (id),
    given_on TEXT NOT NULL,
    last_day TEXT NOT NULL,
    reason TEXT NOT NULL CHECK (reason <> ''),
    operator TEXT NOT NULL,
    written_at TEXT NOT NULL
) STRICT;

CREATE INDEX prolongations_by_lot ON prolongations (lot);

CREATE TABLE corrections (
    id INTEGER PRIMARY KEY,
    member INTEGER NOT NULL REFERENCES members (id),
    day TEXT NOT NULL,
    presence TEXT,
    charge TEXT,
    reason TEXT NOT NULL,
    operator TEXT NOT NULL,
    written_at TEXT NOT NULL
) STRICT;

CREATE INDEX corrections_by_member ON corrections (member, day);

CREATE TABLE ledger (
    id INTEGER PRIMARY KEY,
    member INTEGER NOT NULL REFERENCES members (id),
    day TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('sale', 'debit', 'reversal', 'gift', 'correction', 'expiry', 'payment', 'opening')),
    what TEXT NOT NULL CHECK (what IN ('hour', 'half_day', 'day', 'golden', 'nomade', 'resident', 'cents')),
    lot INTEGER REFERENCES lots (id),
    held_pass INTEGER REFERENCES held_passes (id),
    amount INTEGER NOT NULL CHECK (amount <> 0),
    cause TEXT NOT NULL CHECK (cause <> ''),
    operator TEXT,
    written_at TEXT NOT NULL
) STRICT;

CREATE INDEX ledger_by_member ON ledger (member, day);

CREATE INDEX guests_golden ON guests (member, day) WHERE golden = 1;

CREATE INDEX guests_invited ON guests (invited, day) WHERE invited IS NOT NULL;

CREATE TABLE day_books (
    member INTEGER NOT NULL REFERENCES members (id),
    day TEXT NOT NULL,
    payer TEXT,
    half_days INTEGER NOT NULL,
    minutes INTEGER NOT NULL,
    books TEXT NOT NULL,
    PRIMARY KEY (member, day)
) STRICT, WITHOUT ROWID;

CREATE INDEX day_books_by_day ON day_books (day);

CREATE TABLE checkpoints (
    member INTEGER NOT NULL REFERENCES members (id),
    day TEXT NOT NULL,
    state TEXT NOT NULL,
    PRIMARY KEY (member, day)
) STRICT, WITHOUT ROWID;

CREATE TABLE standings (
    member INTEGER PRIMARY KEY REFERENCES members (id),
    settled_at TEXT NOT NULL,
    due_at TEXT,
    owed_cents INTEGER NOT NULL,
    credit_cents INTEGER NOT NULL,
    hour INTEGER NOT NULL,
    half_day INTEGER NOT NULL,
    day INTEGER NOT NULL,
    golden INTEGER NOT NULL,
    nomade_left INTEGER,
    covered_by TEXT,
    expires TEXT
) STRICT;

CREATE TABLE expired_lots (
    lot INTEGER PRIMARY KEY REFERENCES lots (id),
    member INTEGER NOT NULL REFERENCES members (id),
    number INTEGER NOT NULL CHECK (number > 0)
) STRICT;

CREATE INDEX expired_lots_by_member ON expired_lots (member);

CREATE INDEX standings_due ON standings (due_at) WHERE due_at IS NOT NULL;

CREATE TRIGGER sales_replace BEFORE INSERT ON sales WHEN NEW.number IN (SELECT number FROM sales) BEGIN
    SELECT RAISE(ABORT, 'sales: what is written stays');
END;

CREATE TRIGGER gifts_replace BEFORE INSERT ON gifts WHEN NEW.id IN (SELECT id FROM gifts) BEGIN
    SELECT RAISE(ABORT, 'gifts: what is written stays');
END;

CREATE TRIGGER held_passes_replace BEFORE INSERT ON held_passes WHEN NEW.id IN (SELECT id FROM held_passes) BEGIN
    SELECT RAISE(ABORT, 'held_passes: what is written stays');
END;

CREATE TRIGGER lots_replace BEFORE INSERT ON lots WHEN NEW.id IN (SELECT id FROM lots) BEGIN
    SELECT RAISE(ABORT, 'lots: what is written stays');
END;

CREATE TRIGGER prolongations_replace BEFORE INSERT ON prolongations WHEN NEW.id IN (SELECT id FROM prolongations) BEGIN
    SELECT RAISE(ABORT, 'prolongations: what is written stays');
END;

CREATE TRIGGER corrections_replace BEFORE INSERT ON corrections WHEN NEW.id IN (SELECT id FROM corrections) BEGIN
    SELECT RAISE(ABORT, 'corrections: what is written stays');
END;

CREATE TRIGGER ledger_replace BEFORE INSERT ON ledger WHEN NEW.id IN (SELECT id FROM ledger) BEGIN
    SELECT RAISE(ABORT, 'ledger: what is written stays');
END;

CREATE TABLE desk_rooms (
    id INTEGER PRIMARY KEY,
    room TEXT NOT NULL,
    at TEXT NOT NULL,
    use TEXT NOT NULL,
    people INTEGER NOT NULL,
    operator TEXT NOT NULL,
    written_at TEXT NOT NULL
) STRICT;

CREATE INDEX desk_rooms_by_time ON desk_rooms (at);

CREATE INDEX events_of_rooms ON events (at) WHERE kind = 'room';

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

CREATE TRIGGER sales_update BEFORE UPDATE ON sales
WHEN NOT EXISTS (SELECT 1 FROM closing_year) BEGIN
    SELECT RAISE(ABORT, 'sales: what is written stays');
END;

CREATE TRIGGER sales_delete BEFORE DELETE ON sales
WHEN NOT EXISTS (SELECT 1 FROM closing_year) BEGIN
    SELECT RAISE(ABORT, 'sales: what is written stays');
END;

CREATE TRIGGER gifts_update BEFORE UPDATE ON gifts
WHEN NOT EXISTS (SELECT 1 FROM closing_year) BEGIN
    SELECT RAISE(ABORT, 'gifts: what is written stays');
END;

CREATE TRIGGER gifts_delete BEFORE DELETE ON gifts
WHEN NOT EXISTS (SELECT 1 FROM closing_year) BEGIN
    SELECT RAISE(ABORT, 'gifts: what is written stays');
END;

CREATE TRIGGER held_passes_update BEFORE UPDATE ON held_passes
WHEN NOT EXISTS (SELECT 1 FROM closing_year) BEGIN
    SELECT RAISE(ABORT, 'held_passes: what is written stays');
END;

CREATE TRIGGER held_passes_delete BEFORE DELETE ON held_passes
WHEN NOT EXISTS (SELECT 1 FROM closing_year) BEGIN
    SELECT RAISE(ABORT, 'held_passes: what is written stays');
END;

CREATE TRIGGER lots_update BEFORE UPDATE ON lots
WHEN NOT EXISTS (SELECT 1 FROM closing_year) BEGIN
    SELECT RAISE(ABORT, 'lots: what is written stays');
END;

CREATE TRIGGER lots_delete BEFORE DELETE ON lots
WHEN NOT EXISTS (SELECT 1 FROM closing_year) BEGIN
    SELECT RAISE(ABORT, 'lots: what is written stays');
END;

CREATE TRIGGER prolongations_update BEFORE UPDATE ON prolongations
WHEN NOT EXISTS (SELECT 1 FROM closing_year) BEGIN
    SELECT RAISE(ABORT, 'prolongations: what is written stays');
END;

CREATE TRIGGER prolongations_delete BEFORE DELETE ON prolongations
WHEN NOT EXISTS (SELECT 1 FROM closing_year) BEGIN
    SELECT RAISE(ABORT, 'prolongations: what is written stays');
END;

CREATE TRIGGER corrections_update BEFORE UPDATE ON corrections
WHEN NOT EXISTS (SELECT 1 FROM closing_year) BEGIN
    SELECT RAISE(ABORT, 'corrections: what is written stays');
END;

CREATE TRIGGER corrections_delete BEFORE DELETE ON corrections
WHEN NOT EXISTS (SELECT 1 FROM closing_year) BEGIN
    SELECT RAISE(ABORT, 'corrections: what is written stays');
END;

CREATE TRIGGER ledger_update BEFORE UPDATE ON ledger
WHEN NOT EXISTS (SELECT 1 FROM closing_year) BEGIN
    SELECT RAISE(ABORT, 'ledger: what is written stays');
END;

CREATE TRIGGER ledger_delete BEFORE DELETE ON ledger
WHEN NOT EXISTS (SELECT 1 FROM closing_year) BEGIN
    SELECT RAISE(ABORT, 'ledger: what is written stays');
END;

CREATE TABLE terms (
    term INTEGER PRIMARY KEY,
    began_at TEXT NOT NULL
) STRICT;

CREATE TABLE sealed_place (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    digest TEXT NOT NULL,
    sealed_at TEXT NOT NULL,
    content BLOB NOT NULL
) STRICT;

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
, number INTEGER CHECK (number BETWEEN 1 AND 255)) STRICT;

CREATE TABLE site_keys (
    version INTEGER PRIMARY KEY CHECK (version BETWEEN 1 AND 255),
    imprint TEXT NOT NULL,
    begun_at TEXT NOT NULL,
    ended_at TEXT
) STRICT;

CREATE INDEX enrolments_by_identity ON enrolments (identity, number);
