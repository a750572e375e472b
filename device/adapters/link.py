"""A unit's link to the broker: turns messages of the server into inputs of the unit's queue, and sends the unit's."""

import logging
import ssl
from collections.abc import Callable
from typing import Any

import paho.mqtt.client as mqtt

from device.adapters.mqtt_client import BrokerAddress, BrokerLogin, Callbacks, MqttClient, Publication, TlsFiles
from device.contract.channels import (
    ACCESS_LIST,
    ACK,
    CARD,
    COMMAND,
    HOURS,
    INSIDE,
    OCCUPANCY,
    RECEIPT,
    ROOM,
    STATE,
    Channel,
    match,
)
from device.contract.codec import decode, encode
from device.contract.errors import Malformed
from device.contract.messages import Message
from device.contract.state import State
from device.contract.unit_settings import UnitBrokerSettings, UnitSettings, lends
from device.inbox import Arrived, Connected, Disconnected, Input, LinkFailed

log = logging.getLogger(__name__)


class Link:
    """The connection of the unit of `settings`; `client` makes what keeps it up."""

    def __init__(
        self,
        settings: UnitSettings,
        put: Callable[[Input], None],
        monotonic_s: Callable[[], float],
        *,
        client: Callable[..., MqttClient] = MqttClient,
    ) -> None:
        self._site, self._unit, self._put = settings.site.id, settings.name, put
        self._client = client(
            _address(settings.broker),
            self._unit,
            [(topic, 1) for topic in _topics(settings)],
            Callbacks(lambda: put(Connected()), lambda: put(Disconnected()), self._arrived, self._failed),
            monotonic_s,
            will=self._publication(STATE, encode(State(online=False))),
        )

    def start(self) -> None:
        """Begins to connect; returns at once."""
        self._client.start()

    def stop(self) -> None:
        """Says goodbye (the state goes offline) and waits for the thread."""
        self.publish(STATE, State(online=False))
        self._client.stop()

    @property
    def is_up(self) -> bool:
        """Whether the broker has accepted the connection and it was not seen to end."""
        return self._client.is_up

    @property
    def address(self) -> str:
        """This unit's address on the way to the broker; empty while there is none."""
        return self._client.own_address

    @property
    def takeovers(self) -> int:
        """How often another client took this unit's name at the broker, as far as can be told."""
        return self._client.takeovers

    def publish(self, channel: Channel[Any], message: Message | bytes) -> None:
        """Hands a message to the connection; dropped while there is none, since the outbox is what keeps."""
        self._client.publish(self._publication(channel, message if isinstance(message, bytes) else encode(message)))

    def _publication(self, channel: Channel[Any], payload: bytes) -> Publication:
        return Publication(channel.topic(self._site, self._unit), payload, channel.qos, channel.retained)

    def _failed(self, error: OSError) -> None:
        refused = isinstance(error, PermissionError | ConnectionAbortedError | ssl.SSLError)
        self._put(LinkFailed(str(error) or type(error).__name__, refused))

    def _arrived(self, incoming: mqtt.MQTTMessage) -> None:
        address = match(incoming.topic)
        if address is None or address.channel.sender != "server":
            return
        try:
            message = decode(incoming.payload, address.channel.message, address.channel.limit)
        except Malformed as fault:
            log.warning("malformed message topic=%s fault=%s", incoming.topic, fault)
            return
        self._put(Arrived(address.channel, address.name, message, incoming.retain))


def _topics(settings: UnitSettings) -> list[str]:
    """What the unit hears: only a desk hears of frames for a badge."""
    site = settings.site.id
    own = (ACK, RECEIPT, ACCESS_LIST, INSIDE, COMMAND, *([CARD] if lends(settings) else []))
    topics = [channel.topic(site, settings.name) for channel in own]
    topics += [OCCUPANCY.topic(site), HOURS.topic(site)]
    return topics + ([ROOM.topic(site, settings.room)] if settings.room else [])


def _address(broker: UnitBrokerSettings) -> BrokerAddress:
    tls = TlsFiles(broker.ca, broker.certificate, broker.key) if broker.tls else None
    login = BrokerLogin(broker.username, _secret(broker)) if broker.username else None
    return BrokerAddress(broker.host, broker.port, broker.keepalive_s, tls, login)


def _secret(broker: UnitBrokerSettings) -> str | None:
    return broker.password_file.read_text("utf-8").strip() if broker.password_file else None
