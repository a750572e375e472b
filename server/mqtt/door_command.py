"""An order to a unit, sent from the command line beside the running server, and what became of it."""

import fcntl
import queue
import secrets
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

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
            "{unit} did not answer within {seconds} s and may have opened all the same;"
            " is it connected (poincon unit list)?",
            unit=unit,
            seconds=VALID_S,
        )
    if not done.ok:
        raise Refusal("{unit} could not open: {error}", unit=unit, error=done.error or "?")


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
    """One order and its answer; the answer comes among the unit's events."""

    def __init__(self, site: SiteFolder, unit: str) -> None:
        self._site, self._unit = site, unit
        self._steps: queue.Queue[str] = queue.Queue()
        self._answers: queue.Queue[CommandDone] = queue.Queue()
        self._client = mqtt.Client(
            CallbackAPIVersion.VERSION2, f"poincon-desk-{secrets.token_hex(6)}", protocol=mqtt.MQTTv311
        )
        self._client.on_connect = lambda *_: self._steps.put("connected")
        self._client.on_subscribe = lambda *_: self._steps.put("subscribed")
        self._client.on_message = self._hear

    def ask(self, order: Command) -> CommandDone | None:
        """Sends `order`; the answer to it, or None where none comes while it is valid."""
        self._connect()
        try:
            self._await("connected")
            site = self._site.settings.site.id
            self._client.subscribe(EVENTS.topic(site, self._unit), qos=EVENTS.qos)
            self._await("subscribed")
            self._client.publish(COMMAND.topic(site, self._unit), encode(order), qos=COMMAND.qos)
            return self._answer_to(order.id)
        finally:
            self._client.disconnect()
            self._client.loop_stop()

    def _connect(self) -> None:
        broker, files = self._site.settings.broker, self._site.client_files(DESK)
        if files is not None:
            context = ssl.create_default_context(cafile=str(files.authority))
            context.load_cert_chain(files.certificate, files.key)
            self._client.tls_set_context(context)
        try:
            self._client.connect(broker.host, broker.port)
        except OSError as error:
            raise Refusal(
                "no broker at {where}: {error}; is it running?",
                where=f"{broker.host}:{broker.port}",
                error=error.strerror or error,
            ) from None
        self._client.loop_start()

    def _await(self, step: str) -> None:
        try:
            while self._steps.get(timeout=CONNECT_S) != step:
                pass
        except queue.Empty:
            raise Refusal("the broker does not let this program in") from None

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

    def _hear(self, _client: mqtt.Client, _data: object, message: mqtt.MQTTMessage) -> None:
        try:
            events = decode_events(decode(message.payload, LooseRun))
        except Malformed:
            return  # the server sets it aside
        for event in events:
            if isinstance(event, CommandDone):
                self._answers.put(event)
