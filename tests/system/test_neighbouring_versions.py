"""A unit of the former release beside today's server, and the other way round, over a real broker.

Units are updated one after the other, and the server before or after them: for a while both are there.
"""

import json
from collections.abc import Iterator
from pathlib import Path

import paho.mqtt.client as mqtt
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from device.contract.channels import ACK, RECEIPT, ROOT, STATE, Channel
from device.contract.codec import decode
from device.contract.messages import Message
from device.contract.state import State
from server.store.units import units
from tests import former_release
from tests.contract_client import now
from tests.former_release import FormerPlace, join
from tests.live_place import LONG_AGO, SITE, LivePlace, SimulatedUnit, is_kept
from tests.mosquitto import leave
from tests.patience import wait_until


@pytest.fixture(scope="module")
def former(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return former_release.unpacked(tmp_path_factory.mktemp("former"))


class Listener:
    """Hears all that goes over the broker of a place."""

    def __init__(self, port: int) -> None:
        self.heard: list[tuple[str, bytes]] = []
        self._client = mqtt.Client(CallbackAPIVersion.VERSION2, protocol=mqtt.MQTTv311)
        self._client.on_message = self._hear
        self._client.on_connect = lambda client, *_: client.subscribe(f"{ROOT}/#", 1)
        self._client.connect("127.0.0.1", port)
        self._client.loop_start()

    def said(self, channel: Channel[Message], name: str = "front") -> list[bytes]:
        return [payload for topic, payload in list(self.heard) if topic == channel.topic(SITE, name)]

    def _hear(self, _client: mqtt.Client, _data: object, message: mqtt.MQTTMessage) -> None:
        self.heard.append((message.topic, bytes(message.payload)))

    def close(self) -> None:
        leave(self._client)


@pytest.fixture
def of_former_unit(tmp_path: Path, former: Path) -> Iterator[tuple[LivePlace, SimulatedUnit]]:
    """Today's server, and a door of the former release, on a card that its own server made."""
    card = FormerPlace(tmp_path / "before", former).add_door("front")
    with LivePlace(tmp_path, people=2) as place:
        with place.db() as db:
            units.add(db, "front", "door", now=now() - LONG_AGO)
        toml = card / "unit.toml"
        toml.write_text(former_release.unit_text(toml.read_text("utf-8"), place.broker.port), "utf-8")
        yield place, join(place, card, "front", former)


@pytest.fixture
def of_former_server(tmp_path: Path, former: Path) -> Iterator[tuple[FormerPlace, SimulatedUnit]]:
    """The former server, and a door of today on the card that it had."""
    place = FormerPlace(tmp_path, former)
    with place:
        yield place, join(place, place.add_door("front"), "front")


@pytest.fixture(params=["of_former_unit", "of_former_server"])
def both(request: pytest.FixtureRequest) -> tuple[LivePlace, SimulatedUnit]:
    made: tuple[LivePlace, SimulatedUnit] = request.getfixturevalue(request.param)
    return made


def test_people_pass_and_are_counted_once_with_and_without_the_network_and_each_knows_how_the_other_is(
    both: tuple[LivePlace, SimulatedUnit],
) -> None:
    place, door = both
    (anne, number), (bruno, _) = place.people.items()
    place.broker.start()
    listener = Listener(place.broker.port)
    place.server.start()
    door.start()
    place.wait_for_list("front")
    assert door.tap(anne) == "granted granted"
    place.wait(is_kept("front", "passage", anne))
    wait_until(lambda: listener.said(RECEIPT), why=lambda: listener.heard[-5:])
    door.order("network cut")
    wait_until(lambda: json.loads(listener.said(STATE)[-1]) == {"online": False})
    assert door.tap(bruno, "exit") == "granted exit"
    assert door.tap(bruno) == "granted granted"
    door.order("network back")
    place.wait(lambda db: db.value("SELECT count(*) FROM events WHERE kind = 'passage'") == 3)
    wait_until(lambda: json.loads(listener.said(STATE)[-1]).get("outbox") == 0)
    listener.close()
    with place.db() as db:
        told = [
            tuple(row)
            for row in db.rows("SELECT kind, body ->> '$.credential' FROM events WHERE kind <> 'alarm' ORDER BY id")
        ]
        set_aside = db.value("SELECT count(*) FROM faults")
    assert told == [
        ("started", None),
        ("access", anne),
        ("passage", anne),
        ("access", bruno),
        ("passage", bruno),
        ("access", bruno),
        ("passage", bruno),
    ]
    assert set_aside == 0
    state = decode(listener.said(STATE)[-1], State)
    assert (state.online, state.kind, state.updates) == (True, "door", None), "an update is offered to neither"
    known = "SELECT state ->> '$.list_version' FROM unit_states WHERE unit = 'front'"
    place.wait(lambda db: db.value(known) == state.list_version)
    acks = [json.loads(payload)["through"] for payload in listener.said(ACK)]
    assert max(acks) == 7
    receipt = json.loads(listener.said(RECEIPT)[0])
    assert (receipt["seq"], number) == (2, place.people[anne])
