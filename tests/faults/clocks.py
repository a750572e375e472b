"""Clocks that jump, stand still, are lost with the power or are confirmed in a wrong year: over a door's modes, orders
and lists, and over the charges of what is told under them."""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from math import inf
from pathlib import Path

from device.contract.instant import Instant
from device.contract.messages import DoorMode
from device.core.clock import JUMP_S, Reading
from tests.device.unit_world import VALID_S, UnitWorld
from tests.device.world import ANNE, MONDAY_9, Drawer, access_list, outbox_of

SLACK_S = 2 * JUMP_S
"""How far an unconfirmed clock that is believed may be off: a jump that is too small to be seen, and its drift."""
RELEASE_S = 5
STRANGER = "uid:00000000"


class StrayClock:
    """The clocks of a machine beside the true time, which only this clock's owner knows."""

    def __init__(self, true: Instant = MONDAY_9) -> None:
        self.true, self.now_s = true, 1000.0
        self.off_s = 0.0
        self.stands: Instant | None = None
        self.confirmed = self.kept = True

    @property
    def wall(self) -> Instant:
        return self.true.after(self.off_s) if self.stands is None else self.stands

    def monotonic_s(self) -> float:
        return self.now_s

    def read(self) -> Reading:
        return Reading(self.wall, self.now_s, self.confirmed, self.kept)

    def pass_(self, seconds: float) -> None:
        self.now_s += seconds
        self.true = self.true.after(seconds)

    def set_(self, off_s: float, *, confirmed: bool) -> None:
        self.off_s, self.stands, self.confirmed = off_s, None, confirmed
        self.kept = self.kept or confirmed

    def stand(self) -> None:
        self.stands, self.confirmed = self.wall, False

    def lose(self) -> None:
        self.confirmed = False

    def start(self, *, kept: bool, off_s: float) -> None:
        """As after a power cut; `kept` by an RTC, or as far off as that."""
        self.now_s, self.confirmed, self.kept = 5.0, False, kept
        self.off_s, self.stands = 0.0 if kept else off_s, None


@dataclass
class Ordered:
    """The mode that the door was last put in. `end_s`: its end on the monotonic clock, inf where it has none."""

    value: DoorMode
    until: Instant | None
    end_s: float


