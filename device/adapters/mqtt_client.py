"""The one MQTT client under every link: paho, with a loop of our own, kept connected, for units and server alike.

The loop is not paho's: an exception in a callback would end paho's thread while everything still looked well. One
thread alone writes on the line: two that write at once send what waits in the wrong order, and a TLS connection does
not bear it at all.
"""

import logging
import socket
import ssl
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Event, Thread
from typing import Any, NamedTuple

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode

log = logging.getLogger(__name__)

FIRST_PAUSE_S, LONGEST_PAUSE_S = 1.0, 30.0
CONNECT_TIMEOUT_S = 5.0
NOTHING_SAID = "the broker hung up before it said anything"
TAKEOVERS = 5
"""So many connections lost, each within seconds of its start, and somebody else uses this client's name."""
TAKEOVER_WINDOW_S, TAKEOVERS_WITHIN_S = 5.0, 60.0
INFLIGHT = 65_535
"""Messages that may wait for the broker at once: with paho's 20, each further one waits for a round trip."""


class TlsFiles(NamedTuple):
    """What a client checks the broker against and shows to it; None where the broker does not ask for it."""

    authority: Path | None
    certificate: Path | None
    key: Path | None


class BrokerLogin(NamedTuple):
    """A name and a password."""

    name: str
    password: str | None


class BrokerAddress(NamedTuple):
    """Where the broker is, and how it is spoken to."""

    host: str
    port: int
    keepalive_s: int
    tls: TlsFiles | None = None
    login: BrokerLogin | None = None


class Publication(NamedTuple):
    """A message on its way to the broker."""

    topic: str
    payload: bytes
    qos: int = 1
    retain: bool = False


class Callbacks(NamedTuple):
    """Who is told, on the client's own thread: they must only put something on a queue.

    `connected` after each connection that the broker accepted, `lost` when that ended by itself, `arrived` of messages,
    `failed` of each try that came to nothing, with a `PermissionError` where the broker does not let this client in.
    """

    connected: Callable[[], None]
    lost: Callable[[], None]
    arrived: Callable[[mqtt.MQTTMessage], None]
    failed: Callable[[OSError], None] = lambda error: None


