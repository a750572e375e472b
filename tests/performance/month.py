"""A month's outbox handed over, and whoever taps meanwhile."""

from collections.abc import Iterator
from pathlib import Path

from tests.faults.month_away import drain, month_away
from tests.live_place import LivePlace
from tests.performance.figures import Figure, figure, p50, percentile

EVENTS, PEOPLE = 100_000, 60
TAPS = 15
MINUTES_S = 600


def measure(folder: Path) -> Iterator[Figure]:
    """The taps after it are the floor of those during it."""
    with LivePlace(folder, PEOPLE) as place:
        door = month_away(place, "front", EVENTS)
        drained = drain(place, door, EVENTS, TAPS)
    yield figure(f"draining {EVENTS:,} events", drained.seconds, "s", most=MINUTES_S)
    during, after = ([each * 1000 for each in some] for some in (drained.during_s, drained.after_s))
    name = "badge held out → answered, while draining"
    yield figure(f"{name}, p50", p50(during), "ms", floor=p50(after), beside="with an empty outbox")
    yield figure(f"{name}, p95", percentile(during, 0.95), "ms", floor=percentile(after, 0.95), beside="the same")
