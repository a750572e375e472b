"""A desk's unit at a real broker, whose reader is played: it takes the order to lend, and passes frames on."""

import threading

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

from device.contract.channels import CARD, CARD_ANSWER, COMMAND, EVENTS, Channel
from device.contract.codec import decode, encode
from device.contract.instant import Instant
from device.contract.lent_reader import CardAnswer, CardFrames
from device.contract.messages import Command, CommandDone, Message, Run
from tests.mosquitto import leave
from tests.patience import PATIENCE_S
from tests.played_desk import PlayedDesk, Shown

AT = Instant.parse("2026-11-23T08:14:06.000Z")


class MqttDesk(PlayedDesk):
    """The unit `name` of the place "here"; `to_hold` is held to the reader as soon as that is lent."""

    def __init__(self, port: int, name: str = "comptoir", to_hold: Shown | None = None) -> None:
        super().__init__(lambda message: [])
        self.unit, self.to_hold = name, to_hold
        self._ready = threading.Event()
        self._events_sent = 0
        self._client = mqtt.Client(CallbackAPIVersion.VERSION2, name, protocol=mqtt.MQTTv311)
        self._client.on_message = self._take
        self._client.on_subscribe = lambda *_: self._ready.set()
        self._client.connect("127.0.0.1", port)
        self._client.subscribe([(channel.topic("here", name), 1) for channel in (COMMAND, CARD)])
        self._client.loop_start()
        assert self._ready.wait(PATIENCE_S)

    def leave(self) -> None:
        leave(self._client)

    def _take(self, client: mqtt.Client, _data: object, message: mqtt.MQTTMessage) -> None:
        if message.topic == CARD.topic("here", self.unit):
            frames = decode(message.payload, CardFrames)
            self.sent.append(frames)
            self._happen(frames)
            return
        command = decode(message.payload, Command)
        self.session = command.session or ""
        answer = self.ask(command, 0)
        if answer is None:
            return
        self._events_sent += 1
        done = CommandDone(at=AT, clock="synced", id=command.id, ok=answer.ok, error=answer.error or None)
        self._say(EVENTS, Run(epoch="9f2c41aa", first=self._events_sent, sent_at=AT, events=[done]))
        if answer.ok and self.to_hold is not None:
            self.hold(self.to_hold)

    def _travel(self, message: CardFrames | CardAnswer, arrive: object) -> None:
        if isinstance(message, CardAnswer):
            self._say(CARD_ANSWER, message)

    def _say(self, channel: Channel[Message], message: Message) -> None:
        self._client.publish(channel.topic("here", self.unit), encode(message), qos=1)
