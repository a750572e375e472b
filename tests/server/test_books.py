"""The one writer: durable before acknowledged, one message's fault no other's, orders and time in their turn."""

import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from time import monotonic

import pytest

from device.contract.channels import ACK, EVENTS, OCCUPANCY, RECEIPT
from device.contract.errors import Refused
from device.contract.instant import Instant
from device.contract.messages import Access, Ack, Capacity
from device.contract.uses import USES
from server.arrivals import Arrival
from server.bell import Bell
from server.books import Bookkeeper
from server.core.access_list import DoorRules
from server.core.house import House
from server.door_lists import DoorLists
from server.ingest import Ingest
from server.publish import Publisher
from server.rooms import RoomBoard
from server.settings import ROOMS, CapacitySettings
from server.store import badges, faults, guests, journal, members, stays, units
from server.store.database import Books, open_books
from tests.fake_line import FakeLine
from tests.patience import wait_until
from tests.server.arrivals import EPOCH, MORNING, SITE, after, passed, run_of

DAY = MORNING.date()
ANNES = "uid:04A1B2C3"
RULES = DoorRules(
    hard_anti_passback=False, capacity=Capacity(mode="deny", max=35), concierge_weekly={}, free_passage_weekly={}
)


class Office:
    """A bookkeeper at work, its clock turned by hand; `books` is a second connection to look over its shoulder."""

    def __init__(self, books: Books, house: House, monotonic_s: Callable[[], float] = monotonic) -> None:
        with books.writing():
            badges.assign(books, members.add(books, "Anne", now=MORNING).id, ANNES, now=MORNING)
            for name in ("front", "back"):
                units.add(books, name, "door", now=MORNING)
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
            monotonic_s=monotonic_s,
        )

    def wait(self, until: Callable[[], bool]) -> None:
        wait_until(until, why=lambda: f"told: {self.line.said[-3:]}")

    def acks(self, unit: str = "front") -> list[int]:
        return [ack.through for ack in self.line.all(ACK, unit)]


@pytest.fixture
def office(books: Books, house: House) -> Iterator[Office]:
    made = Office(books, house)
    made.keeper.start()
    yield made
    made.keeper.stop()
    made.own.close()


