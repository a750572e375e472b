"""What became of a batch of arrivals: what is to be told of it once it is committed."""

from dataclasses import dataclass, field
from typing import NamedTuple

from device.contract.instant import Instant
from device.contract.messages import Access
from server.accounts.accounts import AccountChange
from server.core.presence.presence import Step
from server.mqtt.inbound import ArrivedState
from server.presence.incremental import MemberDate


class GrantedTap(NamedTuple):
    """A granted tap of a member, to be answered by a receipt."""

    unit: str
    epoch: str
    seq: int
    member: int
    at: Instant
    event: Access


@dataclass
class Outcome:
    """What became of a batch: what is to be told once it is committed."""

    heads: dict[tuple[str, str], int] = field(default_factory=dict)
    """Through which event each `(unit, epoch)` that was heard is kept."""
    taps: list[GrantedTap] = field(default_factory=list)
    passed: dict[MemberDate, list[Step]] = field(default_factory=dict)
    passed_units: set[str] = field(default_factory=set)
    rooms: set[str] = field(default_factory=set)
    """Those whose dials said something."""
    states: list[ArrivedState] = field(default_factory=list)
    changes: list[AccountChange] = field(default_factory=list)
    """The accounts that were brought up."""
    keys_proved: bool = False
    """Whether a badge proved at a door what it is being given: doors are to ask for that first."""
    kept: int = 0
    faults: int = 0
