"""What doors and walls are told, when, and how often."""

from datetime import date, timedelta

import msgspec
import pytest

from device.contract.access_list import AccessList, Capacity
from device.contract.channels import ACCESS_LIST, HOURS, INSIDE, OCCUPANCY, ROOM, STATE
from device.contract.codec import decode
from device.contract.instant import Instant
from device.contract.messages import Direction, Hours, Inside, Occupancy
from device.contract.state import State
from device.contract.uses import USES
from server.core.doors.access_list import DoorRules
from server.core.house_rules import HouseRules
from server.ingest import recount
from server.ingest.ingest import Ingest
from server.integrations.home_assistant_document import EXPIRES_S
from server.publishing import access_lists as access_lists_module
from server.publishing.access_lists import AccessListPublisher
from server.publishing.changes import ChangeFeed
from server.publishing.publisher import ROOMS_AGAIN_S, Publisher
from server.rooms.board import RoomBoard
from server.site.settings import ROOMS, CapacitySettings
from server.store.database import Database
from server.store.people import badge_keys, badges, members
from server.store.presence import guests
from server.store.units import access_lists, units
from tests.fake_keys import FakeKeys
from tests.fake_line import FakeLine
from tests.orders import work_at
from tests.server.arrivals import MORNING, after, passed, run_of

ANNES = "ntag424:04A1B2C3D4E5F6"
MIDNIGHT = Instant.parse("2026-11-22T23:00:00.000Z")
CLOSING = Instant.parse("2026-11-23T17:00:00.000Z")
DAY = date(2026, 11, 23)
STATE_WITH_SLOTS = State(
    online=True,
    kind="door",
    version="1",
    since=MORNING,
    outbox=0,
    list_version=0,
    clock="synced",
    address="",
    alarms=[],
    disk_free_mb=1,
    slots=True,
)
RULES = DoorRules(
    hard_anti_passback=False, capacity=Capacity(mode="deny", max=35), concierge_weekly={}, free_passage_weekly={}
)


class Place:
    """Books with a door and a member, and a publisher whose clocks are turned by hand."""

    def __init__(self, db: Database, house: HouseRules) -> None:
        self.db, self.house, self.line, self.feed = db, house, FakeLine(), ChangeFeed()
        self.now, self.now_s = MORNING, 100.0
        self.keys = FakeKeys()
        with db.writing():
            self.anne = members.add(db, "Anne", now=MORNING).id
            badges.assign(db, self.anne, ANNES, now=MORNING)
            units.add(db, "front", "door", now=MORNING)
            units.add(db, "dial", "room", room="atelier", now=MORNING)
        self.ingest = Ingest(db, house)
        self.publisher = self.made_publisher()

    def made_publisher(self) -> Publisher:
        lists = AccessListPublisher(self.db, self.house, RULES, line=self.line, keys=self.keys)
        board = RoomBoard(ROOMS, USES, self.house)
        return Publisher(self.db, self.house, CapacitySettings(), lists, board, line=self.line, feed=self.feed)

    def wait(self, seconds: float) -> None:
        self.now, self.now_s = self.now + timedelta(seconds=seconds), self.now_s + seconds
        self.publisher.publish_due(self.now, self.now_s)

    def passes(self, minutes: float, *, first: int) -> None:
        with self.db.writing():
            side: Direction = "entry" if first % 2 else "exit"
            self.ingest.keep([run_of(passed(minutes, ANNES, side), first=first)], self.now)
        self.publisher.passed()


@pytest.fixture
def place(db: Database, house: HouseRules) -> Place:
    made = Place(db, house)
    made.wait(0)
    return made


def test_everything_is_told_at_the_start(place: Place) -> None:
    assert place.line.last(OCCUPANCY) == Occupancy(
        present=0, guests=0, comfortable=25, max=35, level="comfortable", uncertain=0, as_of=MORNING
    )
    assert place.line.last(HOURS) == Hours(open=True, until=CLOSING, opens_at=None)
    assert place.line.last(INSIDE, "front") == Inside(members=[], as_of=MIDNIGHT)
    assert [grant.credential for grant in place.line.last(ACCESS_LIST, "front").grants] == [ANNES]


