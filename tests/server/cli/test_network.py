"""A place on a network: Mosquitto with certificates, the server, and a unit that has nothing but its folder."""

import getpass
import queue
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import paho.mqtt.client as mqtt
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from device.contract.channels import ACK, EVENTS
from device.contract.codec import decode, encode
from device.contract.instant import Instant
from device.contract.messages import Ack, Run, Started
from device.contract.unit_settings import UnitSettings, read_unit_settings
from server.demo.ports import listens
from tests.mosquitto import free_port, leave
from tests.patience import PATIENCE_S, wait_until
from tests.server.cli.conftest import CommandLine

WAIT_S = PATIENCE_S
RESEND_S = 0.5

pytestmark = pytest.mark.skipif(shutil.which("mosquitto") is None, reason="needs Mosquitto")


@pytest.fixture
def network(cli: CommandLine) -> Iterator[CommandLine]:
    """A place whose broker asks for certificates, broker and server running."""
    port = free_port()
    cli.set('host = "127.0.0.1"\n# 1883', 'host = "localhost"\n# 1883')
    cli.set("port = 1883", f"port = {port}")
    cli.set("port = 8080", f"port = {free_port()}")
    cli.set("tls = false", "tls = true")
    cli.out("broker", "--user", getpass.getuser())
    cli.out("unit", "add", "front", "--kind", "door")
    serve = [sys.executable, "-c", "from server.cli import main; main()", "-C", str(cli.folder), "serve"]
    programs = [
        subprocess.Popen(command, stderr=subprocess.DEVNULL)
        for command in (["mosquitto", "-c", str(cli.site.broker_folder / "mosquitto.conf")], serve)
    ]
    yield cli
    for program in reversed(programs):
        program.send_signal(signal.SIGTERM)
        program.wait(WAIT_S)


class Unit:
    """A unit that knows what stands in its `unit.toml`, and asks until it is answered."""

    def __init__(self, settings: UnitSettings) -> None:
        self.acks: queue.Queue[Ack] = queue.Queue()
        self.settings = settings
        broker = settings.broker
        self.client = mqtt.Client(CallbackAPIVersion.VERSION2, settings.name, protocol=mqtt.MQTTv311)
        self.client.tls_set(str(broker.ca), str(broker.certificate), str(broker.key))
        self.client.on_message = lambda _client, _data, message: self.acks.put(decode(message.payload, Ack))
        wait_until(lambda: listens(broker.port))
        self.client.connect(broker.host, broker.port)
        self.client.subscribe(ACK.topic(settings.site.id, settings.name), qos=1)
        self.client.loop_start()

    def report(self, run: Run) -> Ack:
        """Sends `run` until it is acknowledged: the server may not be up yet."""
        for _ in range(round(WAIT_S / RESEND_S)):
            self.client.publish(EVENTS.topic(self.settings.site.id, self.settings.name), encode(run), qos=1)
            try:
                return self.acks.get(timeout=RESEND_S)
            except queue.Empty:
                continue
        raise AssertionError("never acknowledged")


def test_a_unit_is_heard_under_its_certificate(network: CommandLine) -> None:
    unit = Unit(read_unit_settings(network.folder / "units" / "front" / "unit.toml"))
    now = Instant.of(datetime.now(UTC))
    started = Started(at=now, clock="synced", version="0.1.0", cause="boot")
    try:
        ack = unit.report(Run(epoch="9f2c41aa", first=1, sent_at=now, events=[started]))
    finally:
        leave(unit.client)
    assert ack == Ack(epoch="9f2c41aa", through=1)
    assert [(event["unit"], event["kind"]) for event in network.json("journal")] == [("front", "started")]


def test_the_units_folder_can_be_carried_away(network: CommandLine, tmp_path: Path) -> None:
    shutil.copytree(network.folder / "units" / "front", tmp_path / "card")
    broker = read_unit_settings(tmp_path / "card" / "unit.toml").broker
    assert all(path is not None and path.parent == tmp_path / "card" for path in (broker.ca, broker.certificate))
