"""What a room's calendar has to say to its ring: soon, or now and nobody is there."""

from datetime import timedelta

from device.contract.instant import Instant
from device.contract.messages import Reserved
from device.core.lights.room_ring import Reservation

AHEAD = timedelta(minutes=10)
"""How long before a reservation the ring begins to show it."""


def mark(reserved: Reserved | None, people: int, now: Instant | None) -> Reservation:
    """The mark that the ring bears at `now`; none where the clock is not to be trusted (`now` is None)."""
    if reserved is None or now is None or not reserved.from_ - AHEAD <= now < _ends_at(reserved):
        return Reservation.NONE
    if now < reserved.from_:
        return Reservation.AHEAD
    return Reservation.UNCLAIMED if people == 0 else Reservation.NONE


def holds(reserved: Reserved | None, people: int, now: Instant) -> bool:
    """Whether it runs at `now`, and was not let go."""
    return reserved is not None and reserved.from_ <= now < (reserved.until if people else _ends_at(reserved))


def _ends_at(reserved: Reserved) -> Instant:
    """When an empty room is no longer kept for it."""
    return reserved.until if reserved.let_go_at is None else min(reserved.let_go_at, reserved.until)
