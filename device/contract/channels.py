"""Every topic, once: what goes over it, who sends it, and how.

A channel and the names that fill it make a topic; a topic is matched back to its channel and names. Nothing else in
the program spells a topic.
"""

import re
from dataclasses import dataclass
from typing import Generic, Literal, NamedTuple, TypeVar

from device.contract.access_list import AccessList
from device.contract.codec import MAX_BYTES, MAX_LIST_BYTES
from device.contract.lent_reader import CardAnswer, CardFrames
from device.contract.messages import Ack, Command, Hours, Inside, Message, Occupancy, Receipt, RoomStatus, Run
from device.contract.state import State

M = TypeVar("M", bound=Message, covariant=True)

ROOT = "poincon/v1"
SILENT_AFTER_S = 120.0
"""A side that was not heard for so long is said to be silent, by the other."""


@dataclass(frozen=True)
class Channel(Generic[M]):
    """One row of the contract's table; `path` is what follows the site, with `*` for the name of a unit or a room."""

    path: str
    message: type[M]
    sender: Literal["unit", "server"]
    qos: int = 1
    retained: bool = True
    limit: int = MAX_BYTES

    def topic(self, site: str, name: str = "+") -> str:
        """The topic for one unit or room, or, without a name, the filter for them all."""
        return f"{ROOT}/{site}/{self.path.replace('*', name)}"


STATE = Channel("unit/*/state", State, "unit")
EVENTS = Channel("unit/*/events", Run, "unit", retained=False)
ACK = Channel("unit/*/ack", Ack, "server", retained=False)
RECEIPT = Channel("unit/*/receipt", Receipt, "server", retained=False)
ACCESS_LIST = Channel("unit/*/access-list", AccessList, "server", limit=MAX_LIST_BYTES)
INSIDE = Channel("unit/*/inside", Inside, "server")
COMMAND = Channel("unit/*/command", Command, "server", retained=False)
CARD = Channel("unit/*/card", CardFrames, "server", retained=False)
CARD_ANSWER = Channel("unit/*/card-answer", CardAnswer, "unit", retained=False)
OCCUPANCY = Channel("place/occupancy", Occupancy, "server")
HOURS = Channel("place/hours", Hours, "server")
ROOM = Channel("room/*/status", RoomStatus, "server")

CHANNELS: tuple[Channel[Message], ...] = (
    STATE,
    EVENTS,
    ACK,
    RECEIPT,
    ACCESS_LIST,
    INSIDE,
    COMMAND,
    CARD,
    CARD_ANSWER,
    OCCUPANCY,
    HOURS,
    ROOM,
)

_TOPIC = re.compile(
    rf"{ROOT}/(?P<site>[a-z0-9-]{{1,32}})/(?:place/(?P<place>\w+)|(?P<kind>unit|room)/(?P<name>[a-z0-9-]{{1,32}})/(?P<leaf>[a-z-]+))"
)
_BY_PATH = {channel.path: channel for channel in CHANNELS}


class Address(NamedTuple):
    """What a topic says: the channel, the site, and the unit or room (empty for the place's own)."""

    channel: Channel[Message]
    site: str
    name: str


def match(topic: str) -> Address | None:
    """What `topic` addresses, or None where the contract has no such topic."""
    found = _TOPIC.fullmatch(topic)
    if found is None:
        return None
    path = f"place/{found['place']}" if found["place"] else f"{found['kind']}/*/{found['leaf']}"
    channel = _BY_PATH.get(path)
    return Address(channel, found["site"], found["name"] or "") if channel else None
