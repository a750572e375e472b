"""A room: the dial shows at once and tells once, the later word wins, and what was known outlives the power."""

from datetime import timedelta

import pytest

from device.contract.instant import LAST, Instant
from device.contract.messages import Command, Hours
from device.core.lights.light import DARK
from device.core.lights.room_use import DEFAULT_USES, Use
from device.core.room.dial import Setting
from device.inbox import ReaderState, Tap
from device.ports import Badge
from tests.device.room_world import RoomWorld, reserved, status
from tests.device.world import MONDAY_9, HandClock

AMBER = (255, 130, 0)
HOUR, MINUTE, SECOND = timedelta(hours=1), timedelta(minutes=1), timedelta(seconds=1)


@pytest.fixture
def world(tmp_path):
    return RoomWorld(tmp_path)


def tap(world, uid="04A1B2C3D4E5F6"):
    world.unit.take(Tap("entry", Badge("uid", uid, None, world.clock.now_s)), world.station.moment())
    world.settle()


def setting(world):
    room = world.unit._room()
    return f"{room.people} {room.use.name}"


def test_a_turn_shows_at_once_without_any_server(world):
    world.turn(3)
    assert world.lit == 6


def test_one_event_goes_out_when_the_dial_has_rested_for_a_second(world):
    for _ in range(5):
        world.turn(1)
        world.wait(0.5)
    world.press()
    assert world.told == []
    world.wait(1)
    assert world.told == ["5 focus"]
    world.wait(60)
    assert world.told == ["5 focus"]


def test_the_event_says_when_the_dial_was_last_touched(world):
    world.turn(1)
    touched_at = world.now
    world.wait(1)
    assert (world.last_event.at, world.last_event.clock, world.last_event.room) == (touched_at, "synced", "open-space")


def test_a_press_is_the_next_use_and_a_long_one_makes_the_room_free_and_empty(world):
    world.turn(2)
    world.press()
    world.wait(1)
    world.press(long=True)
    world.wait(1)
    assert world.told == ["2 focus", "0 free"]


def test_the_ring_follows_the_desk_in_the_same_round(world):
    world.desk_sets(6)
    assert (setting(world), world.lit) == ("6 meeting", 12)
    world.wait(10)
    assert world.told == []


def test_the_dial_wins_over_what_the_desk_set_before_it(world):
    world.wait(60)
    world.turn(2)
    world.hear(status(9, "meeting", since=world.now - 30 * SECOND))
    assert setting(world) == "2 free"
    world.wait(1)
    assert world.told == ["2 free"]


def test_the_desk_wins_over_a_dial_that_was_turned_before_it(world):
    world.turn(2)
    world.wait(0.5)
    world.desk_sets(9)
    world.wait(10)
    assert (setting(world), world.told) == ("9 meeting", [])


def test_the_servers_echo_of_an_event_changes_nothing(world):
    world.turn(2)
    touched_at = world.now
    world.wait(1)
    frames = len(world.witness.frames)
    world.wait(10)
    world.hear(status(2, "free", since=touched_at))
    assert setting(world) == "2 free"
    assert len(world.witness.frames) - frames <= 3


def test_a_use_that_nobody_here_knows_is_set_aside(world):
    world.desk_sets(4, "focus")
    before = world.ring
    world.desk_sets(9, "disco", seats=40)
    assert (setting(world), world.ring) == ("4 focus", before)


def test_the_seats_and_the_colour_come_with_the_servers_word(world):
    world.desk_sets(1, "meeting", seats=2, colour="#112233")
    world.wait(10)
    assert world.ring[:12] == ((0x11, 0x22, 0x33),) * 12
    assert world.lit == 0


def test_an_empty_word_about_the_room_is_a_word_like_any_other(world):
    world.turn(5)
    world.wait(2)
    world.hear(status(0, "free", since=world.now, set_by="closing"))
    assert setting(world) == "0 free"


def test_after_two_minutes_without_the_server_one_amber_mark_stands_beside_what_is_known(world):
    world.desk_sets(3, "focus")
    world.wait(119)
    assert AMBER not in world.ring
    world.wait(10)
    assert (world.ring[-1], world.ring[-2], setting(world)) == (AMBER, DARK, "3 focus")
    world.desk_sets(3, "focus")
    assert AMBER not in world.ring


