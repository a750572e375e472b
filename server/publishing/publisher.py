"""What the place tells its units and walls: occupancy, hours, who is in, access lists. Runs on the writer's thread.

Everything is worked out from the books when it is due, so there is nothing here that could fall out of step with them.
"""

from collections.abc import Iterable

import msgspec

from device.contract.channels import HOURS, INSIDE, OCCUPANCY, ROOM
from device.contract.codec import encode
from device.contract.instant import Instant
from device.contract.messages import Hours, Inside, Occupancy, RoomStatus
from server.core.house_rules import HouseRules
from server.core.presence.occupancy_level import occupancy
from server.mqtt.outbound import BrokerPort
from server.presence import attendance
from server.publishing.access_lists import AccessListPublisher
from server.publishing.changes import ChangeFeed
from server.publishing.throttle import Throttle
from server.rooms.board import RoomBoard, room_document
from server.site.settings import CapacitySettings
from server.store.database import Database
from server.store.journal import journal
from server.store.presence import stays
from server.store.units import units

ROOMS_AGAIN_S = 60
"""How often a room is told again though it did not change, as the occupancy is: who shows it can tell that nobody tells
it any more.
"""


class Publisher:
    """Publishes what changed, each kind at its pace; after every new connection, all of it."""

    def __init__(
        self,
        db: Database,
        house: HouseRules,
        capacity: CapacitySettings,
        lists: AccessListPublisher,
        rooms: RoomBoard,
        *,
        line: BrokerPort,
        feed: ChangeFeed,
    ) -> None:
        self._db, self._house, self._capacity, self._lists, self._rooms = db, house, capacity, lists, rooms
        self._line, self._feed = line, feed
        self._occupancy_pace, self._inside_pace = Throttle(0.1, 60), Throttle(0.25, 600)
        self._hours_pace, self._lists_pace = Throttle(0.25, 10), Throttle(1.0, 600)
        self._rooms_pace = Throttle(0.05, 5)  # also when nothing is said: rooms go free at closing, calendars are read
        self._rooms_again_pace = Throttle(ROOMS_AGAIN_S, ROOMS_AGAIN_S)
        self._paces = (
            self._occupancy_pace,
            self._inside_pace,
            self._hours_pace,
            self._lists_pace,
            self._rooms_pace,
            self._rooms_again_pace,
        )
        self.drop_cache()

    @property
    def due_s(self) -> float:
        """When there is next something to tell, in monotonic seconds."""
        return min(pace.due_s for pace in self._paces)

    def drop_cache(self) -> None:
        """Publishes everything anew: the broker may have lost it."""
        self._occupancy: Occupancy | None = None
        self._hours: Hours | None = None
        self._inside: dict[str, Inside] = {}
        self._statuses: dict[str, RoomStatus] = {}
        self._lists.drop_cache()
        for pace in self._paces:
            pace.again()

    def passed(self) -> None:
        """Somebody went through a door, or the desk changed who is in."""
        self._occupancy_pace.wanted = self._inside_pace.wanted = True

    def rooms_said(self, rooms: Iterable[str]) -> None:
        """Dials were turned: each is answered, so that one which lost to a later word shows that word again."""
        for room in rooms:
            self._statuses.pop(room, None)
        self._rooms_pace.wanted = True

    def database_changed(self) -> None:
        """Somebody else wrote the books: anything may be different."""
        for pace in self._paces:
            pace.wanted = True

    def ordered(self) -> None:
        """An order was carried out on this connection: anything may be different, but access lists only where what
        they are compiled from was changed; of credit `credit_changed` tells.
        """
        for pace in self._paces:
            pace.wanted |= pace is not self._lists_pace or self._lists.are_outdated

    def credit_changed(self) -> None:
        """Somebody may come in now who might not before, or the reverse."""
        self._lists_pace.wanted = True

    def keys_proved(self) -> None:
        """A badge proved at a door the keys that it is being given: lists name those first from now on."""
        self._lists_pace.wanted = True

    def reported(self, unit: str, version: int | None) -> None:
        """A unit says which list it has; one newer than ours means that the books were restored from a backup."""
        if version is not None and self._lists.reported(unit, version):
            self._lists_pace.wanted = True

    def publish_due(self, now: Instant, now_s: float) -> None:
        """Tells what is due. While the line is down nothing is: all of it is due when it is back."""
        if self._occupancy_pace.take(now_s):
            self._publish_occupancy(now)
        if self._hours_pace.take(now_s):
            self._publish_hours(now)
        again = self._rooms_again_pace.take(now_s)
        if self._rooms_pace.take(now_s) or again:
            self._publish_rooms(now, again=again)
        if not self._line.is_up:
            return
        if self._inside_pace.take(now_s):
            self._publish_inside(now)
        if self._lists_pace.take(now_s):
            self._lists.publish(now)

    def _publish_occupancy(self, now: Instant) -> None:
        crowd = attendance.crowd(self._db, self._house, now)
        told = occupancy(crowd, self._capacity.comfortable, self._capacity.max, now)
        self._line.publish(OCCUPANCY, "", told)
        if self._occupancy is None or msgspec.structs.replace(told, as_of=self._occupancy.as_of) != self._occupancy:
            self._feed.publish("occupancy", encode(told))
        self._occupancy = told

    def _publish_hours(self, now: Instant) -> None:
        hours = self._house.calendars.on(self._house.day_of(now)).state_at(now)
        if hours != self._hours:
            self._hours = hours
            self._line.publish(HOURS, "", hours)
            self._feed.publish("hours", encode(hours))

    def _publish_rooms(self, now: Instant, *, again: bool) -> None:
        for room, status in self._rooms.statuses(self._db, now).items():
            is_new = status != self._statuses.get(room)
            if is_new or again:
                self._line.publish(ROOM, room, status)
            if is_new:
                self._statuses[room] = status
                self._feed.publish("room", room_document(room, status))

    def _publish_inside(self, now: Instant) -> None:
        today = self._house.day_of(now)
        inside = stays.members_inside(self._db, today)
        midnight = self._house.calendars.on(today).day_bounds(today)[0]
        seen = journal.last_passages(self._db)
        told_before, self._inside = self._inside, {}
        for unit in units.with_readers(self._db):
            # as of the unit's own newest passage: what it reports later comes on top of this
            as_of = max(midnight, min(seen.get(unit, midnight), now))
            told = self._inside[unit] = Inside(members=inside, as_of=as_of)
            if told != told_before.get(unit):
                self._line.publish(INSIDE, unit, told)
