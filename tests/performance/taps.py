"""A badge presented, the strike released: what of that is our own share."""

import random
from bisect import bisect
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from device.simulation.virtual_badge import VirtualBadge
from server.demo.ports import Ports
from tests.live_place import Program
from tests.performance.decisions import uid
from tests.performance.figures import Figure, figure, p50, p99

GRANTS = 10_000
KEY = "00112233445566778899AABBCCDDEEFF"
KINDS = {"known by its ID": None, "that proves its key": KEY}
TAPS = 150


def measure(folder: Path) -> Iterator[Figure]:
    """With badges of both kinds, one kind after the other, each at a door of its own and held out by a process of its
    own: a badge that waits for another one's turn would be our share. The floor is the door's own too.
    """
    for kind, key in KINDS.items():
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as hand:
            shares, floors = hand.submit(_shares, folder / kind.split()[-1], key).result()
        name, beside = f"badge {kind} → strike, {GRANTS:,} grants", "queue, thread and pin"
        yield figure(f"{name}, p50", p50(shares), "ms", floor=p50(floors), beside=beside)
        yield figure(f"{name}, p99", p99(shares), "ms", floor=p99(floors), beside=beside, most=2)


def _shares(folder: Path, key: str | None) -> tuple[list[float], list[float]]:
    folder.mkdir()
    source, port = random.Random(1), Ports(random.Random()).readers()
    words = (str(folder), str(port), str(GRANTS), *([key] if key else []))
    door = Program("tests.performance.door", *words, log=folder / "log")
    door.start()
    try:
        door.wait_for("floor")
        for _ in range(TAPS):
            credential = f"{'ntag424' if key else 'uid'}:{uid(source.randrange(GRANTS))}"
            badge = VirtualBadge(port, credential, bytes.fromhex(key) if key else None)
            assert badge.present(0.01), door.log_end()
    finally:
        door.stop()
    sensed = _numbers(door, "sensed")
    # On a busy machine a pulse of 50 ms may be over before it began: that tap has no share.
    shares = [(driven - sensed[bisect(sensed, driven) - 1]) * 1000 for driven in _numbers(door, "driven")]
    return shares, _numbers(door, "floor")


def _numbers(door: Program, word: str) -> list[float]:
    return [float(told.line.split()[1]) for told in door.told if told.line.startswith(word)]
