import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.core.door.door import Door, DoorTimes, deadline_s, step
from device.core.door.events import (
    AlarmSet,
    Contact,
    Fire,
    Free,
    Granted,
    NotUsed,
    Passed,
    Release,
    Rex,
    Secure,
    Tamper,
    TimePassed,
)

FIGURES = DoorTimes(5, 30, contact_settle_s=0, tamper_settle_s=0, fire_settle_s=0, rex_settle_s=0)
"""Levels that count at once; how they settle is tested beside."""
ANNE = Granted("uid:0000000A", "entry", "badge")
BRUNO = Granted("uid:0000000B", "exit", "badge")
OPEN, CLOSED = Contact(True), Contact(False)
UP = Rex(False)


def played(*script, door=None):
    """What follows from (second, happening) pairs, as (second, consequence) pairs; and the door at the end."""
    door = door or Door(is_open=False)
    told = []
    for now_s, happening in script:
        door, consequences = step(door, happening, now_s, FIGURES)
        told += [(now_s, consequence) for consequence in consequences]
    return told, door


def follows(*script, door=None):
    return played(*script, door=door)[0]


def test_a_grant_releases_the_strike_for_its_seconds_and_no_longer():
    assert follows((0, ANNE), (4.9, TimePassed()), (5, TimePassed())) == [
        (0, Release(5)),
        (5, Secure()),
        (5, NotUsed("uid:0000000A", "entry")),
    ]


def test_a_passage_is_counted_when_the_door_opens_during_the_release():
    assert follows((0, ANNE), (2, OPEN), (3, CLOSED), (5, TimePassed())) == [
        (0, Release(5)),
        (2, Passed("uid:0000000A", "entry", "badge")),
        (5, Secure()),
    ]


def test_a_passage_is_counted_at_once_when_the_door_was_open():
    _, door = played((0, ANNE), (1, OPEN))
    assert follows((2, BRUNO), door=door) == [(2, Release(7)), (2, Passed("uid:0000000B", "exit", "badge"))]


def test_a_door_without_a_contact_counts_every_grant():
    assert follows((0, ANNE), (5, TimePassed()), door=Door(is_open=None)) == [
        (0, Release(5)),
        (0, Passed("uid:0000000A", "entry", "badge")),
        (5, Secure()),
    ]


def test_two_badges_before_one_opening_are_two_passages():
    assert follows((0, ANNE), (1, BRUNO), (2, OPEN)) == [
        (0, Release(5)),
        (1, Release(6)),
        (2, Passed("uid:0000000A", "entry", "badge")),
        (2, Passed("uid:0000000B", "exit", "badge")),
    ]


def test_the_same_badge_twice_before_one_opening_is_one_passage():
    assert follows((0, ANNE), (4, ANNE), (6, OPEN)) == [
        (0, Release(5)),
        (4, Release(9)),
        (6, Passed("uid:0000000A", "entry", "badge")),
    ]


def test_of_two_grants_only_the_one_that_ran_out_is_unused():
    assert follows((0, ANNE), (3, BRUNO), (5.5, OPEN)) == [
        (0, Release(5)),
        (3, Release(8)),
        (5.5, NotUsed("uid:0000000A", "entry")),
        (5.5, Passed("uid:0000000B", "exit", "badge")),
    ]


def test_opening_just_too_late_is_no_passage_but_forced():
    assert follows((0, ANNE), (5, OPEN)) == [
        (0, Release(5)),
        (5, Secure()),
        (5, NotUsed("uid:0000000A", "entry")),
        (5, AlarmSet("forced", True)),
    ]


def test_opening_with_neither_grant_nor_rex_is_forced_until_it_closes():
    assert follows((0, OPEN), (9, CLOSED)) == [(0, AlarmSet("forced", True)), (9, AlarmSet("forced", False))]


def test_the_contact_is_a_level_and_told_twice_changes_nothing():
    assert follows((0, ANNE), (1, OPEN), (1.01, OPEN), (2, CLOSED), (2.01, CLOSED)) == [
        (0, Release(5)),
        (1, Passed("uid:0000000A", "entry", "badge")),
    ]