def annes_keys(place: Place) -> tuple[str | None, int | None, str | None, int | None]:
    (grant,) = place.line.last(ACCESS_LIST, "front").grants
    return grant.key, grant.key_version, grant.other_key, grant.other_key_version


def test_a_badge_that_is_moved_on_opens_with_both_its_keys_in_the_order_of_what_a_door_saw(place: Place) -> None:
    identity = ANNES.partition(":")[2]
    keys = {version: place.keys.key_of(ANNES, version, 2) for version in (1, 2)}
    assert annes_keys(place) == (keys[2], 2, None, None)  # assigned by hand: the present ones
    badge_keys.begin(place.db, identity, "ntag424", 1, now=MORNING)
    badge_keys.finish(place.db, identity, now=MORNING)
    place.publisher.ordered()
    place.wait(2)
    assert annes_keys(place) == (keys[1], 1, None, None)
    badge_keys.begin(place.db, identity, "ntag424", 2, now=MORNING)
    place.publisher.ordered()
    place.wait(2)
    assert annes_keys(place) == (keys[1], 1, keys[2], 2)
    badge_keys.proved_at_door(place.db, identity, 2)
    place.publisher.ordered()
    place.wait(2)
    assert annes_keys(place) == (keys[2], 2, keys[1], 1)
    badge_keys.finish(place.db, identity, now=MORNING)
    place.publisher.ordered()
    place.wait(2)
    assert annes_keys(place) == (keys[2], 2, None, None)
    place.keys.kept = {3}
    place.publisher.database_changed()
    place.wait(2)
    assert annes_keys(place) == (None, None, None, None)


