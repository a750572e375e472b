import json
from itertools import count

import pytest

from device.adapters.outbox import Outbox
from device.contract.messages import Ack, Alarm, Passage
from device.errors import Damaged, DiskFault
from device.journal.journal import EventId, Journal
from tests.device.world import ANNE, MONDAY_9


class Hand:
    """A monotonic clock moved by hand."""

    now_s = 1000.0

    def __call__(self):
        return self.now_s


@pytest.fixture
def clock():
    return Hand()


@pytest.fixture
def epochs():
    numbers = count(1)
    return lambda: f"{next(numbers):08x}"


@pytest.fixture
def journal(tmp_path, clock, epochs):
    return Journal(tmp_path / "outbox.db", "boot-1", epochs, clock)


def passage(clock="synced"):
    age_ms = 0 if clock == "unset" else None
    return Passage(at=MONDAY_9, clock=clock, age_ms=age_ms, credential=ANNE, side="entry", by="badge")


ALARM = Alarm(at=MONDAY_9, clock="synced", alarm="held", active=True)


def runs(journal, now_s=1000.0):
    return [json.loads(run) for run in journal.due_runs(MONDAY_9, now_s)]


def fail(journal):
    """From now on the disk takes nothing."""
    journal._disk.outbox._db.execute("PRAGMA query_only = ON")


def mend(journal):
    journal._disk.outbox._db.execute("PRAGMA query_only = OFF")


def test_events_stand_in_the_outbox_before_they_are_sent(journal):
    assert journal.record([passage(), ALARM]) == EventId("00000001", 2)
    assert runs(journal) == []
    journal.connected(True)
    sent = runs(journal)
    assert [(run["epoch"], run["first"], len(run["events"])) for run in sent] == [("00000001", 1, 2)]
    assert sent[0]["sent_at"] == str(MONDAY_9)


def test_they_are_sent_once_until_the_server_is_silent_for_too_long(journal):
    journal.connected(True)
    journal.record([ALARM])
    assert len(runs(journal, 1000)) == 1
    assert runs(journal, 1009) == []
    assert len(runs(journal, 1010)) == 1


def test_what_is_acknowledged_is_pending_no_more(journal):
    journal.record([ALARM] * 3)
    journal.connected(True)
    runs(journal)
    journal.acknowledged(Ack(epoch="00000001", through=2), 1001)
    assert journal.pending == 1
    journal.acknowledged(Ack(epoch="ffffffff", through=3), 1001)
    assert journal.pending == 1


def test_after_a_restart_only_what_was_not_kept_goes_again(tmp_path, journal, clock, epochs):
    journal.record([ALARM] * 3)
    journal.connected(True)
    runs(journal)
    journal.acknowledged(Ack(epoch="00000001", through=2), 1001)
    journal.record([ALARM])
    again = Journal(tmp_path / "outbox.db", "boot-1", epochs, clock)
    again.connected(True)
    assert [(run["first"], len(run["events"])) for run in runs(again)] == [(3, 2)]


def test_an_event_under_an_unset_clock_carries_its_age_when_sent(journal, clock):
    journal.record([passage("unset")])
    clock.now_s += 90
    journal.connected(True)
    assert runs(journal, clock.now_s)[0]["events"][0]["age_ms"] == 90_000


def test_after_another_boot_its_age_is_at_least_that_of_this_start(tmp_path, journal, clock, epochs):
    journal.record([passage("unset")])
    clock.now_s += 60
    journal.record([passage("unset")])
    clock.now_s = 5.0
    again = Journal(tmp_path / "outbox.db", "boot-2", epochs, clock)
    clock.now_s = 12.0
    again.connected(True)
    ages = [event["age_ms"] for event in runs(again, 12.0)[0]["events"]]
    assert ages == [67_000, 7_000]


def test_a_disk_that_fails_keeps_nothing_back_from_the_server(journal):
    journal.record([ALARM])
    fail(journal)
    first = journal.record([passage()])
    assert first == EventId("00000002", 1)
    assert journal.disk_fails
    journal.connected(True)
    assert [(run["epoch"], run["first"]) for run in runs(journal)] == [("00000001", 1), ("00000002", 1)]


