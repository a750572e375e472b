"""Messages as they come from a unit, for tests that need no broker."""

from datetime import timedelta

from device.contract.channels import EVENTS
from device.contract.codec import encode
from device.contract.instant import Instant
from device.contract.messages import AnyEvent, Direction, Means, Passage, Run
from server.mqtt.inbound import Arrival

MORNING = Instant.parse("2026-11-23T08:00:00.000Z")
"""A Monday, nine o'clock in Paris."""
EPOCH = "00c0ffee"
SITE = "here"


def after(minutes: float) -> Instant:
    """So many minutes after nine."""
    return MORNING + timedelta(minutes=minutes)


def passed(minutes: float, credential: str | None, side: Direction = "entry", by: Means = "badge") -> Passage:
    """A passage so many minutes after nine."""
    return Passage(at=after(minutes), clock="synced", credential=credential, side=side, by=by)


def run_of(
    *events: AnyEvent, first: int = 1, unit: str = "front", epoch: str = EPOCH, at: Instant | None = None
) -> Arrival:
    """A run that arrives `at` its last event's time, unless said otherwise."""
    payload = encode(Run(epoch=epoch, first=first, sent_at=MORNING, events=list(events)))
    return Arrival(EVENTS.topic(SITE, unit), payload, at or events[-1].at)
