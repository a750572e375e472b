"""The port through which the server speaks to its units and walls."""

from typing import Any, Protocol

from device.contract.channels import Channel
from device.contract.messages import Message


class BrokerPort(Protocol):
    """Where messages go; in use it is `BrokerLink`."""

    @property
    def is_up(self) -> bool:
        """Whether anything published now would arrive."""

    @property
    def connections(self) -> int:
        """How many connections there have been; what is retained may be lost with each new one."""

    def publish(self, channel: Channel[Any], name: str, message: Message) -> None:
        """Sends a message to the unit or room of that name, or to the whole place."""

    def clear(self, channel: Channel[Any], name: str) -> None:
        """Takes a retained message back."""
