"""The mode of a door, its end counted on the clock that does not jump."""

from datetime import timedelta

import pytest

from device.contract.instant import Instant
from device.contract.messages import DoorMode
from device.core.door.mode import Mode, ModeWatch

NINE = Instant.parse("2026-11-23T08:00:00.000Z")
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
FREE: DoorMode = "free"
LOCKED: DoorMode = "locked"
USUAL: DoorMode = "normal"
NOW_S = 1000.0


def ordered(value=FREE, for_=HOUR):
    """A mode that was ordered at nine."""
    watch = ModeWatch()
    assert watch.order(Mode(value, NINE + for_), NINE, NOW_S)
    return watch


def looked(watch, wall, after_s, spans=()):
    """The mode after a look so many seconds after nine; `wall` is None while it is not trusted."""
    watch.look(wall, NOW_S + after_s, spans)
    return watch.value_at(wall, NOW_S + after_s, spans)


@pytest.mark.parametrize("value", [FREE, LOCKED])
@pytest.mark.parametrize(
    "wall",
    [NINE, NINE - HOUR, NINE + 30 * MINUTE, None],
    ids=["stands still", "jumps back", "runs too slowly", "is not trusted"],
)
def test_an_order_ends_in_its_time_whatever_the_wall_clock_does(value, wall):
    watch = ordered(value)
    assert looked(watch, wall, 3599) == value
    assert looked(watch, wall, 3600) == USUAL


def test_what_ended_does_not_come_back_when_the_clock_does():
    watch = ordered()
    assert looked(watch, NINE + HOUR, 3600) == USUAL
    for wall in (None, NINE, NINE + HOUR - MINUTE):
        assert looked(watch, wall, 3601) == USUAL
    assert watch.mode == Mode()


def test_a_clock_that_was_behind_and_is_set_right_ends_it_at_its_hour():
    watch = ordered()
    assert looked(watch, NINE + HOUR - MINUTE, 60) == FREE
    assert looked(watch, NINE + HOUR, 120) == USUAL


def test_its_end_is_told_once():
    watch = ordered()
    assert [watch.look(None, NOW_S + after_s, ()) for after_s in (3599, 3600, 3601)] == [False, True, False]


@pytest.mark.parametrize("now", [None, NINE + HOUR, NINE + 2 * HOUR], ids=["no time", "its end", "past its end"])
def test_an_order_whose_end_is_past_or_cannot_be_counted_changes_nothing(now):
    watch = ordered(LOCKED)
    assert not watch.order(Mode(FREE, NINE + HOUR), now, NOW_S)
    assert looked(watch, None, 1) == LOCKED


def test_until_further_notice_needs_no_clock():
    watch = ModeWatch()
    assert watch.order(Mode(LOCKED), None, NOW_S)
    for wall in (None, NINE, NINE + 1000 * HOUR):
        assert looked(watch, wall, 10**7) == LOCKED


def test_the_later_of_two_orders_holds_and_the_former_does_not_come_back_after_it():
    watch = ordered(FREE, 2 * HOUR)
    assert watch.order(Mode(LOCKED, NINE + HOUR), NINE, NOW_S)
    assert looked(watch, NINE, 10) == LOCKED
    assert looked(watch, NINE + HOUR, 3600) == USUAL
    assert watch.order(Mode(USUAL, NINE + 3 * HOUR), None, NOW_S)
    assert watch.mode == Mode()


@pytest.mark.parametrize("value", [FREE, LOCKED])
def test_a_mode_with_an_end_read_from_disk_is_as_usual_until_the_clock_is_trusted(value):
    watch = ModeWatch(Mode(value, NINE + HOUR))
    assert looked(watch, None, 0) == USUAL
    assert watch.deadline_s(None, NOW_S, ()) is None
    assert looked(watch, NINE, 0) == value
    assert looked(watch, None, 3599) == value
    assert looked(watch, None, 3600) == USUAL


