"""The server's link to the broker: what arrives is put on the writer's queue, what the place says is published.

What a lent reader answers is for the session alone that waits for it, and goes past the books.

The session is clean: what the server misses while it is away, units send again until it is acknowledged.
"""

import logging
from collections.abc import Callable
from typing import Any, NamedTuple

import paho.mqtt.client as mqtt

from device.adapters.mqtt_client import BrokerAddress, Callbacks, MqttClient, Publication, TlsFiles
from device.contract.channels import CARD_ANSWER, EVENTS, STATE, Channel, match
from device.contract.codec import MAX_BYTES, encode
from device.contract.instant import Instant
from device.contract.messages import Message
from server.mqtt.card_answers import CardAnswers
from server.mqtt.inbound import Arrival
from server.site.connection_settings import BrokerSettings
from server.site.folder import ClientFiles

log = logging.getLogger(__name__)


class BrokerFaults(NamedTuple):
    """What went wrong on the link since the start, in figures."""

    callbacks: int
    takeovers: int


class BrokerLink:
    """The server's one connection.

    `arrived`, `connected` and `lost` are called on the link's own thread, and must only put something on a queue.
    """

    def __init__(
        self,
        site: str,
        broker: BrokerSettings,
        files: ClientFiles | None,
        *,
        now: Callable[[], Instant],
        monotonic_s: Callable[[], float],
        arrived: Callable[[Arrival], None],
        connected: Callable[[], None],
        lost: Callable[[], None] = lambda: None,
    ) -> None:
        self._site, self._now, self._arrived = site, now, arrived
        self.card_answers = CardAnswers()
        # what lies deeper than these topics is not of the contract: it is taken too, and set aside
        self._client = MqttClient(
            BrokerAddress(broker.host, broker.port, broker.keepalive_s, files and TlsFiles(*files)),
            f"poincon.server.{site}",
            [
                *((f"{channel.topic(site)}/#", channel.qos) for channel in (EVENTS, STATE)),
                (CARD_ANSWER.topic(site), CARD_ANSWER.qos),
            ],
            Callbacks(connected, lost, self._take),
            monotonic_s,
        )

    def start(self) -> None:
        """Begins to connect; returns at once, whether there is a broker or not."""
        self._client.start()

    def stop(self) -> None:
        """Says goodbye and waits for the thread."""
        self._client.stop()

    @property
    def is_up(self) -> bool:
        """Whether the broker has accepted the connection, and it was not seen to end."""
        return self._client.is_up

    @property
    def connections(self) -> int:
        """How many connections the broker has accepted."""
        return self._client.connections

    @property
    def faults(self) -> BrokerFaults:
        """What went wrong so far."""
        return BrokerFaults(self._client.callback_faults, self._client.takeovers)

    def publish(self, channel: Channel[Any], name: str, message: Message) -> None:
        """Hands a message to the connection; dropped while there is none, since all of it is published again after."""
        payload = encode(message)
        if len(payload) > channel.limit:  # the broker would end the connection for it, again and again
            log.error("a message is too long to be sent topic=%s bytes=%d", channel.path, len(payload))
            return
        topic = channel.topic(self._site, name)
        self._client.publish(Publication(topic, payload, channel.qos, channel.retained))

    def clear(self, channel: Channel[Any], name: str) -> None:
        """Takes a retained message off the broker."""
        self._client.publish(Publication(channel.topic(self._site, name), b"", channel.qos, retain=True))

    def _take(self, message: mqtt.MQTTMessage) -> None:
        address = match(message.topic)
        if address is not None and address.channel is CARD_ANSWER:
            self._cut(message)
            if not message.retain:
                self.card_answers.take(address.name, bytes(message.payload))
            return
        self._arrived(Arrival(message.topic, self._cut(message), self._now()))

    def _cut(self, message: mqtt.MQTTMessage) -> bytes:
        """What there is to read of a message; of one too long just enough to see that it is, and the broker forgets it.

        What the contract does not have retained is taken off the broker too: it would come again at every start.
        """
        address, payload = match(message.topic), bytes(message.payload)
        is_too_long = len(payload) > MAX_BYTES
        is_kept = message.retain or (is_too_long and address is not None and address.channel is STATE)
        if is_kept and payload and (is_too_long or address is None or not address.channel.retained):
            self._client.publish(Publication(message.topic, b"", retain=True))
        if is_too_long:
            log.warning("a message is too long topic=%s bytes=%d", message.topic, len(payload))
        return payload[: MAX_BYTES + 1]
