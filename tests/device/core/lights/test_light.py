"""Colours, the current they draw, and brightness by the hour."""

from datetime import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.core.lights.light import (
    IDLE_MA,
    brightness_at,
    drives,
    linear,
    luminance,
    parse_colour,
    seen,
)
from tests.device.core.lights.current import draw_ma

colours = st.tuples(*[st.integers(0, 255)] * 3)
frames = st.lists(colours, min_size=1, max_size=48)


def test_a_colour_is_read_as_it_stands_in_the_settings():
    assert parse_colour("#2A9D8F") == (42, 157, 143)


def test_every_even_step_survives_being_made_linear():
    assert [seen(linear(value)) for value in range(256)] == list(range(256))


def test_half_way_to_the_eye_is_a_fifth_of_the_light():
    assert linear(128) == pytest.approx(0.216, abs=0.001)


def test_white_is_the_brightest_and_green_brighter_than_blue():
    assert luminance((255, 255, 255)) == pytest.approx(1)
    assert luminance((0, 255, 0)) > luminance((255, 0, 0)) > luminance((0, 0, 255))


def test_a_full_led_is_driven_to_the_last_step():
    assert drives([(255, 0, 255)], brightness=1, limit_ma=1000) == [(31, 255, 0, 255)]


def test_a_dark_led_is_driven_by_nothing():
    assert drives([(0, 0, 0)], brightness=1, limit_ma=1000) == [(0, 0, 0, 0)]


def test_the_dark_end_of_a_fade_keeps_its_steps():
    """Told in 8 bits alone, the darkest dozen values would all be black."""
    driven = [drives([(value, value, value)], brightness=0.4, limit_ma=1000)[0] for value in range(1, 256)]
    light = [strength * red for strength, red, _, _ in driven]
    assert light == sorted(light)
    assert len(set(light[:32])) > 24


def test_twelve_white_leds_draw_732_ma():
    assert draw_ma([(31, 255, 255, 255)] * 12) == pytest.approx(12 * 61)


def test_a_frame_within_the_limit_is_not_dimmed():
    assert drives([(255, 0, 0)] * 4, brightness=1, limit_ma=100) == [(31, 255, 0, 0)] * 4


@given(frames, st.floats(0.01, 1), st.floats(20, 5000))
def test_no_frame_draws_more_than_the_limit(frame, brightness, limit_ma):
    assert draw_ma(drives(frame, brightness, limit_ma)) <= max(limit_ma, len(frame) * IDLE_MA) + 1e-6


@pytest.mark.parametrize("limit_ma", range(60, 2900, 7))
def test_no_limit_is_overdrawn_though_the_steps_of_all_leds_are_rounded_up_together(limit_ma):
    assert draw_ma(drives([(255, 255, 255)] * 48, 1.0, limit_ma)) <= limit_ma


@pytest.mark.parametrize("limit_ma", [0, 1, 4])
@pytest.mark.parametrize("colour", [(255, 255, 255), (0, 0, 0)])
def test_where_the_idle_current_is_over_the_limit_all_is_dark(limit_ma, colour):
    assert drives([colour] * 4, 1.0, limit_ma) == [(0, 0, 0, 0)] * 4


@given(frames, st.floats(0.01, 1))
def test_dimming_keeps_the_order_of_brightness(frame, brightness):
    """Whatever was brighter stays at least as bright, one step of rounding aside."""
    told = drives(frame, brightness, limit_ma=200)
    light = sorted(
        (linear(red), strength * driven) for (red, _, _), (strength, driven, _, _) in zip(frame, told, strict=True)
    )
    assert all(low <= high + 31 for (_, low), (_, high) in pairwise(light))


HOURS = [(time(7), 0.6), (time(19), 0.25), (time(22), 0.05)]


@pytest.mark.parametrize(
    ("local", "brightness"),
    [(time(7), 0.6), (time(18, 59), 0.6), (time(19), 0.25), (time(23), 0.05), (time(0), 0.05), (time(6, 59), 0.05)],
)
def test_the_ring_is_dimmed_by_the_hour(local, brightness):
    assert brightness_at(local, HOURS) == brightness


def test_without_hours_the_ring_is_always_at_full():
    assert brightness_at(time(3), []) == 1.0
