"""Python itself, set so that a tap is answered at once, whatever its threads and its memory are like."""

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager

SWITCH_S = 0.000_5
"""How long a thread may keep another one waiting that has something to do: Python's own 5 ms are ten taps."""


@contextmanager
def answering_at_once() -> Iterator[None]:
    """While the block lasts, threads take turns quickly, and nothing that was there before is searched for garbage.

    A search of all that a unit loaded takes 20 ms here, a tenth of a second and more on a Pi.
    """
    before_s = sys.getswitchinterval()
    sys.setswitchinterval(SWITCH_S)
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()
        sys.setswitchinterval(before_s)
