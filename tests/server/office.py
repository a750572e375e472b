"""A bookkeeper at work, for tests that need no broker and no process."""

from collections.abc import Callable

from device.contract.channels import ACK
from device.contract.messages import Capacity
from device.contract.uses import USES
from server.bell import Bell
from server.books import Bookkeeper
from server.core.access_list import DoorRules
from server.core.house import House
from server.door_lists import DoorLists
from server.ingest import Ingest
from server.publish import Publisher
from server.rooms import RoomBoard
from server.settings import ROOMS, CapacitySettings
from server.store import badges, members, units
from server.store.database import Books, open_books
from tests.fake_line import FakeLine
from tests.patience import wait_until
from tests.server.arrivals import MORNING

ANNES = "uid:04A1B2C3"
RULES = DoorRules(
    hard_anti_passback=False, capacity=Capacity(mode="deny", max=35), concierge_weekly={}, free_passage_weekly={}
)


class Office:
    """A bookkeeper at work, its clock turned by hand; `books` is a second connection to look over its shoulder."""

    def __init__(
        self, books: Books, house: House, *, answer_within_s: float = 30.0, pause_s: float = 1.0, furnishes: bool = True
    ) -> None:
        if furnishes:
            furnish(books)
        self.books, self.line, self.bell, self.now = books, FakeLine(), Bell(), MORNING
        self.own = open_books(books.path)
        self.ingest = Ingest(self.own, house)
        lists = DoorLists(self.own, house, RULES, line=self.line, key_of=lambda credential: "0" * 32)
        board = RoomBoard(ROOMS, USES, house)
        publisher = Publisher(self.own, house, CapacitySettings(), lists, board, line=self.line, bell=self.bell)
        self.keeper = Bookkeeper(
            self.own,
            house,
            self.ingest,
            publisher,
            line=self.line,
            bell=self.bell,
            now=lambda: self.now,
            patience_s=answer_within_s,
            disk_pause_s=pause_s,
        )

    def wait(self, until: Callable[[], bool]) -> None:
        wait_until(until, why=lambda: f"told: {self.line.said[-3:]}")

    def acks(self, unit: str = "front") -> list[int]:
        return [ack.through for ack in self.line.all(ACK, unit)]


def furnish(books: Books) -> None:
    """One member with a badge, two doors."""
    with books.writing():
        badges.assign(books, members.add(books, "Anne", now=MORNING).id, ANNES, now=MORNING)
        for name in ("front", "back"):
            units.add(books, name, "door", now=MORNING)
