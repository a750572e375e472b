"""A bookkeeper at work, for tests that need no broker and no process."""

from collections.abc import Callable
from time import monotonic

from device.contract.access_list import Capacity
from device.contract.channels import ACK
from device.contract.uses import USES
from server.core.doors.access_list import DoorRules
from server.core.house_rules import HouseRules
from server.ingest.ingest import Ingest
from server.ingest.writer import Writer
from server.publishing.access_lists import AccessListPublisher
from server.publishing.changes import ChangeFeed
from server.publishing.publisher import Publisher
from server.rooms.board import RoomBoard
from server.site.settings import ROOMS, CapacitySettings, ServerSettings
from server.store.database import Database, open_database
from server.store.people import badges, members
from server.store.units import units
from tests.fake_keys import FakeKeys
from tests.fake_line import FakeLine
from tests.patience import wait_until
from tests.server.arrivals import MORNING

ANNES = "uid:04A1B2C3"
RULES = DoorRules(
    hard_anti_passback=False, capacity=Capacity(mode="deny", max=35), concierge_weekly={}, free_passage_weekly={}
)


class Office:
    """A bookkeeper at work, its clock turned by hand; `db` is a second connection to look over its shoulder."""

    def __init__(
        self,
        db: Database,
        house: HouseRules,
        *,
        answer_within_s: float = 30.0,
        pause_s: float = 1.0,
        furnishes: bool = True,
    ) -> None:
        if furnishes:
            furnish(db)
        self.db, self.line, self.feed, self.now = db, FakeLine(), ChangeFeed(), MORNING
        self.own = open_database(db.path)
        self.ingest = Ingest(self.own, house)
        self._turned_s = 0.0
        self._stopwatch: Callable[[], float] = monotonic
        """The writer's: the machine's own, until it is turned by hand."""
        self.keys, self.alive = FakeKeys(), 0
        lists = AccessListPublisher(self.own, house, RULES, line=self.line, keys=self.keys)
        board = RoomBoard(ROOMS, USES, house)
        publisher = Publisher(self.own, house, CapacitySettings(), lists, board, line=self.line, feed=self.feed)
        self.keeper = Writer(
            self.own,
            house,
            self.ingest,
            publisher,
            settings=ServerSettings(),
            line=self.line,
            feed=self.feed,
            now=lambda: self.now,
            monotonic_s=lambda: self._stopwatch(),
            patience_s=answer_within_s,
            disk_pause_s=pause_s,
            alive=self._lives,
        )

    def wait(self, until: Callable[[], bool]) -> None:
        wait_until(until, why=lambda: f"told: {self.line.said[-3:]}")

    def hold_time(self) -> None:
        """From here on the writer's stopwatch is turned by hand."""
        self._stopwatch = lambda: self._turned_s

    def pass_time(self) -> None:
        """Until the writer has told whatever it wanted to tell, with its stopwatch turned by hand."""
        self.hold_time()
        self._turned_s += 5.0
        for _ in range(2):  # one is carried out before a step tells, the next after it did
            self.keeper.order(lambda work: None)

    def _lives(self) -> None:
        self.alive += 1

    def acks(self, unit: str = "front") -> list[int]:
        return [ack.through for ack in self.line.all(ACK, unit)]


def furnish(db: Database) -> None:
    """One member with a badge, two doors."""
    with db.writing():
        badges.assign(db, members.add(db, "Anne", now=MORNING).id, ANNES, now=MORNING)
        for name in ("front", "back"):
            units.add(db, name, "door", now=MORNING)
