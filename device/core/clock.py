"""Whether the wall clock can be believed (rules 2): confirmed by the network, kept by an RTC, or worth nothing.

A Pi without an RTC starts in the past; a clock can jump while the unit runs. The monotonic clock does neither, so a
wall clock that leaves it by more than a minute without the network's word is not believed until it is confirmed or
comes back.
"""

from typing import NamedTuple

from device.contract.instant import Instant
from device.contract.messages import Clock

JUMP_S = 60
"""More than a crystal drifts in days (100 ppm are 9 s a day), less than what changes a rule's answer."""


class Reading(NamedTuple):
    """One look at the clocks; `confirmed`: synchronised by the network now; `kept`: by an RTC, or confirmed before."""

    wall: Instant
    monotonic_s: float
    confirmed: bool
    kept: bool


class ClockWatch(NamedTuple):
    """What is remembered between two looks: the last believed pair of clocks, and the earliest time it can be."""

    floor: Instant
    anchor: tuple[Instant, float] | None = None

    def look(self, reading: Reading) -> tuple["ClockWatch", Clock]:
        """The watch after this look, and the word for the clock."""
        if reading.confirmed:
            return self._anchored(reading), "synced"
        if reading.wall < self.floor or self._jumped(reading):
            return self, "unset"
        if not reading.kept:
            return self, "unset"
        return (self if self.anchor else self._anchored(reading)), "holdover"

    def _anchored(self, reading: Reading) -> "ClockWatch":
        return self._replace(anchor=(reading.wall, reading.monotonic_s))

    def _jumped(self, reading: Reading) -> bool:
        if self.anchor is None:
            return False
        wall, monotonic_s = self.anchor
        elapsed_s = reading.monotonic_s - monotonic_s
        allowed_s = JUMP_S + elapsed_s * 1e-4
        return abs((reading.wall - wall).total_seconds() - elapsed_s) > allowed_s
