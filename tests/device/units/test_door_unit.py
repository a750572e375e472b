from datetime import timedelta

import pytest

from device.contract.codec import decode_event
from device.contract.instant import LAST, Instant
from device.contract.messages import Access, Command, Inside, Left, Occupancy, Receipt
from device.contract.unit_settings import UnitRules
from device.core.lights.door_ring import Picture
from tests.device.world import ANNE, BRUNO, KEYED, MONDAY_9, DoorWorld, HandClock, access_list, grant, outbox_of

NOBODY = "uid:00000000"


@pytest.fixture
def world(tmp_path):
    return DoorWorld(tmp_path)


def without_time():
    """A clock as a Pi without network and RTC starts with."""
    clock = HandClock(Instant.parse("2026-11-10T00:00:00.000Z"))
    clock.confirmed = clock.kept = False
    return clock


def command(kind="release", **more):
    return Command(id="c-1", kind=kind, expires_at=MONDAY_9, by="concierge", **more)


def test_the_strike_is_released_before_anything_else_is_done(world):
    world.tap(ANNE)
    assert world.told == ["released for 5 s", "buzzer granted", "granted granted"]


def test_a_tap_and_its_passage_stand_in_the_journal(world):
    world.tap(ANNE)
    world.wait(1)
    world.walk_through()
    assert world.events == [f"access entry granted granted {ANNE}", f"passage entry badge {ANNE}"]


def test_a_grant_nobody_used_is_written_as_unused(world):
    world.tap(ANNE)
    world.wait(6)
    assert world.events[1:] == [f"unused entry {ANNE}"]
    assert world.told[-1] == "secured"


def test_an_unknown_badge_is_denied_and_written(world):
    world.tap(NOBODY)
    assert world.told == ["buzzer unknown_credential", "denied unknown_credential"]
    assert world.events == [f"access entry denied unknown_credential {NOBODY}"]


def test_a_badge_held_to_the_reader_is_one_tap(world):
    world.tap(ANNE)
    world.clock.pass_(2)
    world.tap(ANNE)
    assert len(world.events) == 1


def test_entry_and_exit_readers_do_not_debounce_each_other(world):
    world.tap(ANNE)
    world.walk_through()
    world.clock.pass_(1)
    world.tap(ANNE, "exit")
    assert world.events[-1] == f"access exit granted exit {ANNE}"


def test_the_version_of_the_key_that_was_proved_is_written(world):
    world.tap(KEYED, authentic=True, key_version=2)
    outbox = outbox_of(world.journal)
    written = [decode_event(entry.payload) for entry in outbox.entries(1, outbox.recorded)]
    assert [event.key_version for event in written if isinstance(event, Access)] == [2]


def test_a_badge_that_cannot_prove_its_key_alarms_the_desk_for_a_minute(world):
    world.tap(KEYED, authentic=False)
    assert world.events == [f"access entry denied not_authentic {KEYED}", "alarm not_authentic True"]
    world.wait(60)
    assert world.events[2:] == ["alarm not_authentic False"]


def test_of_a_key_that_was_not_proved_it_is_written_by_which_list(world):
    world.tap(KEYED, authentic=False)
    world.tap(ANNE)
    outbox = outbox_of(world.journal)
    written = [decode_event(entry.payload) for entry in outbox.entries(1, outbox.recorded)]
    told = [event.list_issued_at for event in written if isinstance(event, Access)]
    assert told == [access_list().issued_at, None]


def test_a_keyed_badge_is_let_in_on_its_proof_alone(world):
    world.tap(KEYED, authentic=True)
    assert world.events == [f"access entry granted granted {KEYED}"]


def test_who_came_in_and_taps_again_is_admitted_and_reported(world):
    world.tap(ANNE)
    world.walk_through()
    world.wait(10)
    world.tap(ANNE)
    assert world.events[-1] == f"access entry granted already_inside {ANNE}"


def test_hard_anti_passback_denies_the_second_entry(tmp_path):
    world = DoorWorld(tmp_path, heard=[access_list(hard=True), Inside(members=[17], as_of=MONDAY_9)])
    world.tap(ANNE)
    assert world.told[-1] == "denied already_inside"


