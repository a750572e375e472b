"""Whatever the outbox holds, the journal opens, records and delivers; what is no event is told as something else."""

import shutil
import sqlite3
from contextlib import closing
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.contract.codec import MAX_BYTES, LooseRun, decode, decode_events, encode
from device.contract.errors import Malformed
from device.contract.messages import Ack, Alarm, CommandDone, Passage
from device.journal.journal import Journal
from tests.device.world import ANNE, MONDAY_9, outbox_of
from tests.examples import examples

EVENTS = 12
KEPT = 7
ALARM = Alarm(at=MONDAY_9, clock="synced", alarm="held", active=True)
LAST = Passage(at=MONDAY_9, clock="synced", credential=ANNE, side="entry", by="badge")


def event(number):
    return Alarm(at=MONDAY_9, clock="synced", alarm="held", active=bool(number % 2))


class BooksOfEvents:
    """A server as the contract wants it: in order, each once, what is malformed set aside and counted as kept."""

    def __init__(self):
        self.kept, self.set_aside = {}, {}

    def take(self, payload):
        assert len(payload) <= MAX_BYTES
        run = decode(payload, LooseRun)
        kept = self.kept.setdefault(run.epoch, [])
        aside = self.set_aside.setdefault(run.epoch, [])
        events = decode_events(run)
        if run.first <= len(kept) + 1:
            for told in events[len(kept) + 1 - run.first :]:
                kept.append(told)
                if isinstance(told, Malformed):
                    aside.append(len(kept))
        return Ack(epoch=run.epoch, through=len(kept))


def opened(path, **more):
    numbers = count(1000)
    return Journal(path, "boot-2", lambda: f"{next(numbers):08x}", lambda: 1000.0, **more)


def written(folder, events=EVENTS, kept=KEPT):
    """An outbox of a former start, closed, and the server that has its first events."""
    path = folder / "outbox.db"
    journal = Journal(path, "boot-1", lambda: "0000abcd", lambda: 500.0)
    server = BooksOfEvents()
    journal.connected(True)
    for number in range(events):
        journal.record([event(number)])
        for run in journal.due_runs(MONDAY_9, 500):
            ack = server.take(run)
            if ack.through <= kept:
                journal.acknowledged(ack, 500)
    server.kept["0000abcd"] = server.kept.get("0000abcd", [])[:kept]
    outbox_of(journal).set_note("clean", "yes")
    journal.close()
    with closing(sqlite3.connect(path)) as outbox:  # as one file, for what is damaged in it
        outbox.execute("PRAGMA journal_mode=DELETE")
    return path, server


def delivered(journal, server, now_s=1000.0):
    """All of it, as the controller and the server go about it; False where it would never end."""
    journal.connected(True)
    for _ in range(200):
        acks = [server.take(run) for run in journal.due_runs(MONDAY_9, now_s)]
        for ack in acks:
            journal.acknowledged(ack, now_s)
        if not journal.pending:
            return True
        now_s += 0 if acks else 11
    return False


def changed(path, *statements):
    with closing(sqlite3.connect(path)) as outbox, outbox:
        for statement in statements:
            outbox.execute("PRAGMA writable_schema = ON")
            outbox.execute(statement)


def goes_on(path, server):
    """Opens it, lives with it, delivers it; the journal, for what else is to be seen."""
    journal = opened(path)
    journal.recent_passages()
    journal.began("1.0")
    journal.was_carried_out("c-1")
    last = journal.record([LAST])
    assert delivered(journal, server), "something stands before the rest for ever"
    assert server.kept[last.epoch][last.seq - 1] == LAST
    return journal


def aside(path):
    return sorted(each.name for each in path.parent.iterdir() if not each.name.startswith("outbox.db"))


TOO_LATE = encode(ALARM).replace(b"2026", b"2311")
ROTTEN = {
    "bytes that are no text": b"\xff\xfe",
    "half an event": b'{"kind":"acc',
    "nothing": b"",
    "an event of a year that cannot be": TOO_LATE,
    "another kind of event": b'{"kind":"moonrise"}',
    "no object": b"null",
    "very deep": b"[" * 50_000,
    "more than a run may hold": b'{"kind":"' + b"x" * 70_000 + b'"}',
    "an unset clock without an age": encode(ALARM).replace(b"synced", b"unset"),
}


@pytest.mark.parametrize("payload", ROTTEN.values(), ids=ROTTEN)
def test_a_rotten_event_is_told_as_such_and_the_rest_is_delivered(tmp_path, payload):
    path, server = written(tmp_path)
    changed(path, f"UPDATE event SET payload = x'{payload.hex()}' WHERE seq = 10")
    journal = goes_on(path, server)
    assert journal.is_damaged
    kept = server.kept["0000abcd"]
    assert [kept[seq - 1] for seq in (8, 9, 11, 12)] == [event(seq - 1) for seq in (8, 9, 11, 12)]
    assert server.set_aside["0000abcd"] == [10]


