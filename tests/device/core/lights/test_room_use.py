"""Uses and their gestures."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.contract.uses import FREE, Gesture
from device.core.lights.room_use import CYCLE_S, DEFAULT_USES, GESTURE_S, LOW, gesture_level

gestures = st.sampled_from(Gesture)
places = st.floats(0, 1, exclude_max=True)


def test_the_uses_of_the_place_in_french():
    assert [use.label for use in DEFAULT_USES] == ["Libre", "Travail calme", "Réunion", "Appel", "Atelier", "Formation"]
    assert DEFAULT_USES[0].name == FREE


@given(gestures, st.floats(0, CYCLE_S), places)
def test_a_gesture_dims_but_never_hides(gesture, time_s, place):
    assert LOW <= gesture_level(gesture, time_s, place) <= 1


@given(gestures, st.floats(GESTURE_S, CYCLE_S), places)
def test_after_its_gesture_the_ring_stands_still(gesture, time_s, place):
    assert gesture_level(gesture, time_s, place) == 1


@pytest.mark.parametrize("gesture", [gesture for gesture in Gesture if gesture is not Gesture.STILL])
def test_every_gesture_is_seen_even_on_a_single_led(gesture):
    levels = [gesture_level(gesture, step / 60, 0.0) for step in range(int(GESTURE_S * 60))]
    assert max(levels) - min(levels) > 0.4
