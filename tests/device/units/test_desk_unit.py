"""A desk: it answers a badge as a door would, opens nothing, and lends its reader to the server."""

import logging

import pytest

from device.contract.codec import decode_event
from device.contract.lent_reader import CardAnswer
from device.contract.messages import Access
from device.core.badge.loan import BadgeAnswered, BadgeLeft, PassOn
from device.core.lights.door_ring import Picture
from tests.device.desk_world import SESSION, UID, DeskWorld
from tests.device.world import ANNE, KEYED, access_list, outbox_of

SELECT = "00A4040C07D276000085010100"
OK = bytes.fromhex("9000")
ANOTHER = "00000000000000aa"


@pytest.fixture
def desk(tmp_path):
    return DeskWorld(tmp_path)


@pytest.fixture
def lent(desk):
    assert desk.order() == "True None"
    return desk


def passed(n, hold=1):
    return PassOn(hold, n, (bytes.fromhex(SELECT),))


def there(gone=False):
    return CardAnswer(session=SESSION, n=0, uid=UID, sak="20", ats="067777710280", gone=gone, hold=1)


def test_a_badge_is_answered_as_at_a_door(desk):
    desk.tap()
    assert desk.shows == Picture.GRANTED
    assert "granted granted" in desk.witness.told
    assert desk.events[-1] == f"access entry granted granted {ANNE}"


def test_of_a_key_that_was_not_proved_it_is_written_by_which_list(desk):
    desk.copy(KEYED)
    desk.tap()
    outbox = outbox_of(desk.journal)
    written = [decode_event(entry.payload) for entry in outbox.entries(1, outbox.recorded)]
    told = [event.list_issued_at for event in written if isinstance(event, Access)]
    assert told == [access_list().issued_at, None]


def test_its_state_says_that_it_lends(desk, tmp_path):
    desk.take()
    assert desk.state.lends is True
    (tmp_path / "bare").mkdir()
    bare = DeskWorld(tmp_path / "bare", has_reader=False)
    bare.take()
    assert bare.state.lends is None
    assert bare.order() == "False this desk has no reader to lend"


@pytest.mark.parametrize("kind", ["release", "mode"])
def test_it_opens_nothing(desk, kind):
    more = {"value": "free"} if kind == "mode" else {}
    assert desk.order(kind, **more) == f"False a desk cannot {kind}"


def test_a_lent_reader_passes_frames_and_answers_and_says_how_it_ended(lent):
    lent.hold()
    lent.send(1, SELECT)
    lent.reader_says(BadgeAnswered(1, 1, (OK,), gone=False))
    lent.send(2, end="done")
    assert lent.reader.told == [f"lent {SESSION}", passed(1), "taken back"]
    assert lent.answers == [there(), CardAnswer(session=SESSION, n=1, got=["9000"])]
    lent.tap()
    assert lent.events[-1] == f"access entry granted granted {ANNE}", "and badges are decided on again"


def test_the_ring_says_how_far_it_is(lent):
    assert lent.shows == Picture.BADGE_AWAITED
    lent.hold()
    assert lent.shows == Picture.BADGE_AT_WORK
    lent.reader_says(BadgeLeft(1))
    assert lent.shows == Picture.BADGE_AWAITED
    lent.hold(2)
    lent.send(1, end="done")
    assert lent.shows == Picture.BADGE_DONE
    lent.wait(10)
    assert lent.shows == Picture.IDLE


@pytest.mark.parametrize(
    ("end", "picture"),
    [("done", Picture.BADGE_DONE), ("refused", Picture.BADGE_REFUSED), ("again", Picture.BADGE_AGAIN)],
)
def test_each_end_is_seen_and_heard(lent, end, picture):
    lent.send(1, end=end)
    assert lent.shows == picture
    assert lent.witness.told[-1] == f"buzzer {picture.value}"


def test_another_badge_is_heard_once_and_seen_until_it_is_taken_away(lent):
    lent.hold()
    lent.send(1, ring="another", hold=1)
    lent.send(1, ring="another", hold=1)
    assert lent.shows == Picture.BADGE_ANOTHER
    assert lent.witness.told.count("buzzer badge_another") == 1
    lent.wait(20)
    assert lent.shows == Picture.BADGE_ANOTHER
    lent.reader_says(BadgeLeft(1))
    assert lent.shows == Picture.BADGE_AWAITED


def test_an_end_in_silence_is_neither_seen_nor_heard(lent):
    told = list(lent.witness.told)
    lent.send(1, end="refused", ring="silence")
    assert (lent.shows, lent.witness.told) == (Picture.IDLE, told)
    assert lent.reader.told[-1] == "taken back"


