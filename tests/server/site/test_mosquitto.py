"""Mosquitto itself, on the files written for it: who may say what, and to whom it is delivered."""

import getpass
import shutil
import signal
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import paho.mqtt.client as mqtt
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from device.contract.channels import CHANNELS
from server.demo.ports import listens
from server.site import folder as sites
from server.site.certificates import DESK, SERVER, Identity
from server.site.connection_settings import BrokerSettings
from server.site.folder import SiteFolder
from server.site.mosquitto import access_rules, mosquitto_configuration
from server.site.settings import SiteSettings
from tests.mosquitto import free_port, leave
from tests.patience import PATIENCE_S, wait_until

WAIT_S = PATIENCE_S
HERE = "poincon/v1/here"

pytestmark = pytest.mark.skipif(shutil.which("mosquitto") is None, reason="needs Mosquitto")


class Mosquitto:
    """The broker of a place, as its files have it."""

    def __init__(self, site: SiteFolder) -> None:
        self.site = site
        self.port = site.settings.broker.port
        configuration = site.broker_folder / "mosquitto.conf"
        self.log = site.broker_folder / "log"
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(["mosquitto", "-c", str(configuration)], stderr=log)
        wait_until(lambda: listens(self.port) or self.process.poll() is not None, why=self.log.read_text)
        assert self.process.poll() is None, self.log.read_text()

    def reload(self) -> None:
        """Reads certificates and lists again, as `systemctl reload mosquitto` does."""
        before = self.log.read_text().count("Reloading config")
        self.process.send_signal(signal.SIGHUP)
        wait_until(lambda: self.log.read_text().count("Reloading config") > before, why=self.log.read_text)

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(WAIT_S)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mosquitto]:
    folder = tmp_path_factory.mktemp("place") / "here"
    sites.create(folder, SiteSettings(id="here"), "broker.test")
    toml = folder / "poincon.toml"
    toml.write_text(toml.read_text().replace("port = 8883", f"port = {free_port()}"))
    site = sites.find(folder)
    site.write_broker_files(user=getpass.getuser())
    broker = Mosquitto(site)
    yield broker
    broker.stop()


class Client:
    """A client under one certificate, which keeps what is delivered to it."""

    def __init__(self, place: Mosquitto, identity: Identity | None, folder: Path) -> None:
        self.received: list[tuple[str, bytes]] = []
        self._arrived = threading.Condition()
        self._connected, self._subscribed, self._refused = threading.Event(), threading.Event(), threading.Event()
        self.paho = mqtt.Client(CallbackAPIVersion.VERSION2, protocol=mqtt.MQTTv311)
        context = ssl.create_default_context(cafile=str(place.site.broker_folder / "ca.crt"))
        if identity is not None:
            both = folder / f"{id(self)}.pem"
            both.write_bytes(identity.certificate + identity.key)
            context.load_cert_chain(both)
        self.paho.tls_set_context(context)
        self.paho.on_connect = lambda *_: self._connected.set()
        self.paho.on_disconnect = lambda *_: self._refused.set()
        self.paho.on_subscribe = lambda *_: self._subscribed.set()
        self.paho.on_message = self._keep
        self.paho.connect("localhost", place.port)
        self.paho.loop_start()

    def _keep(self, _client: mqtt.Client, _data: object, message: mqtt.MQTTMessage) -> None:
        with self._arrived:
            self.received.append((message.topic, bytes(message.payload)))
            self._arrived.notify_all()

    @property
    def is_let_in(self) -> bool:
        wait_until(lambda: self._connected.is_set() or self._refused.is_set())
        return self._connected.is_set()

    def subscribe(self, topic: str) -> None:
        assert self._connected.wait(WAIT_S)
        self._subscribed.clear()
        self.paho.subscribe(topic, qos=1)
        assert self._subscribed.wait(WAIT_S)

    def publish(self, topic: str, payload: bytes = b"{}") -> None:
        assert self._connected.wait(WAIT_S)
        self.paho.publish(topic, payload, qos=1).wait_for_publish(WAIT_S)

    def topics_until(self, last: str) -> list[str]:
        """The topics delivered, in order, up to and without `last`."""
        with self._arrived:
            assert self._arrived.wait_for(lambda: any(topic == last for topic, _ in self.received), WAIT_S)
            return [topic for topic, _ in self.received if topic != last]


@pytest.fixture
def connect(place: Mosquitto, tmp_path: Path) -> Iterator[Callable[[str], Client]]:
    clients: list[Client] = []

    def connected(name: str) -> Client:
        files = place.site.client_files(name) if "." in name else None
        identity = (
            Identity(files.certificate.read_bytes(), files.key.read_bytes())
            if files
            else place.site.issue_to_unit(name)
        )
        clients.append(Client(place, identity, tmp_path))
        return clients[-1]

    yield connected
    for client in clients:
        leave(client.paho)