class MqttClient:
    """Keeps one connection to the broker as long as it is started, with growing pauses between tries.

    The session is clean: who sends what must arrive sends it again until it is acknowledged.
    """

    def __init__(
        self,
        address: BrokerAddress,
        name: str,
        subscriptions: Sequence[tuple[str, int]],
        callbacks: Callbacks,
        monotonic_s: Callable[[], float],
        *,
        will: Publication | None = None,
        longest_pause_s: float = LONGEST_PAUSE_S,
    ) -> None:
        self._address, self._name, self._subscriptions = address, name, list(subscriptions)
        self._callbacks, self._monotonic_s, self._longest_pause_s = callbacks, monotonic_s, longest_pause_s
        self._up = False
        self._fault, self._refused = NOTHING_SAID, False
        self.connections = self.takeovers = self.callback_faults = 0
        """Connections accepted, times that another client took the name, messages lost by a callback."""
        self._stopping, self._woken = Event(), Event()
        self._short_lives: deque[float] = deque(maxlen=TAKEOVERS)
        self._client = self._made_client(will)
        self._thread = Thread(target=self._run, name="mqtt", daemon=True)

    def start(self) -> None:
        """Begins to connect; returns at once, whether there is a broker or not."""
        self._thread.start()

    def stop(self) -> None:
        """Sends what waits, says goodbye and waits for the thread."""
        if self._up:
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
    def own_address(self) -> str:
        """This machine's address on the way to the broker; empty while there is none."""
        opened = self._client.socket()
        try:
            return str(opened.getsockname()[0]) if isinstance(opened, socket.socket) else ""
        except OSError:
            return ""

    def publish(self, publication: Publication) -> None:
        """Hands a message to the connection; dropped while there is none."""
        if self._up:
            self._client.publish(publication.topic, publication.payload, publication.qos, publication.retain)

    def _made_client(self, will: Publication | None) -> mqtt.Client:
        client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id=self._name, protocol=mqtt.MQTTv311)
        client.connect_timeout = CONNECT_TIMEOUT_S
        client.max_inflight_messages_set(INFLIGHT)
        if will is not None:
            client.will_set(will.topic, will.payload, will.qos, will.retain)
        if self._address.tls is not None:
            authority, certificate, key = (None if path is None else str(path) for path in self._address.tls)
            client.tls_set(authority, certificate, key, tls_version=ssl.PROTOCOL_TLS_CLIENT)
        if self._address.login is not None:
            client.username_pw_set(*self._address.login)
        client.on_socket_open = without_delay
        client.on_socket_register_write = _left_to_the_loop
        client.on_connect = self._on_connect
        client.on_message = self._on_message
        client.on_log = self._on_log
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
                self._callbacks.failed(error)
            except Exception:
                log.exception("connection to broker broken, connecting again")
                self._close()
            pause_s = FIRST_PAUSE_S if self._up else min(pause_s * 2, self._longest_pause_s)
            self._end(self._monotonic_s() - began_s)
            self._woken.wait(pause_s)
            self._woken.clear()

    def _connect(self) -> None:
        self._refused = False
        self._client.connect(self._address.host, self._address.port, self._address.keepalive_s)

    def _serve(self) -> None:
        """Until the connection ends; raises `ConnectionError` where the broker never accepted it.

        With TLS 1.3 a certificate that the broker refuses is told after the handshake only: the connection is there,
        and then it is gone.
        """
        self._fault = NOTHING_SAID
        while self._client.loop(1.0) == MQTTErrorCode.MQTT_ERR_SUCCESS:
            if self._stopping.is_set() and not self._client.want_write():
                self._client.disconnect()
        if not (self._up or self._refused or self._stopping.is_set()):
            raise ConnectionAbortedError(self._fault)

    def _close(self) -> None:
        """What was half read is lost: the next connection begins afresh."""
        opened = self._client.socket()
        if opened is not None:
            opened.close()

    def _end(self, lived_s: float) -> None:
        if not self._up:
            return
        self._up = False
        if self._stopping.is_set():
            return
        log.warning("connection to broker lost lived_s=%.1f", lived_s)
        self._callbacks.lost()
        if lived_s < TAKEOVER_WINDOW_S:
            self._short_lives.append(self._monotonic_s())
        if len(self._short_lives) == TAKEOVERS and self._monotonic_s() - self._short_lives[0] < TAKEOVERS_WITHIN_S:
            self.takeovers += 1
            self._short_lives.clear()
            log.error("another client uses this name at the broker name=%s", self._name)

    def _on_connect(self, client: mqtt.Client, userdata: Any, flags: Any, reason: Any, properties: Any) -> None:
        if reason.is_failure:
            self._refused = True
            log.error("broker refuses this client name=%s reason=%s", self._name, reason)
            client.disconnect()
            self._callbacks.failed(PermissionError(str(reason)))
            return
        client.subscribe(self._subscriptions)
        self.connections += 1
        self._up = True
        log.info("connected to broker")
        self._callbacks.connected()

    def _on_log(self, client: mqtt.Client, userdata: Any, level: int, text: str) -> None:
        """Keeps what paho swallows: why a connection failed."""
        if level == mqtt.MQTT_LOG_ERR:
            self._fault = text

    def _on_message(self, client: mqtt.Client, userdata: Any, message: mqtt.MQTTMessage) -> None:
        try:
            self._callbacks.arrived(message)
        except Exception:  # the connection is not to be blamed for it
            self.callback_faults += 1
            log.exception("message lost in a callback topic=%s", message.topic)


def without_delay(client: mqtt.Client, userdata: Any, opened: Any) -> None:
    """Nagle's algorithm and delayed acknowledgements together cost 44 ms a reply."""
    opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def _left_to_the_loop(client: mqtt.Client, userdata: Any, opened: Any) -> None:
    """That it is there keeps paho from writing on the thread that publishes."""
