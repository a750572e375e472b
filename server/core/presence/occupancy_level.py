"""How full the place is, in one word (rules 3)."""

from typing import NamedTuple

from device.contract.instant import Instant
from device.contract.messages import Level, Occupancy


class Crowd(NamedTuple):
    """Who is in, in figures: members, guests, and the anonymous passages that make the sum uncertain."""

    members: int
    guests: int
    uncertain: int

    @property
    def present(self) -> int:
        """Members and guests together."""
        return self.members + self.guests


def level(present: float, comfortable: int, most: int) -> Level:
    """`comfortable` up to that many, `full` from `most` on, `busy` between; of a count or of a mean."""
    if present >= most:
        return "full"
    return "comfortable" if present <= comfortable else "busy"


def occupancy(crowd: Crowd, comfortable: int, most: int, now: Instant) -> Occupancy:
    """What the place tells its doors and walls."""
    return Occupancy(
        present=crowd.present,
        guests=crowd.guests,
        comfortable=comfortable,
        max=most,
        level=level(crowd.present, comfortable, most),
        uncertain=crowd.uncertain,
        as_of=now,
    )
