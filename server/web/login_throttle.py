"""How long the next try at a password has to wait after wrong ones. Pure."""

from math import ceil

from device.contract.instant import Instant

FREE_TRIES = 5
LONGEST_WAIT_S = 60
"""Enough to make guessing hopeless, little enough that nobody locks a concierge out for long by typing nonsense."""

LONGEST_UNDER_ATTACK_S = 960
"""Of an address that was wrong itself: some six guesses an hour."""


def wait_after(failures: int, failed_at: Instant | None, now: Instant) -> int:
    """Seconds until the next try is looked at: none up to five wrong ones, then 2, 4, 8 … after the last of them.

    A clock that was set back makes nobody wait longer than the pause itself.
    """
    if failures < FREE_TRIES or failed_at is None:
        return 0
    pause_s = min(2.0 ** min(failures - FREE_TRIES + 1, 10), LONGEST_WAIT_S)
    return _left(pause_s, failed_at, now)


def wait_under_attack(failures: int, failed_at: Instant | None, now: Instant) -> int:
    """Seconds until an address may try a name again at which others guess: 60, 120, 240 … after its own last try."""
    if not failures or failed_at is None:
        return 0
    pause_s = min(LONGEST_WAIT_S * 2 ** min(failures - 1, 10), LONGEST_UNDER_ATTACK_S)
    return _left(pause_s, failed_at, now)


def _left(pause_s: float, failed_at: Instant, now: Instant) -> int:
    gone_s = (now - failed_at).total_seconds()
    return ceil(pause_s - gone_s) if 0 <= gone_s < pause_s else 0
