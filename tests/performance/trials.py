"""Where a tap's time goes, and what changes it: the door as it is beside doors with one thing changed each.

Not among the measures of every day: `python -m tests.performance --only trials`. docs/taps.md has what was found.
"""

from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from tests.performance.badge_kinds import KINDS
from tests.performance.door_changes import CHANGES
from tests.performance.doors import MeasuredDoor, TimedTap, all_standing_still, free_readers, its_turn
from tests.performance.figures import Figure, figure, p50, p99

TURNS, TAPS = 5, 10
KIND = KINDS[1]
AS_IT_IS = "the door as it is"


def measure(folder: Path) -> Iterator[Figure]:
    """All with the same kind of badge, one that proves its key, in turns."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as hand:
        found = hand.submit(_found, folder).result()
    floor = found.pop(AS_IT_IS)
    parts = {
        "activated → proved": [tap.put_s - tap.activated_s for tap in floor],
        "proved → the controller begins": [tap.taken_s - tap.put_s for tap in floor],
        "it begins → tells the strike's driver": [tap.told_s - tap.taken_s for tap in floor],
        "told → the line is driven": [tap.driven_s - tap.told_s for tap in floor],
    }
    for name, seconds in parts.items():
        yield figure(f"{name}, p50", p50(seconds) * 1000, "ms")
        yield figure(f"{name}, p99", p99(seconds) * 1000, "ms")
    as_it_is = [tap.share_ms for tap in floor]
    for name, taps in found.items():
        ours = [tap.share_ms for tap in taps]
        yield figure(f"{name}, p50", p50(ours), "ms", floor=p50(as_it_is), beside=AS_IT_IS)
        yield figure(f"{name}, p99", p99(ours), "ms", floor=p99(as_it_is), beside=AS_IT_IS)


def _found(folder: Path) -> dict[str, list[TimedTap]]:
    changes = {AS_IT_IS: (), **{name: (name,) for name in CHANGES}}
    doors = {
        name: MeasuredDoor(folder / f"door-{nth}", port, change)
        for nth, ((name, change), port) in enumerate(zip(changes.items(), free_readers(len(changes)), strict=True))
    }
    with all_standing_still([door.program for door in doors.values()]):
        for _ in range(TURNS):
            for door in doors.values():
                with its_turn(door.program):
                    for _ in range(TAPS):
                        door.hold(KIND)
    return {name: door.taps()[KIND] for name, door in doors.items()}
