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


def dimmed(gesture, share, place):
    """How far the gesture dims a place, 0 to 1, when so much of it is made."""
    return (1 - gesture_level(gesture, share * GESTURE_S, place)) / (1 - LOW)


@pytest.mark.parametrize(
    ("gesture", "share", "place", "dims"),
    [
        (Gesture.STILL, 0.5, 0.3, 0),
        (Gesture.BREATHE, 0, 0.3, 0),
        (Gesture.BREATHE, 1 / 4, 0.3, 0.5),
        (Gesture.BREATHE, 1 / 2, 0.3, 1),
        (Gesture.BREATHE, 1 / 2, 0.8, 1),
        (Gesture.TURN, 0.3, 0.3, 1),
        (Gesture.TURN, 0.3, 0.8, 0),
        (Gesture.TURN, 0.3, 0.3 + 0.09, 0.5),
        (Gesture.TURN, 0.8, 0.8, 1),
        (Gesture.KNOCK, 0.175 / GESTURE_S, 0.3, 1),
        (Gesture.KNOCK, 0.0875 / GESTURE_S, 0.3, 0.5),
        (Gesture.KNOCK, 0.4 / GESTURE_S, 0.3, 0),
        (Gesture.KNOCK, 0.5 / GESTURE_S, 0.3, 0),
        (Gesture.KNOCK, 0.675 / GESTURE_S, 0.3, 1),
        (Gesture.KNOCK, 0.9 / GESTURE_S, 0.3, 0),
        (Gesture.KNOCK, 1.2 / GESTURE_S, 0.3, 0),
        (Gesture.TINKER, 0, 1 / 24, 1),
        (Gesture.TINKER, 0, 0.9 / 24, 1),
        (Gesture.TINKER, 0, 1.1 / 24, 1),
        (Gesture.TINKER, 0, 2 / 24, 0),
        (Gesture.TINKER, 0.29 / GESTURE_S, 2 / 24, 0),
        (Gesture.TINKER, 0.31 / GESTURE_S, 2 / 24, 1),
        (Gesture.TINKER, 0.31 / GESTURE_S, 1 / 24, 0),
        (Gesture.TINKER, 0.61 / GESTURE_S, 23 / 24, 1),
        (Gesture.TINKER, 0.61 / GESTURE_S, 2 / 24, 0),
        (Gesture.BUILD, 0, 0, 1),
        (Gesture.BUILD, 0, 0.9, 1),
        (Gesture.BUILD, 1 / 2, 0.45, 0),
        (Gesture.BUILD, 1 / 2, 0.5, 0.5),
        (Gesture.BUILD, 1 / 2, 0.55, 1),
        (Gesture.BUILD, 0.999, 0.99, 0),
    ],
)
def test_each_gesture_is_made_as_it_is_told(gesture, share, place, dims):
    assert dimmed(gesture, share, place) == pytest.approx(dims, abs=1e-6)


def test_a_gesture_is_over_at_its_end():
    """It would begin to dim the first LED again."""
    assert gesture_level(Gesture.TURN, GESTURE_S, 0.0) == 1
    assert gesture_level(Gesture.TURN, GESTURE_S - 0.001, 0.0) == pytest.approx(LOW)