def test_once_the_disk_is_back_it_is_used_and_the_spare_still_delivered(journal):
    fail(journal)
    journal.record([passage()])
    journal.retry_disk()
    assert journal.disk_fails
    mend(journal)
    journal.retry_disk()
    assert not journal.disk_fails
    assert journal.record([ALARM]) == EventId("00000001", 1)
    assert journal.pending == 2
    journal.connected(True)
    assert {run["epoch"] for run in runs(journal)} == {"00000001", "00000002"}


def test_a_disk_that_failed_is_left_alone_until_it_is_tried_again(journal):
    fail(journal)
    journal.record([ALARM])
    mend(journal)
    assert journal.record([ALARM]) == EventId("00000002", 2)


def test_no_event_waits_for_a_failing_disk_twice(journal, mocker):
    writes = mocker.patch.object(journal._disk.outbox, "record", side_effect=DiskFault("full"))
    assert journal.record([ALARM]) == EventId("00000002", 1)
    assert writes.call_count == 1


def test_a_disk_that_fails_right_after_a_damaged_outbox_was_put_aside_fails(tmp_path, journal, mocker):
    """And not for good: the event is in memory, and the disk is tried again."""
    record = Outbox.record
    faults = [Damaged("rot"), DiskFault("full")]

    def failing(outbox, *what):
        if faults:
            raise faults.pop(0)
        return record(outbox, *what)

    mocker.patch.object(Outbox, "record", failing)
    journal.record([ALARM])
    assert (journal.is_damaged, journal.disk_fails, journal.pending) == (True, True, 1)
    journal.retry_disk()
    assert not journal.disk_fails


def test_a_disk_that_comes_after_the_start_is_taken_up(tmp_path, clock, epochs):
    blocked = tmp_path / "blocked"
    blocked.write_text("a file where the folder should be")
    journal = Journal(blocked / "outbox.db", "boot-1", epochs, clock)
    journal.retry_disk()
    assert journal.disk_fails
    blocked.unlink()
    journal.retry_disk()
    assert not journal.disk_fails
    journal.record([ALARM])
    assert Journal(blocked / "outbox.db", "boot-1", epochs, clock).pending == 1


def test_a_failing_disk_that_turns_out_to_be_damaged_is_begun_anew(tmp_path, journal, mocker):
    fail(journal)
    journal.record([ALARM])
    mocker.patch.object(journal._disk.outbox, "set_note", side_effect=Damaged("rot"))
    journal.retry_disk()
    assert (journal.is_damaged, journal.disk_fails) == (True, False)
    assert list(tmp_path.glob("outbox.d*-1.db"))


def test_without_any_disk_it_still_records(tmp_path, clock, epochs):
    (tmp_path / "blocked").write_text("a file where the folder should be")
    journal = Journal(tmp_path / "blocked" / "outbox.db", "boot-1", epochs, clock)
    assert journal.disk_fails
    assert journal.record([ALARM]).seq == 1
    journal.retry_disk()
    assert journal.note("version") is None
    assert journal.recent_passages() == []


def test_commands_are_remembered_across_a_restart(tmp_path, journal, clock, epochs):
    journal.record([ALARM], command="c-1")
    again = Journal(tmp_path / "outbox.db", "boot-1", epochs, clock)
    assert again.was_carried_out("c-1")
    assert not again.was_carried_out("c-2")


def test_a_command_is_remembered_wherever_it_was_written(journal):
    journal.record([ALARM], command="c-1")
    fail(journal)
    journal.record([ALARM], command="c-2")
    assert [journal.was_carried_out(command) for command in ("c-1", "c-2", "c-3")] == [True, True, False]


def test_a_disk_that_tells_nothing_knows_of_no_passage_no_command_and_no_note(journal, mocker):
    journal.record([passage()], command="c-1")
    for question in ("entries", "was_carried_out", "note"):
        mocker.patch.object(journal._disk.outbox, question, side_effect=DiskFault("gone"))
    assert (journal.recent_passages(), journal.was_carried_out("c-1"), journal.note("version")) == ([], False, None)


def test_own_passages_are_found_again_after_a_restart(tmp_path, journal, clock, epochs):
    journal.record([ALARM, passage()])
    assert Journal(tmp_path / "outbox.db", "boot-1", epochs, clock).recent_passages() == [passage()]


def test_a_passage_is_found_behind_what_came_after_it(journal):
    journal.record([passage(), ALARM])
    assert journal.recent_passages() == [passage()]


