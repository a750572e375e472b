"""Whether the wall clock can be believed (rules 2): confirmed by the network, kept by an RTC, or worth nothing.

A Pi without an RTC starts in the past; a clock can jump while the unit runs. The monotonic clock does neither, so a
wall clock that leaves it by more than a minute without the network's word is not believed until it is confirmed or
comes back.
"""

from datetime import timedelta
from typing import NamedTuple

from device.contract.instant import LAST, Instant
from device.contract.messages import Clock

JUMP_S = 60
"""More than a crystal drifts in days (100 ppm are 9 s a day), less than what changes a rule's answer."""
SKEW_S = 300
"""The clocks of one house differ by less; so far ahead the server takes an event too."""
DRIFT = 1e-4
"""The most that a crystal is off by, as a share of the time."""


class Reading(NamedTuple):
    """One look at the clocks; `confirmed`: synchronised by the network now; `kept`: by an RTC, or confirmed before."""

    wall: Instant
    monotonic_s: float
    confirmed: bool
    kept: bool


Pair = tuple[Instant, float]
"""A wall time and the monotonic time at which it was so."""
BEGINNING = Instant.of_epoch_ms(0)


class ClockWatch(NamedTuple):
    """What is remembered between two looks: the last believed pair of clocks, the server's last word of the time, and
    the earliest time it can be."""

    floor: Instant
    anchor: Pair | None = None
    told: Pair | None = None

    def look(self, reading: Reading, made_at: Instant = BEGINNING) -> tuple["ClockWatch", Clock]:
        """The watch after this look, and the word for the clock. Something in hand was made at `made_at`.

        A clock before that, or before the floor, is wrong, whoever confirms it.
        """
        earliest = max(self.floor, made_at) - timedelta(seconds=SKEW_S)
        if not earliest <= reading.wall < LAST:
            return self, "unset"
        if reading.confirmed:
            return self._anchored(reading), "synced"
        if self._jumped(reading) or not reading.kept:
            return self, "unset"
        return (self if self.anchor else self._anchored(reading)), "holdover"

    def hear(self, server_time: Instant, monotonic_s: float) -> "ClockWatch":
        """The watch after the server said what time it is."""
        return self._replace(told=(server_time, monotonic_s))

    def reckoned(self, monotonic_s: float) -> Instant | None:
        """What time it is by what was last believed and what the server said, counted on; None where neither was.

        Of the two the later: each says that it is at least so late.
        """
        pairs = [pair for pair in (self.anchor, self.told) if pair is not None]
        return max((wall.after(monotonic_s - then_s) for wall, then_s in pairs), default=None)

    def _anchored(self, reading: Reading) -> "ClockWatch":
        return self._replace(anchor=(reading.wall, reading.monotonic_s))

    def _jumped(self, reading: Reading) -> bool:
        if self.anchor is None:
            return False
        wall, monotonic_s = self.anchor
        elapsed_s = reading.monotonic_s - monotonic_s
        allowed_s = JUMP_S + elapsed_s * DRIFT
        return abs((reading.wall - wall).total_seconds() - elapsed_s) > allowed_s
