"""The command line's own way to a door or a reader: it hears answers at the broker, as no server may be running."""

import errno
import fcntl
import os
import queue
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import paho.mqtt.client as mqtt

from device.adapters.mqtt_client import BrokerAddress, Callbacks, MqttClient, Publication, TlsFiles
from device.contract.channels import CARD, CARD_ANSWER, COMMAND, EVENTS, Channel
from device.contract.codec import LooseRun, decode, decode_events, encode
from device.contract.errors import Malformed
from device.contract.lent_reader import CardAnswer, CardFrames
from device.contract.messages import Command, CommandDone, Message
from server.errors import Refusal
from server.mqtt.card_answers import Answers, CardAnswers, next_answer
from server.site.certificates import CARDS, DESK
from server.site.folder import SiteFolder
from server.store.journal.answers import CommandAnswer

CONNECT_S = 5


@contextmanager
def connected(site: SiteFolder, unit: str) -> Iterator["DoorClient"]:
    """A link to the door of `unit` while the block lasts; raises `Refusal` where the broker cannot be reached."""
    with _one_at_a_time(site, DoorClient.identity):
        client = DoorClient(site, unit)
        try:
            client.connect()
            yield client
        finally:
            client.close()


@contextmanager
def lending(
    site: SiteFolder, unit: str, session: str, *, waits: Callable[[], None] = lambda: None
) -> Iterator["CardClient"]:
    """A link to the reader of `unit` for one session, while the block lasts; raises `Refusal` likewise.

    `waits` is called where another command is at a badge, and this one has to wait until it is done.
    """
    with _one_at_a_time(site, CardClient.identity, waits):
        client = CardClient(site, unit)
        try:
            client.connect()
            with client.answers_of(session):
                yield client
        finally:
            client.close()


@contextmanager
def _one_at_a_time(site: SiteFolder, identity: str, waits: Callable[[], None] = lambda: None) -> Iterator[None]:
    """Who has a certificate is one client of the broker: a second would take the connection from the first."""
    files = site.client_files(identity)
    if files is None:
        yield
        return
    with files.key.open("rb") as key:
        try:
            fcntl.flock(key, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            waits()
            fcntl.flock(key, fcntl.LOCK_EX)
        yield


class DoorClient:
    """A connection to the broker for one unit; what it answers to orders comes among its events."""

    identity = DESK
    """Who it is at the broker."""
    hears: tuple[Channel[Any], ...] = (EVENTS,)
    """What is heard of the unit."""

    def __init__(self, site: SiteFolder, unit: str) -> None:
        self.unit = unit
        self._site, self._broker = site.settings.site.id, site.settings.broker
        self._connected: queue.Queue[OSError | None] = queue.Queue()
        self._answers: queue.Queue[CommandDone] = queue.Queue()
        files = site.client_files(self.identity)
        self._client = MqttClient(
            BrokerAddress(self._broker.host, self._broker.port, self._broker.keepalive_s, files and TlsFiles(*files)),
            f"{self.identity}-{secrets.token_hex(6)}",
            [(channel.topic(self._site, unit), channel.qos) for channel in self.hears],
            Callbacks(lambda: self._connected.put(None), lambda: None, self._hear, self._connected.put),
            time.monotonic,
        )

    def connect(self) -> None:
        """Connects, and hears the unit's events from then on; raises `Refusal` where it cannot."""
        self._client.start()
        self._await_connection()

    def close(self) -> None:
        """Ends the connection."""
        self._client.stop()

    def ask(self, order: Command, timeout_s: float) -> CommandAnswer | None:
        """Sends `order`; the answer to it, or None where none comes in time."""
        self._publish(COMMAND, order)
        deadline_s = time.monotonic() + timeout_s
        while (left_s := deadline_s - time.monotonic()) > 0:
            try:
                answer = self._answers.get(timeout=left_s)
            except queue.Empty:
                return None
            if answer.id == order.id:
                return CommandAnswer(answer.ok, answer.error or "")
        return None

    def _publish(self, channel: Channel[Any], message: Message) -> None:
        self._client.publish(Publication(channel.topic(self._site, self.unit), encode(message), channel.qos))

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

    def _hear(self, message: mqtt.MQTTMessage) -> None:
        try:
            events = decode_events(decode(message.payload, LooseRun))
        except Malformed:
            return  # the server sets it aside
        for event in events:
            if isinstance(event, CommandDone):
                self._answers.put(event)


class CardClient(DoorClient):
    """A connection to the broker for one reader that is lent; `session` is the one whose answers are heard."""

    identity = CARDS
    hears = (EVENTS, CARD_ANSWER)

    def __init__(self, site: SiteFolder, unit: str) -> None:
        super().__init__(site, unit)
        self.session = ""
        self._topic = CARD_ANSWER.topic(self._site, unit)
        self._card_answers = CardAnswers()
        self._of_session: Answers = queue.Queue()

    @contextmanager
    def answers_of(self, session: str) -> Iterator[None]:
        """Hears the answers of `session` while the block lasts."""
        with self._card_answers.of(self.unit, session) as answers:
            self.session, self._of_session = session, answers
            yield

    def send(self, frames: CardFrames) -> None:
        """Sends frames, or the end; dropped while there is no connection."""
        self._publish(CARD, frames)

    def hear(self, timeout_s: float) -> CardAnswer | None:
        """The next answer of the session, in their order; None where none comes in time."""
        return next_answer(self._of_session, timeout_s)

    def _hear(self, message: mqtt.MQTTMessage) -> None:
        if message.topic != self._topic:
            super()._hear(message)
        elif not message.retain:
            self._card_answers.take(self.unit, bytes(message.payload))
