"""Home Assistant: one message with everything that the place tells, and its topics are those of the contract."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from device.contract.channels import OCCUPANCY, ROOM, STATE, match
from server.discovery import DISCOVERY, Discoverer, Discovery
from tests.web_house import WebHouse


@pytest.fixture
def house(tmp_path: Path) -> Iterator[WebHouse]:
    house = WebHouse(tmp_path)
    yield house
    house.close()


def told(house: WebHouse) -> list[Discovery]:
    return [message for _, _, message in house.line.published if isinstance(message, Discovery)]


def test_the_device_has_every_room_and_unit(house: WebHouse) -> None:
    house.door("front")
    Discoverer(house.place, lambda: house.books).tell(house.books)
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
    discoverer = Discoverer(house.place, lambda: house.books)
    discoverer.tell(house.books)
    discoverer.tell(house.books)
    assert len(told(house)) == 1
    house.door("back")
    discoverer.tell(house.books)
    assert len(told(house)) == 2
    house.line.is_up = False
    discoverer.tell(house.books)
    house.line.is_up = True
    discoverer.tell(house.books)
    assert len(told(house)) == 3
