"""The bench's own ear at the broker: how many the server counts, which units it hears, how far it has kept, what rooms
are used for.

It only listens; what goes over the broker is what any display may read, and the units' state and acks.
"""

import logging
from collections.abc import Callable

import paho.mqtt.client as mqtt

from device.adapters.mqtt_client import BrokerAddress, Callbacks, MqttClient
from device.contract.channels import ACK, OCCUPANCY, ROOM, STATE, match
from device.contract.codec import decode
from device.contract.errors import Malformed
from server.demo.inbox import Happening, Heard, Linked

log = logging.getLogger(__name__)

KEEPALIVE_S = 15
LONGEST_PAUSE_S = 2.0
"""A visitor who stops the broker and starts it again waits for it."""
CHANNELS = (OCCUPANCY, STATE, ACK, ROOM)


class BrokerListener:
    """Keeps trying to connect as long as it is started."""

    def __init__(
        self, site: str, port: int, put: Callable[[Happening], None], monotonic_s: Callable[[], float]
    ) -> None:
        self._put = put
        self._client = MqttClient(
            BrokerAddress("127.0.0.1", port, KEEPALIVE_S),
            "poincon.bench",
            [(channel.topic(site), 1) for channel in CHANNELS],
            Callbacks(lambda: put(Linked(True)), lambda: put(Linked(False)), self._arrived),
            monotonic_s,
            longest_pause_s=LONGEST_PAUSE_S,
        )

    def start(self) -> None:
        """Begins; returns at once."""
        self._client.start()

    def stop(self) -> None:
        """Ends."""
        self._client.stop()

    def _arrived(self, message: mqtt.MQTTMessage) -> None:
        address = match(message.topic)
        if address is None or not message.payload:
            return
        try:
            self._put(Heard(address, decode(message.payload, address.channel.message)))
        except Malformed as fault:
            log.warning("not understood topic=%s fault=%s", message.topic, fault)
