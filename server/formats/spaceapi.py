"""The place as hackerspaces tell of themselves: SpaceAPI, version 15 (schema.spaceapi.io/15.json). No names in it."""

from typing import Any, NamedTuple

from device.contract.instant import Instant
from device.contract.messages import Hours, Occupancy


class SpaceIdentity(NamedTuple):
    """What does not change: names and addresses."""

    name: str
    timezone: str
    url: str
    logo: str


def space_document(
    site: SpaceIdentity, occupancy: Occupancy, hours: Hours, *, changed_at: Instant | None, counted_at: Instant | None
) -> dict[str, Any]:
    """The document: `changed_at` is when the place last opened or closed, `counted_at` when the count last changed.

    None where that is not known.
    """
    state: dict[str, Any] = {"open": hours.open}
    if changed_at is not None:
        state["lastchange"] = int(changed_at.timestamp())
    people: dict[str, Any] = {
        "value": occupancy.present,
        "location": site.name,
        "name": "coworking",
        "description": f"{occupancy.max} at most",
    }
    if counted_at is not None:
        people["lastchange"] = int(counted_at.timestamp())
    return {
        "api_compatibility": ["15"],
        "space": site.name,
        "logo": site.logo,
        "url": site.url,
        "location": {"timezone": site.timezone},
        "contact": {},
        "state": state,
        "sensors": {"people_now_present": [people]},
    }