class ClockWalk:
    """One door that lives through deeds; each has a name and a number from 0 to 1 that says how much of it.

    After each deed, and at each time at which the door looks up meanwhile, what it does is compared with what it may
    do. By its own clocks: nothing but an order that has not ended, the schedule at a trusted time, fire or a grant
    drives the strike. By the true time too, as long as no false time was confirmed.
    """

    def __init__(self, folder: Path) -> None:
        self.folder, self.clock, self.cache = folder, StrayClock(), Drawer()
        self.ordered = Ordered("normal", None, inf)
        self.spans: list[tuple[Instant, Instant]] = []
        self.fire = False
        self.version = self.orders = 0
        self.is_honest = True
        """Whether every time that was confirmed was the true one."""
        self._start()

    def do(self, deed: str, share: float) -> None:
        """One deed, and what must hold after it."""
        DEEDS[deed](self, share)
        self.unit.take()
        self.check()

    def end(self) -> None:
        """Everything that was written down can be read again."""
        assert self.unit.world.events
        self.unit.world.journal.close()

    def check(self) -> None:
        """What the door does is what it may do."""
        moment = self.unit.world.station.moment()
        if moment.trusted is not None:
            self._note_the_end(moment.trusted)
        until_s = self.unit.world.witness.driven_until_s
        if until_s == inf and not self.fire:
            assert self._may_be("free"), f"held open; {self._told()}"
        elif until_s not in (None, inf):
            assert until_s <= self.clock.now_s + RELEASE_S, "driven for longer than its pulse"
        mode = self.unit.world.knowledge.mode_at(moment.trusted, moment.now_s)
        assert mode == "normal" or self._may_be(mode), f"{mode}; {self._told()}"
        if self.is_honest and self.clock.confirmed and self._must_be("free"):
            assert until_s == inf, f"not free; {self._told()}"

    def _note_the_end(self, trusted: Instant) -> None:
        """An order of before the power cut begins to count when the clock is first trusted."""
        ordered = self.ordered
        if ordered.until is not None and ordered.end_s == inf:
            ordered.end_s = self.clock.now_s + (ordered.until - trusted).total_seconds()
        if ordered.until is not None and trusted >= ordered.until:
            ordered.end_s = min(ordered.end_s, self.clock.now_s)

    def _may_be(self, mode: DoorMode) -> bool:
        moment, ordered = self.unit.world.station.moment(), self.ordered
        counted = ordered.until is None or ordered.end_s != inf
        by_order = ordered.value == mode and counted and self.clock.now_s < ordered.end_s
        by_schedule = mode == "free" and any(_is_in(moment.trusted, span) for span in self.spans)
        return (by_order or by_schedule) and (not self.is_honest or self._may_truly_be(mode))

    def _may_truly_be(self, mode: DoorMode) -> bool:
        true, ordered = self.clock.true, self.ordered
        by_order = ordered.value == mode and (ordered.until is None or true < ordered.until.after(SLACK_S))
        return by_order or (mode == "free" and any(_is_in(true, span, SLACK_S) for span in self.spans))

    def _must_be(self, mode: DoorMode) -> bool:
        ordered = self.ordered
        return ordered.value == mode and (ordered.until is None or self.clock.true < ordered.until.after(-SLACK_S))

    def _told(self) -> str:
        clock = self.clock
        return f"true {clock.true}, wall {clock.wall}, now_s {clock.now_s}, {self.ordered}, {self.unit.world.told[-5:]}"

    def _start(self) -> None:
        world = [access_list(1, issued_at=self.clock.true)] if self.version == 0 else []
        self.version = self.version or 1
        self.unit = UnitWorld(self.folder, self.clock, self.cache, world)
        # the disk is not what is tried here
        outbox_of(self.unit.world.journal)._db.execute("PRAGMA synchronous = OFF")
        # what the door does at its start was done before anybody looked
        self.unit.world.witness.driven_until_s = inf if self.unit.world.door._door.holds_open else None

    def _wait(self, share: float) -> None:
        """Time passes; the door looks up when it asked to, and now and then."""
        end_s = self.clock.now_s + _seconds(share)
        step_s = max(1.0, (end_s - self.clock.now_s) / 10)
        while self.clock.now_s < end_s:
            moment = self.unit.world.station.moment()
            due_s = self.unit.world.door.deadline_s(moment)
            next_s = min(end_s, self.clock.now_s + step_s, inf if due_s is None else due_s)
            self.clock.pass_(max(0.001, next_s - self.clock.now_s))
            self.unit.take()
            self.check()

    def _confirm_wrong(self, share: float) -> None:
        self.is_honest = False
        self.clock.set_(_far(share), confirmed=True)

    def _power_cut(self, share: float) -> None:
        """Half of the machines have an RTC; the others start in the past."""
        ended = self.clock.now_s >= self.ordered.end_s
        self.unit.world.journal.close()
        self.clock.pass_(_seconds(share))
        self.fire = False
        self.ordered = Ordered("normal", None, inf) if ended else replace(self.ordered, end_s=inf)
        self.clock.start(kept=share < 0.5, off_s=-(10**6) * share)
        self._start()

    def _put(self, value: DoorMode, for_s: float | None, late_s: float = 0.0) -> None:
        until = None if for_s is None else self.clock.true.after(for_s)
        if self._order("mode", late_s, value=value, until=until):
            reckoned = self.unit.world.station.moment().reckoned
            assert reckoned is not None
            end_s = inf if until is None else self.clock.now_s + (until - reckoned).total_seconds()
            self.ordered = Ordered(value, until, end_s)

    def _open(self, late_s: float) -> None:
        self._order("release", late_s)

    def _order(self, kind: str, late_s: float, **more: object) -> bool:
        self.orders += 1
        error_s = abs((self.clock.wall - self.clock.true).total_seconds())
        slack_s = 1 + (error_s if error_s < SLACK_S else 0)
        answer = self.unit.order(kind, self.clock.true.after(-late_s), f"c-{self.orders}", **more)
        done: bool = answer == "True None"
        if self.is_honest and done:
            assert late_s <= VALID_S + slack_s, f"an order of {late_s:.0f} s ago was carried out; {self._told()}"
        if self.is_honest and answer is None:
            assert late_s >= VALID_S - slack_s, f"an order of just now was dropped; {self._told()}"
        return done

    def _hear_list(self, share: float) -> None:
        self.version += 1
        begin = self.clock.true.after(3600 * (4 * share - 2))
        self.spans = [(begin, begin.after(_seconds(share))), (begin.after(86_400), begin.after(90_000))]
        self.unit.world.hear(access_list(self.version, issued_at=self.clock.true, free=self.spans))

    def _tap(self, share: float) -> None:
        self.unit.world.told.clear()
        self.unit.world.tap(STRANGER if share < 0.5 else ANNE)
        if "granted free_passage" in self.unit.world.told:
            assert self._may_be("free"), f"a stranger came in; {self._told()}"

    def _rex(self, share: float) -> None:
        """Nobody is locked in; the finger is off the button long before the next press."""
        self.unit.world.level("rex", False)
        self.clock.pass_(1)
        self.unit.world.level("rex", True)
        until_s = self.unit.world.witness.driven_until_s
        assert until_s is not None and until_s > self.clock.now_s, f"REX does not release; {self._told()}"

    def _fire(self, share: float) -> None:
        self.fire = share < 0.5
        self.unit.world.level("fire", self.fire)