def test_pushed_open_again_during_the_release_is_not_forced():
    assert AlarmSet("forced", True) not in [told for _, told in follows((0, ANNE), (1, OPEN), (2, CLOSED), (3, OPEN))]


def test_open_too_long_is_held_until_it_closes():
    assert follows(
        (0, ANNE),
        (1, OPEN),
        (5, TimePassed()),
        (30.9, TimePassed()),
        (31, TimePassed()),
        (40, TimePassed()),
        (50, CLOSED),
    ) == [
        (0, Release(5)),
        (1, Passed("uid:0000000A", "entry", "badge")),
        (5, Secure()),
        (31, AlarmSet("held", True)),
        (50, AlarmSet("held", False)),
    ]


def test_rex_releases_counts_one_anonymous_exit_and_shunts_the_forced_alarm():
    assert follows((0, Rex()), (1, OPEN), (2, CLOSED), (5, TimePassed())) == [
        (0, Release(5)),
        (0, Passed(None, "exit", "rex")),
        (5, Secure()),
    ]


def test_rex_pressed_twice_before_the_door_opened_counts_once():
    assert follows((0, Rex()), (0.5, UP), (1, Rex()), (2, OPEN)) == [
        (0, Release(5)),
        (0, Passed(None, "exit", "rex")),
        (1, Release(6)),
    ]


def test_rex_pressed_again_when_its_release_is_over_is_another_person():
    assert follows((0, Rex()), (0.5, UP), (5, Rex())) == [
        (0, Release(5)),
        (0, Passed(None, "exit", "rex")),
        (5, Release(10)),
        (5, Passed(None, "exit", "rex")),
    ]


def test_rex_counts_again_once_the_first_has_gone_through():
    script = ((0, Rex()), (0.5, UP), (1, OPEN), (2, CLOSED), (3, Rex()))
    passages = [told for _, told in follows(*script) if isinstance(told, Passed)]
    assert passages == [Passed(None, "exit", "rex")] * 2


@pytest.mark.parametrize(
    "before",
    [Door(False), Door(None), Door(True), Door(False, fire=True), Door(False, free=True), Door(False, tamper=True)],
)
def test_rex_releases_in_every_state(before):
    after, _ = step(before, Rex(), 100, FIGURES)
    assert after.holds_open or after.released_until_s == 105


def test_fire_releases_and_holds_whatever_comes():
    assert follows((0, Fire(True)), (1, ANNE), (99, TimePassed()), (100, Fire(False))) == [
        (0, Release(None)),
        (0, AlarmSet("fire", True)),
        (99, NotUsed("uid:0000000A", "entry")),
        (100, Secure()),
        (100, AlarmSet("fire", False)),
    ]


def test_in_a_fire_an_open_door_is_neither_forced_nor_held():
    told = [
        consequence
        for _, consequence in follows((0, Fire(True)), (1, OPEN), (99, TimePassed()))
        if isinstance(consequence, AlarmSet)
    ]
    assert told == [AlarmSet("fire", True)]


def test_fire_ends_a_forced_alarm():
    _, door = played((0, OPEN))
    assert follows((1, Fire(True)), door=door) == [
        (1, Release(None)),
        (1, AlarmSet("forced", False)),
        (1, AlarmSet("fire", True)),
    ]


def test_free_passage_holds_the_door_and_counts_anonymous_passages():
    assert follows((0, Free(True)), (5, OPEN), (8, CLOSED), (60, Free(False))) == [
        (0, Release(None)),
        (5, Passed(None, "entry", "free")),
        (60, Secure()),
    ]


def test_in_free_passage_a_badge_is_counted_by_its_name():
    assert follows((0, Free(True)), (5, ANNE), (6, OPEN)) == [
        (0, Release(None)),
        (6, Passed("uid:0000000A", "entry", "badge")),
    ]


def test_a_door_left_open_after_free_passage_is_held_from_its_end():
    _, door = played((0, Free(True)), (1, OPEN), (600, Free(False)))
    assert follows((629, TimePassed()), (630, TimePassed()), door=door) == [(630, AlarmSet("held", True))]


