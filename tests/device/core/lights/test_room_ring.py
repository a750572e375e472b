"""The camembert: right at a glance for any room, calm, and told apart without colour."""

from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.contract.uses import Gesture
from device.core.lights.light import drives, luminance
from device.core.lights.room_ring import (
    AWAKE_S,
    FAINT,
    IDENTIFY_S,
    Reservation,
    Room,
    RoomSigns,
    frame,
    next_frame_s,
)
from device.core.lights.room_use import CYCLE_S, DEFAULT_USES, GESTURE_S, Use
from tests.device.core.lights.current import draw_ma

USES = {use.name: use for use in DEFAULT_USES}
FOCUS, FREE = USES["focus"], USES["free"]
TEAL = (42, 157, 143)
DARK = (0, 0, 0)
STILL_S = 5.0
"""A time at which no gesture is made."""

uses = st.sampled_from(DEFAULT_USES)
rooms = st.builds(Room, people=st.integers(0, 250), seats=st.integers(1, 200), use=uses)
times = st.floats(0, 100)
happenings = st.builds(
    RoomSigns,
    closed=st.booleans(),
    silent=st.booleans(),
    reservation=st.sampled_from(Reservation),
    touched_s=st.none() | st.floats(0, 100),
    identify_s=st.none() | st.floats(0, 100),
)


def lit(colours, use=FOCUS):
    """Which LEDs shine more than the faint circle of that use."""
    return [index for index, colour in enumerate(colours) if max(colour) > max(use.colour) * FAINT + 1]


@pytest.mark.parametrize(
    ("people", "seats", "leds"),
    [
        (1, 12, 2),
        (6, 12, 12),
        (11, 12, 22),
        (12, 12, 24),
        (1, 1, 24),
        (1, 2, 12),
        (1, 200, 1),
        (9, 200, 2),
        (100, 200, 12),
        (199, 200, 23),
        (200, 200, 24),
        (47, 48, 23),
        (24, 25, 23),
        (3, 7, 11),
    ],
)
def test_the_filled_part_is_how_full_the_room_is(people, seats, leds):
    assert lit(frame(Room(people, seats, FOCUS), STILL_S)) == list(range(leds))


def test_five_of_twelve_in_the_colour_of_the_use_on_a_faint_full_circle():
    assert frame(Room(5, 12, FOCUS), STILL_S) == (TEAL,) * 10 + ((8, 28, 26),) * 14


def test_a_part_of_an_led_is_for_a_part_of_it():
    """Three of seven fill ten LEDs and two sevenths."""
    assert frame(Room(3, 7, FOCUS), STILL_S)[10] == (17, 65, 59)


def test_a_free_and_empty_room_is_one_quiet_dot_breathing():
    frames = [frame(Room(0, 12, FREE), now_s) for now_s in (0.0, 3.0)]
    assert [[index for index, colour in enumerate(colours) if colour != DARK] for colours in frames] == [[0], [0]]
    assert luminance(frames[0][0]) < luminance(frames[1][0]) < 0.15


def test_a_room_set_to_a_use_but_empty_is_a_faint_circle():
    assert set(frame(Room(0, 8, USES["meeting"]), STILL_S)) == {(11, 19, 46)}


def test_over_its_seats_the_whole_ring_pulses():
    films = [frame(Room(5, 4, FOCUS), index / 60) for index in range(72)]
    assert all(len(set(colours)) == 1 for colours in films)
    assert min(max(colours[0]) for colours in films) < 0.4 * max(max(colours[0]) for colours in films)


def test_a_closed_place_is_dark_and_still():
    closed = RoomSigns(closed=True)
    assert frame(Room(3, 12, FOCUS), STILL_S, closed) == (DARK,) * 24
    assert next_frame_s(Room(3, 12, FOCUS), STILL_S, closed) is None


def test_a_touch_of_the_dial_wakes_a_closed_ring_for_a_while():
    touched = RoomSigns(closed=True, touched_s=10.0)
    assert lit(frame(Room(3, 12, FOCUS), 12.0, touched))
    assert next_frame_s(Room(3, 12, FOCUS), 12.0, touched) is not None
    assert frame(Room(3, 12, FOCUS), 10.0 + AWAKE_S, touched) == (DARK,) * 24


def test_without_the_server_one_amber_mark_and_the_rest_as_last_known():
    known = frame(Room(5, 12, FOCUS), STILL_S)
    silent = frame(Room(5, 12, FOCUS), STILL_S, RoomSigns(silent=True))
    assert silent == (*known[:22], DARK, (255, 130, 0))


