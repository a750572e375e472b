"""The door's ring: told apart by movement and by colour, calm, and still whenever it can be."""

from itertools import combinations
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.contract.messages import Reason
from device.core.lights.door_ring import FRAME_S, SCENES, Picture, Show, frame, lasts_s, next_frame_s
from device.core.lights.light import linear, luminance

RATE = 30
DARK = ((0, 0, 0),) * 12
STANDING = (
    *(Picture.IDLE, Picture.OFFLINE, Picture.CLOSED, Picture.FREE, Picture.LOCKED, Picture.FAULT),
    *(Picture.BADGE_AWAITED, Picture.BADGE_ANOTHER),
)
ANSWERS = [picture for picture in SCENES if picture not in STANDING]
ENDING = [(picture, lasts_s(picture)) for picture in SCENES if SCENES[picture].lasts_s]
YES = {Picture.GRANTED, Picture.EXIT, Picture.FULL}
"""A whole ring; `FULL` is the one no that has it, swelling as rooms do when they are over their seats."""
shows = st.builds(Show, st.sampled_from(list(SCENES)), st.just(1000.0))
times = st.floats(1000, 1040)


def film(picture, seconds=2.0):
    """Each LED's brightness (as the eye steps it) over time, the brightest moment being 1: no colour is left in it."""
    frames = [frame(Show(picture, 0.0), index / RATE) for index in range(int(seconds * RATE))]
    film = [luminance(colour) ** (1 / 2.4) for colours in frames for colour in colours]
    return [level / max(film) for level in film]


def main_colour(picture):
    """The colour of its brightest LED ever, at full strength."""
    frames = [frame(Show(picture, 0.0), index / RATE) for index in range(60)]
    brightest = max((colour for colours in frames for colour in colours), key=luminance)
    return tuple(value * 255 / max(brightest) for value in brightest)


FILMS = {picture: film(picture) for picture in SCENES}


@pytest.mark.parametrize(("one", "other"), list(combinations(SCENES, 2)))
def test_any_two_pictures_move_differently_for_those_who_see_no_colour(one, other):
    difference = sum(abs(a - b) for a, b in zip(FILMS[one], FILMS[other], strict=True)) / len(FILMS[one])
    assert difference > 0.05


@pytest.mark.parametrize(("one", "other"), list(combinations(ANSWERS, 2)))
def test_any_two_answers_have_different_colours(one, other):
    assert max(abs(a - b) for a, b in zip(main_colour(one), main_colour(other), strict=True)) >= 35


@pytest.mark.parametrize("picture", SCENES)
def test_no_led_flashes_more_than_three_times_a_second(picture):
    """WCAG 2.2, 2.3.1: a flash is a rise of at least a tenth of full luminance and its fall."""
    films = zip(*(frame(Show(picture, 0.0), index / RATE) for index in range(5 * RATE)), strict=True)
    for led in films:
        rises = _rises([luminance(colour) for colour in led])
        assert all(sum(at <= other < at + RATE for other in rises) <= 3 for at in rises)


def _rises(levels):
    rises, up, extreme = [], False, levels[0]
    for at, level in enumerate(levels):
        extreme = max(extreme, level) if up else min(extreme, level)
        if abs(level - extreme) >= 0.1:
            up, extreme = not up, level
            rises += [at] if up else []
    return rises


@pytest.mark.parametrize("reason", get_args(Reason))
def test_every_reason_of_a_decision_has_its_picture(reason):
    assert Picture(reason) in SCENES


@pytest.mark.parametrize(("picture", "lasts_s"), ENDING)
def test_an_answer_ends_in_the_dark(picture, lasts_s):
    assert frame(Show(picture, 50.0), 50.0 + lasts_s) == DARK
    assert next_frame_s(Show(picture, 50.0), 50.0 + lasts_s) is None


@pytest.mark.parametrize("picture", [Picture.IDLE, Picture.OFFLINE, Picture.CLOSED, Picture.LOCKED])
def test_what_stands_for_hours_stands_still(picture):
    assert next_frame_s(Show(picture, 0.0), 0.0) is None


