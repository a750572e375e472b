"""What the books keep so that a copy of them alone makes a whole server."""

COPIES = """
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
"""
