"""Everything that can reach a unit's one queue. Threads of libraries only put these on it, and do nothing else."""

from typing import Literal, NamedTuple

from device.contract.channels import Channel
from device.contract.messages import Command, Message, Side
from device.core.badge.loan import ReaderWord
from device.ports import Badge

InputName = Literal["contact", "rex", "fire", "tamper"]


class Tap(NamedTuple):
    """A badge was presented to the reader of `side`."""

    side: Side
    badge: Badge


class Removed(NamedTuple):
    """The badge with this ID was taken away from the reader of `side`."""

    side: Side
    uid: str


class ReaderState(NamedTuple):
    """The reader of `side` was lost, or works: for the first time, or again."""

    side: Side
    lost: bool


class OfLoan(NamedTuple):
    """What a reader that is lent says of the badge that is held to it."""

    word: ReaderWord


class StrikeState(NamedTuple):
    """What drives the strike was lost, or is back."""

    lost: bool


class InputLevel(NamedTuple):
    """The level of a wired input, when it changed and at start."""

    name: InputName
    active: bool


class Turned(NamedTuple):
    """The dial was turned by `steps`, negative to the left."""

    steps: int


class Pressed(NamedTuple):
    """The dial's button was pressed, or held for the long press."""

    long: bool


class Arrived(NamedTuple):
    """A message of the server."""

    channel: Channel[Message]
    name: str
    message: Message
    retained: bool


class Kept(NamedTuple):
    """What the server said now stands in the cache under `name`."""

    name: str
    payload: bytes


class NotKept(NamedTuple):
    """The cache could not write what the server said under `name`; it tries again."""

    name: str


class Connected(NamedTuple):
    """The link to the broker is up, subscriptions asked for."""


class Disconnected(NamedTuple):
    """The link to the broker is gone."""


class LinkFailed(NamedTuple):
    """A try to reach the broker came to nothing; `refused`: it does not let this unit in."""

    error: str
    refused: bool


class StopAsked(NamedTuple):
    """The unit shall end: `restart` asks for a new start, `quietly` to wait for a moment that disturbs nobody."""

    restart: bool = False
    quietly: bool = False


class UpdateFetched(NamedTuple):
    """A release was fetched and handed to the machine's updater, or could not be, and why."""

    order: Command
    fault: str | None


Input = (
    Tap
    | Removed
    | ReaderState
    | OfLoan
    | StrikeState
    | InputLevel
    | Turned
    | Pressed
    | Arrived
    | Kept
    | NotKept
    | Connected
    | Disconnected
    | LinkFailed
    | StopAsked
    | UpdateFetched
)
