"""A line that remembers what was said on it, and can be down."""

from typing import Any

from device.contract.channels import Channel
from device.contract.messages import Message


class FakeLine:
    """Keeps the contract of `server.mqtt.outbound.Line`; `said` has everything that went over it, oldest first."""

    def __init__(self) -> None:
        self.is_up = True
        self.connections = 1
        self.said: list[tuple[Channel[Any], str, Message | None]] = []

    def publish(self, channel: Channel[Any], name: str, message: Message) -> None:
        if self.is_up:
            self.said.append((channel, name, message))

    def clear(self, channel: Channel[Any], name: str) -> None:
        if self.is_up:
            self.said.append((channel, name, None))

    def all(self, channel: Channel[Any], name: str = "") -> list[Any]:
        """What was said to that unit or room on that channel; None where it was cleared."""
        return [message for on, to, message in self.said if on is channel and to == name]

    def last(self, channel: Channel[Any], name: str = "") -> Any:
        """The newest of them."""
        return self.all(channel, name)[-1]
