"""The link to the broker: paho on a thread of its own, which only turns messages into inputs of the unit's queue.

The loop is ours, not paho's: an exception in a callback would end paho's thread while everything still looked well.
"""

import logging
import socket
import ssl
from collections import deque
from collections.abc import Callable
from threading import Event, Thread
from typing import Any

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode

from device.contract.channels import (
    ACCESS_LIST,
    ACK,
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
from device.contract.messages import Message, State
from device.contract.unit_settings import UnitBrokerSettings
from device.inbox import Arrived, Connected, Disconnected, Input

log = logging.getLogger(__name__)

FIRST_PAUSE_S, LONGEST_PAUSE_S = 1.0, 30.0
CONNECT_TIMEOUT_S = 5.0
TAKEOVERS = 5
"""So many connections lost, each within seconds of its start, and somebody else uses this unit's name."""
TAKEOVER_WINDOW_S = 5.0


class Link:
    """Keeps one connection to the broker as long as it is started, with growing pauses between tries."""

    def __init__(
        self,
        site: str,
        unit: str,
        broker: UnitBrokerSettings,
        put: Callable[[Input], None],
        monotonic_s: Callable[[], float],
        room: str | None = None,
    ) -> None:
        self._site, self._unit, self._broker, self._put = site, unit, broker, put
        self._monotonic_s = monotonic_s
        self._up = False
        self._stopping, self._woken = Event(), Event()
        self._short_lives: deque[float] = deque(maxlen=TAKEOVERS)
        self._filters = [channel.topic(site, unit) for channel in (ACK, RECEIPT, ACCESS_LIST, INSIDE, COMMAND)]
        self._filters += [OCCUPANCY.topic(site), HOURS.topic(site), *([ROOM.topic(site, room)] if room else [])]
        self._client = self._made_client()
        self._thread = Thread(target=self._run, name="link", daemon=True)

    def start(self) -> None:
        """Begins to connect; returns at once."""
        self._thread.start()

    def stop(self) -> None:
        """Says goodbye (the state goes offline) and waits for the thread."""
        if self._up:
            self.publish(STATE, State(online=False))
            self._client.disconnect()
        self._stopping.set()
        self._woken.set()
        if self._thread.is_alive():
            self._thread.join(timeout=CONNECT_TIMEOUT_S + 1)

    def try_now(self) -> None:
        """Ends a pause between two tries."""
        self._woken.set()

    @property
    def is_up(self) -> bool:
        """Whether the broker has accepted the connection and it was not seen to end."""
        return self._up

    @property
    def address(self) -> str:
        """This unit's address on the way to the broker; empty while there is none."""
        opened = self._client.socket()
        try:
            return str(opened.getsockname()[0]) if isinstance(opened, socket.socket) else ""
        except OSError:
            return ""

    def publish(self, channel: Channel[Any], message: Message | bytes) -> None:
        """Hands a message to the connection; dropped while there is none, since the outbox is what keeps."""
        if not self._up:
            return
        payload = message if isinstance(message, bytes) else encode(message)
        self._client.publish(channel.topic(self._site, self._unit), payload, channel.qos, channel.retained)

    def _made_client(self) -> mqtt.Client:
        client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id=self._unit, protocol=mqtt.MQTTv311)
        client.connect_timeout = CONNECT_TIMEOUT_S
        client.max_inflight_messages_set(100)
        client.will_set(STATE.topic(self._site, self._unit), encode(State(online=False)), STATE.qos, retain=True)
        if self._broker.tls:
            client.tls_set(
                _text(self._broker.ca),
                _text(self._broker.certificate),
                _text(self._broker.key),
                tls_version=ssl.PROTOCOL_TLS_CLIENT,
            )
        if self._broker.username:
            client.username_pw_set(self._broker.username, _secret(self._broker))
        client.on_socket_open = _without_delay
        client.on_socket_register_write = _left_to_the_link
        client.on_connect = self._on_connect
        client.on_message = self._on_message
        return client

    def _run(self) -> None:
        pause_s = FIRST_PAUSE_S
        while not self._stopping.is_set():
            began_s = self._monotonic_s()
            try:
                self._connect()
                self._serve()
            except OSError as error:
                log.warning("broker unreachable error=%s next_try_s=%.0f", error, pause_s)
            except Exception:
                log.exception("link broken, connecting anew")
            pause_s = FIRST_PAUSE_S if self._up else min(pause_s * 2, LONGEST_PAUSE_S)
            self._lost(self._monotonic_s() - began_s)
            self._woken.wait(pause_s)
            self._woken.clear()

    def _connect(self) -> None:
        self._client.connect(self._broker.host, self._broker.port, self._broker.keepalive_s)

    def _serve(self) -> None:
        while self._client.loop(1.0) == MQTTErrorCode.MQTT_ERR_SUCCESS:
            if self._stopping.is_set() and not self._client.want_write():
                self._client.disconnect()

    def _lost(self, lived_s: float) -> None:
        if not self._up:
            return
        self._up = False
        self._put(Disconnected())
        if self._stopping.is_set():
            return
        log.warning("connection lost lived_s=%.1f", lived_s)
        if lived_s < TAKEOVER_WINDOW_S:
            self._short_lives.append(self._monotonic_s())
        if len(self._short_lives) == TAKEOVERS and self._monotonic_s() - self._short_lives[0] < 60:
            log.error("another client uses the name of this unit name=%s", self._unit)
            self._short_lives.clear()

    def _on_connect(self, client: mqtt.Client, userdata: Any, flags: Any, reason: Any, properties: Any) -> None:
        if reason.is_failure:
            log.error("broker refuses this unit reason=%s", reason)
            client.disconnect()
            return
        client.subscribe([(topic, 1) for topic in self._filters])
        self._up = True
        self._put(Connected())

    def _on_message(self, client: mqtt.Client, userdata: Any, incoming: mqtt.MQTTMessage) -> None:
        address = match(incoming.topic)
        if address is None or address.channel.sender != "server":
            return
        try:
            message = decode(incoming.payload, address.channel.message, address.channel.limit)
        except Malformed as fault:
            log.warning("malformed message topic=%s fault=%s", incoming.topic, fault)
            return
        self._put(Arrived(address.channel, address.name, message, incoming.retain))


def _without_delay(client: mqtt.Client, userdata: Any, opened: Any) -> None:
    """Nagle's algorithm and delayed acknowledgements together cost 44 ms a reply."""
    opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def _left_to_the_link(client: mqtt.Client, userdata: Any, opened: Any) -> None:
    """That it is there keeps paho from writing on the thread that publishes: two threads that write at once send what
    waits in the wrong order, and a TLS connection does not bear it at all."""


def _text(path: object | None) -> str | None:
    return None if path is None else str(path)


def _secret(broker: UnitBrokerSettings) -> str | None:
    return broker.password_file.read_text("utf-8").strip() if broker.password_file else None
