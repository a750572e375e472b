"""Contacts chatter: a level counts once it has held, read by level, whatever came before it."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from device.core.door.door import Door, DoorTimes, deadline_s, step
from device.core.door.events import (
    AlarmSet,
    Contact,
    DoorInput,
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
from device.core.door.settling import BURST_S, Stir, has_held, stirred

FIGURES = DoorTimes(release_s=5, held_s=30)
SETTLE_S = 0.05
ANNE = Granted("uid:0000000A", "entry", "badge")
OPEN, CLOSED, UP = Contact(True), Contact(False), Rex(False)


def lived(*script, until_s=None, door=None):
    """What follows from (second, happening) pairs, with a tick at every deadline as a controller gives it."""
    door, told = door or Door(is_open=False), list[tuple[float, object]]()

    def play(happening, now_s):
        nonlocal door
        door, consequences = step(door, happening, now_s, FIGURES)
        told.extend((round(now_s, 3), consequence) for consequence in consequences)

    ends = [*[at_s for at_s, _ in script][1:], until_s if until_s is not None else script[-1][0] + SETTLE_S]
    for (at_s, happening), end_s in zip(script, ends, strict=True):
        play(happening, at_s)
        dues_s = [at_s]
        while (due_s := deadline_s(door, FIGURES)) is not None and due_s <= end_s:
            assert due_s not in dues_s[1:], "a deadline that stays over would keep the loop spinning"
            dues_s.append(due_s)
            play(TimePassed(), max(dues_s))
    return told, door


def follows(*script, **more):
    return lived(*script, **more)[0]


def chatter(ends_in, at_s=0.0):
    """Some edges within 20 ms, the last to `ends_in`."""
    levels = [ends_in, not ends_in] * 2 + [ends_in]
    return [(at_s + nth * 0.005, Contact(level)) for nth, level in enumerate(levels)]


def test_a_leaf_that_falls_shut_after_the_release_and_bounces_is_nothing_at_all():
    told = follows((0, Rex()), (0.2, UP), (1, OPEN), *chatter(ends_in=False, at_s=7), until_s=60)
    assert told == [(0, Release(5)), (0, Passed(None, "exit", "rex")), (5, Secure())]


def test_a_leaf_that_rattles_in_its_frame_is_not_forced():
    assert follows((0, OPEN), (0.02, CLOSED), (0.06, OPEN), (0.1, CLOSED), until_s=60) == []


def test_a_leaf_forced_open_is_told_once_it_has_held():
    told = follows((0, OPEN), (0.01, CLOSED), (0.02, OPEN), until_s=1)
    assert told == [(0.07, AlarmSet("forced", True))]


def test_a_passage_whose_opening_began_within_the_release_counts_and_the_strike_ends_in_time():
    assert follows((0, ANNE), (4.98, OPEN), until_s=10) == [
        (0, Release(5)),
        (5, Secure()),
        (5.03, Passed("uid:0000000A", "entry", "badge")),
    ]


def test_a_rattle_at_the_end_of_the_release_is_no_passage():
    assert follows((0, ANNE), (4.98, OPEN), (5.01, CLOSED), until_s=10) == [
        (0, Release(5)),
        (5, Secure()),
        (5.06, NotUsed("uid:0000000A", "entry")),
    ]


def test_an_opening_that_began_after_the_release_is_forced():
    told = follows((0, ANNE), (5.01, OPEN), until_s=10)
    assert told[-1] == (5.06, AlarmSet("forced", True))


def test_who_pulls_the_leaf_just_before_the_badge_is_read_goes_through_by_it():
    told = follows((0, OPEN), (0.02, ANNE), until_s=1)
    assert told == [(0.02, Release(5.02)), (0.05, Passed("uid:0000000A", "entry", "badge"))]


def test_a_door_that_falls_shut_as_its_time_is_over_is_not_held():
    told = follows((0, Rex()), (0.2, UP), (1, OPEN), (30.98, CLOSED), until_s=60)
    assert AlarmSet("held", True) not in [consequence for _, consequence in told]


def test_a_leaf_that_begins_to_fall_shut_when_its_time_is_over_was_open_for_all_of_it():
    door, told = step(Door(is_open=True), CLOSED, FIGURES.held_s, FIGURES)
    assert told == [AlarmSet("held", True)]
    assert step(door, TimePassed(), FIGURES.held_s + SETTLE_S, FIGURES)[1] == [AlarmSet("held", False)]


def test_held_is_counted_from_when_the_leaf_began_to_open():
    told = follows((0, Rex()), (0.2, UP), (1, OPEN), until_s=60)
    assert told[-1] == (31, AlarmSet("held", True))


def test_a_contact_without_rest_keeps_no_grant_waiting_for_ever():
    edges = [(4.9 + nth * 0.04, Contact(nth % 2 == 0)) for nth in range(100)]
    told = follows((0, ANNE), *edges)
    assert NotUsed("uid:0000000A", "entry") in [consequence for at_s, consequence in told if at_s < 5 + BURST_S + 0.2]


def test_a_grant_that_is_over_is_no_passage_though_the_contact_rattled_since_before_its_end():
    """And though nobody looked in between."""
    door, told = Door(is_open=False), []
    edges = [(4.9 + nth * 0.04, Contact(nth % 2 == 0)) for nth in range(27)]
    script: list[tuple[float, DoorInput]] = [(0, ANNE), *edges, (9, TimePassed())]
    for at_s, happening in script:
        door, consequences = step(door, happening, at_s, FIGURES)
        told += consequences
    assert door.is_open
    assert not [consequence for consequence in told if isinstance(consequence, Passed)]
    assert AlarmSet("forced", True) in told


def test_a_leaf_that_began_to_open_in_free_passage_is_not_forced_by_its_end():
    told = follows((0, Free(True)), (9.98, OPEN), (10, Free(False)), until_s=20)
    assert told == [(0, Release(None)), (10, Secure())]


def test_who_pressed_rex_in_free_passage_is_counted_once_though_the_contact_settles_later():
    told = follows((0, Free(True)), (1, Rex()), (1.5, UP), (5.98, OPEN), until_s=20)
    assert [consequence for _, consequence in told if isinstance(consequence, Passed)] == [Passed(None, "exit", "rex")]


def test_a_door_left_open_after_a_fire_is_held_from_its_end():
    told = follows((0, Fire(True)), (1, OPEN), (600, Fire(False)), until_s=700)
    assert told[-1] == (630.05, AlarmSet("held", True))


def test_a_housing_that_rattles_is_not_tampered_with():
    assert follows((0, Tamper(True)), (0.03, Tamper(False)), until_s=1) == []
    assert follows((0, Tamper(True)), until_s=1) == [(0.05, AlarmSet("tamper", True))]


def test_fire_releases_at_once_and_ends_when_the_relay_has_come_to_rest():
    script = ((0, Fire(True)), (0.01, Fire(False)), (0.02, Fire(True)), (9, Fire(False)), (9.02, Fire(True)))
    assert follows(*script, (9.03, Fire(False)), until_s=20) == [
        (0, Release(None)),
        (0, AlarmSet("fire", True)),
        (9.08, Secure()),
        (9.08, AlarmSet("fire", False)),
    ]


def test_rex_opens_at_once_and_its_chatter_is_one_press():
    told = follows((0, Rex()), (0.005, UP), (0.01, Rex()), (2, UP), (2.01, Rex()), (2.02, UP), until_s=10)
    assert told == [(0, Release(5)), (0, Passed(None, "exit", "rex")), (5, Secure())]


def test_rex_pressed_again_after_it_was_up_opens_again():
    told = follows((0, Rex()), (0.1, UP), (0.5, Rex()), until_s=10)
    assert [consequence for _, consequence in told] == [
        Release(5),
        Passed(None, "exit", "rex"),
        Release(5.5),
        Secure(),
    ]


def test_a_button_that_never_comes_to_rest_locks_nobody_in():
    """A worn wire: no level holds for 50 ms."""
    flutter = [(nth * 0.03, Rex(nth % 2 == 0)) for nth in range(1000)]
    told, door = lived(*flutter)
    assert door.released_until_s is not None and door.released_until_s > 30
    assert len([consequence for _, consequence in told if isinstance(consequence, Release)]) <= 30 / BURST_S


@pytest.mark.parametrize(("after_s", "opens"), [(BURST_S, False), (BURST_S + 0.001, True)])
def test_a_button_opens_again_when_it_has_fluttered_for_longer_than_a_burst(after_s, opens):
    fluttering = Door(is_open=False, rex=True, rex_stir=Stir(False, after_s - SETTLE_S, 0))
    assert (Release(after_s + FIGURES.release_s) in step(fluttering, Rex(), after_s, FIGURES)[1]) == opens


@pytest.mark.parametrize("is_open", [True, False])
def test_a_leaf_is_found_as_it_is_at_the_start_and_nobody_forced_it(is_open):
    told, door = lived((0, Contact(is_open)), until_s=1, door=Door(is_open=False, contact_known=False))
    assert (told, door.is_open) == ([], is_open)


EDGES = st.lists(st.tuples(st.floats(0.0001, 0.2), st.booleans()), min_size=1, max_size=60)


def timed(edges):
    now_s, script = 0.0, []
    for pause_s, level in edges:
        now_s += pause_s
        script.append((now_s, level))
    return script


def rests(script):
    """By a reckoning of its own: each level that held for long enough, with when."""
    merged = [script[0]]
    for at_s, level in script[1:]:
        if level != merged[-1][1]:
            merged.append((at_s, level))
    ends = [at_s for at_s, _ in merged[1:]] + [float("inf")]
    return [
        (at_s + SETTLE_S, level) for (at_s, level), end_s in zip(merged, ends, strict=True) if end_s >= at_s + SETTLE_S
    ]


@settings(deadline=None)
@given(EDGES)
def test_what_counts_is_what_has_held_whatever_the_chatter(edges):
    script = timed(edges)
    _, door = lived(*((at_s, Contact(level)) for at_s, level in script))
    assert door.is_open == rests(script)[-1][1]


@settings(deadline=None)
@given(EDGES)
def test_the_alarm_is_told_as_often_as_the_level_that_held_changed(edges):
    script = timed(edges)
    told = follows(*((at_s, Tamper(level)) for at_s, level in script))
    levels = [False, *(level for _, level in rests(script))]
    changes = [after for before, after in pairwise(levels) if before != after]
    assert [consequence.active for _, consequence in told] == changes


@settings(deadline=None)
@given(EDGES)
def test_no_chatter_of_the_contact_drives_the_strike(edges):
    told = follows(*((at_s, Contact(level)) for at_s, level in timed(edges)), until_s=100)
    assert not [consequence for _, consequence in told if isinstance(consequence, (Release, Secure, Passed))]


def test_a_burst_is_dated_from_its_first_edge_and_one_without_end_begins_again():
    stir = stirred(None, False, True, 1.0)
    assert stir == Stir(True, 1.0, 1.0)
    assert stirred(stir, False, True, 1.02) is stir
    assert stirred(stir, False, False, 1.02) == Stir(False, 1.02, 1.0)
    assert stirred(stir, False, False, 1.0 + BURST_S) == Stir(False, 1.0 + BURST_S, 1.0)
    assert stirred(stir, False, False, 1.01 + BURST_S) == Stir(False, 1.01 + BURST_S, 1.01 + BURST_S)
    assert stirred(None, True, True, 1.0) is None
    assert not has_held(stir, SETTLE_S, 1.049)
    assert has_held(stir, SETTLE_S, 1.05)
