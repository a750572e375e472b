"""The server's link: growing pauses, and nothing that comes over the wire ends it."""

import shutil
import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from time import monotonic

import paho.mqtt.client as mqtt
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from device.contract.channels import ACK, CARD_ANSWER, INSIDE, OCCUPANCY
from device.contract.codec import MAX_BYTES, encode
from device.contract.lent_reader import CardAnswer
from device.contract.messages import Ack, Inside, Occupancy
from server.mqtt.inbound import Arrival
from server.mqtt.link import BrokerLink
from server.site.connection_settings import BrokerSettings
from tests.mosquitto import Mosquitto, free_port, leave
from tests.patience import PATIENCE_S, wait_until
from tests.server.arrivals import MORNING

CONNACK = bytes([0x20, 2, 0, 0])
REFUSED = bytes([0x20, 2, 0, 5])
PUBLISH_CUT_SHORT = bytes([0x30, 2, 0, 50])


class Links:
    """A link to a port, and what it called back; the first so many `stumbles` calls fail."""

    def __init__(self, port: int, stumbles: int = 0) -> None:
        self.arrived: list[Arrival] = []
        self.connections, self.losses, self._stumbles = 0, 0, stumbles
        self.link = BrokerLink(
            "here",
            BrokerSettings(port=port),
            None,
            now=lambda: MORNING,
            monotonic_s=monotonic,
            arrived=self.arrived.append,
            connected=self._connected,
            lost=self._lost,
        )

    def _lost(self) -> None:
        self.losses += 1

    def _connected(self) -> None:
        self.connections += 1
        if self.connections <= self._stumbles:
            raise RuntimeError("a mistake of ours")


class RudeBroker:
    """Accepts connections and answers each with the next of its `answers`, whatever it is asked."""

    def __init__(self, *answers: bytes) -> None:
        self._answers = list(answers)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self.heard = b""
        self._opened: list[socket.socket] = []
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        try:
            for answer in self._answers:
                opened, _ = self._listener.accept()
                self._opened.append(opened)
                opened.recv(4096)
                opened.sendall(answer)
            while block := opened.recv(4096):
                self.heard += block
        except OSError:
            return

    def close(self) -> None:
        for opened in (self._listener, *self._opened):
            with suppress(OSError):  # the other side may have gone
                opened.shutdown(socket.SHUT_RDWR)  # wakes whoever reads from it, which close alone does not
            opened.close()
        self._thread.join(PATIENCE_S)


@pytest.fixture
def broker(request: pytest.FixtureRequest) -> Iterator[RudeBroker]:
    made = RudeBroker(*request.param)
    yield made
    made.close()


def test_without_a_broker_it_starts_and_stops_all_the_same() -> None:
    made = Links(free_port())
    made.link.start()
    assert not made.link.is_up
    made.link.publish(ACK, "front", Ack(epoch="00c0ffee", through=1))
    made.link.clear(ACK, "front")
    made.link.stop()


@pytest.mark.parametrize("broker", [(CONNACK, CONNACK)], indirect=True)
def test_an_exception_in_pahos_loop_only_means_connecting_anew(
    broker: RudeBroker, caplog: pytest.LogCaptureFixture
) -> None:
    made = Links(broker.port, stumbles=1)
    made.link.start()
    wait_until(lambda: made.connections == 2)
    assert "broken, connecting again" in caplog.text
    assert made.link.is_up
    made.link.stop()


@pytest.mark.parametrize("broker", [(CONNACK,)], indirect=True)
def test_it_is_told_when_the_line_is_lost_not_only_when_it_is_back(broker: RudeBroker) -> None:
    made = Links(broker.port)
    made.link.start()
    wait_until(lambda: made.link.is_up)
    broker.close()
    wait_until(lambda: made.losses == 1)
    assert not made.link.is_up
    made.link.stop()
    assert made.losses == 1


@pytest.mark.parametrize("broker", [(CONNACK + PUBLISH_CUT_SHORT, REFUSED, CONNACK)], indirect=True)
def test_a_broker_that_talks_nonsense_or_refuses_is_tried_again(broker: RudeBroker) -> None:
    made = Links(broker.port)
    made.link.start()
    wait_until(lambda: made.connections == 2)
    made.link.stop()


@pytest.mark.parametrize("broker", [(CONNACK,)], indirect=True)
def test_it_hears_events_and_states_and_what_lies_deeper(broker: RudeBroker) -> None:
    made = Links(broker.port)
    made.link.start()
    wait_until(lambda: b"unit/+/state" in broker.heard)
    assert b"poincon/v1/here/unit/+/events/#" in broker.heard
    made.link.stop()


@pytest.mark.parametrize("broker", [(CONNACK,)], indirect=True)
def test_what_is_published_is_retained_as_the_contract_says(broker: RudeBroker) -> None:
    made = Links(broker.port)
    made.link.start()
    wait_until(lambda: made.link.is_up)
    told = Occupancy(present=0, guests=0, comfortable=25, max=35, level="comfortable", uncertain=0, as_of=MORNING)
    made.link.publish(OCCUPANCY, "", told)
    made.link.publish(ACK, "front", Ack(epoch="00c0ffee", through=1))
    wait_until(lambda: b"through" in broker.heard)
    assert packet_before(broker.heard, b"place/occupancy")[0] == 0x33  # PUBLISH, QoS 1, retained
    assert packet_before(broker.heard, b"unit/front/ack")[0] == 0x32
    made.link.stop()


