"""What the thread of the demo takes from its queue, one at a time; every other thread only puts."""

from typing import Literal, NamedTuple

from msgspec import Struct

from device.contract.channels import Address
from device.contract.messages import Message, Side
from server.demo.views import Switchable


class Said(NamedTuple):
    """The process `name` wrote a line; `run` tells its runs apart."""

    name: str
    run: int
    line: str


class Gone(NamedTuple):
    """The process `name` ended."""

    name: str
    run: int
    status: int


class TapOver(NamedTuple):
    """A badge was taken away from a reader; `taken` is whether the reader had taken it up."""

    unit: str
    side: Side
    taken: bool


class Heard(NamedTuple):
    """A message went over the broker."""

    address: Address
    message: Message


class Linked(NamedTuple):
    """The bench's own connection to the broker is up, or down."""

    up: bool


class Over(NamedTuple):
    """The demo ends."""


class Present(Struct, frozen=True, tag_field="do", tag="present", forbid_unknown_fields=True):
    """Hold a badge of the bench to a reader."""

    badge: str
    unit: str
    side: Side


class Push(Struct, frozen=True, tag_field="do", tag="push", forbid_unknown_fields=True):
    """Open the leaf: to go through and let it fall shut, to keep it open, or by force whatever the strike says."""

    unit: str
    how: Literal["through", "keep", "force"]


class Shut(Struct, frozen=True, tag_field="do", tag="shut", forbid_unknown_fields=True):
    """Close the leaf."""

    unit: str


class PressRex(Struct, frozen=True, tag_field="do", tag="rex", forbid_unknown_fields=True):
    """Press the request-to-exit button."""

    unit: str


class Turn(Struct, frozen=True, tag_field="do", tag="turn", forbid_unknown_fields=True):
    """Turn a room's dial, by one step to the right or to the left."""

    unit: str
    steps: Literal[1, -1]


class PressDial(Struct, frozen=True, tag_field="do", tag="press", forbid_unknown_fields=True):
    """Press a room's dial, shortly or for long."""

    unit: str
    long: bool


class Switch(Struct, frozen=True, tag_field="do", tag="switch", forbid_unknown_fields=True):
    """Put in or pull out, set or take away, something at a unit."""

    unit: str
    what: Switchable
    on: bool


class SwitchProgram(Struct, frozen=True, tag_field="do", tag="run", forbid_unknown_fields=True):
    """Kill the server or the broker, or start it again."""

    what: Literal["server", "broker"]
    on: bool


Order = Present | Push | Shut | PressRex | Turn | PressDial | Switch | SwitchProgram
"""What a visitor does at the bench."""

Happening = Said | Gone | TapOver | Heard | Linked | Over | Order
