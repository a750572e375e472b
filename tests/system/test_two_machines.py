"""The folder of one card on two machines: the broker lets them in by turns, and the server finds out."""

import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from queue import SimpleQueue
from threading import Thread

import pytest

from device.adapters.link import Link
from device.contract.channels import STATE
from device.contract.instant import Instant
from device.contract.state import State
from device.contract.unit_settings import UnitBrokerSettings, UnitSettings, UnitSiteSettings
from device.inbox import Connected, Input, StopAsked
from server.ingest.twins import TwinWatch
from server.mqtt.inbound import Arrival, ArrivedState, read
from server.mqtt.link import BrokerLink
from server.site.connection_settings import BrokerSettings
from tests.contract_client import now
from tests.mosquitto import Mosquitto
from tests.patience import wait_until

pytestmark = [pytest.mark.skipif(shutil.which("mosquitto") is None, reason="needs Mosquitto")]


class CopiedCard:
    """One of the machines: whenever it is let in it says when it began."""

    def __init__(self, port: int, since: Instant, address: str) -> None:
        self._state = State(
            online=True,
            kind="door",
            version="1",
            since=since,
            outbox=0,
            list_version=0,
            clock="synced",
            address=address,
            alarms=[],
            disk_free_mb=1,
        )
        self._inbox: SimpleQueue[Input] = SimpleQueue()
        settings = UnitSettings(UnitSiteSettings("here"), "front", "door", broker=UnitBrokerSettings(port=port))
        self._link = Link(settings, self._inbox.put, time.monotonic)
        self._thread = Thread(target=self._speak)

    def start(self) -> None:
        self._thread.start()
        self._link.start()

    def stop(self) -> None:
        self._inbox.put(StopAsked())
        self._thread.join()
        self._link.stop()

    def _speak(self) -> None:
        while not isinstance(heard := self._inbox.get(), StopAsked):
            if isinstance(heard, Connected):
                self._link.publish(STATE, self._state)


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Mosquitto]:
    broker = Mosquitto(tmp_path / "broker")
    broker.start()
    yield broker
    broker.stop()


def test_two_machines_with_one_card_are_found_out(broker: Mosquitto) -> None:
    watch = TwinWatch()

    def hear(arrival: Arrival) -> None:
        said = read(arrival)
        if isinstance(said, ArrivedState):
            watch.hear(said.unit, said.state, arrival.at)

    server = BrokerLink(
        "here",
        BrokerSettings(port=broker.port),
        None,
        now=now,
        monotonic_s=time.monotonic,
        arrived=hear,
        connected=lambda: None,
        lost=lambda: None,
    )
    server.start()
    began = now()
    machines = [
        CopiedCard(broker.port, began.after(nth), address) for nth, address in enumerate(("192.0.2.17", "192.0.2.18"))
    ]
    for machine in machines:
        machine.start()
    wait_until(lambda: "front" in watch.seen(now()))
    for machine in machines:
        machine.stop()
    server.stop()
    assert watch.seen(now()) == {"front": ("192.0.2.17", "192.0.2.18")}
