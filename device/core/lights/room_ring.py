"""The camembert of a room: how full by what is filled, what for by its colour and its gesture.

A pure function of what holds, the time, and what happens at the unit. More people are never fewer lit LEDs; a room
with a free seat never looks full, and one person is never nobody, be it of 1 seat or of 200.
"""

from dataclasses import dataclass
from enum import StrEnum
from math import ceil

from device.contract.uses import FREE, Gesture
from device.core.lights import shapes
from device.core.lights.light import DARK, Rgb
from device.core.lights.room_use import CYCLE_S, GESTURE_S, Use, gesture_level

FRAME_S = 1 / 60
BREATH_FRAME_S = 1 / 20
"""A breath of the dot takes some 50 steps of brightness each way in 3 s: more frames would look the same."""
IDENTIFY_S = 30.0
POINTER_S = 1.2
"""How long the pointer glows after the dial was touched."""
AWAKE_S = 6.0
"""How long a closed place's ring answers a touch of its dial."""

FAINT = 0.18
_DOT, _DOT_LOW = 0.48, 1 / 3
_DOT_BREATH_S = 6.0
_PULSE_S, _PULSE_REST = 1.2, 0.35
_AMBER: Rgb = (255, 130, 0)
_RESERVED: Rgb = (215, 205, 255)
_RESERVED_BREATH_S = 3.0
_MARKS = 6
"""Dots of the reservation's mark, around the ring."""
_POINTER: Rgb = (255, 255, 255)
_IDENTIFY = (((190, 220, 255), shapes.comet(1.0, tail=0.5)),)


class Reservation(StrEnum):
    """What the room's calendar says."""

    NONE = "none"
    AHEAD = "ahead"
    UNCLAIMED = "unclaimed"
    """It runs, and nobody is there."""


@dataclass(frozen=True)
class Room:
    """What holds: by the server's last word or the dial's, whichever is later."""

    people: int
    seats: int
    use: Use


@dataclass(frozen=True)
class RoomSigns:
    """What else the ring tells; times are monotonic.

    `silent`: no contact with the server for more than 2 minutes. `touched_s`: when the dial was last turned or
    pressed, or the desk set the room. `identify_s`: since when somebody looks for this unit.
    """

    closed: bool = False
    silent: bool = False
    reservation: Reservation = Reservation.NONE
    touched_s: float | None = None
    identify_s: float | None = None


NOTHING = RoomSigns()


def frame(room: Room, now_s: float, happening: RoomSigns = NOTHING, leds: int = 24) -> tuple[Rgb, ...]:
    """The colours of the ring at `now_s`, clockwise from the top."""
    sought_s = _sought_s(happening, now_s)
    if sought_s is not None:
        return shapes.paint(_IDENTIFY, sought_s, leds)
    if happening.closed and not is_awake(happening, now_s):
        return (DARK,) * leds
    colours = _camembert(room, now_s, happening, leds)
    if happening.reservation is not Reservation.NONE:
        _mark_reservation(colours, now_s, happening.reservation)
    if happening.touched_s is not None:
        at = max(0, ceil(filled(room, leds)) - 1)
        colours[at] = _mixed(_POINTER, colours[at], shapes.clamp((now_s - happening.touched_s) / POINTER_S))
    if happening.silent:
        # The last place: the fill begins at the top and reaches it only when all seats are taken. The gap beside it
        # tells it from the fill where the colour does not.
        colours[-2:] = [DARK, _AMBER][-leds:]
    return tuple(colours)


def next_frame_s(room: Room, now_s: float, happening: RoomSigns = NOTHING) -> float | None:
    """When the ring next looks different; None when it will stay as it is."""
    if _sought_s(happening, now_s) is not None:
        return now_s + FRAME_S
    touched_s = happening.touched_s
    if happening.closed:
        return None if touched_s is None or not is_awake(happening, now_s) else _closed_frame_s(now_s, touched_s)
    if room.people > room.seats or (touched_s is not None and now_s < touched_s + POINTER_S):
        return now_s + FRAME_S
    breathes = happening.reservation is Reservation.UNCLAIMED or _is_empty(room)
    return _earlier(now_s + BREATH_FRAME_S if breathes else None, _gesture_frame_s(room, now_s, touched_s or 0.0))


def filled(room: Room, leds: int) -> float:
    """How many LEDs the people fill, parts of the last one included."""
    if room.people <= 0:
        return 0.0
    if room.people >= room.seats:
        return float(leds)
    return max(1.0, min(leds - 1.0, room.people * leds / room.seats))


def _camembert(room: Room, now_s: float, happening: RoomSigns, leds: int) -> list[Rgb]:
    colour, gesture = room.use.colour, room.use.gesture
    if _is_empty(room):
        dot = _DOT * shapes.swell(now_s, _DOT_BREATH_S, low=_DOT_LOW)
        return [_scaled(colour, dot), *[DARK] * (leds - 1)]
    if room.people > room.seats:
        return [_scaled(colour, shapes.swell(now_s, _PULSE_S, low=_PULSE_REST))] * leds
    lit = filled(room, leds)
    cycle_s = (now_s - (happening.touched_s or 0.0)) % CYCLE_S
    return [
        _scaled(
            colour,
            (FAINT + (1 - FAINT) * shapes.clamp(lit - index)) * gesture_level(gesture, cycle_s, index / leds),
        )
        for index in range(leds)
    ]


def _mark_reservation(colours: list[Rgb], now_s: float, reservation: Reservation) -> None:
    """Dots around the ring: still when it is ahead, breathing while it waits for somebody."""
    level = 1.0 if reservation is Reservation.AHEAD else shapes.swell(now_s, _RESERVED_BREATH_S, low=0.2)
    dot = _scaled(_RESERVED, 0.8 * level)
    for mark in range(_MARKS):
        # Half a step off the top, where the fill begins.
        at = (2 * mark + 1) * len(colours) // (2 * _MARKS)
        colours[at] = dot


def _is_empty(room: Room) -> bool:
    return room.people <= 0 and room.use.name == FREE


def _sought_s(happening: RoomSigns, now_s: float) -> float | None:
    """For how long somebody has been looking for this unit; None where nobody is."""
    since_s = happening.identify_s
    return now_s - since_s if since_s is not None and now_s < since_s + IDENTIFY_S else None


def is_awake(happening: RoomSigns, now_s: float) -> bool:
    """Whether a closed place's ring answers a touch at `now_s`."""
    return happening.touched_s is not None and now_s < happening.touched_s + AWAKE_S


def _closed_frame_s(now_s: float, touched_s: float) -> float:
    return min(now_s + FRAME_S, touched_s + AWAKE_S)


def _gesture_frame_s(room: Room, now_s: float, begun_s: float) -> float | None:
    if room.use.gesture is Gesture.STILL or _is_empty(room):
        return None
    cycle_s = (now_s - begun_s) % CYCLE_S
    return now_s + FRAME_S if cycle_s < GESTURE_S else now_s + max(FRAME_S, CYCLE_S - cycle_s)


def _earlier(one: float | None, other: float | None) -> float | None:
    return min((moment for moment in (one, other) if moment is not None), default=None)


def _scaled(colour: Rgb, level: float) -> Rgb:
    return round(colour[0] * level), round(colour[1] * level), round(colour[2] * level)


def _mixed(one: Rgb, other: Rgb, share: float) -> Rgb:
    """`one` going over into `other`."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue
