"""A receipt on the door's ring: a carnet as it is, eleven tickets and the golden one at the top.

What is left is lit, the ticket just taken is punched (a white spark) and goes out. Passes that are no carnet, the last
ticket, and money owed have pictures of their own.
"""

from functools import partial
from math import ceil

from device.contract.messages import Receipt
from device.core.lights.light import Rgb
from device.core.lights.shapes import DOT, Layer, Shape, arcs, breathing, clamp, comet, near, swell, whole

RECEIPT_S = 4.5
CARNET = 11
"""Tickets of a carnet that is sold here; the ring has a place for each, and one for the golden ticket."""

_TICKET: Rgb = (0, 205, 110)
_GOLD: Rgb = (255, 165, 0)
_SPARK: Rgb = (255, 255, 255)
_NOMADE: Rgb = (40, 120, 255)
_RESIDENT: Rgb = (150, 225, 255)
_OWED: Rgb = (255, 40, 110)
_BUY: Rgb = (255, 110, 0)

_PUNCHED_S = 1.6
"""What the ticket just taken needs to go out."""
_TURN_S = 2.0
"""When a receipt that has both tickets and debt turns from the one to the other."""
_OUTLINE = 0.14
_BREATH_S, _BREATH_LOW = 1.4, 0.3
"""Of the one ticket, or half-day, that is left."""
_BUY_LOW = 0.1
_NOMADE_LEVEL = 0.9
_SHIMMER = 2 * _OUTLINE
_SHIMMER_S, _SHIMMER_HALF = 2.25, 0.08
_FILLS_S, _FILL_EDGE = 0.9, 1 / 6
"""What a golden ticket's ring needs to fill, and over how much of it the edge is soft."""
_COINS_PER_S = 12
_COINS_BREATH_S = 0.9
_SPARK_S = 0.7
_PLACES = 12

_RESIDENT_RING: tuple[Layer, ...] = ((_RESIDENT, whole(0.45)), (_RESIDENT, comet(2.25, tail=0.5)))
_GOLDEN_SPARK: Layer = (_SPARK, comet(1.5, tail=0.15))


def layers(receipt: Receipt) -> tuple[Layer, ...]:
    """How a receipt is painted, from the moment it came."""
    held = _held(receipt)
    if receipt.owed_cents > 0 and held > 0:
        return (*_until_turn(_held_layers(receipt, held)), *_from_turn(_owed_layers(receipt.owed_cents)))
    if receipt.owed_cents > 0:
        return _owed_layers(receipt.owed_cents)
    return _held_layers(receipt, held)


def settled_s(receipt: Receipt) -> float | None:
    """When the picture of a receipt stands still; None where it never does."""
    if receipt.owed_cents > 0:
        return None
    if receipt.paid_by == "free":
        return 0.0
    return _PUNCHED_S if _takes_tickets(receipt) and _held(receipt) > 1 else None


def _takes_tickets(receipt: Receipt) -> bool:
    return receipt.paid_by in ("tickets", "nomade+tickets")


def _held(receipt: Receipt) -> int:
    """Tickets left of what pays: those a carnet can be of; loose hours only where there are no others."""
    if receipt.paid_by == "nomade":
        return receipt.left.nomade or 0
    return receipt.left.half_day + receipt.left.day or receipt.left.hour


def _held_layers(receipt: Receipt, held: int) -> tuple[Layer, ...]:
    if receipt.paid_by == "resident":
        return _RESIDENT_RING
    if receipt.paid_by == "golden":
        return ((_GOLD, _filling), _GOLDEN_SPARK)
    if receipt.paid_by == "nomade":
        return _nomade_layers(held)
    return _carnet_layers(receipt, held)


