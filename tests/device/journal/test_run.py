"""A run as it goes over the wire: as much as fits, and something in the place of what cannot be read."""

import json

import pytest

from device.adapters.outbox import Outbox
from device.contract.codec import MAX_BYTES, encode
from device.contract.messages import Alarm, CommandDone
from device.core.delivery import Stretch
from device.journal.run import run_of
from tests.device.world import MONDAY_9

ALARM = encode(Alarm(at=MONDAY_9, clock="synced", alarm="held", active=True))


@pytest.fixture
def outbox():
    made = Outbox(None, "0000abcd")
    yield made
    made.close()


def sent(outbox, first, last, told=None):
    """The run as an object, and how much of the stretch it is."""
    run, stretch = run_of(outbox, Stretch(first, last), MONDAY_9, lambda entry: 7, (told or []).append)
    assert len(run) <= MAX_BYTES
    return json.loads(run), stretch


def test_a_stretch_goes_under_its_own_numbers(outbox):
    outbox.record([ALARM] * 5, 0, "boot")
    run, stretch = sent(outbox, 2, 4)
    assert (run["epoch"], run["first"], run["sent_at"]) == ("0000abcd", 2, str(MONDAY_9))
    assert run["events"] == [json.loads(ALARM)] * 3
    assert stretch == Stretch(2, 4)


def test_only_under_an_unset_clock_does_an_event_tell_its_age(outbox):
    outbox.record([encode(Alarm(at=MONDAY_9, clock="unset", age_ms=0, alarm="held", active=True)), ALARM], 0, "boot")
    assert [event.get("age_ms") for event in sent(outbox, 1, 2)[0]["events"]] == [7, None]


def test_what_cannot_be_read_is_told_by_its_first_hundred_bytes_and_what_is_missing_by_its_number(outbox):
    rotten, told = bytes(range(256)), list[str]()
    outbox.record([rotten, ALARM, ALARM], 0, "boot")
    outbox._db.execute("DELETE FROM event WHERE seq = 2")
    run, stretch = run_of(outbox, Stretch(1, 3), MONDAY_9, lambda entry: 7, told.append)
    assert json.loads(run)["events"] == [
        {"kind": "unreadable", "bytes": rotten[:100].hex()},
        {"kind": "unreadable"},
        json.loads(ALARM),
    ]
    assert stretch == Stretch(1, 3)
    assert [line.split(":")[0].split(" is")[0] for line in told] == ["event 1", "event 2"]


def event_of(size):
    """An event of so many bytes."""
    bare = encode(CommandDone(at=MONDAY_9, clock="synced", id="c", ok=False, error=""))
    return bare.replace(b'"error":""', b'"error":"' + b"e" * (size - len(bare)) + b'"')


@pytest.mark.parametrize(("first", "fit"), [(254, 256), (255, 255)])
def test_what_does_not_fit_to_the_last_byte_waits_for_the_next_run(outbox, first, fit):
    """256 bytes are for what stands around events, and one for each comma."""
    outbox.record([event_of(first), *[event_of(254)] * 299], 0, "boot")
    run, stretch = sent(outbox, 1, 300)
    assert (len(run["events"]), stretch) == (fit, Stretch(1, fit))
    assert MAX_BYTES - 256 == 255 * 256


def test_an_event_that_is_longer_than_a_run_is_told_in_few_bytes(outbox):
    outbox.record([b"{" + b"x" * (MAX_BYTES + 1), ALARM], 0, "boot")
    assert sent(outbox, 1, 2)[1] == Stretch(1, 2)