def test_an_idle_ring_has_a_quiet_dot_at_each_quarter():
    lit = [index for index, colour in enumerate(frame(Show(Picture.IDLE, 0.0), 7.0)) if any(colour)]
    assert lit == [0, 3, 6, 9]


def test_without_the_server_the_top_mark_turns_amber():
    top = frame(Show(Picture.OFFLINE, 0.0), 2.0)[0]
    assert top == (204, 104, 0)


def test_a_grant_rises_from_the_bottom_and_makes_the_ring_whole():
    early, whole = (frame(Show(Picture.GRANTED, 0.0), now_s) for now_s in (0.1, 0.6))
    assert [any(early[index]) for index in (6, 0)] == [True, False]
    assert set(whole) == {(0, 220, 80)}


@given(st.sampled_from(list(SCENES)), st.floats(0, 5))
def test_a_picture_begins_when_it_is_shown(picture, at_s):
    """A binary fraction of a second, so that no sum is rounded."""
    at_s = round(at_s * 64) / 64
    assert frame(Show(picture, 50.0), 50.0 + at_s) == frame(Show(picture, 0.0), at_s)
    assert frame(Show(picture, 50.0), 50.0 - at_s) == frame(Show(picture, 0.0), 0.0)


@pytest.mark.parametrize(("picture", "lasts_s"), ENDING)
@pytest.mark.parametrize("left_s", [0.35, 0.34, 0.1, 0.01])
def test_while_an_answer_fades_there_is_always_a_next_frame(picture, lasts_s, left_s):
    now_s = 1000.0 + lasts_s - left_s
    next_s = next_frame_s(Show(picture, 1000.0), now_s)
    assert next_s is not None and now_s < next_s <= 1000.0 + lasts_s


def test_a_whole_grant_is_not_sent_again_until_it_fades():
    assert next_frame_s(Show(Picture.GRANTED, 10.0), 10.6) == pytest.approx(11.65)


def test_going_out_the_ring_empties_from_the_top():
    middle = frame(Show(Picture.EXIT, 0.0), 0.6)
    assert not any(middle[0])
    assert any(middle[6])


@pytest.mark.parametrize("picture", [Picture(reason) for reason in get_args(Reason) if Picture(reason) not in YES])
def test_a_refusal_never_looks_like_a_yes(picture):
    """No bright whole ring for longer than a fifth of a second."""
    frames = [frame(Show(picture, 0.0), index / RATE) for index in range(60)]
    assert sum(min(max(colour) for colour in colours) > 128 for colours in frames) <= 6


@given(shows, times)
def test_nothing_changes_before_the_next_frame(show, now_s):
    coming_s = next_frame_s(show, now_s)
    until_s = now_s + 60 if coming_s is None else coming_s
    if until_s - now_s > 0.1:
        moments = [now_s + (until_s - now_s) * share for share in (0.0, 0.3, 0.7, 0.999)]
        assert len({frame(show, moment) for moment in moments}) == 1


@given(shows, times)
def test_the_door_shows_at_most_thirty_frames_a_second(show, now_s):
    coming_s = next_frame_s(show, now_s)
    ends_s = 1000.0 + (lasts_s(show.picture) or 1e9)
    assert coming_s is None or coming_s >= now_s + FRAME_S - 1e-9 or coming_s == ends_s


@given(shows, times, st.integers(1, 144))
def test_a_ring_of_any_size_gets_colours_in_range(show, now_s, leds):
    colours = frame(show, now_s, leds)
    assert len(colours) == leds
    assert all(0 <= value <= 255 for colour in colours for value in colour)


def test_the_quietest_picture_is_still_seen():
    """A tenth of an sRGB step up is nothing; every picture has a moment with some real light."""
    for picture in SCENES:
        frames = [frame(Show(picture, 0.0), index / 10) for index in range(40)]
        assert max(linear(max(colour)) for colours in frames for colour in colours) > 0.08