DEEDS: Mapping[str, Callable[[ClockWalk, float], None]] = {
    "wait": ClockWalk._wait,
    "jump": lambda walk, share: walk.clock.set_(_far(share), confirmed=False),
    "stand still": lambda walk, share: walk.clock.stand(),
    "network lost": lambda walk, share: walk.clock.lose(),
    "set right": lambda walk, share: walk.clock.set_(0, confirmed=True),
    "confirmed wrong": ClockWalk._confirm_wrong,
    "power cut": ClockWalk._power_cut,
    "free": lambda walk, share: walk._put("free", _seconds(share)),
    "locked": lambda walk, share: walk._put("locked", _seconds(share)),
    "free until further notice": lambda walk, share: walk._put("free", None),
    "as usual": lambda walk, share: walk._put("normal", None),
    "free, late": lambda walk, share: walk._put("free", _seconds(share), late_s=VALID_S + _seconds(share)),
    "open": lambda walk, share: walk._open(_seconds(share) - 1),
    "server speaks": lambda walk, share: walk.unit.server_says(walk.clock.true),
    "list": ClockWalk._hear_list,
    "tap": ClockWalk._tap,
    "rex": ClockWalk._rex,
    "fire": ClockWalk._fire,
}


def clocks_campaign(folder: Path, walks: int, deeds: int, seed: int) -> int:
    """So many doors live through so many deeds; the number of deeds. Raises `AssertionError`."""
    source = random.Random(seed)
    for nth in range(walks):
        (folder / f"door-{nth}").mkdir()
        walk = ClockWalk(folder / f"door-{nth}")
        names = [name for name in DEEDS if name != "confirmed wrong" or nth % 2]
        lived = [(source.choice(names), source.random()) for _ in range(deeds)]
        try:
            for deed, share in lived:
                walk.do(deed, share)
            walk.end()
        except AssertionError as fault:
            raise AssertionError(f"door {nth}: {fault}") from fault
    return walks * deeds


def _seconds(share: float) -> float:
    """From a second to some 28 hours, short ones as often as long ones."""
    return float(10 ** (5 * share))


def _far(share: float) -> float:
    """From a second to 300 years ahead or behind."""
    far = 2 * share - 1
    return float((1 if far > 0 else -1) * 10 ** (10 * abs(far)))


def _is_in(at: Instant | None, span: tuple[Instant, Instant], slack_s: float = 0.0) -> bool:
    return at is not None and span[0].after(-slack_s) <= at < span[1].after(slack_s)
