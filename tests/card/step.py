"""A step of the scenario: a name to choose it by, what it shows, and a function that does it or raises."""

from collections.abc import Callable
from typing import NamedTuple

from tests.card.world import World

Run = Callable[[World], str]
"""Does it, and says what was seen; raises `AssertionError`, `TimeoutError`, `OSError` or `Gone` where it was not so."""


class Step(NamedTuple):
    """`shows` is the sentence that a reader of the table finds.

    `is_apart`: it has machines of its own, and needs no unit that an earlier step installed: it may run beside others.
    """

    name: str
    shows: str
    run: Run
    is_apart: bool


STEPS: dict[str, Step] = {}
"""In the order in which they are carried out."""


def step(name: str, shows: str, *, apart: bool = False) -> Callable[[Run], Run]:
    """Enters a function as the next step."""

    def enter(run: Run) -> Run:
        STEPS[name] = Step(name, shows, run, apart)
        return run

    return enter
