"""Any shuffle, repetition and delay of the same events, sales and corrections gives the same books, once stored."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from hypothesis import given
from hypothesis import strategies as st

from device.contract.codec import encode
from device.contract.instant import Instant
from device.contract.messages import AnyEvent, Direction, Run
from server.accounts import corrections, sales
from server.accounts.statement import Statement
from server.core.calendar.opening_hours import Span
from server.errors import Refusal
from server.mqtt.inbound import Arrival
from server.store.units import units
from tests.examples import examples
from tests.server.core.charge.member_days import MONDAY, local
from tests.server.ledger_place import BEFORE, LedgerPlace, passage, tap

DAYS = [MONDAY + timedelta(days=nth) for nth in (0, 1, 2, 3, 4, 7, 8)]
END = local("23:00", DAYS[-1])
DOORS = ("front", "back")
PASSES = ("carnet-half-day", "carnet-day", "ticket-hour", "ticket-half-day", "ticket-day", "nomade")

Deed = Callable[[LedgerPlace], object]

quickly = examples(25)


class Story:
    """What happened in a week and a half to two members: by door in order of time, and at the desk in any order."""

    def __init__(self, random: Random) -> None:
        self.events: dict[str, list[AnyEvent]] = {door: [] for door in DOORS}
        moments: list[tuple[Instant, str, AnyEvent]] = []
        for member in (1, 2):
            for day in DAYS:
                for at, side in _steps(random, day):
                    door = random.choice(DOORS)
                    if random.random() < 0.3:
                        moments.append((at, door, tap(member, side, at)))
                    moments.append((at, door, passage(member, side, at)))
        for _, door, event in sorted(moments, key=lambda moment: moment[0]):
            self.events[door].append(event)
        self.deeds: list[Deed] = [_sale(random) for _ in range(random.randint(0, 6))]
        self.deeds += [_correction(random, member, day) for member in (1, 2) for day in DAYS if random.random() < 0.1]

    def lived(self, place: LedgerPlace, random: Random) -> None:
        """All of it in some order: runs of any length, some twice, the desk's deeds between them, time going on."""
        sent = dict.fromkeys(DOORS, 0)
        deeds = random.sample(self.deeds, len(self.deeds))
        while deeds or any(sent[door] < len(self.events[door]) for door in DOORS):
            if deeds and random.random() < 0.2:
                self._do(place, deeds)
                continue
            if random.random() < 0.2:
                place.accounts.bring_up_due(place.now)
            door = random.choice(DOORS)
            first = max(0, sent[door] - random.choice((0, 0, 3)))
            run = self.events[door][first : sent[door] + random.choice((1, 2, 20))]
            if run:
                _send(place, door, first + 1, run)
                sent[door] = max(sent[door], first + len(run))
            if random.random() < 0.1:
                place.ingest.drop_cache()
        place.clock("23:00", DAYS[-1])

    def _do(self, place: LedgerPlace, deeds: list[Deed]) -> None:
        """The next deed; one that is about a date to come waits."""
        deed = deeds.pop()
        try:
            deed(place)
        except Refusal:
            deeds.insert(0, deed)
            place.now += timedelta(hours=6)
        place.ingest.drop_cache()


def _steps(random: Random, day: date) -> Iterator[tuple[Instant, Direction]]:
    for _ in range(random.choice((0, 1, 1, 2))):
        start = random.randint(7 * 60, 17 * 60)
        yield _at(day, start), "entry"
        if random.random() < 0.8:
            yield _at(day, start + random.choice((5, 60, 200, 400))), "exit"


def _at(day: date, minute: int) -> Instant:
    return local("0:00", day) + timedelta(minutes=min(minute, 1439))


def _sale(random: Random) -> Deed:
    pass_id, member, on = random.choice(PASSES), random.choice((1, 2)), random.choice(DAYS)
    return lambda place: sales.sell(place.work(), member, pass_id, on=on)


def _correction(random: Random, member: int, day: date) -> Deed:
    start = random.randint(481, 1000)
    spans = [Span(start, start + 37)]
    return lambda place: corrections.correct(place.work(), member, day, reason="vu", presence=spans)


def _send(place: LedgerPlace, door: str, first: int, events: list[AnyEvent]) -> None:
    place.now = max(place.now, *(event.at for event in events))
    payload = encode(Run(epoch="00c0ffee", first=first, sent_at=place.now, events=events))
    with place.db.writing():
        place.ingest.keep([Arrival(f"poincon/v1/here/unit/{door}/events", payload, place.now)], place.now)


@contextmanager
def new_place() -> Iterator[LedgerPlace]:
    with TemporaryDirectory() as folder:
        place = LedgerPlace(Path(folder))
        place.db.execute("PRAGMA synchronous = OFF")
        place.member("Zoé")
        units.add(place.db, "back", "door", now=BEFORE)
        place.ingest.drop_cache()
        place.now = local("7:00")
        yield place
        place.db.close()


def balances(place: LedgerPlace) -> list[tuple[object, ...]]:
    """What the entries add up to by member and kind, and by pass as it was sold."""
    sql = "SELECT member, what, sum(amount) FROM ledger GROUP BY member, what HAVING sum(amount) <> 0 ORDER BY 1, 2"
    return [tuple(row) for row in place.db.rows(sql)]


def told(place: LedgerPlace) -> list[Statement]:
    return [place.statement(member) for member in (1, 2)]


@quickly
@given(st.integers(0, 10**9), st.integers(0, 10**9))
def test_any_order_repetition_and_delay_gives_the_same_balances_and_account(seed: int, other: int) -> None:
    story = Story(Random(seed))
    with new_place() as one, new_place() as another:
        story.lived(one, Random(seed))
        story.lived(another, Random(other))
        assert told(one) == told(another)
        assert balances(one) == balances(another)
        assert one.verified() == another.verified() == []


@quickly
@given(st.integers(0, 10**9))
def test_no_lot_is_overdrawn_and_every_balance_is_the_sum_of_its_entries(seed: int) -> None:
    with new_place() as place:
        Story(Random(seed)).lived(place, Random(seed))
        sums = "SELECT lot, sum(amount) AS left FROM ledger WHERE lot IS NOT NULL GROUP BY lot"
        assert all(row["left"] >= 0 for row in place.db.rows(sums))
        entries = "SELECT coalesce(sum(amount), 0) FROM ledger WHERE member = ? AND what = ?"
        for line in told(place):
            for kind, number in line.held.items():
                assert place.db.value(entries, (line.member, kind)) == number
            assert place.db.value(entries, (line.member, "cents")) == -line.owed_cents


@quickly
@given(st.integers(0, 10**9))
def test_books_that_are_looked_after_by_the_clock_come_to_the_same(seed: int) -> None:
    """One place hears everything as it happens, its clock ticking; the other, all at once at the end."""
    story = Story(Random(seed))
    with new_place() as live, new_place() as late:
        live.now = late.now = END
        for deed in story.deeds:
            deed(live)
            deed(late)
        live.ingest.drop_cache()
        late.ingest.drop_cache()
        late.now = END
        moments = sorted((event.at, door, nth) for door in DOORS for nth, event in enumerate(story.events[door]))
        for at, door, nth in moments:
            live.now = at
            live.ingest.drop_cache()
            live.accounts.bring_up_due(at)
            _send(live, door, nth + 1, [story.events[door][nth]])
        live.clock("23:00", DAYS[-1])
        for door in DOORS:
            if story.events[door]:
                _send(late, door, 1, story.events[door])
        assert told(live) == told(late)
        assert balances(live) == balances(late)
        assert live.verified() == late.verified() == []
