"""What the small screen says."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from device.contract.instant import Instant
from device.contract.messages import Reserved
from device.core.lights.room_ring import Room
from device.core.lights.room_use import DEFAULT_USES
from device.core.room.room_page import room_page

PARIS = ZoneInfo("Europe/Paris")
NOON = Instant.parse("2026-11-23T11:00:00.000Z")
HOUR = timedelta(hours=1)
SIX = NOON + 6 * HOUR
RUNNING = Reserved(from_=NOON - HOUR, until=NOON + HOUR / 2)
LET_GO = Reserved(from_=NOON - HOUR, until=NOON + HOUR, let_go_at=NOON - HOUR / 2)
COMING = Reserved(from_=NOON + 2 * HOUR, until=NOON + 3 * HOUR)


@pytest.mark.parametrize(
    ("people", "reserved", "closes_at", "now", "until"),
    [
        (3, RUNNING, SIX, NOON, "réservée jusqu'à 12:30"),
        (3, COMING, SIX, NOON, "réservée à 14:00"),
        (0, LET_GO, SIX, NOON, "jusqu'à 18:00"),
        (3, None, SIX, NOON, "jusqu'à 18:00"),
        (0, Reserved(from_=NOON, until=NOON + HOUR, let_go_at=NOON), SIX, NOON, "jusqu'à 18:00"),
        (3, None, NOON - HOUR, NOON, ""),
        (3, None, NOON, NOON, ""),
        (3, None, None, NOON, ""),
        (3, RUNNING, SIX, None, ""),
    ],
)
def test_until_when(people, reserved, closes_at, now, until):
    page = room_page("Atelier", Room(people, 6, DEFAULT_USES[4]), reserved, closes_at, now, PARIS)
    assert page.until == until


def test_the_lines():
    page = room_page("Atelier", Room(7, 6, DEFAULT_USES[4]), None, None, NOON, PARIS)
    assert (page.name, page.people, page.seats, page.use) == ("Atelier", 7, 6, "Atelier")