@pytest.mark.parametrize("seq", [1, 3, KEPT])
def test_a_rotten_event_that_the_server_has_already_troubles_nobody(tmp_path, seq):
    path, server = written(tmp_path)
    changed(path, f"UPDATE event SET payload = x'FFFE' WHERE seq = {seq}")
    assert not goes_on(path, server).is_damaged


def test_a_rotten_event_among_good_ones_is_told_before_anything_is_sent(tmp_path):
    path, _ = written(tmp_path)
    changed(path, "UPDATE event SET payload = x'FFFE' WHERE seq = 10")
    journal = opened(path)
    assert journal.recent_passages() == []
    assert journal.is_damaged


def test_a_missing_event_keeps_the_numbers_of_those_behind_it(tmp_path):
    path, server = written(tmp_path)
    changed(path, "DELETE FROM event WHERE seq IN (9, 10)")
    journal = goes_on(path, server)
    assert journal.is_damaged
    assert server.set_aside["0000abcd"] == [9, 10]
    assert aside(path) == []
    assert server.kept["0000abcd"][10:12] == [event(10), event(11)]


@pytest.mark.parametrize("monotonic_s", ["9e999", "-9e999", "1e300", "-1e300"])
def test_an_age_that_cannot_be_is_told_as_one_that_can(tmp_path, monotonic_s):
    path, server = written(tmp_path)
    payload = encode(msgspec.structs.replace(ALARM, clock="unset", age_ms=0)).hex()
    changed(path, f"UPDATE event SET payload = x'{payload}', monotonic_s = {monotonic_s} WHERE seq = 10")
    goes_on(path, server)
    assert server.kept["0000abcd"][9].clock == "unset"


def test_a_run_is_never_larger_than_the_contract_allows(tmp_path):
    journal, server = opened(tmp_path / "outbox.db"), BooksOfEvents()
    long = CommandDone(at=MONDAY_9, clock="synced", id="c" * 200, ok=False, error="é" * 1000)
    journal.record([long] * 150)
    assert delivered(journal, server)
    assert next(iter(server.kept.values())) == [long] * 150


@pytest.mark.parametrize("length", range(220, 240))
def test_a_full_run_is_within_the_contract_to_the_last_comma(tmp_path, length):
    journal, server = opened(tmp_path / "outbox.db"), BooksOfEvents()
    journal.record([CommandDone(at=MONDAY_9, clock="synced", id="c", ok=False, error="e" * length)] * 200)
    assert delivered(journal, server)


@pytest.mark.parametrize("kept", ["abc", "", "-1", "9" * 30, "9007199254740992", "1e3", "٧", " 7", "13"])
def test_whatever_is_noted_as_kept_nothing_is_lost_and_nothing_doubled(tmp_path, kept):
    path, server = written(tmp_path)
    changed(path, f"UPDATE note SET value = '{kept}' WHERE name = 'kept'")
    assert goes_on(path, server).is_damaged
    assert server.kept["0000abcd"] == [event(number) for number in range(EVENTS)]


@pytest.mark.parametrize("kept", ["0", "3"])
def test_a_note_that_is_too_low_sends_again_and_the_server_skips(tmp_path, kept):
    path, server = written(tmp_path)
    changed(path, f"UPDATE note SET value = '{kept}' WHERE name = 'kept'")
    goes_on(path, server)
    assert server.kept["0000abcd"] == [*(event(number) for number in range(EVENTS)), LAST]


@pytest.mark.parametrize("epoch", ["", "0000ABCD", "0000abcd0", "zzzzzzzz", "0000abc\n"])
def test_without_a_good_epoch_what_is_not_kept_goes_in_a_fresh_one(tmp_path, epoch):
    path, server = written(tmp_path)
    changed(path, f"UPDATE note SET value = '{epoch}' WHERE name = 'epoch'")
    assert goes_on(path, server).is_damaged
    (fresh,) = [kept for epoch, kept in server.kept.items() if epoch != "0000abcd"]
    assert fresh == [*(event(number) for number in range(KEPT, EVENTS)), LAST]


@pytest.mark.parametrize("name", ["epoch", "kept"])
def test_a_note_that_is_gone_loses_nothing(tmp_path, name):
    path, server = written(tmp_path)
    changed(path, f"DELETE FROM note WHERE name = '{name}'")
    goes_on(path, server)
    told = [told for kept in server.kept.values() for told in kept]
    assert [each for each in told if isinstance(each, Alarm)][KEPT:] == [
        event(number) for number in range(KEPT, EVENTS)
    ]