def test_the_last_two_thousand_events_are_looked_through_for_passages(journal):
    journal.record([passage(), *[ALARM] * 2000])
    assert journal.recent_passages() == [passage()]
    journal.record([ALARM])
    assert journal.recent_passages() == []


def test_no_event_is_older_than_ten_years(journal):
    journal.record([passage("unset")])
    journal.connected(True)
    assert runs(journal, 1e12)[0]["events"][0]["age_ms"] == 10 * 366 * 24 * 3600 * 1000


def test_no_event_is_younger_than_now(journal, clock):
    clock.now_s += 60
    journal.record([passage("unset")])
    journal.connected(True)
    assert runs(journal, clock.now_s - 60)[0]["events"][0]["age_ms"] == 0


def test_the_start_after_another_boot_is_no_crash(tmp_path, journal, clock, epochs):
    assert journal.began("1.0") == "boot"
    assert journal.began("1.0") == "crash"
    assert Journal(tmp_path / "outbox.db", "boot-2", epochs, clock).began("1.0") == "boot"


def test_the_start_after_a_clean_end_is_no_crash_and_another_program_is_an_update(journal):
    journal.began("1.0")
    journal.set_note("clean", "yes")
    assert journal.began("1.0") == "boot"
    assert journal.began("1.1") == "update"


def test_the_folder_of_the_outbox_is_made_where_it_is_not_there(tmp_path, clock, epochs):
    journal = Journal(tmp_path / "var" / "unit" / "outbox.db", "boot-1", epochs, clock)
    assert not journal.disk_fails
    assert (tmp_path / "var" / "unit" / "outbox.db").exists()


def test_something_may_have_to_be_sent_again_when_the_first_that_waits_is_due(journal):
    assert journal.deadline_s() is None
    journal.connected(True)
    journal.record([ALARM])
    runs(journal, 1000)
    assert journal.deadline_s() == 1010
    fail(journal)
    journal.record([ALARM])
    runs(journal, 1003)
    assert journal.deadline_s() == 1010
    journal.acknowledged(Ack(epoch="00000001", through=1), 1004)
    assert journal.deadline_s() == 1013


def test_a_server_that_knows_more_gets_what_it_lacks_in_a_new_epoch_and_nothing_twice(journal):
    journal.record([ALARM, passage(), ALARM])
    journal.connected(True)
    runs(journal)
    journal.acknowledged(Ack(epoch="00000001", through=1), 1001)
    journal.acknowledged(Ack(epoch="00000001", through=4), 1002)
    assert journal.is_damaged
    ((epoch, first, kinds),) = (
        (run["epoch"], run["first"], [event["kind"] for event in run["events"]]) for run in runs(journal, 1003)
    )
    assert (epoch, first, kinds) == ("00000002", 1, ["passage", "alarm"])


@pytest.mark.parametrize(("through", "epoch", "first"), [(40, "00000001", 41), (39, "00000002", 1)])
def test_a_new_epoch_begins_only_where_something_that_was_dropped_is_lacking(journal, mocker, through, epoch, first):
    mocker.patch("device.adapters.outbox.RETAINED", 10)
    mocker.patch("device.adapters.outbox.NOTE_EVERY", 5)
    journal.record([ALARM] * 50)
    journal.connected(True)
    runs(journal)
    journal.acknowledged(Ack(epoch="00000001", through=50), 1001)
    journal.acknowledged(Ack(epoch="00000001", through=through), 1002)
    assert [(run["epoch"], run["first"], len(run["events"])) for run in runs(journal, 1003)] == [(epoch, first, 10)]


def test_a_server_that_lost_what_was_dropped_here_gets_the_rest_in_a_new_epoch(journal, mocker):
    mocker.patch("device.adapters.outbox.RETAINED", 10)
    mocker.patch("device.adapters.outbox.NOTE_EVERY", 5)
    for _ in range(10):
        journal.record([ALARM] * 5)
    journal.connected(True)
    runs(journal)
    journal.acknowledged(Ack(epoch="00000001", through=50), 1001)
    assert journal.pending == 0
    journal.acknowledged(Ack(epoch="00000001", through=3), 1002)
    sent = runs(journal, 1003)
    assert [(run["epoch"] != "00000001", run["first"], len(run["events"])) for run in sent] == [(True, 1, 10)]
