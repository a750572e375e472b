"""A member's dates counted from what the books know, each with those that its opening goes on from or into."""

from datetime import date

from device.contract.access_list import MOST_MIDNIGHTS
from device.contract.instant import Instant
from server.core.house_rules import HouseRules
from server.core.openings import presences
from server.core.presence.presence import Presence, Step, presence
from server.store.database import Database
from server.store.presence import stays

NOBODY = Presence((), ())


def counted(
    db: Database, house: HouseRules, member: int, day: date, now: Instant, *, until: Instant | None = None
) -> dict[date, Presence]:
    """The presence of that date, and of all those which what happened on it bears on; with `until`, as it stood then.

    Mostly that is the date alone: nobody stays in over a midnight at which the place is closed.
    """
    if house.is_apart(day):
        return {day: presence(_until(stays.steps(db, member, day), until), house.evening(day), now)}
    known = house.linked(day, 2 * MOST_MIDNIGHTS)
    steps = [step for each in known for step in _until(stays.steps(db, member, each), until)]
    made = presences(steps, house, now)
    return {each: made.get(each, NOBODY) for each in house.linked(day, MOST_MIDNIGHTS)}


def _until(steps: list[Step], until: Instant | None) -> list[Step]:
    return steps if until is None else [step for step in steps if step.at <= until]