@pytest.mark.parametrize(
    "statement",
    [
        "DROP TABLE event",
        "DROP TABLE note",
        "DROP TABLE carried_out",
        "ALTER TABLE event ADD COLUMN more TEXT",
        "ALTER TABLE event RENAME COLUMN boot TO shoe",
        "CREATE TRIGGER no BEFORE INSERT ON event BEGIN SELECT raise(ABORT, 'no'); END",
        "CREATE VIEW something AS SELECT 1",
        "UPDATE sqlite_schema SET sql = 'CREATE TABLE event (' WHERE name = 'event'",
        "INSERT INTO event VALUES (-5, x'00', 0, '')",
        "INSERT INTO event VALUES (9223372036854775807, x'00', 0, '')",
        "INSERT INTO event VALUES (4503599627370496, x'00', 0, '')",
    ],
)
def test_an_outbox_of_another_shape_is_put_aside_and_another_begun(tmp_path, statement):
    path, server = written(tmp_path)
    changed(path, statement)
    assert goes_on(path, server).is_damaged
    assert aside(path) == ["outbox.delivered-1.db"]


def test_what_can_be_read_of_a_damaged_outbox_is_delivered_under_its_own_numbers(tmp_path):
    path, server = written(tmp_path)
    changed(path, "DROP TABLE carried_out", "CREATE TABLE carried_out (shoe TEXT)")
    goes_on(path, server)
    assert server.kept["0000abcd"] == [event(number) for number in range(EVENTS)]
    assert [LAST] in server.kept.values()


