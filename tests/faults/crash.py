"""Unit, server and broker are killed at random moments while people come and go; then the books are held against what
the units wrote down, and against what was seen at the doors."""

import random
import sqlite3
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing, suppress
from threading import Event, Thread
from typing import NamedTuple, Protocol, cast

import msgspec

from device.contract.channels import OCCUPANCY
from device.contract.codec import decode_event
from device.contract.errors import Refused
from device.contract.messages import Access, AnyEvent, Passage
from device.simulation.virtual_badge import VirtualBadge
from tests.contract_client import ContractUnit
from tests.live_place import SITE, LivePlace, SimulatedUnit, heads
from tests.patience import wait_until

DRAIN_S = 180.0
WORKING, ANSWERS = 0.7, 4
"""How often everybody lives until so many badges were answered; else some may die before they are up."""
NO_ORDER = "rest"
LONGEST_PEACE_S = 1.5
"""Between two rounds of killing: enough that a server which takes a second to start gets some work done."""


class Killable(Protocol):
    def start(self) -> None: ...
    def kill(self) -> None: ...


class Recorded(NamedTuple):
    """What a unit's outbox holds."""

    epoch: str
    events: list[AnyEvent]


class Visitors(Thread):
    """People at one door, until it is enough: they tap, go through or not, press REX, and open it by force."""

    def __init__(self, door: SimulatedUnit, credentials: list[str], source: random.Random) -> None:
        super().__init__(daemon=True)
        self._door, self._credentials, self._source = door, credentials, source
        self.enough = Event()

    def run(self) -> None:
        while not self.enough.is_set():
            deed = self._source.choices((self._pass, self._forget, self._leave, self._force), (8, 1, 2, 3))[0]
            deed()
            self.enough.wait(self._source.uniform(0, 0.05))

    def _pass(self) -> None:
        self._forget()
        self._force()

    def _forget(self) -> None:
        port = self._door.udp + self._source.choice((0, 1))
        with suppress(Refused):  # a process that is just being forked holds the port for a moment
            VirtualBadge(port, self._source.choice(self._credentials)).present(0.01, wait_s=0.5)

    def _leave(self) -> None:
        self._door.order("rex")

    def _force(self) -> None:
        for _ in range(self._source.choice((1, 1, 5))):
            self._door.order("leaf open")
            self.enough.wait(self._source.uniform(0, 0.02))
            self._door.order("leaf closed")
            self.enough.wait(self._source.uniform(0, 0.02))


def kill_and_restart(place: LivePlace, kills: int, source: random.Random) -> None:
    """So many kills, one to all at a time, each put back in any order."""
    everything: list[Killable] = [place.broker, place.server, *place.units.values()]
    left = kills
    while left > 0:
        if source.random() < WORKING:
            _see_work_done(place)
        time.sleep(source.uniform(0, LONGEST_PEACE_S))
        victims = source.sample(everything, min(left, source.choice((1, 1, 1, 2, 3, len(everything)))))
        for victim in victims:
            victim.kill()
            time.sleep(source.choice((0, source.uniform(0, 0.1))))
        for victim in source.sample(victims, len(victims)):
            time.sleep(source.choice((0, source.uniform(0, 0.3))))
            victim.start()
        left -= len(victims)


def _see_work_done(place: LivePlace) -> None:
    """Waits until so many badges were answered: on a busy machine whoever is killed all the time never gets to that."""

    def answers() -> int:
        return sum(told.line.startswith("decision ") for unit in place.units.values() for told in list(unit.told))

    before = answers()
    wait_until(lambda: answers() >= before + ANSWERS, why=lambda: f"{answers() - before} badges were answered")


def crash_campaign(place: LivePlace, kills: int, seed: int) -> int:
    """A place with two doors lives through `kills` kills; the number of events. Raises `AssertionError`."""
    place.add_unit("front", debounce_s=0.2)
    place.add_unit("back", has_contact=False, debounce_s=0.2)
    place.start()
    crowd = [
        Visitors(door, list(place.people), random.Random(seed + nth)) for nth, door in enumerate(place.units.values())
    ]
    for visitors in crowd:
        visitors.start()
    try:
        kill_and_restart(place, kills, random.Random(seed))
    finally:
        for visitors in crowd:
            visitors.enough.set()
        for visitors in crowd:
            visitors.join()
    for unit in place.units.values():
        _come_to_rest(unit)
    return check_books(place)