def _carnet_layers(receipt: Receipt, held: int) -> tuple[Layer, ...]:
    of = receipt.of or CARNET
    lit = min(CARNET, ceil(held * CARNET / max(of, CARNET)))
    golden: Layer = (_GOLD, arcs(0.0, half=DOT, level=1.0 if receipt.left.golden else _OUTLINE))
    outline: Layer = (_TICKET, partial(_run, min(of, CARNET), _OUTLINE))
    if not _takes_tickets(receipt):
        return (golden, outline, (_TICKET, partial(_run, lit, 1.0)))
    punched: tuple[Layer, ...] = (
        (_TICKET, partial(_going, lit + 1, _PUNCHED_S)),
        (_SPARK, partial(_going, lit + 1, _SPARK_S)),
    )
    if held == 0:
        pulse = breathing(partial(_run, CARNET, 1.0), _BREATH_S, low=_BUY_LOW)
        return (golden, outline, *punched, (_BUY, partial(_after, _PUNCHED_S, pulse)))
    if held == 1:
        return (golden, outline, *punched, (_TICKET, breathing(partial(_run, lit, 1.0), _BREATH_S, low=_BREATH_LOW)))
    return (golden, outline, *punched, (_TICKET, partial(_run, lit, 1.0)))


def _nomade_layers(held: int) -> tuple[Layer, ...]:
    """Half-days of the month, one place each (all of them for twelve and more), drawn anticlockwise like a hand."""
    lit = min(_PLACES, held)
    going: Layer = (_SPARK, partial(_going, -lit - 1, _PUNCHED_S))
    body: Shape = partial(_run, -lit, _NOMADE_LEVEL)
    if held == 1:
        body = breathing(partial(_run, -lit, 1.0), _BREATH_S, low=_BREATH_LOW)
    return ((_NOMADE, whole(_OUTLINE)), (_NOMADE, body), going, (_NOMADE, _shimmer))


def _owed_layers(owed_cents: int) -> tuple[Layer, ...]:
    """One place for each begun euro, counted up from the bottom; a whole ring is twelve euros and more."""
    euros = min(_PLACES, ceil(owed_cents / 100))
    return ((_OWED, partial(_counting, euros)),)


# Shapes of this picture: the first arguments are its figures, the last two time and place.


def _run(count: int, level: float, _: float, place: float) -> float:
    """Places 1 to `count` clockwise from beside the top, or anticlockwise from the top itself where it is negative."""
    index = int(place * _PLACES + 0.5) % _PLACES
    lit = 1 <= index <= count if count >= 0 else (-index) % _PLACES < -count
    return level if lit else 0.0


def _going(index: int, over_s: float, time_s: float, place: float) -> float:
    """One place that dies away; a negative index counts anticlockwise, its first being the top."""
    at = index if index >= 0 else index + 1
    return clamp(1 - time_s / over_s) * near(place, at / _PLACES, DOT) if abs(index) <= _PLACES else 0.0


def _filling(time_s: float, place: float) -> float:
    return clamp((time_s / _FILLS_S - place) / _FILL_EDGE)


def _shimmer(time_s: float, place: float) -> float:
    return _SHIMMER * near(place, -time_s / _SHIMMER_S, _SHIMMER_HALF)


def _counting(euros: int, time_s: float, place: float) -> float:
    """Coins laid down one after another from the bottom, clockwise; then they breathe together."""
    index = int((place + 0.5) * _PLACES + 0.5) % _PLACES
    if index >= min(euros, 1 + time_s * _COINS_PER_S):
        return 0.0
    laid_s = max(0.0, time_s - euros / _COINS_PER_S)
    return swell(laid_s + _COINS_BREATH_S / 2, _COINS_BREATH_S, low=_BREATH_LOW)


def _after(from_s: float, shape: Shape, time_s: float, place: float) -> float:
    return shape(time_s - from_s, place) if time_s >= from_s else 0.0


def _before(until_s: float, shape: Shape, time_s: float, place: float) -> float:
    return shape(time_s, place) if time_s < until_s else 0.0


def _until_turn(painted: tuple[Layer, ...]) -> tuple[Layer, ...]:
    return tuple((colour, partial(_before, _TURN_S, shape)) for colour, shape in painted)


def _from_turn(painted: tuple[Layer, ...]) -> tuple[Layer, ...]:
    return tuple((colour, partial(_after, _TURN_S, shape)) for colour, shape in painted)
