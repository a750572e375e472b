"""Waiting for what another thread or process does: long where the machine is busy, and over as soon as it is so.

The only place of the tests that sleeps or looks at the real clock: how long something took belongs to the bench.
"""

import os
import time
from collections.abc import Callable
from threading import Condition
from typing import TypeVar

PATIENCE_S = float(os.environ.get("PATIENCE_S", "60"))
"""So long that whoever runs out of it has waited in vain, however busy the machine. Who breaks the code on purpose and
expects to wait in vain sets less."""
LOOK_S = 0.01

T = TypeVar("T")


class Deadline:
    """The end of somebody's patience."""

    def __init__(self, patience_s: float = PATIENCE_S) -> None:
        self._at_s = time.monotonic() + patience_s

    @property
    def left_s(self) -> float:
        """Negative when it has passed."""
        return self._at_s - time.monotonic()


def wait_until(
    condition: Callable[[], T],
    *,
    patience_s: float = PATIENCE_S,
    changed: Condition | None = None,
    why: Callable[[], object] = lambda: "in vain",
) -> T:
    """What `condition` gives as soon as that is true; raises `TimeoutError`, which says `why`.

    It is looked at again and again, and at once when `changed` is notified; that lock is held during the look.
    """
    deadline = Deadline(patience_s)
    if changed is None:
        while not (so := condition()):
            _see_left(deadline, patience_s, why)
            time.sleep(LOOK_S)
        return so
    with changed:
        while not (so := condition()):
            changed.wait(min(0.1, _see_left(deadline, patience_s, why)))
        return so


def eventually(condition: Callable[[], object], patience_s: float = PATIENCE_S) -> bool:
    """Whether it came to be so."""
    try:
        wait_until(condition, patience_s=patience_s)
    except TimeoutError:
        return False
    return True


def _see_left(deadline: Deadline, patience_s: float, why: Callable[[], object]) -> float:
    if deadline.left_s <= 0:
        raise TimeoutError(f"not within {patience_s:g} s: {why()}")
    return deadline.left_s