def every_topic(*names: str) -> list[str]:
    return sorted({channel.topic("here", name) for channel in CHANNELS for name in names})


def test_a_unit_is_delivered_its_own_and_the_places_topics_and_nothing_else(connect: Callable[[str], Client]) -> None:
    front, server = connect("front"), connect(SERVER)
    front.subscribe("#")
    for topic in every_topic("front", "back"):
        server.publish(topic)
    server.publish("poincon/v1/elsewhere/place/occupancy")
    server.publish(f"{HERE}/place/last")
    assert sorted(front.topics_until(f"{HERE}/place/last")) == [
        f"{HERE}/place/hours",
        f"{HERE}/place/occupancy",
        f"{HERE}/room/back/status",
        f"{HERE}/room/front/status",
        f"{HERE}/unit/front/access-list",
        f"{HERE}/unit/front/ack",
        f"{HERE}/unit/front/card",
        f"{HERE}/unit/front/command",
        f"{HERE}/unit/front/inside",
        f"{HERE}/unit/front/receipt",
    ]


def test_a_unit_is_heard_on_its_own_state_and_events_and_nowhere_else(connect: Callable[[str], Client]) -> None:
    front, server = connect("front"), connect(SERVER)
    server.subscribe(f"{HERE}/#")
    for topic in [*every_topic("front", "back"), "poincon/v1/elsewhere/unit/front/events"]:
        front.publish(topic)
    server.publish(f"{HERE}/place/last")
    heard = server.topics_until(f"{HERE}/place/last")
    assert sorted(heard) == [f"{HERE}/unit/front/{leaf}" for leaf in ("card-answer", "events", "state")]


def test_the_command_line_orders_and_hears_what_became_of_it(connect: Callable[[str], Client]) -> None:
    desk, front = connect(DESK), connect("front")
    front.subscribe(f"{HERE}/unit/front/command")
    desk.subscribe(f"{HERE}/unit/front/events")
    desk.publish(f"{HERE}/place/occupancy", b"forged")
    desk.publish(f"{HERE}/unit/front/command")
    assert front.topics_until(f"{HERE}/unit/front/command") == []
    front.publish(f"{HERE}/unit/front/events")
    assert desk.topics_until(f"{HERE}/unit/front/events") == []


def test_nobody_gets_in_without_a_certificate(place: Mosquitto, tmp_path: Path) -> None:
    with pytest.raises((ssl.SSLError, OSError)):
        client = Client(place, None, tmp_path)
        client.paho.loop_stop()
        if not client.is_let_in:
            raise OSError("refused")


def test_a_removed_unit_is_shut_out_when_the_broker_reads_its_list_again(
    place: Mosquitto, connect: Callable[[str], Client]
) -> None:
    stolen = place.site.issue_to_unit("cellar")
    place.site.revoke_unit("cellar")
    place.reload()
    with pytest.raises((ssl.SSLError, OSError)):
        client = Client(place, stolen, place.site.folder)
        client.paho.loop_stop()
        if not client.is_let_in:
            raise OSError("refused")
    assert connect("front").is_let_in


def test_the_broker_keeps_what_design_asks_for() -> None:
    lines = mosquitto_configuration(Path("/b"), BrokerSettings(host="b.test", port=8883, tls=True)).splitlines()
    for needed in (
        "persistence true",
        "autosave_interval 0",  # no save while it runs: it stalls for each
        "set_tcp_nodelay true",
        "max_queued_messages 20000",
        "max_inflight_messages 500",
        "require_certificate true",
        "use_identity_as_username true",
        "use_username_as_clientid true",
        "max_packet_size 4259840",  # one limit for all, and an access list may have 4 MiB
        "max_queued_bytes 33554432",
        "allow_anonymous false",
    ):
        assert needed in lines


def test_without_tls_only_this_machine_is_listened_to() -> None:
    lines = mosquitto_configuration(Path("/b"), BrokerSettings(port=1884)).splitlines()
    assert "listener 1884 127.0.0.1" in lines
    assert not any(line.startswith("acl_file") for line in lines)


def test_every_channel_of_a_unit_has_its_rule() -> None:
    rules = access_rules("here").splitlines()
    for channel in CHANNELS:
        if channel.path.startswith("unit/"):
            verb = "write" if channel.sender == "unit" else "read"
            assert f"pattern {verb} {channel.topic('here', '%u')}" in rules
