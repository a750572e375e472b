"""What came over the wire, read: a run of events, a state, or a fault. Any bytes on any topic end here."""

from typing import NamedTuple

from device.contract.channels import EVENTS, STATE, match
from device.contract.codec import LooseRun, decode, decode_events
from device.contract.errors import Malformed
from device.contract.instant import Instant
from device.contract.messages import AnyEvent
from device.contract.state import State
from server.store.journal.faults import Fault


class Arrival(NamedTuple):
    """One message as it came."""

    topic: str
    payload: bytes
    at: Instant


class ArrivedRun(NamedTuple):
    """A run whose events are each read, or faulty; `raw` has the bytes of each."""

    arrival: Arrival
    unit: str
    epoch: str
    first: int
    events: list[AnyEvent | Malformed]
    raw: list[bytes]


class ArrivedState(NamedTuple):
    """What a unit says of itself."""

    arrival: Arrival
    unit: str
    state: State


def read(arrival: Arrival) -> ArrivedRun | ArrivedState | Fault | None:
    """What `arrival` says; None where it says nothing: the server itself clearing what was retained."""
    address = match(arrival.topic)
    if address is None or address.channel not in (EVENTS, STATE):
        return fault_of(arrival, "a topic that is not of the contract")
    if address.channel is STATE and not arrival.payload:
        return None
    try:
        if address.channel is STATE:
            return ArrivedState(arrival, address.name, decode(arrival.payload, State))
        run = decode(arrival.payload, LooseRun)
        return ArrivedRun(arrival, address.name, run.epoch, run.first, decode_events(run), list(map(bytes, run.events)))
    except Malformed as fault:
        return fault_of(arrival, str(fault), unit=address.name)


def fault_of(arrival: Arrival, fault: str, *, unit: str | None = None) -> Fault:
    """A whole message as a fault."""
    return Fault(
        received_at=arrival.at, kind="malformed", topic=arrival.topic, fault=fault, payload=arrival.payload, unit=unit
    )
