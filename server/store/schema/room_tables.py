"""What the books keep of rooms beside the journal of their dials."""

ROOMS = """
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
"""