def test_a_toggle_reader_lets_in_who_is_out_and_out_who_is_in(world):
    world.tap(ANNE, "toggle")
    world.walk_through()
    world.wait(121)
    world.tap(ANNE, "toggle")
    world.walk_through()
    assert world.events == [
        f"access toggle granted granted {ANNE}",
        f"passage entry badge {ANNE}",
        f"access toggle granted exit {ANNE}",
        f"passage exit badge {ANNE}",
    ]


def test_on_a_toggle_reader_a_tap_just_after_the_entry_is_not_an_exit_and_the_ring_says_so(world):
    world.tap(ANNE, "toggle")
    world.walk_through()
    world.wait(60)
    world.told.clear()
    world.tap(ANNE, "toggle")
    assert world.told == ["released for 5 s", "buzzer already_inside", "granted already_inside"]


def test_with_an_old_occupancy_nobody_is_refused_for_full(tmp_path):
    full = Occupancy(present=35, guests=0, comfortable=25, max=35, level="full", uncertain=0, as_of=MONDAY_9)
    world = DoorWorld(tmp_path, heard=[access_list(), full])
    world.tap(ANNE)
    world.wait(601)
    world.tap(BRUNO)
    assert [event for event in world.events if event.startswith("access")] == [
        f"access entry denied full {ANNE}",
        f"access entry granted granted {BRUNO}",
    ]


def test_rex_releases_and_counts_an_anonymous_exit(world):
    world.level("rex", True)
    world.level("rex", False)
    world.level("contact", True)
    assert world.events == ["passage exit rex None"]
    assert "alarm forced on" not in world.told


def test_a_chattering_button_counts_once_though_the_door_stands_open(world):
    world.tap(ANNE)
    world.level("contact", True)
    for _ in range(5):
        world.level("rex", True)
        world.clock.pass_(0.01)
        world.level("rex", False)
    assert world.events[2:] == ["passage exit rex None"]


def test_a_forced_door_is_an_alarm_that_sounds_until_it_closes(world):
    world.level("contact", True)
    world.level("contact", False)
    assert world.events == ["alarm forced True", "alarm forced False"]
    assert world.told == ["alarm forced on", "buzzer forced", "alarm forced off", "buzzer silent"]


def test_a_hold_is_said_again_in_every_round_and_in_a_fire_as_one_that_lasts(world):
    world.door.obey(command("mode", value="free"), world.station.moment())
    for _ in range(3):
        world.door.tick(world.station.moment())
    assert len(world.witness.holds) >= 4
    assert not any(world.witness.holds)
    world.level("fire", True)
    world.door.tick(world.station.moment())
    assert world.witness.holds[-1] is True


def test_fire_holds_the_door_and_the_ring_says_so(world):
    world.level("fire", True)
    assert world.told[0] == "held"
    world.door.show(world.station.moment(), is_connected=True)
    assert world.panel._idle.picture is Picture.FIRE
    world.wait(3600)
    world.level("fire", False)
    assert "secured" in world.told


def test_one_lost_reader_is_an_alarm_until_all_are_back(world):
    world.reader(True, "entry")
    world.reader(True, "exit")
    world.reader(False, "entry")
    assert world.events == ["alarm reader True"]
    world.reader(False, "exit")
    assert world.events == ["alarm reader True", "alarm reader False"]


def test_an_operator_opens_once(world):
    assert world.door.obey(command(), world.station.moment()) is None
    world.walk_through()
    assert world.events == ["passage entry command None"]


def test_free_passage_ends_at_its_hour_by_itself(world):
    until = MONDAY_9 + timedelta(minutes=30)
    assert world.door.obey(command("mode", value="free", until=until), world.station.moment()) is None
    world.tap(NOBODY)
    world.wait(1799)
    assert "secured" not in world.told
    world.wait(1)
    assert world.told[-1] == "secured"
    assert world.events[0] == f"access entry granted free_passage {NOBODY}"


@pytest.mark.parametrize("jump_s", [100_000, -1800, -(10**9)], ids=["ahead", "back across its end", "to 1995"])
def test_free_passage_that_ended_does_not_come_back_when_the_clock_jumps(world, jump_s):
    world.door.obey(command("mode", value="free", until=MONDAY_9 + timedelta(seconds=3)), world.station.moment())
    world.wait(3)
    world.clock.jump(jump_s)
    world.wait(60)
    world.tap(NOBODY)
    assert (world.told.count("held"), world.told[-1]) == (1, "denied unknown_credential")