def test_the_mark_stands_apart_even_in_a_full_ring():
    silent = frame(Room(12, 12, FOCUS), STILL_S, RoomSigns(silent=True))
    assert silent == (TEAL,) * 22 + (DARK, (255, 130, 0))


def test_identify_is_a_light_that_runs_around():
    def head(now_s):
        colours = frame(Room(3, 12, FOCUS), now_s, RoomSigns(closed=True, identify_s=100.125))
        return max(range(24), key=lambda index: luminance(colours[index]))

    assert [head(100.125 + quarter / 4) for quarter in range(5)] == [0, 6, 12, 18, 0]


def test_while_it_is_looked_for_a_ring_moves_quickly():
    sought = RoomSigns(closed=True, identify_s=100.0)
    assert next_frame_s(Room(0, 12, FREE), 101.0, sought) == pytest.approx(101.0 + 1 / 60)


def test_identify_ends_by_itself():
    assert frame(Room(5, 12, FOCUS), 100.0, RoomSigns(identify_s=100.0 - IDENTIFY_S)) == frame(
        Room(5, 12, FOCUS), 100.0
    )


def test_a_reservation_ahead_is_six_still_dots():
    ahead = RoomSigns(reservation=Reservation.AHEAD)
    changed = [
        index
        for index, (with_it, without) in enumerate(
            zip(frame(Room(5, 12, FOCUS), STILL_S, ahead), frame(Room(5, 12, FOCUS), STILL_S), strict=True)
        )
        if with_it != without
    ]
    assert changed == [2, 6, 10, 14, 18, 22]
    assert next_frame_s(Room(5, 12, FREE), STILL_S, ahead) is None


def test_a_reservation_nobody_took_up_breathes():
    unclaimed = RoomSigns(reservation=Reservation.UNCLAIMED)
    low, high = (frame(Room(0, 12, USES["meeting"]), now_s, unclaimed)[2] for now_s in (3.0, 4.5))
    assert luminance(low) < 0.1 < luminance(high)


def test_the_pointer_glows_where_the_dial_stands_and_fades():
    touched = RoomSigns(touched_s=10.0)
    room, at_rest = Room(5, 12, FREE), frame(Room(5, 12, FREE), 11.3)
    assert frame(room, 10.0, touched)[9] == (255, 255, 255)
    assert frame(room, 10.6, touched)[9] == pytest.approx([(255 + value) / 2 for value in at_rest[9]], abs=1)
    assert frame(room, 11.3, touched) == at_rest


@pytest.mark.parametrize(("people", "at"), [(0, 0), (1, 1), (5, 9), (12, 23), (13, 23)])
def test_the_pointer_stands_at_the_end_of_the_fill(people, at):
    assert frame(Room(people, 12, FREE), 10.0, RoomSigns(touched_s=10.0))[at] == (255, 255, 255)


@pytest.mark.parametrize(
    ("now_s", "coming_s"), [(10.0, 10 + 1 / 60), (11.1, 11.1 + 1 / 60), (11.2, None), (15.0, None)]
)
def test_the_ring_moves_as_long_as_its_pointer_glows(now_s, coming_s):
    assert next_frame_s(Room(5, 12, FREE), now_s, RoomSigns(touched_s=10.0)) == pytest.approx(coming_s)


@pytest.mark.parametrize(("now_s", "coming_s"), [(12.0, 12 + 1 / 60), (15.99, 16.0), (16.0, None), (100.0, None)])
def test_a_closed_ring_that_was_woken_goes_to_sleep_on_time(now_s, coming_s):
    touched = RoomSigns(closed=True, touched_s=10.0)
    assert next_frame_s(Room(3, 12, FOCUS), now_s, touched) == pytest.approx(coming_s)


def test_a_change_shows_its_gesture_at_once():
    at_rest = frame(Room(5, 12, FOCUS), 5.9)
    assert frame(Room(5, 12, FOCUS), 5.9, RoomSigns(touched_s=5.0))[0] != at_rest[0]


@pytest.mark.parametrize(("one", "other"), list(combinations(USES, 2)))
def test_any_two_uses_move_differently_for_those_who_see_no_colour(one, other):
    def film(use):
        grey = Use(use.name, use.label, (255, 255, 255), use.gesture)
        frames = [frame(Room(6, 12, grey), index / 60) for index in range(int(GESTURE_S * 60))]
        return [luminance(colour) for colours in frames for colour in colours[:12]]

    assert max(abs(a - b) for a, b in zip(film(USES[one]), film(USES[other]), strict=True)) > 0.4


