"""What is told under any clock is charged as it happened: the same week told by a unit whose clock is right, and by one
whose clock is not always set, so that only the ages count, with times among it that nobody can believe."""

import random
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from msgspec.structs import replace

from device.contract.instant import Instant
from device.contract.messages import AnyEvent, Clock
from server.core.presence.event_time import FUTURE_TOLERANCE, OLDEST
from server.store.journal import faults
from tests.server.core.charge.member_days import MONDAY, local
from tests.server.ledger_place import LedgerPlace, passage, tap

DAYS = tuple(MONDAY + timedelta(days=nth) for nth in range(5))
PASSES = ("carnet-half-day", "carnet-day", "ticket-hour", "nomade")
MEMBERS = (1, 2)


def told_late_campaign(folder: Path, weeks: int, seed: int) -> int:
    """So many weeks, each told twice; the number of times that were not believed. Raises `AssertionError`."""
    return sum(_week(folder / f"week-{nth}", random.Random(f"{seed} {nth}")) for nth in range(weeks))


def _week(folder: Path, source: random.Random) -> int:
    events, sold = _lived(source), source.choices(PASSES, k=3)
    true, stray = _place(folder / "true", sold), _place(folder / "stray", sold)
    true.keep(events, local("12:00", DAYS[-1] + timedelta(days=1)))
    wild, at = 0, events[0].at
    while events:
        run, events = events[: (length := source.randint(1, 20))], events[length:]
        at = max(at, run[-1].at.after(source.choice((0, 1, 3600, 86_400, 86_400 * 30))))
        told = [_told(event, at, source) for event in run]
        for _ in range(source.choice((0, 0, 1, 3))):
            told.insert(source.randint(0, len(told)), _wild(at, source))
            wild += 1
        stray.keep(told, at)
    for place in (true, stray):
        place.clock("23:00", DAYS[-1] + timedelta(days=40))
    for member in MEMBERS:
        assert stray.statement(member) == true.statement(member)
    assert stray.verified() == true.verified() == []
    assert faults.count(stray.db) == wild
    for place in (true, stray):
        place.db.close()
    return wild


def _place(folder: Path, sold: list[str]) -> LedgerPlace:
    folder.mkdir(parents=True)
    place = LedgerPlace(folder)
    place.member("Zoé")
    place.at("7:00")
    for nth, pass_id in enumerate(sold):
        place.sell(pass_id, MEMBERS[nth % 2])
    return place


def _lived(source: random.Random) -> list[AnyEvent]:
    events = [event for member in MEMBERS for day in DAYS for event in _day(member, day, source)]
    return sorted([passage(1, "entry", local("7:10")), *events], key=lambda event: event.at)


def _day(member: int, day: date, source: random.Random) -> Iterator[AnyEvent]:
    at = local("7:30", day).after(source.randint(0, 8 * 3600))
    for _ in range(source.choice((0, 1, 2))):
        yield tap(member, "entry", at)
        yield passage(member, "entry", at.after(2))
        if source.random() < 0.8:
            yield passage(member, "exit", at := at.after(source.choice((300, 3600, 4 * 3600)) + source.random()))
        at = at.after(source.randint(60, 3600))


def _told(event: AnyEvent, at: Instant, source: random.Random) -> AnyEvent:
    """The event as a unit tells it that may have had no idea of the time, in a run that arrives `at`."""
    word: Clock = source.choice(("synced", "holdover", "unset"))
    if word != "unset":
        return replace(event, clock=word)
    age_ms = at.epoch_ms - event.at.epoch_ms
    return replace(event, clock=word, at=Instant.nearest(source.randint(-1, 8 * 10**12)), age_ms=age_ms)


def _wild(at: Instant, source: random.Random) -> AnyEvent:
    """A passage at a time that it cannot have had, or so long ago."""
    event = passage(source.choice(MEMBERS), source.choice(("entry", "exit")), at)
    beyond_s = source.choice((0.001, 1, 3600, 86_400 * 365))
    early, old = FUTURE_TOLERANCE.total_seconds() + beyond_s, OLDEST.total_seconds() + beyond_s
    match source.choice(("early", "old", "aged")):
        case "early":
            return replace(event, at=at.after(early))
        case "old":
            return replace(event, at=at.after(-old), clock="holdover")
        case _:
            return replace(event, clock="unset", age_ms=round(old * 1000))
