"""The decision at a door alone, with ever more grants in the list."""

import gc
import random
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import get_args
from zoneinfo import ZoneInfo

from device.contract.access_list import AccessList, Capacity, Grant, Schedule
from device.contract.instant import Instant
from device.contract.messages import Weekday
from device.core.door.compiled_list import CompiledList, compiled
from device.core.door.decision import Circumstances, Presented, decide
from tests.performance.figures import Figure, figure

SIZES = (100, 10_000, 1_000_000)
ROUNDS, DECISIONS, PEOPLE = 9, 10_000, 100
NOW = Instant.parse("2026-11-23T09:00:00.000Z")
DAYS: tuple[Weekday, ...] = get_args(Weekday)


def measure(folder: Path) -> Iterator[Figure]:
    """The same number of badges is presented to each list; one more row shows what memory does where all differ.

    The sizes take turns, and the fastest round of each stands: what else the machine does only slows.
    """
    lists = {size: compiled(access_list(size)) for size in SIZES}
    gc.freeze()
    floor, *rest = SIZES
    people = {size: _taps(size, PEOPLE) for size in SIZES}
    crowd = _taps(rest[-1], DECISIONS)
    found: dict[str, list[float]] = {}
    for _ in range(ROUNDS):
        for size in SIZES:
            found.setdefault(f"decision, {size:,} grants", []).append(_micros(lists[size], people[size]))
        name = f"decision, {rest[-1]:,} grants, no badge twice"
        found.setdefault(name, []).append(_micros(lists[rest[-1]], crowd))
    gc.unfreeze()
    name, *names = found
    yield figure(name, min(found[name]), "µs")
    for other in names:
        aim = {} if "twice" in other else {"most_times": 1.3}
        yield figure(other, min(found[other]), "µs", floor=min(found[name]), beside=f"{floor:,} grants", **aim)


def access_list(size: int, key: str | None = None) -> AccessList:
    """So many grants; with `key` they are of badges that must prove it."""
    scheme = "ntag424" if key else "uid"
    return AccessList(
        version=1,
        issued_at=NOW,
        hard_anti_passback=False,
        schedules={"house": Schedule(weekly={day: [("00:00", "24:00")] for day in DAYS}, dates={})},
        free_passage=[],
        capacity=Capacity(mode="warn", max=10_000),
        grants=[
            Grant(
                credential=f"{scheme}:{uid(nth)}",
                key=key,
                member=nth + 1,
                schedule="house",
                from_="2026-01-01",
                until="2099-12-31",
                standing="ok",
                role="member",
            )
            for nth in range(size)
        ],
    )


def uid(nth: int) -> str:
    """Seven bytes in hex."""
    return f"04A1B2{nth:08X}"


def _taps(size: int, people: int) -> list[Presented]:
    """As many taps for every size, by so many people who are spread over the whole list."""
    source = random.Random(size)
    badges = [uid(nth) for nth in source.sample(range(size), people)]
    return [Presented(f"uid:{badge}", "entry") for badge in badges] * (DECISIONS // people)


def _micros(grants: CompiledList, taps: list[Presented]) -> float:
    around = Circumstances(
        NOW, datetime.fromisoformat(str(NOW)).astimezone(ZoneInfo("Europe/Paris")), "normal", 3, False
    )
    began_s = time.perf_counter()
    for tap in taps:
        decide(tap, grants, around)
    return (time.perf_counter() - began_s) / len(taps) * 1e6
