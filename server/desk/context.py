"""The place as the web and whoever else looks at it see it: all of it brought in, nothing found by itself."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol, TypeVar

from device.contract.instant import Instant
from device.contract.messages import Hours, Occupancy
from server.accounts.work import Work
from server.cards.unit_cards import UnitCards
from server.core.house_rules import HouseRules
from server.core.presence.occupancy_level import occupancy
from server.desk.copies import Copies
from server.enrolment.desk_sessions import DeskSessions
from server.mqtt.outbound import BrokerPort
from server.presence import attendance
from server.publishing.changes import ChangeFeed
from server.rooms.board import RoomBoard
from server.rooms.calendars import CalendarReport
from server.site.badge_keys import SiteKeys, new_site_keys
from server.site.settings import ServerSettings
from server.store.database import Database
from server.store.journal.tap_counts import TapCounts

T = TypeVar("T")


class Orders(Protocol):
    """Where orders to the books go; in use it is `Writer`."""

    @property
    def is_alive(self) -> bool:
        """Whether orders are carried out at all."""

    def order(self, act: Callable[[Work], T], operator: str = "") -> T:
        """What `act` gave back once it is durable; raises what it raised, `NeverBegun` or `StillGoing`."""


class WriterFigures(Protocol):
    """What the writer counted since it started."""

    @property
    def lag_s(self) -> float:
        """How old the oldest message of the last batch was when it was kept."""

    @property
    def disk_fault(self) -> str:
        """Why the books cannot be written, or nothing."""

    @property
    def damage(self) -> str:
        """What of the books was found damaged since the start, or nothing: they need their backup."""

    @property
    def stuck(self) -> Mapping[str, str]:
        """The topics whose next message can neither be kept nor set aside, and why."""


@dataclass(frozen=True)
class ServerContext:
    """`line` reaches the units, `writer` the books, `cards` makes the units' cards, `card_sessions` speaks to badges on
    lent readers; whoever looks reads the books through a connection of their own.
    """

    settings: ServerSettings
    database_path: Path
    secret: bytes
    house: HouseRules
    rooms: RoomBoard
    feed: ChangeFeed
    writer: Orders
    line: BrokerPort
    figures: WriterFigures
    cards: UnitCards
    card_sessions: DeskSessions
    now: Callable[[], Instant]
    monotonic_s: Callable[[], float]
    taps: TapCounts = field(default_factory=TapCounts)
    calendars: Callable[[], list[CalendarReport]] = list
    """How the rooms' calendars stand; none without any."""
    copies: Callable[[], Copies] = Copies
    """What there is of the place besides itself."""
    twins: Callable[[], Mapping[str, tuple[str, ...]]] = dict
    """The units under whose name two machines speak, with the addresses of both."""

    site_keys: Callable[[], SiteKeys] = new_site_keys
    """The site's keys for badges, as they stand now."""

    def occupancy(self, db: Database) -> Occupancy:
        """How many are in now."""
        now = self.now()
        crowd = attendance.crowd(db, self.house, now)
        return occupancy(crowd, self.settings.capacity.comfortable, self.settings.capacity.max, now)

    def hours(self) -> Hours:
        """Open or closed, and the next change."""
        now = self.now()
        return self.house.calendars.on(self.house.day_of(now)).state_at(now)
