"""An order to a unit, sent from the command line beside the running server, and what became of it."""

import errno
import fcntl
import os
import queue
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import paho.mqtt.client as mqtt

from device.adapters.mqtt_client import BrokerAddress, Callbacks, MqttClient, Publication, TlsFiles
from device.contract.channels import COMMAND, EVENTS
from device.contract.codec import LooseRun, decode, decode_events, encode
from device.contract.errors import Malformed
from device.contract.instant import Instant
from device.contract.messages import Command, CommandDone
from server.errors import Refusal
from server.site.certificates import DESK
from server.site.folder import SiteFolder

VALID_S = 10
"""How long an order is worth carrying out: a door must not open long after somebody asked."""
CONNECT_S = 5


def release(site: SiteFolder, unit: str, by: str, now: Callable[[], Instant]) -> None:
    """Opens the door of `unit` once; raises `Refusal` where it cannot be reached, does not answer or cannot."""
    with _one_at_a_time(site):
        until = now() + timedelta(seconds=VALID_S)
        order = Command(id=f"c-{secrets.token_hex(8)}", kind="release", expires_at=until, by=by)
        done = _Correspondence(site, unit).ask(order)
    if done is None:
        raise Refusal(
            "door_did_not_answer",
            unit=unit,
            seconds=VALID_S,
        )
    if not done.ok:
        raise Refusal("door_could_not_open", unit=unit, error=done.error or "?")


@contextmanager
def _one_at_a_time(site: SiteFolder) -> Iterator[None]:
    """The command line is one client of the broker: a second beside it would take the connection from the first."""
    files = site.client_files(DESK)
    if files is None:
        yield
        return
    with files.key.open("rb") as key:
        fcntl.flock(key, fcntl.LOCK_EX)
        yield


class _Correspondence:
    """One order and its answer, over a connection of their own; the answer comes among the unit's events."""

    def __init__(self, site: SiteFolder, unit: str) -> None:
        self._unit, self._site, self._broker = unit, site.settings.site.id, site.settings.broker
        self._connected: queue.Queue[OSError | None] = queue.Queue()
        self._answers: queue.Queue[CommandDone] = queue.Queue()
        files = site.client_files(DESK)
        self._client = MqttClient(
            BrokerAddress(self._broker.host, self._broker.port, self._broker.keepalive_s, files and TlsFiles(*files)),
            f"poincon-desk-{secrets.token_hex(6)}",
            [(EVENTS.topic(self._site, unit), EVENTS.qos)],
            Callbacks(lambda: self._connected.put(None), lambda: None, self._hear, self._connected.put),
            time.monotonic,
        )

    def ask(self, order: Command) -> CommandDone | None:
        """Sends `order`; the answer to it, or None where none comes while it is valid. Raises `Refusal`."""
        self._client.start()
        try:
            self._await_connection()
            topic = COMMAND.topic(self._site, self._unit)  # sent after the subscription, so the answer is heard
            self._client.publish(Publication(topic, encode(order), COMMAND.qos))
            return self._answer_to(order.id)
        finally:
            self._client.stop()

    def _await_connection(self) -> None:
        try:
            error = self._connected.get(timeout=CONNECT_S)
        except queue.Empty:
            error = TimeoutError(errno.ETIMEDOUT, os.strerror(errno.ETIMEDOUT))
        if isinstance(error, PermissionError):
            raise Refusal("broker_denies")
        if error is not None:
            raise Refusal(
                "no_broker",
                where=f"{self._broker.host}:{self._broker.port}",
                error=error.strerror or error,
            )

    def _answer_to(self, order: str) -> CommandDone | None:
        deadline_s = time.monotonic() + VALID_S
        while (left_s := deadline_s - time.monotonic()) > 0:
            try:
                answer = self._answers.get(timeout=left_s)
            except queue.Empty:
                return None
            if answer.id == order:
                return answer
        return None

    def _hear(self, message: mqtt.MQTTMessage) -> None:
        try:
            events = decode_events(decode(message.payload, LooseRun))
        except Malformed:
            return  # the server sets it aside
        for event in events:
            if isinstance(event, CommandDone):
                self._answers.put(event)