def _come_to_rest(unit: SimulatedUnit) -> None:
    """Waits until the unit has done all that it was ordered: a leaf that was pushed often swings for a while yet."""
    unit.order(NO_ORDER)
    wait_until(lambda: f"{NO_ORDER}: no such order" in unit.log_text(), why=unit.log_end)
    unit.tap("uid:04FFFFFFFFFFFF")


def check_books(place: LivePlace) -> int:
    """Compares the books with what the units hold, once all of it was handed over; the number of events."""
    recorded = _drained(place)
    journal = _journal(place)
    assert journal == {(unit, kept.epoch): kept.events for unit, kept in recorded.items()}
    for name, kept in recorded.items():
        seen = [told.line for told in place.units[name].told if told.line.startswith("decision ")]
        assert _is_subsequence(seen, _answers(kept.events)), f"{name} answered what it did not write down"
    _check_presence(place, recorded)
    return sum(len(kept.events) for kept in recorded.values())


def _drained(place: LivePlace) -> dict[str, Recorded]:
    def kept() -> dict[tuple[str, str], int]:
        with place.db() as db:
            return heads(db)

    def all_of_it() -> dict[str, Recorded] | None:
        recorded = {name: _recorded(unit) for name, unit in place.units.items() if _has_begun(unit)}
        wanted = {(name, held.epoch): len(held.events) for name, held in recorded.items()}
        return recorded if len(recorded) == len(place.units) and kept() == wanted else None

    return cast(dict[str, Recorded], wait_until(all_of_it, patience_s=DRAIN_S, why=lambda: f"the server has {kept()}"))


def _has_begun(unit: SimulatedUnit) -> bool:
    """Whether the unit has made its outbox: one that was killed early on may be about to."""
    with suppress(sqlite3.OperationalError), closing(_outbox(unit)) as outbox:
        return outbox.execute("SELECT value FROM note WHERE name = 'epoch'").fetchone() is not None
    return False


def _outbox(unit: SimulatedUnit) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{unit.outbox}?mode=ro", uri=True)


def _recorded(unit: SimulatedUnit) -> Recorded:
    with closing(_outbox(unit)) as outbox:
        outbox.execute("BEGIN")
        (epoch,) = outbox.execute("SELECT value FROM note WHERE name = 'epoch'").fetchone()
        rows = outbox.execute("SELECT seq, payload FROM event ORDER BY seq").fetchall()
    assert [seq for seq, _ in rows] == list(range(1, len(rows) + 1)), f"gaps in {unit.outbox}"
    return Recorded(epoch, [decode_event(payload) for _, payload in rows])


def _journal(place: LivePlace) -> dict[tuple[str, str], list[AnyEvent]]:
    journal: dict[tuple[str, str], list[AnyEvent]] = defaultdict(list)
    with place.db() as db:
        rows = db.rows("SELECT unit, epoch, seq, body FROM events JOIN heads ON heads.id = head ORDER BY seq")
        for unit, epoch, seq, body in rows:
            journal[unit, epoch].append(decode_event(body.encode()))
            assert seq == len(journal[unit, epoch]), f"{unit}: {seq} is missing or stands twice"
        assert db.value("SELECT count(*) FROM faults") == 0
    return dict(journal)


def _check_presence(place: LivePlace, recorded: dict[str, Recorded]) -> None:
    """By a reckoning of its own: whoever went through last as an entry is in."""
    passages = sorted(
        (event.at, unit, seq, event.credential, event.side)
        for unit, kept in recorded.items()
        for seq, event in enumerate(kept.events)
        if isinstance(event, Passage) and event.credential is not None
    )
    last = {credential: side for *_, credential, side in passages}
    inside = {place.people[credential] for credential, side in last.items() if side == "entry"}
    nameless = sum(
        isinstance(event, Passage) and event.credential is None for kept in recorded.values() for event in kept.events
    )
    present = place.json("present")
    assert {member["id"] for member in present["members"]} == inside
    assert (present["present"], present["uncertain"]) == (len(inside), nameless)
    with ContractUnit(place.broker.port, SITE, "watcher") as watcher:
        watcher.last(OCCUPANCY, lambda told: (told.present, told.uncertain) == (len(inside), nameless))
    place.command("verify")


def _answers(events: list[AnyEvent]) -> Iterator[str]:
    for event in events:
        if isinstance(event, Access):
            told = msgspec.structs.asdict(event)
            yield f"decision {told['decision']} {told['reason']} {told['credential']}"


def _is_subsequence(part: list[str], whole: Iterator[str]) -> bool:
    return all(word in whole for word in part)
