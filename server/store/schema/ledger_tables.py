"""What was sold, given, paid and corrected, the ledger behind the balances, and what is reckoned from all of it.

The database itself refuses to change or take away what is written in the first kind of table.
"""

WRITTEN_ONCE = ("sales", "gifts", "held_passes", "lots", "prolongations", "corrections", "ledger")
"""Tables whose rows stay as they are for as long as accounting demands."""

FACTS = """
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
    sale INTEGER NOT NULL REFERENCES sales (number),
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
    CHECK ((sale IS NULL) <> (gift IS NULL))
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
    kind TEXT NOT NULL CHECK (kind IN ('sale', 'debit', 'reversal', 'gift', 'correction', 'expiry', 'payment')),
    what TEXT NOT NULL CHECK (what IN ('hour', 'half_day', 'day', 'golden', 'nomade', 'resident', 'cents')),
    lot INTEGER REFERENCES lots (id),
    held_pass INTEGER REFERENCES held_passes (id),
    amount INTEGER NOT NULL CHECK (amount <> 0),
    cause TEXT NOT NULL CHECK (cause <> ''),
    operator TEXT,
    written_at TEXT NOT NULL
) STRICT;

CREATE INDEX ledger_by_member ON ledger (member, day);

ALTER TABLE guests ADD COLUMN invited INTEGER REFERENCES members (id);

CREATE INDEX guests_golden ON guests (member, day) WHERE golden = 1;

CREATE INDEX guests_invited ON guests (invited, day) WHERE invited IS NOT NULL;
"""

RECKONED = """
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
"""


def _refusals(table: str) -> str:
    key = "number" if table == "sales" else "id"
    # INSERT OR REPLACE takes a row away without asking the trigger on delete
    moments = {
        "update": f"UPDATE ON {table}",
        "delete": f"DELETE ON {table}",
        "replace": f"INSERT ON {table} WHEN NEW.{key} IN (SELECT {key} FROM {table})",
    }
    return ";\n\n".join(
        f"CREATE TRIGGER {table}_{name} BEFORE {moment} BEGIN\n"
        f"    SELECT RAISE(ABORT, '{table}: what is written stays');\nEND"
        for name, moment in moments.items()
    )


REFUSALS = ";\n\n".join(map(_refusals, WRITTEN_ONCE))
