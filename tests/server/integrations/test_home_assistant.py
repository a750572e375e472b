"""Home Assistant: one message with everything that the place tells, and its topics are those of the contract."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from jinja2 import Environment

from device.contract.channels import OCCUPANCY, ROOM, STATE, match
from server.integrations.home_assistant import DISCOVERY, Discoverer, Discovery
from server.integrations.home_assistant_document import EXPIRES_S
from server.site.connection_settings import HomeAssistantSettings
from server.site.settings import ServerSettings, SiteSettings
from server.store.units import units
from tests.web_house import WebHouse


@pytest.fixture
def house(tmp_path: Path) -> Iterator[WebHouse]:
    house = WebHouse(
        tmp_path,
        ServerSettings(site=SiteSettings(id="comptoir"), home_assistant=HomeAssistantSettings(discovery=True)),
    )
    yield house
    house.close()


def told(house: WebHouse) -> list[Discovery]:
    return [message for _, _, message in house.line.published if isinstance(message, Discovery)]


def test_the_device_has_every_room_and_unit(house: WebHouse) -> None:
    house.door("front")
    Discoverer(house.place, lambda: house.db).tell(house.db)
    [document] = told(house)
    assert DISCOVERY.topic("comptoir") == "homeassistant/device/comptoir/config"
    assert {"present", "level", "room-atelier-people", "room-atelier-use", "unit-front", "door-front"} <= set(
        document.components
    )
    for component in document.components.values():
        address = match(component["state_topic"])
        assert address is not None
        assert address.channel in (OCCUPANCY, ROOM, STATE)
        assert component["platform"] in ("sensor", "binary_sensor")
    identities = [component["unique_id"] for component in document.components.values()]
    assert len(set(identities)) == len(identities)


def test_it_is_told_again_when_something_changed_or_the_broker_came_back(house: WebHouse) -> None:
    discoverer = Discoverer(house.place, lambda: house.db)
    discoverer.tell(house.db)
    discoverer.tell(house.db)
    assert len(told(house)) == 1
    house.door("back")
    discoverer.tell(house.db)
    assert len(told(house)) == 2
    house.line.connections += 1
    discoverer.tell(house.db)
    assert len(told(house)) == 3


def test_a_broker_that_was_away_for_a_moment_between_two_looks_is_told_again(house: WebHouse) -> None:
    discoverer = Discoverer(house.place, lambda: house.db)
    discoverer.tell(house.db)
    house.line.is_up = False
    discoverer.tell(house.db)
    house.line.is_up, house.line.connections = True, 5
    discoverer.tell(house.db)
    assert len(told(house)) == 2


def test_a_unit_that_was_removed_is_taken_away_and_then_left_out(house: WebHouse) -> None:
    house.door("front")
    house.door("back")
    discoverer = Discoverer(house.place, lambda: house.db)
    discoverer.tell(house.db)
    units.remove(house.db, "back", now=house.now)
    discoverer.tell(house.db)
    _, farewell, left = told(house)
    assert farewell.components["door-back"] == farewell.components["unit-back"] == {"platform": "binary_sensor"}
    assert not [key for key in left.components if "back" in key]
    assert left.components.items() <= farewell.components.items()


def test_what_went_while_the_server_was_down_is_taken_away_by_the_next_one(house: WebHouse) -> None:
    house.door("back")
    house.dials("cave", "focus", 2, unit="back")
    units.remove(house.db, "back", now=house.now)
    Discoverer(house.place, lambda: house.db).tell(house.db)
    farewell, left = told(house)
    assert farewell.components["room-cave-people"] == {"platform": "sensor"}
    assert farewell.components["unit-back"] == {"platform": "binary_sensor"}
    assert left.components["room-atelier-people"] == farewell.components["room-atelier-people"]
    assert not [key for key in left.components if "cave" in key or "back" in key]


def test_a_door_that_is_cut_off_has_no_alarm_to_tell_and_what_is_not_told_any_more_expires(house: WebHouse) -> None:
    house.door("front")
    Discoverer(house.place, lambda: house.db).tell(house.db)
    [document] = told(house)
    [reachable] = document.components["door-front"]["availability"]
    assert reachable["topic"] == document.components["door-front"]["state_topic"]
    template = Environment().from_string(reachable["value_template"])
    assert template.render(value_json={"online": False}) == "offline"
    assert template.render(value_json={"online": True}) == "online"
    assert "availability" not in document.components["unit-front"]
    for figure in ("present", "level", "room-atelier-people", "room-atelier-use"):
        assert document.components[figure]["expire_after"] == EXPIRES_S


def test_where_it_is_turned_off_what_was_told_is_taken_back(tmp_path: Path) -> None:
    house = WebHouse(tmp_path)
    discoverer = Discoverer(house.place, lambda: house.db)
    for _ in range(2):
        discoverer.tell(house.db)
    assert (told(house), house.line.cleared) == ([], [DISCOVERY])
    house.close()