def test_free_passage_that_was_cut_off_with_the_power_waits_for_a_trusted_clock(tmp_path, world):
    world.door.obey(command("mode", value="free", until=MONDAY_9 + timedelta(hours=1)), world.station.moment())
    again = DoorWorld(tmp_path, clock=without_time(), cache=world.cache, heard=[])
    again.tap(NOBODY)
    assert (again.told.count("held"), again.told[-1]) == (0, "denied unknown_credential")
    again.clock.wall, again.clock.confirmed = MONDAY_9 + timedelta(minutes=30), True
    again.wait(0)
    assert again.told[-1] == "held"
    again.wait(1800)
    assert again.told[-1] == "secured"


def test_free_passage_that_ended_stays_ended_for_every_later_start(tmp_path, world):
    world.door.obey(command("mode", value="free", until=MONDAY_9 + timedelta(hours=1)), world.station.moment())
    world.wait(3600)
    assert world.cache["mode"] == b'{"value":"normal","until":null}'
    for clock in (without_time(), HandClock(MONDAY_9)):
        again = DoorWorld(tmp_path, clock=clock, cache=world.cache, heard=[])
        again.tap(NOBODY)
        assert again.told[-1] == "denied unknown_credential"


def test_free_passage_until_further_notice_outlives_a_power_cut_without_any_clock(tmp_path, world):
    world.door.obey(command("mode", value="free"), world.station.moment())
    again = DoorWorld(tmp_path, clock=without_time(), cache=world.cache, heard=[])
    again.tap(NOBODY)
    assert again.told[-1] == "granted free_passage"


def test_a_locked_door_is_unlocked_at_its_hour_though_the_clock_went_wrong(world):
    world.door.obey(
        command("mode", value="locked", until=MONDAY_9 + timedelta(hours=1)),
        world.station.moment(),
    )
    world.clock.jump(-1800)
    world.wait(3599)
    world.tap(ANNE)
    assert world.told[-1] == "denied outside_hours"
    world.wait(4)
    world.tap(ANNE)
    assert world.told[-1] == "granted granted"


def test_an_end_that_is_past_is_told_and_leaves_the_door_as_it_is(world):
    world.door.obey(command("mode", value="locked"), world.station.moment())
    assert "past" in world.door.obey(command("mode", value="free", until=MONDAY_9), world.station.moment())
    world.tap(NOBODY)
    assert world.told[-1] == "denied unknown_credential"
    world.tap(ANNE)
    assert world.told[-1] == "denied outside_hours"


def test_the_schedule_frees_no_door_whose_clock_is_not_trusted(tmp_path):
    always = (Instant.of_epoch_ms(0), LAST)
    world = DoorWorld(tmp_path, clock=without_time(), heard=[access_list(free=[always])])
    world.wait(60)
    assert "held" not in world.told


def test_free_passage_by_the_schedule_begins_and_ends_by_itself(tmp_path):
    hour = (MONDAY_9 + timedelta(hours=1), MONDAY_9 + timedelta(hours=2))
    world = DoorWorld(tmp_path, heard=[access_list(free=[hour])])
    world.wait(3600)
    assert world.told == ["held"]
    world.wait(3600)
    assert world.told == ["held", "secured"]


def test_a_locked_door_lets_nobody_in_and_everybody_out(world):
    world.door.obey(command("mode", value="locked"), world.station.moment())
    world.tap(ANNE)
    world.tap(BRUNO, "exit")
    assert [event.split()[2:4] for event in world.events] == [["denied", "outside_hours"], ["granted", "exit"]]


def test_the_mode_outlives_a_restart(tmp_path, world):
    world.door.obey(command("mode", value="locked"), world.station.moment())
    again = DoorWorld(tmp_path, cache=world.cache, heard=[])
    again.tap(ANNE)
    assert again.told[-1] == "denied outside_hours"


def test_a_door_lends_no_reader(world):
    order = command("lend", session="c4f10a2b3c4d5e6f", for_s=60)
    assert world.door.obey(order, world.station.moment()) == "a door cannot lend"


