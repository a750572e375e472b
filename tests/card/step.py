"""A step of the scenario: a name to choose it by, what it shows, and a function that does it or raises."""

from collections.abc import Callable
from typing import NamedTuple

from tests.card.world import World

Run = Callable[[World], str]
"""Does it, and says what was seen; raises `AssertionError`, `TimeoutError`, `OSError` or `Gone` where it was not so."""


class Step(NamedTuple):
    """`shows` is the sentence that a reader of the table finds."""

    name: str
    shows: str
    run: Run


STEPS: dict[str, Step] = {}
"""In the order in which they are carried out."""


def step(name: str, shows: str) -> Callable[[Run], Run]:
    """Enters a function as the next step."""

    def enter(run: Run) -> Run:
        STEPS[name] = Step(name, shows, run)
        return run

    return enter
