"""Who may say what to whom at Mosquitto, by delivery; and what one that means ill can do to the others."""

import shutil
from collections.abc import Callable, Iterator

import pytest

from device.contract.channels import CHANNELS
from device.contract.codec import MAX_LIST_BYTES
from server.site.certificates import CARDS, DESK, SERVER, Identity
from server.site.folder import SiteFolder
from tests.patience import eventually
from tests.tls_broker import HERE, TlsBroker, TlsClient, made_place

pytestmark = [
    pytest.mark.skipif(shutil.which("mosquitto") is None, reason="needs Mosquitto"),
]

HALL, HOME = "display.hall", "display.home-assistant"
UNITS = ("front", "back")
EVERYBODY = (SERVER, DESK, CARDS, HALL, HOME, *UNITS)
COMMANDS = {DESK: ("command",), CARDS: ("command", "card")}
"""What the command line tells a unit: who orders a door, and who speaks to a badge on a lent reader."""
TOPICS = sorted(
    {channel.topic("here", name) for channel in CHANNELS for name in (*UNITS, *EVERYBODY)}
    | {
        "poincon/v1/elsewhere/unit/front/events",
        "homeassistant/device/here/config",
        "homeassistant/status",
        "other/topic",
    }
)


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TlsBroker]:
    site = made_place(tmp_path_factory.mktemp("matrix") / "here")
    for name in ("hall", "home-assistant"):
        site.issue_to_display(name)
    broker = TlsBroker(site)
    yield broker
    broker.stop()


@pytest.fixture(scope="module")
def identities(broker: TlsBroker) -> dict[str, Identity]:
    units = {name: broker.site.issue_to_unit(name) for name in UNITS}
    displays = {name: _renewed(broker.site, name) for name in (HALL, HOME)}
    broker.restart()
    return {name: broker.identity(name) for name in (SERVER, DESK, CARDS)} | displays | units


def _renewed(site: SiteFolder, client: str) -> Identity:
    name = client.removeprefix("display.")
    site.revoke_display(name)
    return site.issue_to_display(name)


Connect = Callable[..., TlsClient]


@pytest.fixture
def connect(broker: TlsBroker, identities: dict[str, Identity]) -> Iterator[Connect]:
    clients: list[TlsClient] = []

    def connected(name: str, client_id: str = "", identity: Identity | None = None, again: bool = False) -> TlsClient:
        clients.append(TlsClient(broker, identity or identities[name], client_id, again))
        return clients[-1]

    yield connected
    for client in clients:
        client.close()


def may_say(name: str, topic: str) -> bool:
    """By the contract."""
    if name == SERVER:
        return topic.startswith(f"{HERE}/") or topic == "homeassistant/device/here/config"
    if name in COMMANDS:
        return (
            topic.startswith(f"{HERE}/unit/") and topic.split("/")[4] != name and topic.split("/")[5] in COMMANDS[name]
        )
    if name == HOME:
        return topic == "homeassistant/status"
    return name in UNITS and topic in [f"{HERE}/unit/{name}/{leaf}" for leaf in ("state", "events", "card-answer")]


def may_hear(name: str, topic: str) -> bool:
    """By the contract."""
    if name == SERVER:
        return topic.startswith(f"{HERE}/")
    if topic.startswith((f"{HERE}/place/", f"{HERE}/room/")):
        return True
    if topic.startswith("homeassistant/"):
        return name == HOME
    unit, leaf = topic.split("/")[-2:]
    if not topic.startswith(f"{HERE}/unit/"):
        return False
    if name == DESK:
        return leaf in ("command", "events", "state") and unit != DESK
    if name == CARDS:
        return leaf in ("card-answer", "events") and unit != CARDS
    if name == HOME:
        return leaf == "state" and unit != HOME
    return name in UNITS and unit == name and leaf in ("ack", "receipt", "access-list", "inside", "command", "card")


def test_each_is_heard_and_hears_by_the_contract_and_no_further(connect: Connect) -> None:
    clients = {name: connect(name).subscribe("#") for name in EVERYBODY}
    for sender, client in clients.items():
        for topic in TOPICS:
            client.paho.publish(topic, sender.encode(), 1)
        client.publish(f"{HERE}/place/sent", sender.encode())
        clients[SERVER].publish(f"{HERE}/place/end", sender.encode())
        for each in clients.values():
            assert each.hears(f"{HERE}/place/end", sender.encode())
    for sender in EVERYBODY:
        for reader, client in clients.items():
            heard = {topic for topic, payload in client.received if payload == sender.encode() and topic in TOPICS}
            expected = {topic for topic in TOPICS if may_say(sender, topic) and may_hear(reader, topic)}
            assert heard == expected, f"{sender} to {reader}"


