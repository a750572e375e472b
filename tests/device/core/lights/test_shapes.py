"""Each shape is as bright as it says, where and when it says."""

from math import acos, pi

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.core.lights.shapes import (
    SOFT,
    arcs,
    away,
    breathing,
    clamp,
    comet,
    draining,
    falling,
    gap,
    height,
    near,
    paint,
    rising,
    sectors,
    sinking,
    struck,
    swapping,
    sweeping,
    swell,
    ticking,
    whole,
)

TOP, RIGHT, BOTTOM, LEFT = 0.0, 0.25, 0.5, 0.75
PLACES = [index / 12 for index in range(12)]

places = st.floats(0, 1, exclude_max=True)
times = st.floats(0, 100)


def at_height(high):
    """The place on the right that is so high."""
    return acos(2 * high - 1) / (2 * pi)


WARM, COLD = (100, 0, 50), (0, 80, 200)


def test_in_each_colour_the_brighter_layer_wins():
    assert paint([(WARM, whole(0.5)), (COLD, whole(0.25))], 0.0, 3) == ((50, 20, 50),) * 3


def test_all_layers_are_dimmed_together():
    assert paint([(WARM, whole()), (COLD, whole(0.5))], 0.0, 1, fade=0.5) == ((50, 20, 50),)


def test_the_leds_are_evenly_around_the_ring_and_painted_for_the_time_asked():
    asked = []
    paint([(WARM, lambda time_s, place: asked.append((time_s, place)) or 0.0)], 1.5, 4)
    assert asked == [(1.5, TOP), (1.5, RIGHT), (1.5, BOTTOM), (1.5, LEFT)]


@pytest.mark.parametrize(("value", "cut"), [(-0.5, 0), (0, 0), (0.3, 0.3), (1, 1), (1.5, 1)])
def test_a_level_is_cut_to_what_there_is(value, cut):
    assert clamp(value) == cut


@pytest.mark.parametrize(
    ("place", "centre", "apart"),
    [
        (0.3, 0.1, 0.2),
        (0.1, 0.3, 0.2),
        (0.9, 0.1, 0.2),
        (0.1, 0.9, 0.2),
        (0.25, 0.75, 0.5),
        (0.4, 0.4, 0),
        (0, 3.9, 0.1),
    ],
)
def test_two_places_are_apart_the_shorter_way_around(place, centre, apart):
    assert away(place, centre) == pytest.approx(apart)


@pytest.mark.parametrize(
    ("off", "level"),
    [(0, 1), (0.1 - SOFT / 2, 1), (0.1 - SOFT / 4, 0.75), (0.1, 0.5), (0.1 + SOFT / 4, 0.25), (0.1 + SOFT / 2, 0)],
)
@pytest.mark.parametrize("centre", [TOP, 0.4])
def test_an_arc_has_soft_ends_on_both_sides(centre, off, level):
    assert near((centre + off) % 1, centre, 0.1) == pytest.approx(level)
    assert near((centre - off) % 1, centre, 0.1) == pytest.approx(level)


@pytest.mark.parametrize(("place", "high"), [(TOP, 1), (1 / 6, 0.75), (RIGHT, 0.5), (BOTTOM, 0), (LEFT, 0.5)])
def test_the_top_is_high_and_the_bottom_low(place, high):
    assert height(place) == pytest.approx(high)


@given(times)
def test_arcs_stand_where_they_are_told(time_s):
    shape = arcs(TOP, BOTTOM, half=0.1, level=0.4)
    assert [shape(time_s, place) for place in (TOP, RIGHT, BOTTOM, LEFT)] == [0.4, 0, 0.4, 0]
    assert arcs(TOP, half=0.1)(time_s, TOP) == 1


@given(times, places)
def test_a_whole_ring_is_the_same_everywhere(time_s, place):
    assert (whole()(time_s, place), whole(0.3)(time_s, place)) == (1, 0.3)


@pytest.mark.parametrize("shifted", [False, True])
def test_sectors_are_lit_and_dark_in_turn(shifted):
    lit = [sectors(3, shifted)(0.0, place) for place in PLACES]
    assert lit == ([0, 0, 1, 1] if shifted else [1, 1, 0, 0]) * 3
    assert sectors(3)(0.0, TOP) == 1


@pytest.mark.parametrize(("time_s", "level"), [(0, 0.2), (1, 0.6), (2, 1), (3, 0.6), (4, 0.2), (6, 1)])
def test_a_breath_goes_up_and_back_once_a_period(time_s, level):
    assert swell(time_s, 4.0, low=0.2) == pytest.approx(level)
    assert breathing(whole(0.5), 4.0, low=0.2)(time_s, TOP) == pytest.approx(level / 2)


def test_a_breath_begins_in_the_dark_where_nothing_else_is_said():
    assert swell(0.0, 4.0) == breathing(whole(), 4.0)(0.0, TOP) == 0


@pytest.mark.parametrize(("time_s", "level"), [(0, 0.5), (1.9999, 0.025), (2, 0.5), (3.9999, 0.025)])
def test_what_is_struck_dies_away_to_a_twentieth_each_period(time_s, level):
    assert struck(whole(0.5), 2.0)(time_s, TOP) == pytest.approx(level, abs=0.001)


