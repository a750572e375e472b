"""The place as hackerspaces tell of themselves."""

import pytest

from device.contract.instant import Instant
from device.contract.messages import Hours
from server.core.presence.occupancy_level import Crowd, occupancy
from server.formats.spaceapi import SpaceIdentity, space_document

NOW = Instant.parse("2026-11-23T08:00:00.000Z")
PLACE = SpaceIdentity("Comptoir", "Europe/Paris", "https://comptoir.example", "https://comptoir.example/logo.png")
CROWD = occupancy(Crowd(members=24, guests=2, uncertain=1), 25, 35, NOW)


@pytest.mark.parametrize("changed_at", [NOW, None])
@pytest.mark.parametrize("counted_at", [NOW, None])
@pytest.mark.parametrize("is_open", [True, False])
def test_the_place_tells_whether_it_is_open_how_many_are_in_and_since_when_where_that_is_known(
    changed_at: Instant | None, counted_at: Instant | None, is_open: bool
) -> None:
    hours = Hours(open=is_open, until=None, opens_at=None)
    people = {"value": 26, "location": "Comptoir", "name": "coworking", "description": "35 at most"}
    assert space_document(PLACE, CROWD, hours, changed_at=changed_at, counted_at=counted_at) == {
        "api_compatibility": ["15"],
        "space": "Comptoir",
        "logo": "https://comptoir.example/logo.png",
        "url": "https://comptoir.example",
        "location": {"timezone": "Europe/Paris"},
        "contact": {},
        "state": {"open": is_open} | ({"lastchange": 1795420800} if changed_at else {}),
        "sensors": {"people_now_present": [people | ({"lastchange": 1795420800} if counted_at else {})]},
    }