def test_the_ring_is_dark_while_the_place_is_closed_and_answers_who_touches_it(world):
    world.desk_sets(3, "focus")
    world.hear(Hours(open=False, until=None, opens_at=world.now + 14 * HOUR))
    world.wait(10)
    assert set(world.ring) == {DARK}
    world.turn(1)
    assert set(world.ring) != {DARK}
    world.wait(30)
    assert set(world.ring) == {DARK}


def test_closing_time_passes_without_the_server_too(world):
    world.hear(Hours(open=True, until=world.now + HOUR, opens_at=None))
    world.desk_sets(3, "focus")
    world.wait(3590)
    assert set(world.ring) != {DARK}
    world.wait(20)
    assert set(world.ring) == {DARK}


def test_whoever_looks_for_the_unit_sees_a_light_run_until_the_dial_is_touched(world):
    world.desk_sets(3, "focus")
    world.wait(10)
    still = world.ring
    world.panel.identify(world.clock.now_s)
    world.settle()
    running = world.ring
    world.wait(0.1)
    assert running != still
    assert world.ring != running
    world.turn(1)
    assert world.ring[:8] == ((42, 157, 143),) * 7 + world.ring[7:8]


def test_a_room_obeys_no_order_meant_for_doors(world):
    order = Command(id="c-1", kind="release", expires_at=MONDAY_9, by="concierge")
    assert world.unit.obey(order, world.station.moment()) == "a room cannot release"


def test_a_reservation_is_marked_ten_minutes_ahead_and_while_nobody_takes_it_up(world):
    begins = world.now + HOUR
    ahead = reserved(begins, begins + HOUR, begins + 15 * MINUTE)
    world.desk_sets(0, "free", reservation=ahead)
    marks = []
    for minutes in (40, 11, 10, 20, 0):
        world.wait(60 * minutes or 1)
        marks.append(world.unit._happening(world.station.moment()).reservation.value)
    assert marks == ["none", "ahead", "unclaimed", "none", "none"]


def test_a_reservation_with_somebody_there_has_no_mark(world):
    begins = world.now + MINUTE
    world.desk_sets(2, "meeting", reservation=reserved(begins, begins + HOUR, begins + 15 * MINUTE))
    world.wait(70)
    assert world.unit._happening(world.station.moment()).reservation.value == "none"


def test_after_a_power_cut_the_ring_shows_what_was_last_known(world, tmp_path):
    world.desk_sets(6)
    again = RoomWorld(tmp_path, clock=world.clock, cache=world.cache)
    assert setting(again) == "6 meeting"


def test_after_a_power_cut_what_the_dial_said_outlives_an_older_word_of_the_server(world, tmp_path):
    old = status(6, "meeting", since=world.now - HOUR)
    world.hear(old)
    world.turn(1)
    world.wait(2)
    again = RoomWorld(tmp_path, clock=world.clock, cache=world.cache)
    again.hear(old)
    assert setting(again) == "7 meeting"
    assert again.told == ["7 meeting"]


def test_after_a_power_cut_the_servers_later_word_holds(world, tmp_path):
    world.turn(1)
    world.wait(2)
    again = RoomWorld(tmp_path, clock=world.clock, cache=world.cache)
    again.desk_sets(8)
    assert setting(again) == "8 meeting"


def test_after_a_power_cut_with_other_settings_an_unknown_use_is_free(world, tmp_path):
    world.desk_sets(6)
    again = RoomWorld(tmp_path, clock=world.clock, cache=world.cache, uses=DEFAULT_USES[:2])
    assert setting(again) == "6 free"


def test_a_clock_that_is_years_off_neither_sets_nor_blocks_anything(tmp_path):
    clock = HandClock(Instant.parse("2019-01-01T00:00:00.000Z"))
    clock.confirmed = False
    world = RoomWorld(tmp_path, clock=clock)
    world.turn(2)
    world.hear(status(9, "meeting", since=MONDAY_9))
    assert setting(world) == "2 free"
    world.wait(1)
    assert (world.told, world.last_event.clock) == (["2 free"], "unset")
    world.hear(status(2, "free", since=MONDAY_9))
    world.hear(status(4, "call", since=MONDAY_9 + SECOND, set_by="desk"))
    assert setting(world) == "4 call"


def test_a_clock_behind_the_servers_does_not_make_the_dial_lose(world):
    world.hear(status(6, "meeting", since=world.now + 40 * SECOND, set_by="desk"))
    world.turn(1)
    world.wait(1)
    assert world.told == ["7 meeting"]
    assert world.last_event.at > MONDAY_9 + 40 * SECOND


