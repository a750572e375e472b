"""The rooms of a place: dials, desk and closing time in, statuses and figures out."""

from collections.abc import Sequence
from datetime import date, timedelta

import pytest

from device.contract.access_list import Capacity
from device.contract.channels import ROOM
from device.contract.instant import Instant
from device.contract.messages import RoomSet, RoomStatus
from device.contract.uses import USES
from server.core.doors.access_list import DoorRules
from server.core.house_rules import HouseRules
from server.core.rooms import Booking
from server.errors import Refusal
from server.ingest.ingest import Ingest
from server.publishing.access_lists import AccessListPublisher
from server.publishing.changes import ChangeFeed
from server.publishing.publisher import Publisher
from server.rooms.board import RoomBoard, room_document
from server.site.settings import ROOMS, CapacitySettings
from server.store.database import Database
from server.store.journal import faults
from server.store.units import units
from tests.fake_keys import FakeKeys
from tests.fake_line import FakeLine
from tests.server.arrivals import MORNING, after, run_of

CLOSING = Instant.parse("2026-11-23T17:00:00.000Z")
MIDNIGHT = Instant.parse("2026-11-22T23:00:00.000Z")
DAY = date(2026, 11, 23)
RULES = DoorRules(
    hard_anti_passback=False, capacity=Capacity(mode="deny", max=35), concierge_weekly={}, free_passage_weekly={}
)


def dial(minutes: float, people: int, use: str = "meeting", room: str = "reunion") -> RoomSet:
    """What a dial says so many minutes after nine."""
    return RoomSet(at=after(minutes), clock="synced", room=room, use=use, people=people)


class Place:
    """Six rooms, their units and a publisher whose clocks are turned by hand."""

    def __init__(self, db: Database, house: HouseRules) -> None:
        self.db, self.line, self.feed = db, FakeLine(), ChangeFeed()
        self.now, self.now_s = MORNING, 100.0
        self.booked: list[Booking] = []
        self.board = RoomBoard(ROOMS, USES, house, self.bookings)
        with db.writing():
            for room in ROOMS:
                units.add(db, room.id, "room", room=room.id, now=MORNING)
        self.ingest = Ingest(db, house, self.board.unknown)
        lists = AccessListPublisher(db, house, RULES, line=self.line, keys=FakeKeys())
        self.publisher = Publisher(db, house, CapacitySettings(), lists, self.board, line=self.line, feed=self.feed)
        self.heard = self.feed.subscribe("room")
        self._next: dict[str, int] = {}
        self.wait(0)

    def bookings(self, room: str) -> Sequence[Booking]:
        return self.booked if room == "reunion" else ()

    def wait(self, minutes: float) -> None:
        self.now, self.now_s = self.now + timedelta(minutes=minutes), self.now_s + minutes * 60
        self.publisher.publish_due(self.now, self.now_s)

    def says(self, event: RoomSet, unit: str = "reunion") -> None:
        """A run arrives, is kept, and what changed is told."""
        first = self._next.get(unit, 1)
        self._next[unit] = first + 1
        with self.db.writing():
            outcome = self.ingest.keep([run_of(event, first=first, unit=unit, at=self.now)], self.now)
        self.publisher.rooms_said(outcome.rooms)
        self.wait(0.01)

    def desk_sets(self, people: int, use: str = "call", room: str = "reunion") -> RoomStatus:
        with self.db.writing():
            status = self.board.set_by_desk(self.db, room, use, people, operator="Marie", now=self.now)
        self.publisher.database_changed()
        self.wait(0.01)
        return status

    def told(self, room: str = "reunion") -> RoomStatus:
        """What the room was last told."""
        last: RoomStatus = self.line.last(ROOM, room)
        return last

    def times_told(self, room: str = "reunion") -> int:
        return len(self.line.all(ROOM, room))


@pytest.fixture
def place(db: Database, house: HouseRules) -> Place:
    return Place(db, house)


def short(status: RoomStatus) -> str:
    return f"{status.people} {status.use} {status.set_by}"


