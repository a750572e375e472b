"""What a unit goes by when the server is away, and how old it may be."""

from zoneinfo import ZoneInfo

import msgspec
import pytest

from device.contract.access_list import Schedule
from device.contract.messages import Hours, Inside, Occupancy, TimeOfDay, Weekday
from device.knowledge import Knowledge
from tests.device.world import MONDAY_9, Drawer, access_list

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


OPEN = Hours(open=True, until=MONDAY_9.after(3600), opens_at=None)
CLOSED = Hours(open=False, until=None, opens_at=MONDAY_9.after(3600))
FOR_EVER_OPEN = Hours(open=True, until=None, opens_at=None)
FOR_EVER_CLOSED = Hours(open=False, until=None, opens_at=None)


@pytest.mark.parametrize(
    ("hours", "after_s", "is_closed"),
    [
        (OPEN, 3599, False),
        (OPEN, 3600, True),
        (OPEN, 13 * 3600, True),
        (OPEN, 15 * 3600, False),
        (CLOSED, 3599, True),
        (CLOSED, 3600, False),
        (FOR_EVER_OPEN, 10**6, False),
        (FOR_EVER_CLOSED, 10**6, True),
        (OPEN, None, False),
        (CLOSED, None, True),
    ],
    ids=[
        "open",
        "at closing",
        "that evening",
        "the next day nothing is known",
        "closed",
        "at opening",
        "no closing",
        "no opening",
        "open, no time",
        "closed, no time",
    ],
)
def test_whether_the_place_is_closed_as_far_as_the_server_has_told(hours, after_s, is_closed):
    knowledge = Knowledge(Drawer(), ZoneInfo("Europe/Paris"), 10)
    now = None if after_s is None else MONDAY_9.after(after_s)
    assert not knowledge.is_closed_at(now)
    knowledge.heard(hours)
    assert knowledge.is_closed_at(now) == is_closed


@pytest.mark.parametrize(("minutes", "is_in"), [(30, False), (60, True)])
def test_an_access_list_says_how_long_after_closing_people_are_checked_out(minutes, is_in):
    night: dict[Weekday, list[tuple[TimeOfDay, TimeOfDay]]] = {"mon": [("18:00", "24:00")], "tue": [("00:00", "02:00")]}
    knowledge = Knowledge(Drawer(), ZoneInfo("Europe/Paris"), 10)
    knowledge.heard(
        msgspec.structs.replace(
            access_list(checkout_after_min=minutes), schedules={"house": Schedule(weekly=night, dates={})}
        )
    )
    late = MONDAY_9.after(14 * 3600)
    knowledge.heard(Inside(members=[17], as_of=late))
    assert knowledge.insiders.is_in(17, MONDAY_9.after(17.75 * 3600)) is is_in  # 2:45 on Tuesday
