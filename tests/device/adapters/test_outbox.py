import sqlite3

import pytest

from device.adapters.outbox import NOTE_EVERY, RETAINED, Outbox
from device.errors import DiskFault


@pytest.fixture
def path(tmp_path):
    return tmp_path / "outbox.db"


@pytest.fixture
def outbox(path):
    made = Outbox(path, "0000abcd")
    yield made
    made.close()


def test_events_are_numbered_from_one_and_on(outbox):
    assert outbox.record([b"a", b"b"], 10, "boot") == 2
    assert outbox.record([b"c"], 11, "boot") == 3
    assert [(entry.seq, entry.payload) for entry in outbox.entries(2, 9)] == [(2, b"b"), (3, b"c")]


def test_a_new_file_starts_a_new_epoch_and_an_old_one_keeps_its_own(path, outbox):
    outbox.record([b"a"], 10, "boot")
    again = Outbox(path, "ffffffff")
    assert (again.epoch, again.recorded) == ("0000abcd", 1)


def test_a_command_is_remembered_with_the_event_that_tells_of_it(path, outbox):
    outbox.record([b"done"], 10, "boot", command="c-1")
    assert Outbox(path, "x").was_carried_out("c-1")
    assert not outbox.was_carried_out("c-2")


def test_a_command_that_is_told_of_twice_is_remembered_once(outbox):
    for last in (1, 2):
        assert outbox.record([b"done"], 10, "boot", command="c-1") == last
    assert outbox.was_carried_out("c-1")


def test_what_the_server_keeps_is_noted_now_and_then_and_with_each_event(path, outbox):
    outbox.record([b"x"] * 10, 10, "boot")
    outbox.kept_through(7)
    assert Outbox(path, "x").kept == 0
    outbox.record([b"y"], 11, "boot")
    assert Outbox(path, "x").kept == 7


def test_events_long_kept_are_dropped_and_the_newest_stay(outbox):
    count = RETAINED + 2 * NOTE_EVERY
    outbox.record([b"x"] * count, 10, "boot")
    outbox.kept_through(count)
    assert outbox.oldest == count - RETAINED + 1
    assert len(outbox.entries(1, count)) == RETAINED


def test_a_fresh_epoch_numbers_what_is_left_from_one(outbox):
    count = RETAINED + 2 * NOTE_EVERY
    outbox.record([b"%d" % number for number in range(1, count + 1)], 10, "boot")
    outbox.kept_through(count)
    first = outbox.oldest
    outbox.begin_epoch("11111111")
    assert (outbox.epoch, outbox.kept, outbox.oldest, outbox.recorded) == ("11111111", 0, 1, RETAINED)
    assert outbox.entries(1, 1)[0].payload == b"%d" % first
    assert outbox.record([b"new"], 12, "boot") == RETAINED + 1


def test_it_is_written_through_to_the_disk_at_each_commit(outbox, path):
    assert outbox._db.execute("PRAGMA synchronous").fetchone() == (2,)
    assert outbox._db.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_a_disk_that_takes_no_more_is_a_fault_and_nothing_is_half_written(outbox):
    outbox.record([b"a"], 10, "boot")
    outbox._db.execute("PRAGMA max_page_count = 5")
    with pytest.raises(DiskFault, match="write the outbox"):
        outbox.record([b"x" * 4000] * 50, 11, "boot")
    assert outbox.recorded == 1
    assert len(outbox.entries(1, 99)) == 1
    outbox._db.execute("PRAGMA max_page_count = 10000")
    assert outbox.record([b"b"], 12, "boot") == 2


def test_a_file_that_is_no_outbox_is_a_fault(path):
    path.write_bytes(b"not a database, by any means" * 100)
    with pytest.raises(DiskFault, match="open the outbox"):
        Outbox(path, "0000abcd")


def test_what_is_foreign_to_it_is_mapped_whatever_sqlite_raises(outbox):
    outbox.close()
    with pytest.raises(DiskFault) as raised:
        outbox.entries(1, 2)
    assert isinstance(raised.value.__cause__, sqlite3.Error)
    assert isinstance(raised.value, OSError)
