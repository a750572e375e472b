"""Whose badge it was."""

from datetime import timedelta

import pytest

from device.contract.instant import Instant
from device.contract.messages import Side
from server.core.presence.badge_holder import Holding, holder

NOON = Instant.parse("2026-11-23T12:00:00.000Z")
ANNE, BRUNO = 1, 2


def after(minutes: float) -> Instant:
    return NOON + timedelta(minutes=minutes)


ANNES = Holding(ANNE, NOON, after(60))
BRUNOS = Holding(BRUNO, after(120), None)


@pytest.mark.parametrize(
    ("minutes", "side", "whose"),
    [
        (-9999, "entry", ANNE),  # nobody else ever had it
        (0, "entry", ANNE),
        (59.99, "toggle", ANNE),
        (60, "entry", None),
        (60, "exit", ANNE),  # who came in with it may leave
        (90, "entry", None),
        (114.99, "entry", None),
        (115, "entry", BRUNO),  # the unit's clock is a little behind
        (120, "exit", BRUNO),
        (9999, "entry", BRUNO),
    ],
)
def test_a_badge_leaves_its_past_with_who_had_it(minutes: float, side: Side, whose: int | None) -> None:
    assert holder([ANNES, BRUNOS], after(minutes), side) == whose


def test_a_badge_passed_on_at_once_is_the_formers_until_then() -> None:
    at_once = Holding(BRUNO, after(60), None)
    assert holder([ANNES, at_once], after(59)) == ANNE
    assert holder([ANNES, at_once], after(60)) == BRUNO


def test_a_badge_taken_back_at_the_moment_it_was_given_is_nobodys() -> None:
    assert holder([Holding(ANNE, NOON, NOON)], NOON) is None


def test_a_badge_that_nobody_ever_held_is_nobodys() -> None:
    assert holder([], NOON) is None
