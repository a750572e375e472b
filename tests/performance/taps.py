"""A badge presented, the strike released: what of that is our own share; and a door after hundreds of taps."""

from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple

from tests.performance.badge_kinds import KINDS, BadgeKind
from tests.performance.doors import (
    GRANTS,
    BareReader,
    MeasuredDoor,
    Takes,
    TimedTap,
    all_standing_still,
    free_readers,
    its_turn,
)
from tests.performance.figures import Figure, figure, p50, p99

TURNS, TAPS = 12, 10
IN_A_ROW = 400
KIB = 2**10
NUMBERS = {3: "three", 5: "five"}


class Found(NamedTuple):
    """Of each kind of badge the taps at the door, and the milliseconds of nfcpy alone; what the door took meanwhile."""

    taps: dict[BadgeKind, list[TimedTap]]
    bare: dict[BadgeKind, list[float]]
    takes: list[Takes]


def measure(folder: Path) -> Iterator[Figure]:
    """One door for all kinds of badges, which one hand holds to it in a process of its own, one after the other."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as hand:
        found = hand.submit(_found, folder).result()
    for kind in KINDS:
        yield from _of(kind, [tap.share_ms for tap in found.taps[kind]], found.bare[kind])
    yield from _growth(found.takes)


def _of(kind: BadgeKind, ours: list[float], bare: list[float]) -> Iterator[Figure]:
    name = f"badge {kind.name} → strike, {GRANTS:,} grants"
    beside = f"nfcpy's {NUMBERS[len(kind.frames)]} exchanges alone" if kind.frames else "queue, thread and pin"
    aim = {} if kind.frames else {"most": 2.0}
    yield figure(f"{name}, p50", p50(ours), "ms", floor=p50(bare), beside=beside)
    yield figure(f"{name}, p99", p99(ours), "ms", floor=p99(bare), beside=beside, **aim)
    if kind.frames:
        yield figure("of it our share, p50", p50(ours) - p50(bare), "ms")
        yield figure("of it our share, p99", p99(ours) - p99(bare), "ms", most=1)


def _growth(takes: list[Takes]) -> Iterator[Figure]:
    """Over the last so many taps; before them it has done once all that there is to do."""
    before, after = takes[-1 - IN_A_ROW // 50], takes[-1]
    name = f"a door after {IN_A_ROW} taps in a row more"
    yield figure(f"{name}, memory", (after.memory - before.memory) / KIB, "KiB", most=512)
    yield figure(f"{name}, open files", after.files - before.files, "", most=0)
    yield figure(f"{name}, threads", after.threads - before.threads, "", most=0)


def _found(folder: Path) -> Found:
    at_door, *ports = free_readers(1 + len(KINDS))
    door = MeasuredDoor(folder / "door", at_door)
    bare = {
        kind: BareReader(folder / f"bare-{nth}", port, kind)
        for nth, (kind, port) in enumerate(zip(KINDS, ports, strict=True))
    }
    with all_standing_still([door.program, *(reader.program for reader in bare.values())]):
        for _ in range(TURNS):
            with its_turn(door.program):
                for _ in range(TAPS):
                    for kind in KINDS:
                        door.hold(kind)
            for reader in bare.values():
                with its_turn(reader.program):
                    for _ in range(TAPS):
                        reader.hold()
    return Found(door.taps(), {kind: reader.millis() for kind, reader in bare.items()}, door.takes())
