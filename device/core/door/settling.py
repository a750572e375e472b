"""A wired level that chatters: it counts once it has held for a while (rules 2). Levels, never edges, are counted."""

from typing import NamedTuple

BURST_S = 1.0
"""What chatters for longer began again meanwhile: nothing hangs on when it first stirred."""


class Stir(NamedTuple):
    """A level that left the one that counts: what it is now and since when, and when it first moved."""

    level: bool
    since_s: float
    began_s: float


def stirred(stir: Stir | None, counts: bool, level: bool, now_s: float, burst_s: float = BURST_S) -> Stir | None:
    """What is stirring after `level` was seen, where `counts` is the level that counts; None where all is at rest."""
    if stir is None:
        return None if level == counts else Stir(level, now_s, now_s)
    if level == stir.level:
        return stir
    return Stir(level, now_s, now_s if now_s - stir.began_s > burst_s else stir.began_s)


def has_held(stir: Stir, settle_s: float, now_s: float) -> bool:
    """Whether the level has held long enough to count."""
    return now_s >= stir.since_s + settle_s