def test_after_a_restart_without_network_it_opens_from_its_list(tmp_path, world):
    again = DoorWorld(tmp_path, cache=world.cache, heard=[])
    again.tap(ANNE)
    assert again.told[0] == "released for 5 s"


@pytest.mark.parametrize("year", [1970, 1986, 2025])
def test_a_confirmed_clock_that_is_earlier_than_the_list_in_hand_is_told_as_unset(tmp_path, year):
    clock = HandClock(Instant.parse(f"{year}-06-02T09:00:00.000Z"))
    world = DoorWorld(tmp_path, clock=clock, heard=[access_list(issued_at=MONDAY_9)])
    assert world.station.moment().clock == "unset"


@pytest.mark.parametrize("wall", [Instant.of_epoch_ms(0), LAST])
def test_at_either_end_of_time_rex_releases_and_what_happened_can_be_read_again(tmp_path, wall):
    clock = HandClock(wall)
    clock.pass_(10)
    world = DoorWorld(tmp_path, clock=clock)
    world.level("rex", True)
    assert world.told[0] == "released for 5 s"
    assert world.events == ["passage exit rex None"]


def test_who_came_in_without_a_clock_leaves_at_the_next_tap(tmp_path):
    world = DoorWorld(tmp_path, clock=without_time())
    world.knowledge.heard(Inside(members=[], as_of=MONDAY_9))
    for _ in range(2):
        world.tap(ANNE, "toggle")
        world.walk_through()
        world.wait(121)
    assert [event for event in world.events if event.startswith("passage")] == [
        f"passage entry badge {ANNE}",
        f"passage exit badge {ANNE}",
    ]


def test_a_clock_years_off_refuses_nobody_and_its_events_say_so(world):
    world.station.moment()
    world.clock.jump(400 * 86_400)
    world.tap(ANNE)
    assert world.told[-1] == "granted granted"
    assert world.station.moment().clock == "unset"


def test_a_stale_list_is_refused_after_three_days_offline(tmp_path):
    clock = HandClock(MONDAY_9 + timedelta(days=3, seconds=1))
    world = DoorWorld(tmp_path, clock=clock)
    world.tap(ANNE)
    assert world.told[-1] == "denied stale_list"


def test_an_older_list_is_refused_and_a_newer_one_taken(world):
    world.hear(access_list(5, grants=[grant(ANNE, 17, standing="suspended")]))
    world.hear(access_list(4))
    world.tap(ANNE)
    assert world.told[-1] == "denied suspended"


def test_a_list_is_reported_once_a_restart_would_find_it(world):
    world.hear(access_list(5))
    assert world.knowledge.kept_version == 0
    world.knowledge.kept("access-list", world.cache["access-list"])
    assert world.knowledge.kept_version == 5


def receipt(seq, epoch="0000abcd"):
    left = Left(hour=0, half_day=7, day=0, golden=1, nomade=None)
    return Receipt(
        epoch=epoch, seq=seq, paid_by="tickets", left=left, of=11, owed_cents=0, expires=None, greeting="Bonjour"
    )


@pytest.mark.parametrize(
    ("answer", "after_s", "shown"),
    [(receipt(1), 1, True), (receipt(1), 5.1, False), (receipt(2), 1, False), (receipt(1, "ffffffff"), 1, False)],
    ids=["in time", "too late", "another tap's", "another epoch's"],
)
def test_a_receipt_is_shown_for_its_own_tap_and_in_time(world, answer, after_s, shown):
    world.tap(ANNE)
    world.clock.pass_(after_s)
    world.door.heard(answer, world.station.moment())
    shows = world.panel._answer
    assert (shows.picture is Picture.RECEIPT) == shown


def test_without_a_contact_the_grant_is_the_passage(tmp_path):
    world = DoorWorld(tmp_path, has_contact=False)
    world.tap(ANNE)
    assert world.events == [f"access entry granted granted {ANNE}", f"passage entry badge {ANNE}"]


def test_the_figures_are_settings(tmp_path):
    world = DoorWorld(tmp_path, rules=UnitRules(release_s=2, debounce_s=0))
    world.tap(ANNE)
    world.tap(ANNE)
    assert world.told[0] == "released for 2 s"
    assert len(world.events) == 2
