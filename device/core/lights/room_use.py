"""What a room can be used for, each use with a colour and a gesture by which it is known without colour."""

from collections.abc import Callable
from dataclasses import dataclass
from math import pi, sin

from device.contract.uses import USES, Gesture, UseSettings
from device.core.lights.light import Rgb, parse_colour
from device.core.lights.shapes import clamp, near

CYCLE_S = 6.0
"""A gesture is made once in this time, and when something changed; in between the ring stands still."""
GESTURE_S = 1.8
LOW = 0.5
"""How far a gesture dims what it touches."""


@dataclass(frozen=True)
class Use:
    """What for: `name` as on the wire, `label` for people, its colour and its gesture."""

    name: str
    label: str
    colour: Rgb
    gesture: Gesture


def use_of(settings: UseSettings) -> Use:
    """The use that the settings say."""
    return Use(settings.id, settings.label, parse_colour(settings.colour), settings.movement)


DEFAULT_USES = tuple(use_of(settings) for settings in USES)


def gesture_level(gesture: Gesture, time_s: float, place: float) -> float:
    """What a gesture leaves of the light at a place, `time_s` into its cycle: `LOW` to 1, and 1 once it is made.

    It depends on nothing else, so that more people are never less light.
    """
    return 1 - (1 - LOW) * _DIMMING[gesture](time_s, place) if time_s < GESTURE_S else 1.0


def _still(_: float, __: float) -> float:
    return 0.0


def _breathe(time_s: float, _: float) -> float:
    """One slow breath of the whole."""
    return sin(pi * time_s / GESTURE_S) ** 2


def _turn(time_s: float, place: float) -> float:
    """A word goes round the table."""
    return near(place, time_s / GESTURE_S, 0.09)


def _knock(time_s: float, _: float) -> float:
    """Two rings of a telephone."""
    beat_s = time_s if time_s < 0.5 else time_s - 0.5
    return sin(pi * beat_s / 0.35) ** 2 if beat_s < 0.35 else 0.0


def _tinker(time_s: float, place: float) -> float:
    """Every other LED of 24 in turn, as hands at work."""
    return 1.0 if int(place * 24 + 0.5) % 2 != int(time_s / 0.3) % 2 else 0.0


def _build(time_s: float, place: float) -> float:
    """All sinks, then is built up from the beginning."""
    return clamp((place + 0.1 - 1.1 * time_s / GESTURE_S) * 10)


_DIMMING: dict[Gesture, Callable[[float, float], float]] = {
    Gesture.STILL: _still,
    Gesture.BREATHE: _breathe,
    Gesture.TURN: _turn,
    Gesture.KNOCK: _knock,
    Gesture.TINKER: _tinker,
    Gesture.BUILD: _build,
}