def test_an_event_is_durable_before_it_is_acknowledged(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    kept_when_told: list[int] = []
    publish = office.line.publish

    def look(channel: object, name: str, message: object) -> None:
        if channel is ACK:
            with open_books(office.books.path) as other:
                kept_when_told.append(len(journal.lines(other)))
        publish(channel, name, message)  # type: ignore[arg-type]

    monkeypatch.setattr(office.line, "publish", look)
    office.keeper.arrived(run_of(passed(0, ANNES)))
    office.wait(lambda: office.acks() == [1])
    assert kept_when_told == [1]


def test_everything_that_waits_is_kept_at_once_and_acknowledged_once(books: Books, house: House) -> None:
    office = Office(books, house)
    for nth in range(1, 101):
        office.keeper.arrived(run_of(passed(nth, None, by="free"), first=nth, at=MORNING + timedelta(hours=2)))
    office.keeper.start()
    office.wait(lambda: bool(office.acks()))
    office.keeper.stop()
    office.own.close()
    assert office.acks() == [100]
    assert office.line.all(ACK, "front") == [Ack(epoch=EPOCH, through=100)]
    assert office.keeper.diary.transactions == 1


def test_back_on_the_line_it_repeats_its_acks_so_that_units_send_again_what_it_missed(office: Office) -> None:
    office.keeper.arrived(run_of(passed(0, ANNES)))
    office.wait(lambda: office.acks() == [1])
    office.keeper.connected()
    office.wait(lambda: office.acks() == [1, 1])


def test_a_granted_tap_is_answered(office: Office) -> None:
    tap = Access(at=MORNING, clock="synced", credential=ANNES, side="entry", decision="granted", reason="granted")
    office.keeper.arrived(run_of(tap))
    office.wait(lambda: bool(office.line.all(RECEIPT, "front")))
    assert (office.line.last(RECEIPT, "front").epoch, office.line.last(RECEIPT, "front").seq) == (EPOCH, 1)


def test_a_message_that_we_fail_on_takes_no_other_with_it(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    keep = office.ingest.keep

    def stumble(arrivals: object, now: Instant) -> object:
        arrivals = list(arrivals)  # type: ignore[call-overload]
        done = keep(arrivals, now)
        if any(b"front" in arrival.topic.encode() for arrival in arrivals):
            raise RuntimeError("a mistake of ours")
        return done

    monkeypatch.setattr(office.ingest, "keep", stumble)
    office.keeper.arrived(run_of(passed(0, ANNES)))
    office.keeper.arrived(run_of(passed(1, ANNES), unit="back"))
    office.wait(lambda: bool(office.acks("front") and office.acks("back")))
    assert [(line.unit, line.seq) for line in journal.lines(office.books)] == [("back", 1)]
    assert [(fault.kind, fault.unit, fault.seq) for fault in faults.newest(office.books)] == [("failed", "front", 1)]
    assert office.keeper.is_alive


def test_on_a_full_disk_nothing_is_acknowledged_until_it_has_room(office: Office) -> None:
    office.own.execute("PRAGMA max_page_count = 1")
    big = Arrival(EVENTS.topic(SITE, "front"), b"x" * 60_000, MORNING)
    for _ in range(20):
        office.keeper.arrived(big)
    office.keeper.arrived(run_of(passed(0, ANNES)))
    office.wait(lambda: "full" in office.keeper.diary.disk_fault)
    assert office.acks() == []
    office.own.execute("PRAGMA max_page_count = 1000000")
    office.wait(lambda: office.keeper.diary.failures > 0)
    office.keeper.arrived(run_of(passed(0, ANNES)))  # as the unit does after 10 s
    office.wait(lambda: office.acks() == [1])
    assert office.keeper.diary.disk_fault == ""


def test_past_what_can_wait_messages_are_dropped_and_counted(
    books: Books, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.books.MAX_WAITING", 10)
    office = Office(books, house)
    for _ in range(25):
        office.keeper.arrived(run_of(passed(0, ANNES)))
    assert office.keeper.diary.dropped == 15
    office.own.close()


def test_an_order_is_carried_out_and_answered(office: Office) -> None:
    bruno = office.keeper.order(lambda books, now: members.add(books, "Bruno", now=now))
    assert members.find(office.books, bruno.id).name == "Bruno"


def test_a_refused_order_leaves_nothing_and_says_why(office: Office) -> None:
    def half(books: Books, now: Instant) -> None:
        members.add(books, "Bruno", now=now)
        members.find(books, 99)

    with pytest.raises(Refused, match="no member has the number 99"):
        office.keeper.order(half)
    assert [member.name for member in members.every(office.books)] == ["Anne"]
    assert office.keeper.is_alive


def test_many_desks_order_at_once(office: Office) -> None:
    with ThreadPoolExecutor(8) as desks:
        list(
            desks.map(
                lambda nth: office.keeper.order(lambda books, now: members.add(books, f"M{nth}", now=now)), range(40)
            )
        )
    assert len(members.every(office.books)) == 41


def test_what_another_process_wrote_is_told_within_two_seconds(books: Books, house: House) -> None:
    clock = [100.0]
    office = Office(books, house, lambda: clock[0])
    office.keeper.start()
    office.wait(lambda: bool(office.line.all(OCCUPANCY)))
    guests.arrive(office.books, "Léa", day=DAY, now=MORNING)
    clock[0] += 2
    office.wait(lambda: office.line.last(OCCUPANCY).guests == 1)
    office.keeper.stop()
    office.own.close()


def test_a_badge_assigned_by_another_process_counts_at_once(office: Office) -> None:
    office.keeper.arrived(run_of(passed(0, "uid:04A1B2C4")))
    office.wait(lambda: office.acks() == [1])
    bruno = members.add(office.books, "Bruno", now=MORNING).id
    badges.assign(office.books, bruno, "uid:04A1B2C4", now=MORNING)
    office.keeper.arrived(run_of(passed(1, "uid:04A1B2C4"), first=2))
    office.wait(lambda: office.acks() == [1, 2])
    assert stays.members_inside(office.books, DAY) == [bruno]


def test_at_closing_everybody_is_checked_out(office: Office) -> None:
    office.keeper.arrived(run_of(passed(0, ANNES)))
    office.wait(lambda: office.line.all(OCCUPANCY) != [] and office.line.last(OCCUPANCY).present == 1)
    office.now = after(9.5 * 60)
    office.wait(lambda: office.line.last(OCCUPANCY).present == 0)


def test_what_had_arrived_is_kept_before_the_end(books: Books, house: House) -> None:
    office = Office(books, house)
    office.keeper.start()
    for nth in range(1, 1_001):
        office.keeper.arrived(run_of(passed(0, None, by="free"), first=nth))
    office.keeper.stop()
    office.own.close()
    assert len(journal.lines(books)) == 1_000


def test_another_process_that_writes_for_long_stops_nobody(office: Office) -> None:
    with office.books.writing():
        office.keeper.arrived(run_of(passed(0, ANNES)))
        assert office.acks() == []
    office.wait(lambda: office.acks() == [1])
    assert office.keeper.diary.failures == 0


def test_a_broken_database_is_said_so_and_tried_again(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(arrivals: object, now: Instant) -> object:
        raise sqlite3.OperationalError("disk I/O error")

    with monkeypatch.context() as patch:
        patch.setattr(office.ingest, "keep", broken)
        office.keeper.arrived(run_of(passed(0, ANNES)))
        office.wait(lambda: office.keeper.diary.disk_fault == "disk I/O error")
    office.keeper.arrived(run_of(passed(0, ANNES)))
    office.wait(lambda: office.acks() == [1])