def test_a_release_that_runs_on_outlives_free_passage():
    assert follows((0, Free(True)), (1, ANNE), (2, Free(False)), (6, TimePassed())) == [
        (0, Release(None)),
        (2, Release(6)),
        (6, Secure()),
        (6, NotUsed("uid:0000000A", "entry")),
    ]


def test_an_operators_release_nobody_used_is_not_told_as_a_members():
    assert follows((0, Granted(None, "entry", "command")), (5, TimePassed())) == [(0, Release(5)), (5, Secure())]


def test_an_operators_release_lets_an_anonymous_person_in():
    assert follows((0, Granted(None, "entry", "command")), (1, OPEN))[1:] == [(1, Passed(None, "entry", "command"))]


def test_tamper_is_an_alarm_and_nothing_more():
    assert follows((0, Tamper(True)), (1, Tamper(True)), (2, Tamper(False))) == [
        (0, AlarmSet("tamper", True)),
        (2, AlarmSet("tamper", False)),
    ]


def test_a_door_found_open_at_the_start_is_not_forced_but_may_be_held():
    assert follows((0, TimePassed()), (30, TimePassed()), door=Door(is_open=True)) == [(30, AlarmSet("held", True))]


def test_the_deadlines_are_those_of_release_and_hold():
    door = Door(is_open=False)
    assert deadline_s(door, FIGURES) is None
    _, door = played((0, ANNE))
    assert deadline_s(door, FIGURES) == 5
    _, door = played((0, ANNE), (1, OPEN), (5, TimePassed()))
    assert deadline_s(door, FIGURES) == 31
    _, door = played((0, Fire(True)), (1, OPEN))
    assert deadline_s(door, FIGURES) is None


HAPPENINGS = st.sampled_from(
    [ANNE, BRUNO, Rex(), OPEN, CLOSED, Fire(True), Fire(False), Free(True), Free(False), Tamper(True), TimePassed()]
)
SCRIPTS = st.lists(st.tuples(st.floats(0, 20), HAPPENINGS), max_size=40)


def faithful(script, door):
    """The script in order of time, with a tick at every deadline, as a controller plays it."""
    now_s = 0.0
    for pause_s, happening in script:
        until_s = now_s + pause_s
        while (due_s := deadline_s(door, FIGURES)) is not None and due_s <= until_s:
            door, told = step(door, TimePassed(), due_s, FIGURES)
            yield due_s, door, told
        now_s = until_s
        door, told = step(door, happening, now_s, FIGURES)
        yield now_s, door, told


@given(SCRIPTS, st.sampled_from([None, False]))
def test_the_strike_is_never_driven_longer_than_its_release(script, contact):
    held, until_s = False, None
    for now_s, door, told in faithful(script, Door(is_open=contact)):
        for consequence in told:
            if isinstance(consequence, Release):
                held, until_s = consequence.until_s is None, consequence.until_s
                assert until_s is None or until_s <= now_s + FIGURES.release_s
            elif isinstance(consequence, Secure):
                held, until_s = False, None
        assert held == door.holds_open
        assert until_s is None or now_s < until_s


@given(SCRIPTS)
def test_every_badge_ends_as_one_passage_or_one_unused_grant(script):
    grants = ends = 0
    granted = None
    for _, door, told in faithful([*script, (99, TimePassed())], Door(is_open=False)):
        ends += sum(
            1
            for consequence in told
            if isinstance(consequence, NotUsed) or (isinstance(consequence, Passed) and consequence.by == "badge")
        )
        granted = door
    grants = sum(1 for _, happening in script if isinstance(happening, Granted))
    assert granted is None or granted.pending == ()
    assert ends <= grants


@given(SCRIPTS)
def test_alarms_alternate(script):
    on: set[str] = set()
    for _, door, told in faithful(script, Door(is_open=False)):
        for consequence in told:
            if isinstance(consequence, AlarmSet):
                assert consequence.active != (consequence.name in on)
                (on.add if consequence.active else on.discard)(consequence.name)
        assert on == door.alarms
