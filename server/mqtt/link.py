"""The server's link to the broker: paho on a thread of its own, which only puts what arrives on the writer's queue.

The session is clean: what the server misses while it is away, units send again until it is acknowledged.
"""

import logging
import socket
import ssl
from collections import deque
from collections.abc import Callable
from typing import Any, NamedTuple

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode

from device.contract.channels import EVENTS, STATE, Channel, match
from device.contract.codec import MAX_BYTES, encode
from device.contract.instant import Instant
from device.contract.messages import Message
from server.mqtt.inbound import Arrival
from server.site.folder import ClientFiles
from server.site.settings import BrokerSettings

log = logging.getLogger(__name__)

FIRST_PAUSE_S, LONGEST_PAUSE_S = 1, 30
CONNECT_TIMEOUT_S = 5.0
TAKEOVERS, TAKEOVER_WINDOW_S = 5, 60.0
"""So many connections lost within that time, and somebody else uses the server's name."""


class BrokerFaults(NamedTuple):
    """What went wrong on the link since the start, in figures."""

    callbacks: int
    takeovers: int


class BrokerLink:
    """Keeps one connection to the broker as long as it is started, with growing pauses between tries.

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
        self._site, self._broker = site, broker
        self._now, self._monotonic_s = now, monotonic_s
        self._arrived, self._connected, self._lost = arrived, connected, lost
        self._lost_s: deque[float] = deque(maxlen=TAKEOVERS)
        self._callback_faults = self._takeovers = 0
        self._up = False
        self._connections = 0
        self._client = self._made_client(files)

    def start(self) -> None:
        """Begins to connect; returns at once, whether there is a broker or not."""
        log.info("connecting to broker host=%s port=%d", self._broker.host, self._broker.port)
        self._client.connect_async(self._broker.host, self._broker.port, self._broker.keepalive_s)
        self._client.loop_start()

    def stop(self) -> None:
        """Says goodbye and waits for the thread."""
        self._client.disconnect()
        self._client.loop_stop()
        self._up = False

    @property
    def is_up(self) -> bool:
        """Whether the broker has accepted the connection, and it was not seen to end."""
        return self._up

    @property
    def connections(self) -> int:
        """How many connections the broker has accepted."""
        return self._connections

    @property
    def faults(self) -> BrokerFaults:
        """What went wrong so far."""
        return BrokerFaults(self._callback_faults, self._takeovers)

    def publish(self, channel: Channel[Any], name: str, message: Message) -> None:
        """Hands a message to the connection; dropped while there is none, since all of it is published anew after."""
        if not self._up:
            return
        payload = encode(message)
        if len(payload) > channel.limit:  # the broker would end the connection for it, each time anew
            log.error("a message is too long to be sent topic=%s bytes=%d", channel.path, len(payload))
            return
        self._client.publish(channel.topic(self._site, name), payload, channel.qos, channel.retained)

    def clear(self, channel: Channel[Any], name: str) -> None:
        """Takes a retained message off the broker."""
        if self._up:
            self._client.publish(channel.topic(self._site, name), b"", channel.qos, retain=True)

    def _made_client(self, files: ClientFiles | None) -> mqtt.Client:
        client = _SturdyClient(
            CallbackAPIVersion.VERSION2, client_id=f"poincon.server.{self._site}", protocol=mqtt.MQTTv311
        )
        client.connect_timeout = CONNECT_TIMEOUT_S
        client.reconnect_delay_set(FIRST_PAUSE_S, LONGEST_PAUSE_S)
        client.max_inflight_messages_set(65_535)  # with the default of 20, acks wait for a round trip each
        if files is not None:
            authority, certificate, key = map(str, files)
            client.tls_set(authority, certificate, key, tls_version=ssl.PROTOCOL_TLS_CLIENT)
        client.on_socket_open = _without_delay
        client.on_connect = self._on_connect
        client.on_connect_fail = self._on_connect_fail
        client.on_disconnect = self._on_disconnect
        client.on_message = self._on_message
        return client

    def _on_connect(self, client: mqtt.Client, userdata: Any, flags: Any, reason: Any, properties: Any) -> None:
        if reason.is_failure:
            log.error("broker refuses the server reason=%s", reason)
            return
        # what lies deeper than these topics is not of the contract: it is taken too, and set aside
        client.subscribe([(f"{channel.topic(self._site)}/#", channel.qos) for channel in (EVENTS, STATE)])
        self._connections += 1
        self._up = True
        log.info("connected to broker")
        self._connected()

    def _on_connect_fail(self, client: mqtt.Client, userdata: Any) -> None:
        log.warning("no broker host=%s port=%d, trying on", self._broker.host, self._broker.port)

    def _on_disconnect(self, client: mqtt.Client, userdata: Any, flags: Any, reason: Any, properties: Any) -> None:
        was_up, self._up = self._up, False
        if not was_up or reason == 0:
            return
        self._lost()
        log.warning("connection to broker lost reason=%s", reason)
        self._lost_s.append(self._monotonic_s())
        if len(self._lost_s) == TAKEOVERS and self._lost_s[-1] - self._lost_s[0] < TAKEOVER_WINDOW_S:
            self._takeovers += 1
            self._lost_s.clear()
            log.error("another client uses the server's name at the broker, or the network is very poor")

    def _on_message(self, client: mqtt.Client, userdata: Any, message: mqtt.MQTTMessage) -> None:
        try:
            self._arrived(Arrival(message.topic, self._cut(client, message), self._now()))
        except Exception:  # paho's thread would end, and everything still look well
            self._callback_faults += 1
            log.exception("message lost in the link")

    def _cut(self, client: mqtt.Client, message: mqtt.MQTTMessage) -> bytes:
        """What there is to read of a message; of one too long just enough to see that it is, and the broker forgets it.

        What the contract does not have retained is taken off the broker too: it would come again at every start.
        """
        address, payload = match(message.topic), bytes(message.payload)
        is_too_long = len(payload) > MAX_BYTES
        is_kept = message.retain or (is_too_long and address is not None and address.channel is STATE)
        if is_kept and payload and (is_too_long or address is None or not address.channel.retained):
            client.publish(message.topic, b"", qos=1, retain=True)
        if is_too_long:
            log.warning("a message is too long topic=%s bytes=%d", message.topic, len(payload))
        return payload[: MAX_BYTES + 1]


class _SturdyClient(mqtt.Client):
    """paho's client, but for one thing: an exception in its loop does not end it while everything still looks well."""

    def loop_forever(self, timeout: float = 1.0, retry_first_connection: bool = False) -> MQTTErrorCode:
        """As paho's; after an exception on a new connection, since what was half read is lost."""
        while True:
            try:
                return super().loop_forever(timeout, retry_first_connection)
            except Exception:
                log.exception("the link broke, connecting anew")
                opened = self.socket()
                if opened is not None:
                    opened.close()


def _without_delay(client: mqtt.Client, userdata: Any, opened: Any) -> None:
    """Nagle's algorithm and delayed acknowledgements together cost 44 ms a reply."""
    opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
