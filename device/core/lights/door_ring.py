"""The door's ring: what it shows, as a pure function from state and time to colours.

The grammar, for those who read it by its movement alone: a yes makes the ring whole, from the bottom up or, going
out, down; a no leaves it broken (only `FULL` is whole, as the place is), and each no moves in a way of its own. What
stands for hours stands still, or moves slowly.
"""

from dataclasses import dataclass
from enum import StrEnum

from device.contract.messages import Receipt
from device.core.lights import shapes
from device.core.lights.light import Rgb
from device.core.lights.receipt_ring import RECEIPT_S, settled_s
from device.core.lights.receipt_ring import layers as receipt_layers
from device.core.lights.shapes import DOT, Layer, Shape

FRAME_S = 1 / 30
SLOW_FRAME_S = 1 / 15
"""For what moves slowly."""
FADE_S = 0.35
"""What an answer takes to go."""


class Picture(StrEnum):
    """What the ring of a door or a desk can show; the value of an answer is the reason of its decision (rules 2)."""

    IDLE = "idle"
    OFFLINE = "offline"
    CLOSED = "closed"
    FREE = "free"
    LOCKED = "locked"
    GRANTED = "granted"
    EXIT = "exit"
    FREE_PASSAGE = "free_passage"
    RECEIPT = "receipt"
    ALREADY_INSIDE = "already_inside"
    UNKNOWN_CREDENTIAL = "unknown_credential"
    NOT_AUTHENTIC = "not_authentic"
    REVOKED = "revoked"
    SUSPENDED = "suspended"
    EXPIRED = "expired"
    STALE_LIST = "stale_list"
    OUTSIDE_HOURS = "outside_hours"
    NO_CREDIT = "no_credit"
    FULL = "full"
    FIRE = "fire"
    FORCED = "forced"
    HELD = "held"
    FAULT = "fault"
    IDENTIFY = "identify"
    BADGE_AWAITED = "badge_awaited"
    BADGE_AT_WORK = "badge_at_work"
    BADGE_ANOTHER = "badge_another"
    BADGE_DONE = "badge_done"
    BADGE_REFUSED = "badge_refused"
    BADGE_AGAIN = "badge_again"


@dataclass(frozen=True)
class Show:
    """A picture, since when (monotonic) it is shown, and for `RECEIPT` what it tells."""

    picture: Picture
    since_s: float
    receipt: Receipt | None = None


@dataclass(frozen=True)
class PictureScene:
    """How a picture is painted: it lasts `lasts_s` (None: until another comes), moving for its first `moves_s`.

    While it moves it changes every `step_s`: what is slow needs fewer frames.
    """

    layers: tuple[Layer, ...]
    lasts_s: float | None = None
    moves_s: float | None = None
    step_s: float = FRAME_S


def _standing(*layers: Layer) -> PictureScene:
    return PictureScene(layers, moves_s=0.0)


def _slow(*layers: Layer) -> PictureScene:
    return PictureScene(layers, step_s=SLOW_FRAME_S)


def _answer(colour: Rgb, shape: Shape, lasts_s: float = 2.6, moves_s: float | None = None) -> PictureScene:
    return PictureScene(((colour, shape),), lasts_s, moves_s)


_WARM: Rgb = (255, 205, 140)
_AMBER: Rgb = (255, 130, 0)
_BLUE: Rgb = (120, 170, 255)
_PINK: Rgb = (255, 55, 130)
_QUARTERS = shapes.arcs(0.0, 0.25, 0.5, 0.75, half=DOT, level=0.35)
_SIDES = shapes.arcs(0.25, 0.75, half=0.1)
_THIRDS = shapes.arcs(0.0, 1 / 3, 2 / 3, half=0.06)
_CROSS = shapes.arcs(0.125, 0.375, 0.625, 0.875, half=0.06)
_LEFT, _RIGHT = shapes.arcs(0.75, half=0.19), shapes.arcs(0.25, half=0.19)
_UPPER, _LOWER = shapes.arcs(0.0, half=0.21), shapes.arcs(0.5, half=0.21)