def packet_before(heard: bytes, topic: bytes) -> bytes:
    """The packet that carries `topic`, from its fixed header on."""
    at = heard.index(b"poincon/v1/here/" + topic) - 2
    header = max(heard.rfind(bytes([kind]), max(0, at - 4), at) for kind in (0x32, 0x33))
    return heard[header:]


def test_a_fault_of_whoever_listens_is_counted_and_ends_nothing() -> None:
    def stumble(arrival: Arrival) -> None:
        raise RuntimeError("a mistake of ours")

    payload = b"\x00\x05a/b/c{}"
    broker = RudeBroker(CONNACK + bytes([0x30, len(payload)]) + payload)
    made = Links(broker.port)
    made.link._arrived = stumble
    made.link.start()
    wait_until(lambda: made.link.faults.callbacks == 1)
    assert made.link.is_up
    made.link.stop()
    broker.close()


@pytest.fixture
def mosquitto(tmp_path: Path) -> Iterator[Mosquitto]:
    made = Mosquitto(tmp_path)
    made.start()
    yield made
    made.stop()


@pytest.mark.skipif(shutil.which("mosquitto") is None, reason="needs Mosquitto")
def test_what_is_retained_against_the_contract_is_taken_off_the_broker(mosquitto: Mosquitto) -> None:
    front = "poincon/v1/here/unit/front"
    unit = mqtt.Client(CallbackAPIVersion.VERSION2, protocol=mqtt.MQTTv311)
    unit.connect("127.0.0.1", mosquitto.port)
    unit.loop_start()
    too_long, told = bytes(1 << 20), b'{"online":false}'
    for topic in (f"{front}/state", f"{front}/events", f"{front}/state/deeper"):
        unit.publish(topic, too_long, 1, retain=True).wait_for_publish(15)
    unit.publish("poincon/v1/here/unit/back/state", told, 1, retain=True).wait_for_publish(15)
    made = Links(mosquitto.port)
    made.link.start()
    wait_until(lambda: sum(len(arrival.payload) > MAX_BYTES for arrival in made.arrived) == 3)
    assert all(len(arrival.payload) <= MAX_BYTES + 1 for arrival in made.arrived)
    unit.publish(f"{front}/state", too_long, 1, retain=True).wait_for_publish(15)  # and while it listens
    wait_until(lambda: sum(arrival.topic == f"{front}/state" and not arrival.payload for arrival in made.arrived) == 2)
    kept: list[str] = []
    unit.on_message = lambda _client, _data, message: kept.append(message.topic)
    unit.subscribe([("poincon/v1/here/unit/#", 1)])
    wait_until(lambda: "poincon/v1/here/unit/back/state" in kept)
    assert kept == ["poincon/v1/here/unit/back/state"]
    made.link.stop()
    leave(unit)


@pytest.mark.skipif(shutil.which("mosquitto") is None, reason="needs Mosquitto")
def test_what_a_lent_reader_answers_goes_past_the_books_and_is_never_kept(mosquitto: Mosquitto) -> None:
    topic, session = CARD_ANSWER.topic("here", "comptoir"), "0123456789abcdef"
    unit = mqtt.Client(CallbackAPIVersion.VERSION2, protocol=mqtt.MQTTv311)
    unit.connect("127.0.0.1", mosquitto.port)
    unit.loop_start()
    said = [CardAnswer(session=session, n=n, got=["9000"]) for n in (1, 2)]
    unit.publish(topic, encode(said[0]), 1, retain=True).wait_for_publish(15)
    made = Links(mosquitto.port)
    with made.link.card_answers.of("comptoir", session) as answers:
        made.link.start()
        wait_until(lambda: made.connections == 1)
        unit.publish(f"{topic}/deeper", encode(said[1]), 1).wait_for_publish(15)
        unit.publish(topic, encode(said[1]), 1).wait_for_publish(15)
        assert answers.get(timeout=PATIENCE_S) == said[1]
        assert answers.empty()
    kept: list[bytes] = []
    unit.on_message = lambda _client, _data, message: kept.append(bytes(message.payload))
    unit.subscribe([(topic, 1)])
    unit.publish(topic, b"last", 1).wait_for_publish(15)
    wait_until(lambda: b"last" in kept)
    assert kept == [b"last"]
    assert made.arrived == []
    made.link.stop()
    leave(unit)


@pytest.mark.parametrize("broker", [(CONNACK,)], indirect=True)
def test_what_the_broker_would_end_the_connection_for_is_not_sent(
    broker: RudeBroker, caplog: pytest.LogCaptureFixture
) -> None:
    made = Links(broker.port)
    made.link.start()
    wait_until(lambda: made.link.is_up)
    made.link.publish(INSIDE, "front", Inside(members=list(range(10**6)), as_of=MORNING))
    made.link.publish(ACK, "front", Ack(epoch="00c0ffee", through=1))
    wait_until(lambda: b"through" in broker.heard)
    assert b"front/inside" not in broker.heard
    assert "too long to be sent" in caplog.text
    made.link.stop()