def test_of_a_broken_table_what_stands_before_and_behind_the_break_is_delivered(tmp_path):
    path, server = written(tmp_path, events=600, kept=0)
    content = bytearray(path.read_bytes())
    middle = content.index(encode(event(1)), len(content) // 2) // 4096 * 4096
    content[middle : middle + 4096] = bytes(4096)
    path.write_bytes(content)
    assert opened(path).is_damaged, "told at the start, before anything is read"
    goes_on(path, server)
    kept = server.kept["0000abcd"]
    assert len(kept) == 600
    assert {kept[0], kept[-1]} == {event(0), event(599)}
    assert 0 < len(server.set_aside["0000abcd"]) < 60


@pytest.mark.parametrize("content", [b"", b"not a database, by any means" * 100, b"SQLite format 3\x00" + bytes(4096)])
def test_a_file_that_is_no_outbox_is_kept_beside_and_told(tmp_path, content):
    path = tmp_path / "outbox.db"
    path.write_bytes(content)
    assert goes_on(path, BooksOfEvents()).is_damaged
    (beside,) = aside(path)
    assert (tmp_path / beside).read_bytes() == content


def test_a_damaged_outbox_that_cannot_be_put_aside_is_a_failing_disk(tmp_path, mocker):
    path, server = written(tmp_path)
    changed(path, "DROP TABLE event")
    rename = mocker.patch("device.journal.deliveries._rename", side_effect=OSError("read-only"))
    journal = opened(path)
    assert (journal.is_damaged, journal.disk_fails) == (True, True)
    journal.record([LAST])
    assert delivered(journal, server)
    mocker.stop(rename)
    journal.retry_disk()
    assert not journal.disk_fails


def test_what_was_saved_of_a_damaged_outbox_is_let_go_when_it_is_delivered(tmp_path):
    path, server = written(tmp_path)
    changed(path, "DROP TABLE carried_out", "CREATE TABLE carried_out (shoe TEXT)")
    journal = goes_on(path, server)
    journal.acknowledged(Ack(epoch="0000abcd", through=KEPT), 2000)
    assert journal.pending == 0


def test_several_damaged_files_are_all_kept(tmp_path):
    path = tmp_path / "outbox.db"
    for nth in range(3):
        path.write_bytes(b"rubbish %d" % nth * 100)
        goes_on(path, BooksOfEvents()).close()
    assert aside(path) == ["outbox.delivered-1.db", "outbox.delivered-2.db", "outbox.delivered-3.db"]


def test_what_was_saved_is_saved_again_after_a_power_cut_until_it_is_delivered(tmp_path):
    path, server = written(tmp_path)
    changed(path, "DROP TABLE carried_out", "CREATE TABLE carried_out (shoe TEXT)")
    opened(path).close()  # never connected
    assert aside(path) == ["outbox.damaged-1.db"]
    goes_on(path, server).close()
    assert aside(path) == ["outbox.delivered-1.db"]
    assert server.kept["0000abcd"] == [event(number) for number in range(EVENTS)]
    assert not goes_on(path, server).is_damaged


def test_an_outbox_that_rots_while_it_is_written_is_put_aside_and_the_event_written(tmp_path):
    path, server = written(tmp_path)
    journal = opened(path)
    changed(path, "DROP TABLE event", "CREATE TABLE event (shoe TEXT)")
    last = journal.record([LAST])
    assert (journal.is_damaged, journal.disk_fails) == (True, False)
    assert delivered(journal, server)
    assert server.kept[last.epoch][last.seq - 1] == LAST
    again = opened(path)
    assert again.recent_passages() == [LAST]


def test_what_is_saved_while_the_link_is_up_is_delivered_without_another_connection(tmp_path):
    path, server = written(tmp_path)
    journal = opened(path)
    journal.connected(True)
    changed(path, "CREATE TRIGGER no BEFORE INSERT ON event BEGIN SELECT raise(ABORT, 'no'); END")
    journal.record([LAST])
    for run in list(journal.due_runs(MONDAY_9, 1000)):
        journal.acknowledged(server.take(run), 1000)
    assert journal.pending == 0
    assert server.kept["0000abcd"] == [event(number) for number in range(EVENTS)]


def test_an_older_state_of_the_disk_takes_no_numbers_that_the_server_knows(tmp_path):
    """The card was restored from a copy: its next events are other ones than those the server has."""
    path, server = written(tmp_path)
    shutil.copy(path, tmp_path / "copy")
    goes_on(path, server).close()
    before = list(server.kept["0000abcd"])
    (tmp_path / "copy").replace(path)
    for ending in ("-wal", "-shm"):
        Path(f"{path}{ending}").unlink(missing_ok=True)
    server.kept["0000abcd"] += [ALARM] * 5
    journal = goes_on_from_a_copy(path, server)
    assert journal.is_damaged
    assert server.kept["0000abcd"][: len(before)] == before


def goes_on_from_a_copy(path, server):
    journal = opened(path)
    journal.record([LAST])
    assert delivered(journal, server)
    assert any(LAST in kept for epoch, kept in server.kept.items() if epoch != "0000abcd")
    return journal


DAMAGE = st.lists(
    st.tuples(st.floats(0, 1, exclude_max=True), st.binary(min_size=1, max_size=40)), min_size=1, max_size=4
)


@examples(60)
@given(DAMAGE, st.floats(0, 1))
def test_whatever_bytes_rot_and_wherever_the_file_ends_it_goes_on(damage, ends_at):
    with TemporaryDirectory() as folder:
        path, server = written(Path(folder))
        content = bytearray(path.read_bytes())
        for at, rot in damage:
            where = int(at * len(content))
            content[where : where + len(rot)] = rot
        if ends_at < 0.3:
            del content[int(ends_at * 3 * len(content)) :]
        path.write_bytes(content)
        goes_on(path, server).close()


@examples(60)
@given(st.integers(1, EVENTS), st.binary(max_size=200))
def test_whatever_bytes_stand_in_a_row_it_goes_on(seq, payload):
    with TemporaryDirectory() as folder:
        path, server = written(Path(folder))
        changed(path, f"UPDATE event SET payload = x'{payload.hex()}' WHERE seq = {seq}")
        goes_on(path, server).close()


@examples(60)
@given(
    st.integers(1, EVENTS),
    st.floats(allow_nan=False) | st.sampled_from([1e308, -1e308, 5e9]),
    st.sampled_from(["boot-1", "boot-2", "another"]),
)
def test_whatever_time_stands_in_a_row_it_goes_on(seq, monotonic_s, boot):
    with TemporaryDirectory() as folder:
        path, server = written(Path(folder))
        payload = encode(msgspec.structs.replace(ALARM, clock="unset", age_ms=0)).hex()
        changed(path, f"UPDATE event SET payload = x'{payload}' WHERE seq > {KEPT}")
        number = {"inf": "9e999", "-inf": "-9e999"}.get(repr(monotonic_s), repr(monotonic_s))
        changed(path, f"UPDATE event SET monotonic_s = {number}, boot = '{boot}' WHERE seq = {seq}")
        goes_on(path, server).close()


@examples(60)
@given(st.sampled_from(["epoch", "kept", "boot", "version", "clean"]), st.text(max_size=30))
def test_whatever_stands_in_a_note_it_goes_on(name, value):
    with TemporaryDirectory() as folder:
        path, server = written(Path(folder))
        with closing(sqlite3.connect(path)) as outbox, outbox:
            value = value.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
            outbox.execute("INSERT OR REPLACE INTO note VALUES (?, ?)", (name, value))
        goes_on(path, server).close()
