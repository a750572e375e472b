"""What a unit goes by when the server is away, and how old it may be."""

from zoneinfo import ZoneInfo

import pytest

from device.contract.messages import Occupancy
from device.knowledge import Knowledge
from tests.device.world import MONDAY_9, Drawer

AGE_S = 600


@pytest.mark.parametrize(
    ("age_s", "present"),
    [
        (0, 35),
        (AGE_S, 35),
        (AGE_S + 0.001, None),
        (-AGE_S, 35),
        (-AGE_S - 0.001, None),
        (-86_400 * 365, None),
    ],
    ids=["now", "ten minutes old", "older", "ten minutes ahead", "further ahead", "a year ahead"],
)
def test_an_occupancy_that_is_far_from_now_refuses_nobody(age_s, present):
    knowledge = Knowledge(Drawer(), ZoneInfo("Europe/Paris"), AGE_S / 60)
    knowledge.heard(
        Occupancy(present=35, guests=0, comfortable=25, max=35, level="full", uncertain=0, as_of=MONDAY_9.after(-age_s))
    )
    assert knowledge.present_at(MONDAY_9) == present
    assert knowledge.present_at(None) is None