def test_a_visitors_badge_is_told_only_to_doors_that_know_slots(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing gives one out yet: the holder is made to be one."""
    made = access_lists_module._holder
    monkeypatch.setattr(access_lists_module, "_holder", lambda *some, **more: made(*some, **more)._replace(slot=4))
    units.add(place.db, "back", "door", now=MORNING)
    with place.db.writing():
        units.note_state(place.db, "back", STATE_WITH_SLOTS, now=MORNING)
    place.publisher.database_changed()
    place.wait(2)
    assert place.line.last(ACCESS_LIST, "front").grants == []
    (grant,) = place.line.last(ACCESS_LIST, "back").grants
    assert (grant.slot, grant.key) == (4, place.keys.key_of(ANNES, 2, 4))


def test_a_room_is_told_nothing_about_persons(place: Place) -> None:
    assert place.line.all(ACCESS_LIST, "dial") == place.line.all(INSIDE, "dial") == []


def test_a_passage_changes_occupancy_and_who_is_in(place: Place) -> None:
    place.passes(0, first=1)
    place.wait(0.3)
    assert place.line.last(OCCUPANCY).present == 1
    assert place.line.last(INSIDE, "front") == Inside(members=[place.anne], as_of=MORNING)


def test_inside_is_as_of_the_units_own_newest_passage(place: Place) -> None:
    units.add(place.db, "back", "door", now=MORNING)
    place.passes(5, first=1)
    place.wait(60)
    assert place.line.last(INSIDE, "front").as_of == place.now < after(5)  # its clock is ahead of ours
    assert place.line.last(INSIDE, "back").as_of == MIDNIGHT


def test_of_a_unit_without_a_clock_it_is_as_of_when_that_passage_was(place: Place) -> None:
    unset = msgspec.structs.replace(passed(0, ANNES), at=Instant.of_epoch_ms(0), clock="unset", age_ms=60_000)
    with place.db.writing():
        place.ingest.keep([run_of(unset, at=after(5))], after(5))
    place.publisher.passed()
    place.wait(600)
    assert place.line.last(INSIDE, "front") == Inside(members=[place.anne], as_of=after(4))


def test_a_busy_door_does_not_flood_the_walls(place: Place) -> None:
    told = len(place.line.all(OCCUPANCY)), len(place.line.all(INSIDE, "front"))
    for nth in range(1, 101):
        place.passes(nth / 100, first=nth)
        place.wait(0.01)
    assert len(place.line.all(OCCUPANCY)) - told[0] <= 10
    assert len(place.line.all(INSIDE, "front")) - told[1] <= 4


def test_occupancy_is_told_again_before_a_unit_takes_it_for_old(place: Place) -> None:
    told = len(place.line.all(OCCUPANCY))
    place.wait(61)
    assert len(place.line.all(OCCUPANCY)) == told + 1
    assert place.line.last(OCCUPANCY).as_of == place.now


def test_a_room_is_told_again_every_minute_so_that_silence_means_something(place: Place) -> None:
    page = place.feed.subscribe("room")
    told = place.line.all(ROOM, "atelier")
    for _ in range(36):
        place.wait(5)
    again = place.line.all(ROOM, "atelier")
    assert again == [told[0]] * (len(told) + 3)
    assert page.wait(0) == []  # pages have it already


def test_rooms_are_told_more_often_than_they_expire() -> None:
    assert 3 * ROOMS_AGAIN_S <= EXPIRES_S


def test_hours_are_told_when_they_change(place: Place) -> None:
    place.wait((CLOSING - MORNING).total_seconds() - 1)
    assert len(place.line.all(HOURS)) == 1
    place.wait(11)
    assert place.line.last(HOURS).open is False


def test_while_the_line_is_down_nothing_is_lost(place: Place) -> None:
    place.line.is_up = False
    place.passes(0, first=1)
    place.wait(1)
    place.line.is_up = True
    place.publisher.drop_cache()  # what a new connection does
    place.line.said.clear()
    place.wait(0)
    assert place.line.last(OCCUPANCY).present == 1
    assert place.line.last(INSIDE, "front").members == [place.anne]
    assert place.line.last(ACCESS_LIST, "front").version == 1
    assert len(place.line.all(HOURS)) == 1


def test_pages_hear_of_occupancy_also_while_the_line_is_down(place: Place) -> None:
    place.line.is_up = False
    page = place.feed.subscribe("occupancy")
    guests.arrive(place.db, "Léa", day=DAY, now=place.now)
    place.publisher.database_changed()
    place.wait(1)
    (ring,) = page.wait(0)
    assert decode(ring.payload, Occupancy).guests == 1


def test_pages_do_not_hear_the_same_twice(place: Place) -> None:
    page = place.feed.subscribe("occupancy")
    place.wait(61)
    assert page.wait(0) == []


def lists(place: Place) -> list[AccessList]:
    return place.line.all(ACCESS_LIST, "front")


def test_a_list_is_sent_anew_when_it_says_something_else(place: Place) -> None:
    members.suspend(place.db, place.anne, "unpaid", now=place.now)
    place.publisher.database_changed()
    place.wait(1)
    assert [(sent.version, sent.grants[0].standing) for sent in lists(place)] == [(1, "ok"), (2, "suspended")]


def test_a_list_that_says_the_same_is_not_sent_again(place: Place) -> None:
    members.edit(place.db, place.anne, notes="likes tea")
    place.publisher.database_changed()
    place.wait(1)
    assert len(lists(place)) == 1


def test_a_list_is_issued_anew_before_a_door_takes_it_for_stale(place: Place) -> None:
    for _ in range(36):
        place.wait(601)
    assert [sent.version for sent in lists(place)] == [1, 2]
    assert lists(place)[-1].issued_at > MORNING + timedelta(hours=6)


def test_lists_are_sent_once_a_second_at_most(place: Place) -> None:
    for nth in range(20):
        members.edit(place.db, place.anne, role="concierge" if nth % 2 else "member")
        place.publisher.database_changed()
        place.wait(0.1)
    assert len(lists(place)) <= 3


def test_versions_grow_across_a_restart(place: Place) -> None:
    members.suspend(place.db, place.anne, "unpaid", now=place.now)
    place.publisher = place.made_publisher()
    place.wait(1)
    assert [sent.version for sent in lists(place)] == [1, 2]
    place.publisher = place.made_publisher()
    place.wait(1)
    assert [sent.version for sent in lists(place)] == [1, 2, 2]


def test_a_unit_with_a_newer_list_than_ours_gets_one_newer_still(place: Place) -> None:
    place.publisher.reported("front", 7)
    place.wait(1)
    assert lists(place)[-1].version == 8
    place.publisher.reported("front", 8)
    place.wait(1)
    assert lists(place)[-1].version == 8


def test_restored_books_go_on_past_what_may_have_been_sent(place: Place) -> None:
    access_lists.leap(place.db)
    members.suspend(place.db, place.anne, "unpaid", now=place.now)
    place.publisher.database_changed()
    place.wait(1)
    assert lists(place)[-1].version > access_lists.LEAP


def test_a_lost_badge_that_was_found_and_made_blank_is_unknown_again(place: Place) -> None:
    """It proves nothing any more: the door would take it for a copy of the one that was lost."""
    badge_keys.begin_wiping(place.db, ANNES.partition(":")[2], "ntag424", now=place.now)
    badges.end(place.db, ANNES, now=place.now, ended_as="lost")
    place.publisher.database_changed()
    place.wait(1)
    assert [grant.standing for grant in lists(place)[-1].grants] == ["revoked"]
    badge_keys.wiped(place.db, ANNES.partition(":")[2], now=place.now)
    place.publisher.database_changed()
    place.wait(1)
    assert lists(place)[-1].grants == []


def test_a_returned_badge_is_unknown_and_a_lost_one_refused(place: Place) -> None:
    lent = "uid:04000001"
    badges.assign(place.db, place.anne, lent, now=place.now)
    badges.end(place.db, lent, now=place.now, ended_as="returned")
    badges.end(place.db, ANNES, now=place.now, ended_as="lost")
    place.publisher.database_changed()
    place.wait(1)
    assert [(grant.credential, grant.standing) for grant in lists(place)[-1].grants] == [(ANNES, "revoked")]


def test_what_is_retained_for_a_removed_unit_is_cleared_once(place: Place) -> None:
    units.remove(place.db, "front", now=place.now)
    for _ in range(3):
        place.publisher.database_changed()
        place.wait(1)
    cleared = [channel for channel, name, message in place.line.said if message is None and name == "front"]
    assert cleared == [ACCESS_LIST, INSIDE, STATE]


def test_a_unit_that_comes_back_is_told_again(place: Place) -> None:
    units.remove(place.db, "front", now=place.now)
    place.publisher.database_changed()
    place.wait(1)
    units.add(place.db, "front", "door", now=place.now)
    place.publisher.database_changed()
    place.wait(1)
    assert lists(place)[-1] is not None
    assert place.line.last(INSIDE, "front") is not None


def test_at_closing_everybody_is_checked_out_and_it_is_told(place: Place) -> None:
    place.passes(0, first=1)
    guests.arrive(place.db, "Léa", day=DAY, now=place.now)
    half_past = CLOSING + timedelta(minutes=30)
    assert not recount.check_out_due(work_at(half_past - timedelta(seconds=1), place.db, place.house))
    assert recount.check_out_due(work_at(half_past, place.db, place.house))
    assert not recount.check_out_due(work_at(half_past, place.db, place.house))
    place.publisher.passed()
    place.wait(1)
    assert place.line.last(OCCUPANCY).present == 0
    (lea,) = guests.present(place.db, DAY, MORNING)
    assert (lea.left_at, lea.automatic) == (CLOSING, True)
