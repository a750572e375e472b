"""States of a member's books at the ends of past days, so that nothing older need be reckoned again.

They can be made anew at any time. The newest of each month is kept: a late event looks back a month at most.
"""

from datetime import date

import msgspec

from server.core.charge.holdings import BLANK, Checkpoint
from server.store.database import Database
from server.store.stored_values import stored_json


def before(db: Database, member: int, day: date) -> Checkpoint:
    """The newest state before that day."""
    sql = "SELECT state FROM checkpoints WHERE member = ? AND day < ? ORDER BY day DESC LIMIT 1"
    state = db.value(sql, (member, day.isoformat()))
    if state is None:
        return forward(db, member, before=day)
    return stored_json(state, Checkpoint)


def forward(db: Database, member: int, *, before: date = date.max) -> Checkpoint:
    """The state at the end of the last year that was removed: what the books begin with."""
    sql = "SELECT state FROM balances_forward WHERE member = ? AND day < ?"
    state = db.value(sql, (member, before.isoformat()))
    return BLANK if state is None else stored_json(state, Checkpoint)


def carry_forward(db: Database, member: int, checkpoint: Checkpoint) -> None:
    """The books of the member begin with that state from now on; what was reckoned from earlier ones goes."""
    row = (member, checkpoint.day.isoformat(), msgspec.json.encode(checkpoint).decode())
    db.execute("INSERT OR REPLACE INTO balances_forward VALUES (?, ?, ?)", row)
    db.execute("DELETE FROM checkpoints WHERE member = ?", (member,))


def put(db: Database, member: int, checkpoint: Checkpoint) -> None:
    """Keeps it, in the place of the earlier ones of its month."""
    month = checkpoint.day.replace(day=1).isoformat()
    day = checkpoint.day.isoformat()
    db.execute("DELETE FROM checkpoints WHERE member = ? AND day BETWEEN ? AND ?", (member, month, day))
    db.execute("INSERT INTO checkpoints VALUES (?, ?, ?)", (member, day, msgspec.json.encode(checkpoint).decode()))


def drop_from(db: Database, member: int, day: date) -> None:
    """Something about that day changed: what was reckoned for its end, and later, holds no more."""
    db.execute("DELETE FROM checkpoints WHERE member = ? AND day >= ?", (member, day.isoformat()))
