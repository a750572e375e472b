"""The place as Home Assistant discovers it over MQTT: one device with all its figures. Pure."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from device.contract.channels import OCCUPANCY, ROOM, STATE
from device.contract.messages import UnitKind

SOFTWARE = "Poinçon"


class KnownUnit(NamedTuple):
    """A unit of the place."""

    name: str
    kind: UnitKind


def discovery_document(site: str, name: str, rooms: Mapping[str, str], units: Iterable[KnownUnit]) -> dict[str, Any]:
    """What is published once, retained; `rooms` are their names by id."""
    place = OCCUPANCY.topic(site)
    components = {
        "present": _sensor("Présents", place, "present", unit_of_measurement="p", state_class="measurement"),
        "level": _sensor("Affluence", place, "level", device_class="enum", options=["comfortable", "busy", "full"]),
    }
    for room, label in rooms.items():
        topic = ROOM.topic(site, room)
        components[f"room-{room}-people"] = _sensor(f"{label}, personnes", topic, "people", unit_of_measurement="p")
        components[f"room-{room}-use"] = _sensor(f"{label}, usage", topic, "label")
    for unit in units:
        topic = STATE.topic(site, unit.name)
        components[f"unit-{unit.name}"] = _state(unit.name, topic, "value_json.online", "connectivity")
        if unit.kind == "door":
            alarmed = "value_json.alarms | default([], true) | length > 0"
            components[f"door-{unit.name}"] = _state(f"{unit.name}, alarme", topic, alarmed, "problem")
    for key, component in components.items():
        component["unique_id"] = f"poincon-{site}-{key}"
    return {
        "device": {"identifiers": [f"poincon-{site}"], "name": name, "manufacturer": SOFTWARE},
        "origin": {"name": SOFTWARE},
        "components": components,
    }


def _sensor(name: str, topic: str, field: str, **more: Any) -> dict[str, Any]:
    template = f"{{{{ value_json.{field} }}}}"
    return {"platform": "sensor", "name": name, "state_topic": topic, "value_template": template, **more}


def _state(name: str, topic: str, condition: str, device_class: str) -> dict[str, Any]:
    return {
        "platform": "binary_sensor",
        "name": name,
        "state_topic": topic,
        "value_template": f"{{{{ 'ON' if {condition} else 'OFF' }}}}",
        "device_class": device_class,
        "entity_category": "diagnostic",
    }