@pytest.mark.parametrize("led", [0, 6, 12, 18])
def test_a_gesture_that_goes_around_is_at_each_led_in_its_time(led):
    turning = next(use for use in DEFAULT_USES if use.gesture is Gesture.TURN)
    light = [luminance(colour) for colour in frame(Room(12, 12, turning), GESTURE_S * led / 24)]
    assert light[led] == min(light) < max(light) == light[(led + 12) % 24]


@pytest.mark.parametrize(("one", "other"), list(combinations(USES, 2)))
def test_any_two_uses_have_colours_apart(one, other):
    assert max(abs(a - b) for a, b in zip(USES[one].colour, USES[other].colour, strict=True)) > 60


@pytest.mark.parametrize("use", DEFAULT_USES)
@pytest.mark.parametrize("people", [0, 6, 13])
def test_no_led_flashes_more_than_three_times_a_second(use, people):
    """WCAG 2.2, 2.3.1: rises by a tenth of full luminance, each with its fall."""
    frames = [frame(Room(people, 12, use), index / 60) for index in range(int(CYCLE_S * 60))]
    for led in range(24):
        levels = [luminance(colours[led]) for colours in frames]
        rises = [at for at, (before, after) in enumerate(pairwise(levels)) if after - before >= 0.1]
        assert all(sum(at <= other < at + 60 for other in rises) <= 3 for at in rises)


@given(rooms, times, happenings)
def test_more_people_are_never_fewer_lit_leds(room, now_s, happening):
    more = Room(room.people + 1, room.seats, room.use)
    assert len(lit(frame(room, now_s, happening), room.use)) <= len(lit(frame(more, now_s, happening), room.use))


@given(st.integers(1, 200), st.integers(0, 199), uses, times)
def test_each_person_up_to_the_seats_is_no_less_light(seats, people, use, now_s):
    if use.name == "free" or people >= seats:
        return
    fewer, more = (frame(Room(count, seats, use), now_s) for count in (people, people + 1))
    assert all(luminance(a) <= luminance(b) for a, b in zip(fewer, more, strict=True))


@given(st.integers(2, 200), uses, times)
def test_a_free_seat_is_seen(seats, use, now_s):
    assert len(lit(frame(Room(seats - 1, seats, use), now_s), use)) <= 23


@given(st.integers(1, 200), uses, times)
def test_somebody_is_never_nobody(seats, use, now_s):
    assert lit(frame(Room(1, seats, use), now_s), use)


@given(rooms, times, happenings, st.floats(60, 600))
def test_no_picture_overdraws_the_supply(room, now_s, happening, limit_ma):
    assert draw_ma(drives(frame(room, now_s, happening), 1.0, limit_ma)) <= limit_ma + 1e-6


@given(rooms, times, happenings)
def test_nothing_changes_before_the_next_frame(room, now_s, happening):
    coming_s = next_frame_s(room, now_s, happening)
    until_s = now_s + 60 if coming_s is None else coming_s
    if until_s - now_s > 0.1:
        moments = [now_s + (until_s - now_s) * share for share in (0.0, 0.3, 0.7, 0.999)]
        in_future = [at_s for at_s in (happening.touched_s, happening.identify_s) if at_s is not None and at_s > now_s]
        assert in_future or len({frame(room, moment, happening) for moment in moments}) == 1


@given(rooms, times, happenings, st.integers(1, 144))
def test_a_ring_of_any_size_gets_colours_in_range(room, now_s, happening, leds):
    colours = frame(room, now_s, happening, leds)
    assert len(colours) == leds
    assert all(0 <= value <= 255 for colour in colours for value in colour)


def test_a_room_at_rest_is_still_between_its_gestures():
    assert next_frame_s(Room(5, 12, FOCUS), GESTURE_S) == pytest.approx(CYCLE_S)


@pytest.mark.parametrize("people", [5, 12])
def test_a_free_room_with_people_is_still_for_ever(people):
    assert next_frame_s(Room(people, 12, FREE), STILL_S) is None


@pytest.mark.parametrize(("people", "use", "rate"), [(5, FOCUS, 60), (13, FOCUS, 60), (0, FREE, 20)])
def test_frames_come_as_fast_as_something_moves(people, use, rate):
    assert next_frame_s(Room(people, 12, use), 0.1) == pytest.approx(0.1 + 1 / rate)


def test_every_gesture_is_used_once_by_default():
    assert sorted(use.gesture for use in DEFAULT_USES) == sorted(Gesture)
