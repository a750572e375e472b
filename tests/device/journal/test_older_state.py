"""A disk that comes back with an older state, as a card that lies about flushes leaves it: nothing that stands on it in
the end is lost, whatever numbers the server has already."""

import json
import sqlite3
from contextlib import closing
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.contract.messages import Ack, Alarm
from device.journal.journal import Journal
from tests.device.world import MONDAY_9
from tests.examples import examples


class Books:
    """What a server keeps of the unit, by epoch: it skips what it has, and keeps nothing of a run that leaves a gap."""

    def __init__(self) -> None:
        self.events: dict[str, list[str]] = {}

    def take(self, run: bytes) -> Ack:
        told = json.loads(run)
        kept = self.events.setdefault(told["epoch"], [])
        if told["first"] <= len(kept) + 1:
            kept += [event["at"] for event in told["events"][len(kept) + 1 - told["first"] :]]
        return self.last(told["epoch"])

    def last(self, epoch: str) -> Ack:
        return Ack(epoch=epoch, through=len(self.events[epoch]))


class Door:
    """A unit's journal on a disk, and the books that it tells."""

    def __init__(self, folder: Path) -> None:
        self.path, self.books, self.now_s = folder / "outbox.db", Books(), 1000.0
        epochs = count(1)
        self.new_epoch = lambda: f"{next(epochs):08x}"
        self.moments = count(1)
        self.older: list[bytes] = []
        self.start()

    def start(self) -> None:
        self.journal = Journal(self.path, "boot-1", self.new_epoch, lambda: self.now_s)
        self.is_up = False

    def happen(self, number: int = 1) -> None:
        for _ in range(number):
            at = MONDAY_9.after(next(self.moments))
            self.journal.record([Alarm(at=at, clock="synced", alarm="held", active=True)])

    def connect(self) -> None:
        """The server repeats its last acks to whoever is on the line again."""
        self.is_up = True
        self.journal.connected(True)
        for epoch in list(self.books.events):
            self.journal.acknowledged(self.books.last(epoch), self.now_s)

    def exchange(self, acknowledged: bool = True) -> None:
        """All that is due arrives; where the acks are lost, the unit does not know."""
        if not self.is_up:
            self.connect()
        while runs := list(self.journal.due_runs(MONDAY_9, self.now_s)):
            for run in runs:
                ack = self.books.take(run)
                if acknowledged:
                    self.journal.acknowledged(ack, self.now_s)

    def cut_power(self) -> None:
        self.journal.close()

    def remember(self) -> None:
        """What the card will say that it holds, some day."""
        self.cut_power()
        with closing(sqlite3.connect(self.path)) as db:
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self.older.append(self.path.read_bytes())
        self.start()

    def come_back(self, nth: int = -1) -> None:
        """The power is cut, and the card holds an older state."""
        self.cut_power()
        for ending in ("-wal", "-shm"):
            self.path.with_name(self.path.name + ending).unlink(missing_ok=True)
        self.path.write_bytes(self.older[nth])
        self.start()

    def held(self) -> set[str]:
        """The events that stand in the outbox."""
        with closing(sqlite3.connect(self.path)) as db:
            return {json.loads(payload)["at"] for (payload,) in db.execute("SELECT payload FROM event")}

    def arrived(self) -> set[str]:
        return {at for events in self.books.events.values() for at in events}


@pytest.fixture
def door(tmp_path: Path) -> Door:
    return Door(tmp_path)


def test_events_of_numbers_that_the_server_has_already_are_not_lost(door: Door) -> None:
    door.happen(6)
    door.exchange()
    door.remember()
    door.happen(2)
    door.exchange()
    door.come_back()
    door.happen(2)
    door.exchange()
    assert door.held() <= door.arrived()
    assert len(door.books.events) == 2


def test_neither_are_they_after_some_starts_without_the_server(door: Door) -> None:
    door.happen(6)
    door.exchange()
    door.remember()
    door.happen(2)
    door.exchange()
    door.come_back()
    door.happen(3)
    door.cut_power()
    door.start()
    door.happen(1)
    door.exchange()
    assert door.held() <= door.arrived()


def test_a_start_as_it_should_be_goes_on_in_the_same_epoch(door: Door) -> None:
    door.happen(6)
    door.exchange()
    for _ in range(3):
        door.cut_power()
        door.start()
        door.happen(1)
        door.exchange()
    assert {epoch: len(events) for epoch, events in door.books.events.items()} == {"00000001": 9}


def test_a_new_event_waits_for_the_word_that_nothing_is_missing(door: Door) -> None:
    door.happen(2)
    door.exchange()
    door.cut_power()
    door.start()
    door.happen(1)
    door.journal.connected(True)
    (asking,) = door.journal.due_runs(MONDAY_9, door.now_s)
    assert (json.loads(asking)["first"], len(json.loads(asking)["events"])) == (1, 2)
    door.journal.acknowledged(door.books.take(asking), door.now_s)
    (told,) = door.journal.due_runs(MONDAY_9, door.now_s)
    assert (json.loads(told)["first"], len(json.loads(told)["events"])) == (3, 1)


STEPS = st.lists(
    st.one_of(
        st.sampled_from(["exchange", "deaf", "remember", "come back", "restart"]),
        st.integers(1, 3),
    ),
    max_size=14,
)


def test_an_empty_state_that_comes_back_is_another_epoch(door: Door) -> None:
    door.remember()
    door.happen(2)
    door.exchange()
    door.come_back()
    door.happen(1)
    door.exchange()
    assert door.held() <= door.arrived()


@examples(200)
@given(STEPS)
def test_whatever_the_card_comes_back_with_all_that_it_holds_arrives(steps: list[str | int]) -> None:
    with TemporaryDirectory() as folder:
        door = Door(Path(folder))
        for step in steps:
            match step:
                case "exchange":
                    door.exchange()
                case "deaf":
                    door.exchange(acknowledged=False)
                    door.is_up = False
                    door.journal.connected(False)
                case "remember":
                    door.remember()
                case "come back" if door.older:
                    door.come_back()
                case "restart":
                    door.cut_power()
                    door.start()
                case int(number):
                    door.happen(number)
        door.exchange()
        door.cut_power()
        assert door.held() <= door.arrived()
