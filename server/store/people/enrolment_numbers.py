"""The numbers of a badge's enrolments: the key of its mirror is derived with one, and the badge shows it in a byte."""

import secrets
from collections.abc import Callable
from typing import NamedTuple

from server.store.database import Database

NUMBERS = 255
"""Of enrolments, from 1 on: a badge shows its own in one byte, in which 0 is a blank one's."""
START_BYTES = 8
"""Of the random number that says where the numbers begin: so many that each is as likely as another."""


class Numbering(NamedTuple):
    """Of an enrolment, from a random one on; `shown` is the badge's own now, which restored books may not have."""

    shown: int | None = None
    random: Callable[[int], bytes] = secrets.token_bytes


BY_CHANCE = Numbering()


def is_noted(db: Database, identity: str, number: int | None) -> bool:
    """Whether the badge shows that number: enrolments that began before numbers were shown have none noted."""
    sql = "SELECT 1 FROM enrolments WHERE identity = ? AND number = ?"
    return db.value(sql, (identity, number)) is not None


def fresh(db: Database, identity: str, numbering: Numbering) -> int:
    """A number that the badge never had; after 255 enrolments of it the one that it had longest ago.

    It is counted from a random one on: most likely it is another one where the books are a restored copy and the badge
    was made blank since, which they cannot know.
    """
    sql = "SELECT number, max(id) AS last FROM enrolments WHERE identity = ? AND number IS NOT NULL GROUP BY number"
    last_used = {row["number"]: row["last"] for row in db.rows(sql, (identity,))}
    start = int.from_bytes(numbering.random(START_BYTES))
    numbers = (1 + (start + nth) % NUMBERS for nth in range(NUMBERS))
    return min((number for number in numbers if number != numbering.shown), key=lambda number: last_used.get(number, 0))