def test_every_room_is_told_at_the_start_free_since_midnight(place: Place) -> None:
    assert {room.id: short(place.told(room.id)) for room in ROOMS} == {room.id: "0 free closing" for room in ROOMS}
    assert place.told().since == MIDNIGHT
    assert (place.told().name, place.told().seats, place.told().label) == ("Salle de réunion", 8, "Libre")


def test_a_dial_sets_its_room_as_of_when_it_was_turned(place: Place) -> None:
    place.wait(10)
    place.says(dial(5, 3))
    assert place.told() == RoomStatus(
        name="Salle de réunion",
        seats=8,
        people=3,
        use="meeting",
        label="Réunion",
        colour="#3D6BFF",
        since=after(5),
        set_by="dial",
    )
    assert short(place.told("atelier")) == "0 free closing"


def test_the_desk_sets_a_room_from_now_on(place: Place) -> None:
    place.wait(10)
    place.says(dial(10, 3))
    assert short(place.desk_sets(2)) == short(place.told()) == "2 call desk"
    assert place.told().since > after(10)


def test_a_dial_turned_before_the_desk_spoke_and_heard_later_loses_and_is_told_so(place: Place) -> None:
    place.wait(10)
    place.desk_sets(2)
    before = place.times_told()
    place.says(dial(9, 7))
    assert short(place.told()) == "2 call desk"
    assert place.times_told() == before + 1


def test_the_desk_wins_over_a_dial_whose_clock_is_ahead(place: Place) -> None:
    place.says(dial(3, 7))
    place.desk_sets(2)
    assert short(place.told()) == "2 call desk"
    assert place.told().since > after(3)


def test_a_dial_turned_after_the_desk_spoke_wins(place: Place) -> None:
    place.desk_sets(2)
    place.wait(10)
    place.says(dial(9, 7))
    assert short(place.told()) == "7 meeting dial"


def test_a_status_that_stays_is_not_told_again_within_the_minute(place: Place) -> None:
    place.says(dial(0, 3))
    before = place.times_told()
    place.wait(0.9)
    assert place.times_told() == before


def test_after_a_new_connection_every_room_is_told(place: Place) -> None:
    place.says(dial(0, 3))
    place.line.said.clear()
    place.publisher.drop_cache()
    place.wait(0)
    assert short(place.told()) == "3 meeting dial"
    assert short(place.told("appels")) == "0 free closing"


def test_pages_are_told_with_the_rooms_id_and_also_while_the_broker_is_away(place: Place) -> None:
    place.heard.wait(0)
    place.line.is_up = False
    place.says(dial(0, 3))
    (ring,) = place.heard.wait(0)
    assert ring.payload == room_document("reunion", place.board.statuses(place.db, place.now)["reunion"])
    assert ring.payload.startswith(b'{"id":"reunion","name":"Salle de r')


@pytest.mark.parametrize(
    ("event", "fault"),
    [
        (dial(0, 3, room="cave"), 'room: there is no "cave"; the settings have open-space, reunion, '),
        (dial(0, 3, use="disco"), 'use: there is no "disco"; the settings have free, focus, '),
    ],
)
def test_a_room_or_use_that_nobody_knows_is_set_aside_and_changes_nothing(
    place: Place, event: RoomSet, fault: str
) -> None:
    place.says(dial(0, 2))
    place.says(event)
    (aside,) = faults.newest(place.db)
    assert aside.fault.startswith(fault)
    assert (aside.kind, aside.unit, aside.seq) == ("malformed", "reunion", 2)
    assert short(place.told()) == "2 meeting dial"
    place.says(dial(0.01, 4))
    assert short(place.told()) == "4 meeting dial"


@pytest.mark.parametrize(
    ("room", "use", "people"), [("cave", "free", 0), ("reunion", "disco", 0), ("reunion", "free", 1000)]
)
def test_the_desk_is_refused_what_cannot_be(place: Place, room: str, use: str, people: int) -> None:
    with pytest.raises(Refusal):
        place.desk_sets(people, use, room)
    assert place.db.value("SELECT count(*) FROM desk_rooms") == 0


