"""The bench's own ear at the broker: how many the server counts, which units it hears, how far it has kept, what rooms
are used for.

It only listens; what goes over the broker is what any display may read, and the units' state and acks.
"""

import logging
from collections.abc import Callable
from typing import Any

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

from device.contract.channels import ACK, OCCUPANCY, ROOM, STATE, match
from device.contract.codec import decode
from device.contract.errors import Malformed
from server.demo.inbox import Happening, Heard, Linked

log = logging.getLogger(__name__)

CHANNELS = (OCCUPANCY, STATE, ACK, ROOM)


class BrokerListener:
    """Keeps trying to connect as long as it is started."""

    def __init__(self, site: str, port: int, put: Callable[[Happening], None]) -> None:
        self._site, self._port, self._put = site, port, put
        self._client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id="poincon.bench", protocol=mqtt.MQTTv311)
        self._client.reconnect_delay_set(1, 2)
        self._client.on_connect = self._on_connect
        self._client.on_disconnect = self._on_disconnect
        self._client.on_message = self._on_message

    def start(self) -> None:
        """Begins; returns at once."""
        self._client.connect_async("127.0.0.1", self._port, keepalive=15)
        self._client.loop_start()

    def stop(self) -> None:
        """Ends."""
        self._client.disconnect()
        self._client.loop_stop()

    def _on_connect(self, client: mqtt.Client, userdata: Any, flags: Any, reason: Any, properties: Any) -> None:
        if reason.is_failure:
            log.error("broker refuses the bench reason=%s", reason)
            return
        self._put(Linked(True))
        client.subscribe([(channel.topic(self._site), 1) for channel in CHANNELS])

    def _on_disconnect(self, client: mqtt.Client, userdata: Any, flags: Any, reason: Any, properties: Any) -> None:
        self._put(Linked(False))

    def _on_message(self, client: mqtt.Client, userdata: Any, message: mqtt.MQTTMessage) -> None:
        address = match(message.topic)
        if address is None or not message.payload:
            return
        try:
            self._put(Heard(address, decode(message.payload, address.channel.message)))
        except Malformed as fault:
            log.warning("not understood topic=%s fault=%s", message.topic, fault)