@pytest.mark.parametrize("thief", [HALL, "front", DESK, CARDS])
@pytest.mark.parametrize(("victim", "client_id"), [(SERVER, "poincon.server.here"), ("back", "back")])
def test_nobody_is_thrown_off_by_who_uses_their_client_id(
    connect: Connect, thief: str, victim: str, client_id: str
) -> None:
    good = connect(victim, client_id)
    assert good.is_let_in
    for _ in range(3):
        bad = connect(thief, client_id)
        assert bad.is_let_in
        bad.close()
    good.publish(f"{HERE}/unit/back/state")
    assert good.lost == 0


def test_an_identity_has_one_connection_the_newest(connect: Connect) -> None:
    clients = [connect("front", f"f{number}") for number in range(3)]
    assert all(client.is_let_in for client in clients)
    assert clients[0].is_cut_off() and clients[1].is_cut_off()
    clients[2].publish(f"{HERE}/unit/front/events")
    assert clients[2].lost == 0


@pytest.mark.parametrize("how", ["removed", "renewed"])
def test_a_unit_that_was_taken_out_while_connected_is_cut_off(broker: TlsBroker, connect: Connect, how: str) -> None:
    topic = f"{HERE}/unit/{how}"
    stolen = broker.site.issue_to_unit(how)
    gone = connect(how, identity=stolen, again=True).subscribe(f"{topic}/access-list")
    if how == "removed":
        broker.site.revoke_unit(how)
    else:
        broker.site.issue_to_unit(how)
    broker.restart()  # as poincon-broker-reload does, when the list of the revoked changes
    server = connect(SERVER).subscribe(f"{topic}/#")
    assert gone.is_cut_off()
    gone.paho.publish(f"{topic}/events", b"after", 1)
    server.publish(f"{topic}/access-list", b"keys", retain=True)
    assert not connect(how, identity=stolen).is_let_in
    assert server.hears(f"{topic}/access-list", b"keys")
    assert (f"{topic}/events", b"after") not in server.received
    assert gone.received == []


def test_a_display_is_taken_back_by_itself(broker: TlsBroker, connect: Connect) -> None:
    lent = broker.site.issue_to_display("kitchen")
    assert connect("kitchen", identity=lent).is_let_in
    broker.site.revoke_display("kitchen")
    broker.restart()
    assert not connect("kitchen", identity=lent).is_let_in
    assert connect(HALL).is_let_in
    assert broker.site.displays == ["hall", "home-assistant"]


def test_an_access_list_of_four_megabytes_goes_through(connect: Connect) -> None:
    front, server = connect("front").subscribe("#"), connect(SERVER)
    list_of_many = bytes(MAX_LIST_BYTES)
    server.publish(f"{HERE}/unit/front/access-list", list_of_many)
    assert front.hears(f"{HERE}/unit/front/access-list", list_of_many)


def test_what_is_longer_than_that_is_not_even_read(broker: TlsBroker, connect: Connect) -> None:
    server, front = connect(SERVER).subscribe(f"{HERE}/#"), connect("front")
    assert front.is_let_in
    before = broker.resident_bytes
    front.paho.publish(f"{HERE}/unit/front/events", bytes(64 << 20), 1)
    assert front.is_cut_off()
    assert broker.resident_bytes - before < 16 << 20
    server.publish(f"{HERE}/place/still", b"here")
    assert server.hears(f"{HERE}/place/still", b"here")
    assert not any(topic.endswith("/events") for topic, _ in server.received)


def test_a_flood_for_a_server_that_does_not_read_stays_within_bounds(broker: TlsBroker, connect: Connect) -> None:
    server, front, back = connect(SERVER).subscribe(f"{HERE}/#"), connect("front"), connect("back")
    server.paho.loop_stop()
    before, most = broker.resident_bytes, 0
    for _ in range(60):
        front.publish(f"{HERE}/unit/front/events", bytes(4 << 20))
        most = max(most, broker.resident_bytes - before)
    assert most < 160 << 20
    back.publish(f"{HERE}/unit/back/state")
    assert back.lost == 0
    server.paho.loop_start()

    def is_heard_again() -> bool:
        back.publish(f"{HERE}/unit/back/state", b"again")  # what finds no room is dropped, and said again
        return (f"{HERE}/unit/back/state", b"again") in server.received

    assert eventually(is_heard_again)
