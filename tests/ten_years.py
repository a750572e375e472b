"""Years of a place in a moment: its people come every open day, buy when they run out, and forget to badge out."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from device.contract.codec import encode
from device.contract.instant import Instant
from device.contract.messages import AnyEvent, Direction, Passage, Run
from server.accounts import sales
from server.core.calendar.calendar import days_between
from server.core.house_rules import HouseRules
from server.ingest import recount
from server.ingest.ingest import Ingest
from server.mqtt.inbound import Arrival
from server.site.settings import ServerSettings
from server.store.accounts import lots, standings
from server.store.database import Database
from server.store.people import badges, members
from server.store.units import units
from tests.orders import work_at

EPOCH = "0ddba11a"
RESIDENTS, NOMADS, OTHERS = 6, 20, 50
VISITS_A_DAY = 60
FORGETS = 0.03
COMES_BACK = 0.3


@dataclass
class Regulars:
    """Who comes to the place: residents, nomads, and others with carnets; each with a badge of their own."""

    db: Database
    house: HouseRules
    settings: ServerSettings
    random: random.Random
    residents: list[int] = field(default_factory=list)
    nomads: list[int] = field(default_factory=list)
    others: list[int] = field(default_factory=list)

    def settle_in(self, day: date, doors: tuple[str, ...]) -> None:
        """Makes them members, from that day on."""
        now = self.house.calendars.on(day).moment(day, 0)
        with self.db.writing():
            for door in doors:
                units.add(self.db, door, "door", now=now)
            for group, size in ((self.residents, RESIDENTS), (self.nomads, NOMADS), (self.others, OTHERS)):
                for _ in range(size):
                    member = members.add(self.db, f"Member {len(self.everybody) + 1}", now=now).id
                    badges.assign(self.db, member, credential(member), now=now)
                    group.append(member)

    @property
    def everybody(self) -> list[int]:
        """All their numbers."""
        return [*self.residents, *self.nomads, *self.others]

    def buy(self, now: Instant, on: date | None = None) -> None:
        """Whoever owes pays, and whoever has run out buys, counting from `on`; some a day later than others."""
        kept, today = standings.every(self.db), on or self.house.day_of(now)
        wanted = [(member, "resident") for member in self.residents if self._lapsed(member, today)]
        wanted += [(member, "nomade") for member in self.nomads if self._lapsed(member, today)]
        wanted += [
            (member, self.random.choice(("carnet-half-day", "carnet-day", "carnet-half-day", "ticket-hour")))
            for member in self.others
            if _ran_out(kept.get(member)) and self.random.random() < 0.5
        ]
        work = work_at(now, self.db, self.house, "zoe", settings=self.settings)
        with self.db.writing():
            for member, standing in kept.items():
                if standing.owed_cents and self.random.random() < 0.5:
                    sales.pay(work, member)
            for member, pass_id in wanted:
                sales.sell(work, member, pass_id, on=today)

    def _lapsed(self, member: int, day: date) -> bool:
        recent = lots.passes_of_member(self.db, member, after=day - timedelta(days=1))
        return not any(held.holds_on(day) for held in recent)

    def visits(self, day: date, count: int = VISITS_A_DAY) -> list[Passage]:
        """A day's passages, in order of time."""
        coming = self.random.sample(self.everybody, min(count, len(self.everybody)))
        passages = [passage for member in coming for passage in self._visit(member, day)]
        return sorted(passages, key=lambda passage: passage.at)

    def _visit(self, member: int, day: date) -> Iterator[Passage]:
        calendar = self.house.calendars.on(day)
        minute = self.random.randint(8 * 60, 15 * 60)
        for _ in range(2):
            yield _passage(member, "entry", calendar.moment(day, minute))
            if self.random.random() < FORGETS:
                return
            minute += self.random.choice((7, 45, 100, 180, 240))
            yield _passage(member, "exit", calendar.moment(day, min(minute, 18 * 60 - 1)))
            minute += self.random.randint(20, 90)
            if minute > 17 * 60 or self.random.random() > COMES_BACK:
                return


def live_through(regulars: Regulars, first: date, last: date, door: str) -> int:
    """Every open day from `first` to `last`, each posted as it was; the number of visits."""
    ingest = Ingest(regulars.db, regulars.house)
    sent = count = 0
    for day in days_between(first, last):
        if not regulars.house.calendars.on(day).is_open_day(day):
            continue
        calendar = regulars.house.calendars.on(day)
        regulars.buy(calendar.moment(day, 7 * 60))
        ingest.drop_cache()
        with regulars.db.writing():
            ingest.accounts.bring_up_due(calendar.moment(day, 7 * 60))
            visits = regulars.visits(day)
            ingest.keep(list(arrivals(door, visits, sent + 1)), visits[-1].at)
            sent += len(visits)
            recount.check_out_due(work_at(calendar.moment(day, 19 * 60), regulars.db, regulars.house))
        count += VISITS_A_DAY
    return count


def arrivals(door: str, events: Sequence[AnyEvent], first: int) -> Iterator[Arrival]:
    """Runs of at most 200."""
    for nth in range(0, len(events), 200):
        run = list(events[nth : nth + 200])
        payload = encode(Run(epoch=EPOCH, first=first + nth, sent_at=run[-1].at, events=run))
        yield Arrival(f"poincon/v1/here/unit/{door}/events", payload, run[-1].at + timedelta(seconds=1))


def credential(member: int) -> str:
    """Their badge."""
    return f"uid:{member:08X}"


def _passage(member: int, side: Direction, at: Instant) -> Passage:
    return Passage(at=at, clock="synced", credential=credential(member), side=side, by="badge")


def _ran_out(standing: standings.Balance | None) -> bool:
    return standing is None or not (standing.hour or standing.half_day or standing.day)