def test_one_that_ended_meanwhile_is_forgotten_as_soon_as_the_time_is_known():
    watch = ModeWatch(Mode(FREE, NINE))
    assert not watch.look(None, NOW_S, ())
    assert watch.look(NINE, NOW_S, ())
    assert watch.mode == Mode()


def test_one_without_an_end_holds_at_once():
    assert looked(ModeWatch(Mode(LOCKED)), None, 0) == LOCKED


SPAN = (NINE + HOUR, NINE + 2 * HOUR)


@pytest.mark.parametrize(
    ("wall", "value"),
    [
        (SPAN[0] - MINUTE, USUAL),
        (SPAN[0], FREE),
        (SPAN[1] - MINUTE, FREE),
        (SPAN[1], USUAL),
        (None, USUAL),
    ],
)
def test_the_schedule_frees_the_door_in_its_span_while_the_clock_is_trusted(wall, value):
    assert looked(ModeWatch(), wall, 0, [SPAN]) == value


def test_an_order_wins_over_the_schedule():
    assert looked(ordered(LOCKED, 3 * HOUR), SPAN[0], 3600, [SPAN]) == LOCKED


@pytest.mark.parametrize("seen", [True, False], ids=["seen to end", "ended while the clock was not trusted"])
def test_a_span_that_ended_does_not_come_back_when_the_clock_does(seen):
    watch = ModeWatch()
    assert looked(watch, SPAN[1] - MINUTE, 0, [SPAN]) == FREE
    assert looked(watch, SPAN[1] if seen else None, 60, [SPAN]) == USUAL
    assert looked(watch, SPAN[1] - MINUTE, 61, [SPAN]) == USUAL


@pytest.mark.parametrize("wall", [SPAN[0], SPAN[1] - MINUTE])
def test_a_span_ends_in_its_time_though_the_clock_stands_still(wall):
    watch, lasts_s = ModeWatch(), (SPAN[1] - wall).total_seconds()
    assert looked(watch, wall, 0, [SPAN]) == FREE
    assert looked(watch, wall, lasts_s, [SPAN]) == USUAL
    assert looked(watch, wall, lasts_s + 1, [SPAN]) == USUAL


def test_a_span_whose_end_a_clock_that_was_ahead_has_told_is_over():
    watch = ModeWatch()
    assert looked(watch, SPAN[0], 0, [SPAN]) == FREE
    assert looked(watch, SPAN[1], 10, [SPAN]) == USUAL
    assert looked(watch, SPAN[0] + MINUTE, 20, [SPAN]) == USUAL


@pytest.mark.parametrize("wall", [SPAN[1], SPAN[1] + HOUR])
def test_a_span_that_never_began_here_is_not_over_because_the_clock_was_ahead(wall):
    watch = ModeWatch()
    assert looked(watch, wall, 0, [SPAN]) == USUAL
    assert looked(watch, SPAN[1] - MINUTE, 10, [SPAN]) == FREE


def test_a_clock_set_right_within_a_span_moves_its_end():
    watch = ModeWatch()
    assert looked(watch, SPAN[1] - MINUTE, 0, [SPAN]) == FREE
    assert looked(watch, SPAN[0], 10, [SPAN]) == FREE
    assert looked(watch, SPAN[0] + 30 * MINUTE, 1810, [SPAN]) == FREE


def test_a_clock_that_was_ahead_does_not_take_a_span_that_is_still_to_come():
    watch = ModeWatch()
    assert looked(watch, SPAN[1] - MINUTE, 0, [SPAN]) == FREE
    assert looked(watch, NINE, 10, [SPAN]) == USUAL
    assert looked(watch, SPAN[0], 3610, [SPAN]) == FREE


def test_the_door_is_looked_at_when_its_mode_next_changes():
    watch = ModeWatch()
    assert watch.deadline_s(NINE, NOW_S, [SPAN]) == NOW_S + 3600
    assert watch.deadline_s(SPAN[0], NOW_S, [SPAN]) == NOW_S + 3600
    assert watch.deadline_s(None, NOW_S, [SPAN]) is None
    assert ordered(FREE, MINUTE).deadline_s(None, NOW_S, [SPAN]) == NOW_S + 60