def test_frames_for_a_badge_that_left_reach_no_other(lent):
    lent.hold(1)
    lent.reader_says(BadgeLeft(1))
    lent.hold(2)
    lent.send(1, SELECT, hold=1)
    assert lent.answers[-1] == CardAnswer(session=SESSION, n=1, got=[], gone=True, hold=1)
    assert lent.reader.told == [f"lent {SESSION}"]
    assert lent.shows == Picture.BADGE_AT_WORK
    lent.send(2, SELECT, hold=2)
    assert lent.reader.told[-1] == passed(2, hold=2)


def test_while_it_is_lent_no_badge_is_decided_on(lent):
    before = lent.events
    lent.tap()
    assert (lent.events, lent.shows) == (before, Picture.BADGE_AWAITED)
    lent.tap("exit")
    assert lent.events[-1] == f"access exit granted granted {ANNE}", "but at another reader"


def test_an_answer_of_before_does_not_hide_that_a_badge_is_awaited(desk):
    desk.tap()
    desk.order()
    assert desk.shows == Picture.BADGE_AWAITED


def test_a_loan_ends_with_its_time_in_silence(lent):
    assert lent.desk.deadline_s(lent.station.moment()) == lent.clock.now_s + 60
    lent.wait(59)
    assert lent.shows == Picture.BADGE_AWAITED
    told = list(lent.witness.told)
    lent.wait(1)
    assert (lent.shows, lent.witness.told) == (Picture.IDLE, told)
    assert lent.reader.told[-1] == "taken back"
    assert lent.desk.deadline_s(lent.station.moment()) is None


def test_lent_anew_the_reader_is_not_taken_back_in_between(lent):
    assert lent.order(name="c-2", session=ANOTHER) == "True None"
    assert lent.reader.told == [f"lent {SESSION}", f"lent {ANOTHER}"]
    lent.hold()
    assert lent.answers == [], "a badge of the session before is nobody's"


def test_the_same_order_twice_lends_once(lent):
    lent.send(1, end="done")
    assert lent.order() is None
    assert lent.shows == Picture.BADGE_DONE


def test_frames_with_the_retain_flag_are_dropped(lent):
    lent.hold()
    lent.send(1, SELECT, retained=True)
    assert lent.reader.told == [f"lent {SESSION}"]
    lent.send(1, end="done", retained=True)
    assert lent.shows == Picture.BADGE_AT_WORK


def test_what_was_said_while_the_line_was_down_is_said_again(lent):
    lent.cut()
    assert lent.shows == Picture.OFFLINE
    lent.hold()
    assert lent.answers == []
    lent.mend()
    assert (lent.answers, lent.shows) == ([there()], Picture.BADGE_AT_WORK)
    lent.send(1, SELECT)
    lent.cut()
    lent.reader_says(BadgeAnswered(1, 1, (OK,), gone=False))
    lent.mend()
    assert lent.answers[-1] == CardAnswer(session=SESSION, n=1, got=["9000"])


def test_a_reader_that_is_lost_is_not_lent_and_one_that_is_lent_may_be_lost(desk):
    desk.lose_reader()
    assert desk.order() == "False the reader does not answer"
    desk.lose_reader(False)
    assert desk.order(name="c-2") == "True None"
    desk.hold()
    desk.lose_reader()
    desk.reader_says(BadgeLeft(1))
    assert desk.shows == Picture.FAULT
    desk.lose_reader(False)
    desk.hold(2)
    assert desk.shows == Picture.BADGE_AT_WORK


def test_it_does_not_leave_while_the_server_speaks_to_a_badge(lent):
    assert not lent.desk.is_quiet(lent.station.moment())
    lent.send(1, end="again")
    assert lent.desk.is_quiet(lent.station.moment())


def test_after_a_restart_nothing_is_lent_and_a_new_loan_begins_afresh(lent, tmp_path):
    lent.hold()
    lent.send(7, SELECT)
    lent.journal.close()
    again = DeskWorld(tmp_path)
    again.send(8, SELECT)
    again.hold()
    assert (again.reader.told, again.answers) == ([], [])
    assert again.order() is None, "the order of before was carried out"
    assert again.order(name="c-2", session=ANOTHER) == "True None"
    again.hold(session=ANOTHER)
    again.send(1, SELECT, session=ANOTHER)
    assert again.reader.told == [f"lent {ANOTHER}", passed(1)]


def test_nothing_of_a_loan_is_stored_or_logged_but_when_it_was(desk, caplog):
    caplog.set_level(0)
    desk.order()
    desk.hold()
    desk.send(1, SELECT)
    desk.reader_says(BadgeAnswered(1, 1, (OK,), gone=False))
    desk.reader_says(BadgeLeft(1))
    desk.send(2, end="done")
    lines = [record.message for record in caplog.records if record.levelno >= logging.INFO]
    assert [line for line in lines if "lent" in line] == [
        "reader lent session=c4f1",
        "reader no longer lent session=c4f1 how=done",
    ]
    assert not [line for line in lines if SESSION in line or UID in line or SELECT in line]
    assert [event for event in desk.events if not event.startswith("started")] == ["commanddone True None"]
