"""Messages to bytes and back, strictly: what does not keep to the contract is `Malformed`, with its fault."""

from functools import cache
from typing import Any, TypeVar

import msgspec

from device.contract.errors import Malformed
from device.contract.instant import Instant
from device.contract.messages import MAX_RUN, AnyEvent, Epoch, Message, Sequence

M = TypeVar("M", bound=msgspec.Struct)

MAX_BYTES = 64 * 1024
"""Of a payload; an access list may have `MAX_LIST_BYTES`."""
MAX_LIST_BYTES = 4 * 1024 * 1024


class LooseRun(Message, frozen=True, kw_only=True):
    """A run whose events are still bytes, so that one malformed event does not take the others with it."""

    epoch: Epoch
    first: Sequence
    sent_at: Instant
    events: list[msgspec.Raw]


def encode(message: msgspec.Struct) -> bytes:
    """The UTF-8 JSON object of a message or an event."""
    return _ENCODER.encode(message)


def decode(payload: bytes | bytearray, kind: type[M], limit: int = MAX_BYTES) -> M:
    """The message in `payload`; raises `Malformed` with the fault and its path."""
    if len(payload) > limit:
        raise Malformed(f"{len(payload)} bytes, {limit} at most")
    return _decoded(payload, _decoder(kind))  # type: ignore[no-any-return]


def decode_event(payload: bytes) -> AnyEvent:
    """The event in `payload`; raises `Malformed`."""
    return _decoded(payload, _decoder(AnyEvent))  # type: ignore[no-any-return]


def decode_events(run: LooseRun) -> list[AnyEvent | Malformed]:
    """Each event of a loose run, or its fault, in order; raises `Malformed` where there are none or too many."""
    if not 1 <= len(run.events) <= MAX_RUN:
        raise Malformed(f"a run of {len(run.events)} events, 1 to {MAX_RUN} allowed")
    return [_event_or_fault(bytes(raw)) for raw in run.events]


def _event_or_fault(payload: bytes) -> AnyEvent | Malformed:
    try:
        return decode_event(payload)
    except Malformed as fault:
        return fault


def _decoded(payload: bytes | bytearray, decoder: msgspec.json.Decoder[Any]) -> Any:
    try:
        return decoder.decode(payload)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Malformed(str(error) or type(error).__name__) from None


@cache
def _decoder(kind: Any) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(kind, dec_hook=_from_text)


def _from_text(kind: type, value: Any) -> Any:
    if kind is Instant and isinstance(value, str):
        return Instant.parse(value)
    raise ValueError(f"Expected a UTC time, got `{type(value).__name__}`")


def _to_text(value: Any) -> str:
    if isinstance(value, Instant):
        return str(value)
    raise NotImplementedError(f"{type(value).__name__} does not go over the wire")


_ENCODER = msgspec.json.Encoder(enc_hook=_to_text)
