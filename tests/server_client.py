"""A server that is nothing but the contract: it hears what units say, and says what it is told to."""

from threading import Condition

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

from device.contract.channels import ACK, CARD_ANSWER, EVENTS, STATE, match
from device.contract.codec import decode, encode
from device.contract.lent_reader import CardAnswer
from device.contract.messages import Ack, Message, Run
from tests.mosquitto import leave
from tests.patience import PATIENCE_S


class ContractServer:
    """Keeps what every unit says; acknowledges each run that follows on what it has, while `acking`."""

    def __init__(self, port, site="comptoir"):
        self.site, self.acking = site, True
        self.runs, self.states, self.kept = [], [], {}
        self.card_answers = []
        self._heard = Condition()
        self._client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id="a-server")
        self._client.on_message = self._on_message
        heard = [(channel.topic(site), 1) for channel in (EVENTS, STATE, CARD_ANSWER)]
        self._client.on_connect = lambda client, *_: client.subscribe(heard)
        self._client.reconnect_delay_set(1, 1)
        self._client.connect("127.0.0.1", port)
        self._client.loop_start()

    def close(self):
        leave(self._client)

    def say(self, channel, message: Message, unit="front", retained=None):
        retain = channel.retained if retained is None else retained
        payload = message if isinstance(message, bytes) else encode(message)
        self._client.publish(channel.topic(self.site, unit), payload, 1, retain)

    def events(self, *kinds):
        """The events kept so far, in order, of these kinds."""
        return [event for event in self.kept_events() if not kinds or type(event).__name__ in kinds]

    def kept_events(self):
        return [event for _, events in sorted(self.kept.items()) for event in events]

    def hears(self, condition):
        """Waits until a condition on this server is true."""
        with self._heard:
            return self._heard.wait_for(lambda: condition(self), PATIENCE_S)

    def _on_message(self, client, userdata, incoming):
        address = match(incoming.topic)
        assert address is not None, incoming.topic
        message = decode(incoming.payload, address.channel.message)
        with self._heard:
            if isinstance(message, Run):
                self.runs.append(message)
                self._keep(address.name, message)
            elif isinstance(message, CardAnswer):
                self.card_answers.append(message)
            else:
                self.states.append(message)
            self._heard.notify_all()

    def _keep(self, unit, run):
        kept = self.kept.setdefault((unit, run.epoch), [])
        if run.first <= len(kept) + 1:
            kept += run.events[len(kept) + 1 - run.first :]
        if self.acking:
            self.say(ACK, Ack(epoch=run.epoch, through=len(kept)), unit)
