"""A unit that is nothing but the contract: paho, numbered events, and what the server answers."""

from collections.abc import Callable
from datetime import UTC, datetime
from threading import Condition
from typing import Any, TypeVar

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

from device.adapters.mqtt_client import without_delay
from device.contract.channels import (
    ACCESS_LIST,
    ACK,
    COMMAND,
    EVENTS,
    HOURS,
    INSIDE,
    OCCUPANCY,
    RECEIPT,
    STATE,
    Channel,
    match,
)
from device.contract.codec import decode, encode
from device.contract.instant import Instant
from device.contract.messages import Access, AnyEvent, Direction, Means, Message, Passage, Reason, Run, Side
from device.contract.state import State
from tests.mosquitto import leave
from tests.patience import PATIENCE_S, wait_until

T = TypeVar("T")


def now() -> Instant:
    """The machine's time."""
    return Instant.of(datetime.now(UTC))


def tap(credential: str, side: Side = "entry", *, at: Instant | None = None, reason: Reason = "granted") -> Access:
    """A badge presented and, with the reasons that grant, let through."""
    granted = reason in ("granted", "exit", "free_passage")
    return Access(
        at=at or now(),
        clock="synced",
        credential=credential,
        side=side,
        decision="granted" if granted else "denied",
        reason=reason,
    )


def passage(
    credential: str | None, side: Direction = "entry", *, at: Instant | None = None, by: Means = "badge"
) -> Passage:
    """Somebody going through."""
    return Passage(at=at or now(), clock="synced", credential=credential, side=side, by=by)


class ContractUnit:
    """Connected from `with` to its end. Sends what it is told, and keeps everything it hears, oldest first."""

    def __init__(self, port: int, site: str, name: str, epoch: str = "00c0ffee") -> None:
        self.site, self.name, self.epoch = site, name, epoch
        self.sent = 0
        self.heard: list[tuple[Channel[Message], Message]] = []
        self._changed = Condition()
        self._connected = False
        self._client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id=name, protocol=mqtt.MQTTv311)
        self._client.max_inflight_messages_set(1_000)
        self._client.on_connect = self._on_connect
        self._client.on_subscribe = self._on_subscribe
        self._client.on_message = self._on_message
        self._client.on_socket_open = without_delay
        self._client.reconnect_delay_set(1, 1)
        self._client.connect_async("127.0.0.1", port, keepalive=15)

    def __enter__(self) -> "ContractUnit":
        self._client.loop_start()
        self.wait(lambda: self._connected)
        return self

    def __exit__(self, *exception: object) -> None:
        leave(self._client)

    def publish(self, topic: str, payload: bytes, *, retain: bool = False) -> None:
        """Any bytes on any topic."""
        self._client.publish(topic, payload, qos=1, retain=retain)

    def say(self, state: State) -> None:
        """Publishes a state."""
        self.publish(STATE.topic(self.site, self.name), encode(state), retain=True)

    def send(self, *events: AnyEvent, first: int | None = None) -> int:
        """Sends the next run, or one that begins at `first`; the number of its last event."""
        first = first or self.sent + 1
        run = Run(epoch=self.epoch, first=first, sent_at=now(), events=list(events))
        self.publish(EVENTS.topic(self.site, self.name), encode(run))
        self.sent = max(self.sent, first + len(events) - 1)
        return first + len(events) - 1

    def deliver(self, *events: AnyEvent, first: int | None = None) -> None:
        """Sends the next run, or one that begins at `first`, until it is acknowledged, as a unit does."""
        first = first or self.sent + 1
        for _ in range(3):
            last = self.send(*events, first=first)
            if self.acknowledged(last):
                return
        raise TimeoutError(f"{self.name} got no ack through {last}")

    def acknowledged(self, last: int, patience_s: float = PATIENCE_S) -> bool:
        """Whether everything up to `last` is acknowledged within `patience_s`."""
        try:
            self.wait(lambda: self.through >= last, patience_s)
        except TimeoutError:
            return False
        return True

    @property
    def through(self) -> int:
        """The last ack of this epoch, 0 before there is one."""
        return next((ack.through for ack in reversed(self.all(ACK)) if ack.epoch == self.epoch), 0)

    def all(self, channel: Channel[Any]) -> list[Any]:
        """Everything heard on a channel."""
        with self._changed:
            return [message for of, message in self.heard if of is channel]

    def last(self, channel: Channel[Any], suits: Callable[[Any], bool] = lambda message: True) -> Any:
        """The newest message on a channel, waited for until it suits."""
        self.wait(lambda: bool(self.all(channel)) and suits(self.all(channel)[-1]))
        return self.all(channel)[-1]

    def wait(self, until: Callable[[], bool], patience_s: float = PATIENCE_S) -> None:
        """Waits for something to be so; raises `TimeoutError`."""
        wait_until(
            until, patience_s=patience_s, changed=self._changed, why=lambda: f"{self.name} heard: {self.heard[-3:]}"
        )

    def _on_connect(self, client: mqtt.Client, *_: Any) -> None:
        own = [channel.topic(self.site, self.name) for channel in (ACK, RECEIPT, ACCESS_LIST, INSIDE, COMMAND)]
        client.subscribe([(topic, 1) for topic in (*own, OCCUPANCY.topic(self.site), HOURS.topic(self.site))])

    def _on_subscribe(self, *_: Any) -> None:
        with self._changed:
            self._connected = True
            self._changed.notify_all()

    def _on_message(self, client: mqtt.Client, data: Any, message: mqtt.MQTTMessage) -> None:
        address = match(message.topic)
        if address is None or not message.payload:
            return
        heard = decode(bytes(message.payload), address.channel.message, address.channel.limit)
        with self._changed:
            self.heard.append((address.channel, heard))
            self._changed.notify_all()
