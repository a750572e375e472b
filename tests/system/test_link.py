"""A unit's link over a real broker: what is published arrives in its order, whatever else goes over the line."""

import time
from collections.abc import Iterator
from pathlib import Path
from threading import current_thread

import pytest

from device.adapters.link import Link
from device.contract.channels import EVENTS
from device.contract.unit_settings import UnitBrokerSettings, UnitSettings, UnitSiteSettings
from device.inbox import Input
from tests.live_place import SITE, eventually
from tests.mosquitto import Mosquitto
from tests.performance.raw_mqtt import RawClient


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Mosquitto]:
    broker = Mosquitto(tmp_path)
    broker.start()
    yield broker
    broker.kill()


@pytest.fixture
def link(broker: Mosquitto) -> Iterator[Link]:
    heard: list[Input] = []
    settings = UnitSettings(UnitSiteSettings(SITE), "front", "door", broker=UnitBrokerSettings(port=broker.port))
    link = Link(settings, heard.append, time.monotonic)
    link.start()
    assert eventually(lambda: link.is_up)
    yield link
    link.stop()


def test_one_thread_alone_writes_on_the_line(broker: Mosquitto, link: Link) -> None:
    """Two would send runs in the wrong order now and then, and a TLS connection does not bear it."""
    listener = RawClient(broker.port, "listener", [EVENTS.topic(SITE, "front")])
    writers = set()
    paho = link._client._client
    write = paho.loop_write
    paho.loop_write = lambda: (writers.add(current_thread().name), write())[1]  # type: ignore[method-assign]
    runs = [b"%d" % nth for nth in range(500)]
    for run in runs:
        link.publish(EVENTS, run)
    heard: list[bytes] = []
    while len(heard) < len(runs):
        heard += [publication.payload for publication in listener.publications()]
    listener.close()
    assert heard == runs
    assert writers == {"mqtt"}
