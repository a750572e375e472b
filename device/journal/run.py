"""A run of journal events as it goes over the wire, within the contract's size, whatever the outbox holds."""

from collections.abc import Callable

import msgspec

from device.adapters.outbox import Outbox
from device.adapters.outbox_file import WIPED, OutboxEntry
from device.contract.codec import MAX_BYTES, LooseRun, decode_event, encode
from device.contract.errors import Malformed
from device.contract.instant import Instant
from device.core.delivery import Stretch

AROUND = 256
"""Bytes of a run besides its events."""
SHOWN = 100
"""Bytes of what is no event that are told of it."""


def run_of(
    outbox: Outbox,
    stretch: Stretch,
    now: Instant,
    age_ms: Callable[[OutboxEntry], int],
    damaged: Callable[[str], None],
) -> tuple[bytes, Stretch]:
    """A run of as much of the stretch as fits, and how much that is; raises `DiskFault`.

    What is no event, or not there, is told as something that the server sets aside and counts as kept: nothing may
    stand for ever before what comes after it. `damaged` is told of each.
    """
    entries = {entry.seq: entry for entry in outbox.entries(stretch.first, stretch.last)}
    events: list[msgspec.Raw] = []
    left = MAX_BYTES - AROUND
    for seq in range(stretch.first, stretch.last + 1):
        event = _sendable(seq, entries.get(seq), age_ms, damaged)
        left -= len(event) + 1
        if events and left < 0:
            break
        events.append(msgspec.Raw(event))
    run = encode(LooseRun(epoch=outbox.epoch, first=stretch.first, sent_at=now, events=events))
    return run, Stretch(stretch.first, stretch.first + len(events) - 1)


def _sendable(
    seq: int, entry: OutboxEntry | None, age_ms: Callable[[OutboxEntry], int], damaged: Callable[[str], None]
) -> bytes:
    if entry is None:
        damaged(f"event {seq} is missing")
        return WIPED
    if entry.payload == WIPED:
        return WIPED
    try:
        event = decode_event(entry.payload)
    except Malformed as fault:
        damaged(f"event {seq}: {fault}")
        return b'{"kind":"unreadable","bytes":"%s"}' % entry.payload[:SHOWN].hex().encode()
    if event.clock != "unset":
        return entry.payload
    return encode(msgspec.structs.replace(event, age_ms=age_ms(entry)))
