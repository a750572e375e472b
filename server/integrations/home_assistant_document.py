"""The place as Home Assistant discovers it over MQTT: one device with all its figures."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from device.contract.channels import OCCUPANCY, ROOM, STATE
from device.contract.messages import UnitKind
from server.i18n.speech import PLACE

SOFTWARE = "Poinçon"

EXPIRES_S = 180
"""The count and the rooms are told at least every minute; three of them missed, and nobody knows any more how they are:
Home Assistant shows them as unavailable.
"""


class KnownUnit(NamedTuple):
    """A unit of the place."""

    name: str
    kind: UnitKind


def discovery_document(site: str, name: str, rooms: Mapping[str, str], units: Iterable[KnownUnit]) -> dict[str, Any]:
    """What is published once, retained; `rooms` are their names by id."""
    components = _of_place(site) | _of_rooms(site, rooms) | _of_units(site, units)
    for key, component in components.items():
        component["unique_id"] = f"poincon-{site}-{key}"
    return {
        "device": {"identifiers": [f"poincon-{site}"], "name": name, "manufacturer": SOFTWARE},
        "origin": {"name": SOFTWARE},
        "components": components,
    }


def gone(site: str, rooms: Iterable[str], units: Iterable[str]) -> dict[str, Any]:
    """The components of rooms and units that are no more, as Home Assistant wants them taken away.

    Each with its platform alone; then the whole is published again without them (its documentation of MQTT, "Device
    discovery payload").
    """
    former = _of_rooms(site, dict.fromkeys(rooms, "")) | _of_units(site, [KnownUnit(unit, "door") for unit in units])
    return {key: {"platform": component["platform"]} for key, component in former.items()}


def _of_place(site: str) -> dict[str, Any]:
    topic, expiry = OCCUPANCY.topic(site), {"expire_after": EXPIRES_S}
    levels = ["comfortable", "busy", "full"]
    return {
        "present": _sensor(
            PLACE.say("Present"), topic, "present", unit_of_measurement="p", state_class="measurement", **expiry
        ),
        "level": _sensor(PLACE.say("Occupancy"), topic, "level", device_class="enum", options=levels, **expiry),
    }


def _of_rooms(site: str, rooms: Mapping[str, str]) -> dict[str, Any]:
    components: dict[str, Any] = {}
    expiry = {"expire_after": EXPIRES_S}
    for room, label in rooms.items():
        topic = ROOM.topic(site, room)
        components[f"room-{room}-people"] = _sensor(
            PLACE.say("{room}, people", room=label), topic, "people", unit_of_measurement="p", **expiry
        )
        components[f"room-{room}-use"] = _sensor(PLACE.say("{room}, use", room=label), topic, "label", **expiry)
    return components


def _of_units(site: str, units: Iterable[KnownUnit]) -> dict[str, Any]:
    components: dict[str, Any] = {}
    for unit in units:
        topic = STATE.topic(site, unit.name)
        components[f"unit-{unit.name}"] = _state(unit.name, topic, "value_json.online", "connectivity")
        if unit.kind == "door":
            alarmed = "value_json.alarms | default([], true) | length > 0"
            # its last will has no alarms in it: what a door that is cut off would say, nobody knows
            reachable = {"topic": topic, "value_template": "{{ 'online' if value_json.online else 'offline' }}"}
            components[f"door-{unit.name}"] = _state(
                PLACE.say("{unit}, alarm", unit=unit.name), topic, alarmed, "problem", availability=[reachable]
            )
    return components


def _sensor(name: str, topic: str, field: str, **more: Any) -> dict[str, Any]:
    template = f"{{{{ value_json.{field} }}}}"
    return {"platform": "sensor", "name": name, "state_topic": topic, "value_template": template, **more}


def _state(name: str, topic: str, condition: str, device_class: str, **more: Any) -> dict[str, Any]:
    return {
        "platform": "binary_sensor",
        "name": name,
        "state_topic": topic,
        "value_template": f"{{{{ 'ON' if {condition} else 'OFF' }}}}",
        "device_class": device_class,
        "entity_category": "diagnostic",
        **more,
    }
