"""Doors, and nfcpy alone, in processes of their own: badges are held to them in turn, whoever's turn it is not stands
still. So what else the machine does falls on all alike, and none takes anything from another.
"""

import random
from bisect import bisect
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import psutil

from server.demo.ports import Ports
from tests.live_place import Program
from tests.performance.badge_kinds import KINDS, BadgeKind
from tests.performance.decisions import uid

GRANTS = 10_000
HOLD_S = 0.02


class TimedTap(NamedTuple):
    """One granted tap: monotonic seconds, from the badge's activation on."""

    activated_s: float
    put_s: float
    taken_s: float
    told_s: float
    driven_s: float

    @property
    def share_ms(self) -> float:
        """From the activated badge to the strike."""
        return (self.driven_s - self.activated_s) * 1000


class Takes(NamedTuple):
    """What a door takes of its machine."""

    memory: int
    files: int
    threads: int


class MeasuredDoor:
    """A door with so many grants, of all kinds of badges, and some changes."""

    def __init__(self, folder: Path, port: int, changes: Sequence[str] = ()) -> None:
        folder.mkdir(parents=True)
        self._port, self._held = port, 0
        words = (str(folder), str(port), str(GRANTS), *changes)
        self.program = Program("tests.performance.door", *words, log=folder / "log")

    def hold(self, kind: BadgeKind) -> None:
        """Holds a badge of that kind to it, another one each time, and takes it away."""
        nth = (37 * self._held % (GRANTS // len(KINDS))) * len(KINDS) + KINDS.index(kind)
        self._held += 1
        assert kind.badge(self._port, nth).present(HOLD_S), self.program.log_end()

    def taps(self) -> dict[BadgeKind, list[TimedTap]]:
        """The granted ones of each kind, once the door has ended.

        On a busy machine a badge may be gone before it proved anything, or a pulse over before it began: such a tap
        counts nowhere.
        """
        kinds = {uid(nth): KINDS[nth % len(KINDS)] for nth in range(GRANTS)}
        told, driven = self._numbers("told"), [numbers[0] for numbers in self._numbers("driven")]
        found: dict[BadgeKind, list[TimedTap]] = {kind: [] for kind in KINDS}
        activations = [line.split() for line in self._lines("tap")]
        nexts = [float(words[2]) for words in activations[1:]] + [float("inf")]
        for (_, badge, activated, put), until_s in zip(activations, nexts, strict=True):
            begun_s = float(activated)
            order = next((pair for pair in told if begun_s < pair[1] < until_s), None)
            at = bisect(driven, begun_s)
            if order and at < len(driven) and driven[at] < until_s:
                found[kinds[badge]].append(TimedTap(begun_s, float(put), order[0], order[1], driven[at]))
        return found

    def takes(self) -> list[Takes]:
        """What it took after each so many taps."""
        return [Takes(*map(int, line.split()[1:])) for line in self._lines("takes")]

    def _lines(self, word: str) -> list[str]:
        return [told.line for told in self.program.told if told.line.startswith(word + " ")]

    def _numbers(self, word: str) -> list[tuple[float, ...]]:
        return [tuple(map(float, line.split()[1:])) for line in self._lines(word)]


class BareReader:
    """nfcpy alone, saying to each badge of that kind what a door says to it."""

    def __init__(self, folder: Path, port: int, kind: BadgeKind) -> None:
        folder.mkdir(parents=True)
        self._port, self._kind, self._nth = port, kind, 0
        words = (str(port), *(frame.hex() for frame in kind.frames))
        self.program = Program("tests.performance.bare_reader", *words, log=folder / "log")

    def hold(self) -> None:
        """Holds a badge to it, and takes it away."""
        self._nth += len(KINDS)
        assert self._kind.badge(self._port, self._nth, is_foreseen=True).present(HOLD_S), self.program.log_end()

    def millis(self) -> list[float]:
        """How long each took."""
        return [float(told.line.split()[1]) for told in self.program.told if told.line.startswith("took")]


@contextmanager
def all_standing_still(programs: Sequence[Program]) -> Iterator[None]:
    """Starts them, and has each stand still from when it is up; ends them all."""
    try:
        for program in programs:
            program.start()
            program.wait_for("ready")
            psutil.Process(program.pid).suspend()
        yield
    finally:
        for program in programs:
            if program.is_running:
                psutil.Process(program.pid).resume()
                program.stop()


@contextmanager
def its_turn(program: Program) -> Iterator[None]:
    """It alone goes on."""
    process = psutil.Process(program.pid)
    process.resume()
    try:
        yield
    finally:
        process.suspend()


def free_readers(count: int) -> list[int]:
    """So many UDP ports that nobody uses."""
    ports = Ports(random.Random())
    return [ports.readers() for _ in range(count)]
