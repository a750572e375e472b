"""How long the next try at a password has to wait after wrong ones. Pure."""

from math import ceil

from device.contract.instant import Instant

FREE_TRIES = 5
LONGEST_WAIT_S = 60
"""Enough to make guessing hopeless, little enough that nobody locks a concierge out for long by typing nonsense."""


def wait_after(failures: int, failed_at: Instant | None, now: Instant) -> int:
    """Seconds until the next try is looked at: none up to five wrong ones, then 2, 4, 8 … after the last of them.

    A clock that was set back makes nobody wait longer than the pause itself.
    """
    if failures < FREE_TRIES or failed_at is None:
        return 0
    pause_s = min(2.0 ** min(failures - FREE_TRIES + 1, 10), LONGEST_WAIT_S)
    gone_s = (now - failed_at).total_seconds()
    return ceil(pause_s - gone_s) if 0 <= gone_s < pause_s else 0