def test_a_use_that_was_taken_out_of_the_settings_shows_as_free(place: Place, house: HouseRules) -> None:
    place.says(dial(0, 3))
    board = RoomBoard(ROOMS, [use for use in USES if use.id != "meeting"], house)
    assert short(board.statuses(place.db, place.now)["reunion"]) == "3 free dial"


def test_at_closing_every_room_goes_free(place: Place) -> None:
    place.says(dial(0, 3))
    place.wait(9 * 60 - 2)
    assert short(place.told()) == "3 meeting dial"
    place.wait(2)
    assert (short(place.told()), place.told().since) == ("0 free closing", CLOSING)


def test_a_dial_turned_before_closing_and_heard_after_it_does_not_fill_the_room_again(place: Place) -> None:
    place.wait(10 * 60)
    place.says(dial(9 * 60 - 5, 3))
    assert short(place.told()) == "0 free closing"


def test_who_works_late_may_say_so_until_midnight(place: Place) -> None:
    place.wait(10 * 60)
    place.says(dial(10 * 60, 1, "focus"))
    assert short(place.told()) == "1 focus dial"
    place.wait(5 * 60)
    assert short(place.told()) == "0 free closing"


def test_how_a_room_was_used_by_day(place: Place) -> None:
    place.says(dial(0, 4))
    place.wait(60)
    place.says(dial(60, 2, "focus"))
    place.wait(30)
    place.desk_sets(0, "free")
    place.wait(24 * 60)
    days = place.board.used(place.db, DAY, DAY + timedelta(days=7), place.now)
    assert [(each.room, each.day) for each in days][:2] == [("open-space", DAY), ("reunion", DAY)]
    assert {each.day for each in days} == {DAY, DAY + timedelta(days=1)}
    (used,) = [each for each in days if each.minutes]
    assert (used.room, used.day, used.most_people) == ("reunion", DAY, 4)
    assert used.minutes == pytest.approx({"meeting": 60.0, "focus": 30}, abs=0.1)
    assert used.person_minutes == pytest.approx(300, abs=0.1)


def test_the_history_of_a_room_is_not_counted_twice_when_events_come_twice(place: Place) -> None:
    place.says(dial(0, 4))
    before = place.board.used(place.db, DAY, DAY, place.now)
    with place.db.writing():
        again = run_of(dial(0, 4), first=1, unit="reunion", at=place.now)
        assert place.ingest.keep([again], place.now).kept == 0
    assert place.board.used(place.db, DAY, DAY, place.now) == before


def test_a_reservation_is_told_ahead_and_let_go_when_nobody_comes(place: Place) -> None:
    place.booked = [Booking(after(60), after(120))]
    place.wait(1)
    held = place.told().reservation
    assert held is not None
    assert (held.from_, held.until, held.let_go_at) == (after(60), after(120), after(75))
    place.wait(75)
    assert place.told().reservation is None


def test_a_reservation_that_somebody_took_up_is_kept(place: Place) -> None:
    place.booked = [Booking(after(60), after(120))]
    place.wait(65)
    place.says(dial(65, 2))
    place.wait(20)
    place.says(dial(85, 0))
    held = place.told().reservation
    assert held is not None
    assert held.let_go_at is None


def test_a_reservation_of_the_whole_day_begins_with_the_opening(place: Place) -> None:
    place.booked = [Booking(MIDNIGHT, MIDNIGHT + timedelta(days=1))]
    status = place.board.statuses(place.db, MIDNIGHT + timedelta(hours=2))["reunion"]
    assert status.reservation is not None
    assert status.reservation.from_ == Instant.parse("2026-11-23T07:00:00.000Z")


def test_tomorrows_reservation_is_not_told_today(place: Place) -> None:
    place.booked = [Booking(after(24 * 60), after(25 * 60))]
    place.wait(1)
    assert place.told().reservation is None