@given(st.floats(0, 1.9), st.floats(0, 0.09))
def test_what_is_struck_grows_no_louder_by_itself(time_s, later_s):
    assert struck(whole(), 2.0)(time_s + later_s, TOP) <= struck(whole(), 2.0)(time_s, TOP)


@pytest.mark.parametrize(
    ("time_s", "high", "level"), [(0, 0, 0), (1, 0, 1), (1, 0.5, 0.5), (1, 0.6, 0), (1, 1, 0), (2, 1, 1), (9, 1, 1)]
)
def test_light_rises_from_the_bottom_to_the_top_in_its_time(time_s, high, level):
    assert rising(2.0)(time_s, at_height(high)) == pytest.approx(level)
    assert rising(2.0)(time_s, 1 - at_height(high)) == pytest.approx(level)


@given(st.floats(0, 2), places)
def test_light_sinks_as_it_rose(time_s, place):
    assert sinking(2.0)(time_s, place) == pytest.approx(rising(2.0)(2.0 - time_s, place), abs=1e-6)


@pytest.mark.parametrize(
    ("behind", "level"), [(0, 1), (0.1, 0.5625), (0.2, 0.25), (0.4, 0), (0.5, 0), (-SOFT, 0.5), (-2 * SOFT, 0)]
)
@pytest.mark.parametrize("turn_s", [4.0, -4.0], ids=["clockwise", "anticlockwise"])
def test_a_comet_has_its_tail_behind_it(turn_s, behind, level):
    for time_s in (0.5, 1.0, 3.9, 5.0):
        place = (time_s - 4.0 * behind) / turn_s % 1
        assert comet(turn_s, tail=0.4)(time_s, place) == pytest.approx(level, abs=1e-6)
        assert comet(turn_s)(time_s, place) == pytest.approx(level, abs=1e-6)


def test_several_comets_are_evenly_apart():
    lit = [comet(4.0, tail=0.08, heads=3)(1.0, (0.25 + step / 12) % 1) for step in range(12)]
    assert lit == pytest.approx([1, 0, 0, 0] * 3)


@pytest.mark.parametrize("time_s", [0.0, 1.0, 3.0, 5.0])
def test_a_gap_runs_around(time_s):
    dark = time_s / 4
    levels = [gap(4.0, half=0.1)(time_s, (dark + off) % 1) for off in (0, 0.1, 0.25, 0.5, 0.75)]
    assert levels == pytest.approx([0, 0.5, 1, 1, 1])


def test_a_ring_drains_anticlockwise_from_the_top_to_its_outline():
    levels = [[draining(2.0)(time_s, place) for place in (0.05, 0.5, 0.95)] for time_s in (0.0, 1.0, 2.0)]
    outline = levels[2][0]
    assert levels == [[1, 1, 1], [1, pytest.approx(0.5), outline], [outline] * 3]
    assert 0 < outline < 0.2


@pytest.mark.parametrize("began_s", [0.0, 2.0, 4.0])
def test_a_ring_fills_clockwise_from_the_top_and_begins_again(began_s):
    def lit(time_s):
        return [sweeping(2.0)(began_s + time_s, place) for place in (0.0, 0.55 - SOFT / 2, 0.75, 0.99)]

    assert lit(0.0) == [0, 0, 0, 0]
    assert lit(1.0) == pytest.approx([1, 0.5, 0, 0])
    assert lit(1.999) == [1, 1, 1, 1]


@pytest.mark.parametrize(("time_s", "level"), [(0, 0.1), (0.9, 0.1), (1, 0.9), (1.9, 0.9), (2, 0.1), (3, 0.9)])
def test_two_shapes_have_half_a_period_each(time_s, level):
    assert swapping(whole(0.1), whole(0.9), 2.0)(time_s, TOP) == level


@pytest.mark.parametrize(("time_s", "step"), [(0, 0), (0.4, 0), (0.5, 1), (0.9, 1), (5.5, 11), (6, 0), (6.5, 1)])
def test_a_hand_goes_from_step_to_step(time_s, step):
    levels = [ticking(12, 2.0)(time_s, place) for place in PLACES]
    assert levels == pytest.approx([float(index == step) for index in range(12)])


@pytest.mark.parametrize("fallen", [0.0, 0.1, 0.25, 0.5, 0.75])
@pytest.mark.parametrize(
    ("high", "is_lit"), [(0.05, True), (0.2, True), (0.3, False), (0.55, True), (0.7, True), (0.8, False)]
)
def test_bands_of_a_quarter_of_the_height_run_down_both_sides(fallen, high, is_lit):
    shape, place = falling(2.0), at_height((high - fallen) % 1)
    for here in (place, 1 - place):
        assert (shape(fallen, here) > 0.5) == is_lit
        assert 0 < shape(fallen, here) <= 1


def test_a_band_is_as_wide_as_what_is_between_bands():
    assert falling(2.0)(0.0, RIGHT) > 0.5 > falling(2.0)(0.25, RIGHT)
