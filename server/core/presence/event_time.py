"""When an event happened, as far as the server can tell, and what it cannot believe (rules 1). Pure."""

from datetime import timedelta
from typing import Literal, NamedTuple

from device.contract.instant import Instant
from device.contract.messages import Event

FUTURE_TOLERANCE = timedelta(minutes=5)
"""A clock this far ahead is only a little wrong; anything later is set aside for the desk to judge."""

OLDEST = timedelta(days=400)
"""No outbox holds more than a year. What claims to be older comes from a clock that is years off; nobody may be
charged for it, so it is set aside too."""


class Unbelievable(NamedTuple):
    """A time that no event of this run can have, and why."""

    kind: Literal["early", "old"]
    fault: str


def happened_at(event: Event, received_at: Instant) -> Instant | Unbelievable:
    """The event's own time; under an unset clock, how long ago it was when it arrived."""
    at = event.at
    if event.clock == "unset":
        at = received_at - timedelta(milliseconds=event.age_ms or 0)
    if at > received_at + FUTURE_TOLERANCE:
        return Unbelievable("early", f"{at} is later than {received_at}, when it arrived")
    if at < received_at - OLDEST:
        return Unbelievable("old", f"{at} is more than {OLDEST.days} days before {received_at}, when it arrived")
    return at