def test_a_dial_that_was_turned_by_a_clock_years_ahead_follows_the_servers_word_again(world, tmp_path):
    world.clock.wall = MONDAY_9 + timedelta(days=400)
    world.turn(2)
    world.wait(2)
    world.clock.wall = MONDAY_9 + MINUTE
    world.desk_sets(5)
    assert setting(world) == "5 meeting"
    again = RoomWorld(tmp_path, clock=world.clock, cache=world.cache)
    again.desk_sets(6)
    assert setting(again) == "6 meeting"


def test_even_after_a_word_from_the_end_of_time_what_the_dial_says_can_be_told_and_kept(world, tmp_path):
    world.hear(status(6, "meeting", since=LAST, set_by="desk"))
    world.turn(1)
    world.wait(1)
    assert (world.told, world.last_event.at) == (["7 meeting"], LAST)
    assert setting(RoomWorld(tmp_path, clock=world.clock, cache=world.cache)) == "7 meeting"


def test_a_place_that_has_opened_stays_open_when_the_clock_jumps(world):
    world.desk_sets(3, "focus")
    world.hear(Hours(open=False, until=None, opens_at=world.now + HOUR))
    world.wait(3600)
    assert set(world.ring) != {DARK}
    world.clock.jump(100_000)
    world.wait(10)
    assert set(world.ring) != {DARK}


def test_a_place_that_has_closed_stays_closed_when_the_clock_jumps_back(world):
    world.desk_sets(3, "focus")
    world.hear(Hours(open=True, until=world.now + HOUR, opens_at=None))
    world.wait(3610)
    world.clock.jump(-1800)
    world.wait(10)
    assert set(world.ring) == {DARK}


def test_without_any_clock_what_was_last_night_leaves_no_ring_dark(world, tmp_path):
    world.desk_sets(3, "focus")
    world.hear(Hours(open=False, until=None, opens_at=world.now + HOUR))
    clock = HandClock(Instant.parse("2026-11-10T00:00:00.000Z"))
    clock.confirmed = clock.kept = False
    again = RoomWorld(tmp_path, clock=clock, cache=world.cache)
    again.wait(10)
    assert set(again.ring) != {DARK}
    again.hear(Hours(open=False, until=None, opens_at=MONDAY_9 + HOUR))
    again.wait(10)
    assert set(again.ring) == {DARK}


def test_the_screen_says_how_many_of_how_many_what_for_and_until_when(world):
    world.hear(Hours(open=True, until=world.now + 9 * HOUR, opens_at=None))
    world.desk_sets(5)
    page = world.pages[-1]
    assert (page.name, page.people, page.seats, page.use, page.until) == (
        "Open space",
        5,
        12,
        "Réunion",
        "jusqu'à 18:00",
    )


def test_the_screen_is_dark_when_the_place_is_closed(world):
    world.hear(Hours(open=False, until=None, opens_at=None))
    world.wait(10)
    assert world.pages[-1] is None


def test_a_badge_counts_its_holder_in_and_out_again_and_no_event_says_who(world):
    tap(world)
    world.wait(4)
    tap(world, "04B1B2C3D4E5F6")
    world.wait(4)
    tap(world)
    world.wait(4)
    assert world.told == ["1 free", "2 free", "1 free"]
    events = world.journal._disk.outbox
    assert not any(b"04A1" in entry.payload for entry in events.entries(1, events.recorded))


def test_who_was_counted_is_forgotten_when_the_room_goes_free(world):
    tap(world)
    world.press(long=True)
    world.wait(5)
    tap(world)
    world.wait(2)
    assert setting(world) == "1 free"


def test_a_badge_held_on_counts_once(world):
    tap(world)
    world.wait(1)
    tap(world)
    assert setting(world) == "1 free"


def test_a_lost_reader_is_an_alarm(world):
    world.unit.take(ReaderState("entry", True), world.station.moment())
    assert world.witness.told == ["alarm reader on"]


def test_the_settings_name_the_uses_that_presses_go_through(tmp_path):
    uses = (DEFAULT_USES[0], Use("nap", "Sieste", (1, 2, 3), DEFAULT_USES[0].gesture))
    world = RoomWorld(tmp_path, uses=uses)
    world.press()
    world.wait(1)
    assert world.unit._dial.setting == Setting(0, "nap")
