"""Presence kept in step with passages as they are journalled, without counting a whole date again for each.

It remembers the course of each member's date. A passage that happened before what it knows, late or from another
door, makes it count that date anew from the journal, with those that an opening joins to it.
"""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from device.contract.instant import Instant
from server.core.house_rules import HouseRules
from server.core.presence.presence import Course, Presence, Stay, Step, course
from server.presence.openings import counted
from server.store.database import Database
from server.store.presence import stays
from server.store.presence.stays import RemarkRow, StayRow

MemberDate = tuple[int, date]


class ChangedStays(NamedTuple):
    """What passages made of a member's date: the stays from the one numbered `first` on; those before are as before."""

    first: int
    stays: tuple[Stay, ...]


REMEMBERED = 2_000
"""Courses; the place has 60 people a day."""


class PresenceUpdater:
    """For the writer alone. What it remembers is worth nothing once somebody else wrote: `drop_cache` then."""

    def __init__(self, db: Database, house: HouseRules) -> None:
        self._db, self._house = db, house
        self._courses: dict[MemberDate, Course] = {}

    def drop_cache(self) -> None:
        """Counts anew from the journal whatever comes next."""
        self._courses.clear()

    def note(self, passed: Mapping[MemberDate, list[Step]], now: Instant) -> dict[MemberDate, ChangedStays]:
        """Brings stays and remarks to what the journal says, which has the steps of `passed` already.

        What changed may be more dates than those: an entry of yesterday and an exit of today are one stay.
        """
        moved: dict[MemberDate, ChangedStays] = {}
        if len(self._courses) > REMEMBERED:
            self.drop_cache()
        stay_rows: list[StayRow] = []
        remark_rows: list[RemarkRow] = []
        for key, steps in passed.items():
            steps.sort()
            known = self._courses.get(key)
            if known is None or not self._goes_on(known, key[1], steps, now):
                moved |= self._count_anew(key, now)
            else:
                stays_before, remarks_before = len(known.stays), len(known.remarks)
                for step in steps:
                    known.take(step)
                moved[key] = ChangedStays(stays_before, (*known.stays[stays_before:], *known.lasting(now)))
                stay_rows += stays.stay_rows(*key, *moved[key])
                remark_rows += stays.remark_rows(*key, remarks_before, known.remarks[remarks_before:])
        stays.put(self._db, stay_rows, remark_rows)
        return moved

    def _goes_on(self, known: Course, day: date, steps: list[Step], now: Instant) -> bool:
        """Whether the steps come after what is known of that date, and bear on no other date."""
        if known.last is not None and steps[0] <= known.last:
            return False
        if self._house.is_apart(day):
            return True
        return now < self._house.evening(day).ends_at and not known.is_over_at(steps[-1].at)

    def _count_anew(self, key: MemberDate, now: Instant) -> dict[MemberDate, ChangedStays]:
        member, day = key
        if not self._house.is_apart(day):
            found = counted(self._db, self._house, member, day, now)
            changed = {day, *(each for each in found if stays.replace(self._db, member, each, found[each]))}
            for each in found:
                self._courses.pop((member, each), None)
            self._remember(key, found[day], now)
            return {(member, each): ChangedStays(0, found[each].stays) for each in changed}
        known = course(stays.steps(self._db, member, day), self._house.evening(day))
        presence = known.presence(now)
        stays.replace(self._db, member, day, presence)
        self._courses[key] = known
        return {key: ChangedStays(0, presence.stays)}

    def _remember(self, key: MemberDate, presence: Presence, now: Instant) -> None:
        """Remembers the course of a date that an opening joins to others, where it can be taken up alone."""
        member, day = key
        midnight = self._house.calendars.on(day).day_bounds(day)[0]
        stayed_in = bool(presence.stays) and presence.stays[0].began_at == midnight
        steps = stays.steps(self._db, member, day)
        known = course(steps, self._house.evening(day), midnight if stayed_in else None)
        if known.presence(now) == presence:
            self._courses[key] = known