SCENES: dict[Picture, PictureScene] = {
    Picture.IDLE: _standing((_WARM, _QUARTERS)),
    Picture.OFFLINE: _standing(
        (_WARM, shapes.arcs(0.25, 0.5, 0.75, half=DOT, level=0.35)), (_AMBER, shapes.arcs(0.0, half=DOT, level=0.8))
    ),
    Picture.CLOSED: _standing(((90, 120, 255), shapes.arcs(0.5, half=DOT, level=0.5))),
    Picture.FREE: _slow(((0, 235, 60), shapes.comet(6.0, tail=0.45, heads=2))),
    Picture.LOCKED: _standing(((255, 0, 0), shapes.arcs(0.25, 0.75, half=DOT)), ((255, 0, 0), shapes.whole(0.3))),
    Picture.GRANTED: _answer((0, 220, 80), shapes.rising(0.45), 2.0, moves_s=0.5),
    Picture.EXIT: _answer((0, 190, 190), shapes.sinking(1.2), 1.6),
    Picture.FREE_PASSAGE: _answer((110, 255, 0), shapes.comet(1.2, tail=0.45, heads=2), 2.0),
    Picture.ALREADY_INSIDE: _answer((0, 110, 255), shapes.gap(0.9, half=0.1)),
    Picture.UNKNOWN_CREDENTIAL: _answer((255, 0, 0), shapes.swapping(_LEFT, _RIGHT, 0.9)),
    Picture.NOT_AUTHENTIC: _answer(
        (255, 0, 170), shapes.swapping(shapes.sectors(3), shapes.sectors(3, shifted=True), 0.7), 3.2
    ),
    Picture.REVOKED: _answer((220, 0, 50), shapes.struck(_CROSS, 1.2), 3.2),
    Picture.SUSPENDED: _answer((255, 50, 0), shapes.breathing(_SIDES, 1.3, low=0.15)),
    Picture.EXPIRED: _answer((190, 0, 255), shapes.draining(1.7)),
    Picture.STALE_LIST: _answer((255, 150, 0), shapes.comet(-1.0, tail=0.5)),
    Picture.OUTSIDE_HOURS: PictureScene(
        (((70, 40, 255), shapes.ticking(12, 6.0)), ((70, 40, 255), shapes.arcs(0.0, half=DOT, level=0.5))), 2.6
    ),
    Picture.NO_CREDIT: PictureScene(
        (
            ((255, 120, 170), shapes.breathing(shapes.arcs(0.5, half=0.1), 0.87)),
            ((255, 120, 170), shapes.whole(0.17)),
        ),
        2.6,
    ),
    Picture.FULL: _answer((255, 100, 0), shapes.breathing(shapes.whole(), 1.3, low=0.35)),
    Picture.FIRE: PictureScene((((255, 255, 255), shapes.falling(1.5)), ((255, 0, 0), shapes.whole(0.6)))),
    Picture.FORCED: PictureScene((((255, 90, 90), shapes.swapping(_UPPER, _LOWER, 0.5)),)),
    Picture.HELD: PictureScene((((255, 215, 0), shapes.sweeping(1.6)),)),
    Picture.FAULT: _slow(((255, 110, 40), shapes.breathing(shapes.arcs(5 / 12, 7 / 12, half=DOT, level=0.8), 2.0))),
    Picture.IDENTIFY: PictureScene((((190, 220, 255), shapes.comet(1.0, tail=0.6)),), 30.0),
    Picture.BADGE_AWAITED: _slow((_BLUE, shapes.breathing(_THIRDS, 2.4, low=0.2))),
    Picture.BADGE_AT_WORK: PictureScene(((_BLUE, shapes.comet(1.6, tail=0.12, heads=3)),)),
    Picture.BADGE_ANOTHER: PictureScene(((_PINK, shapes.swapping(_THIRDS, shapes.whole(0.0), 1.2)),)),
    Picture.BADGE_DONE: _answer((140, 255, 180), shapes.winding(0.9), moves_s=1.0),
    Picture.BADGE_REFUSED: _answer(_PINK, shapes.struck(_THIRDS, 0.9)),
    Picture.BADGE_AGAIN: _answer((255, 240, 110), shapes.swapping(_LOWER, shapes.whole(0.0), 0.8)),
}


def frame(show: Show, now_s: float, leds: int = 12) -> tuple[Rgb, ...]:
    """The colours of the ring at `now_s` (monotonic), clockwise from the top; dark when the picture is over."""
    scene = _scene(show)
    time_s = max(0.0, now_s - show.since_s)
    if scene.lasts_s is None:
        return shapes.paint(scene.layers, time_s, leds)
    return shapes.paint(scene.layers, time_s, leds, fade=shapes.clamp((scene.lasts_s - time_s) / FADE_S))


def lasts_s(picture: Picture) -> float | None:
    """How long an answer stays; None for what stands until another picture takes its place."""
    return RECEIPT_S if picture is Picture.RECEIPT else SCENES[picture].lasts_s


def next_frame_s(show: Show, now_s: float) -> float | None:
    """When the ring next looks different (monotonic); None when it will stay as it is."""
    scene = _scene(show)
    ends_s = None if scene.lasts_s is None else show.since_s + scene.lasts_s
    if ends_s is not None and now_s >= ends_s:
        return None
    if scene.moves_s is not None and now_s >= show.since_s + scene.moves_s:
        if ends_s is None:
            return None
        if now_s < ends_s - FADE_S:
            return ends_s - FADE_S
    coming_s = now_s + scene.step_s
    return coming_s if ends_s is None else min(coming_s, ends_s)


def _scene(show: Show) -> PictureScene:
    if show.picture is not Picture.RECEIPT:
        return SCENES[show.picture]
    if show.receipt is None:
        return SCENES[Picture.GRANTED]
    return PictureScene(receipt_layers(show.receipt), RECEIPT_S, settled_s(show.receipt))
