"""The books through the real broker: a month of the place, who may come in, and the answer to a tap."""

import random
import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from device.contract.access_list import AccessList
from device.contract.channels import ACCESS_LIST, RECEIPT
from device.contract.messages import Passage
from server.site.folder import find
from server.site.rules_in_force import house_of
from server.store.accounts import ledger
from server.store.people import badges, members
from tests.contract_client import ContractUnit, now, passage, tap
from tests.live_place import SITE, LivePlace, eventually
from tests.ten_years import EPOCH, Regulars, credential

DOORS = ("front", "back")


@pytest.fixture
def place(tmp_path: Path) -> Iterator[LivePlace]:
    with LivePlace(tmp_path, people=0) as place:
        settings = place.site.folder / "poincon.toml"
        settings.write_text(re.sub(r"(?m)^(concierge_)?weekly.*\n", "", settings.read_text("utf-8")), "utf-8")
        place.site = find(place.site.folder)
        yield place


class Story:
    """A month of sixty visits a day, the doors handing over in their own time, some of it twice, some days late."""

    def __init__(self, regulars: Regulars, last: date) -> None:
        self.regulars, self.random = regulars, regulars.random
        self.days = [
            day
            for day in (last - timedelta(days=ahead) for ahead in range(30, 0, -1))
            if regulars.house.calendars.on(day).is_open_day(day)
        ]
        self.passages = {day: regulars.visits(day) for day in self.days}

    def hand_over(self, doors: dict[str, ContractUnit]) -> int:
        """Everything, day by day; who runs out buys meanwhile. How many events there were."""
        late: list[tuple[ContractUnit, list[Passage]]] = []
        count = 0
        for day in self.days:
            self.regulars.buy(now(), on=day)
            by_door: dict[str, list[Passage]] = {name: [] for name in doors}
            for each in self.passages[day]:
                by_door[self.random.choice(DOORS)].append(each)
                count += 1
            for name, events in by_door.items():
                late.append((doors[name], events))
            if self.random.random() < 0.6:
                self._send(late)
        self._send(late)
        return count

    def _send(self, waiting: list[tuple[ContractUnit, list[Passage]]]) -> None:
        """What waits: each door in order, the two against each other in any."""
        queues = {unit: [each for of, events in waiting if of is unit for each in events] for unit, _ in waiting}
        waiting.clear()
        while any(queues.values()):
            unit = self.random.choice([unit for unit, queue in queues.items() if queue])
            size = self.random.choice((1, 5, 40))
            run, queues[unit] = queues[unit][:size], queues[unit][size:]
            first = unit.sent + 1
            unit.send(*run)
            if self.random.random() < 0.1:
                unit.send(*run, first=first)
        for unit in queues:
            assert unit.acknowledged(unit.sent)


def test_a_month_of_the_place_ends_with_books_that_verify(place: LivePlace) -> None:
    with place.db() as db:
        house = house_of(db, place.site.settings)
        last = house.day_of(now())
        regulars = Regulars(db, house, place.site.settings, random.Random(11))
        regulars.settle_in(last - timedelta(days=31), DOORS)
        place.start_server()
        story = Story(regulars, last)
        port = place.broker.port
        with ContractUnit(port, SITE, "front", EPOCH) as front, ContractUnit(port, SITE, "back", EPOCH) as back:
            count = story.hand_over({"front": front, "back": back})
        assert db.value("SELECT count(*) FROM events WHERE kind = 'passage'") == count
        came = {(row["member"], row["day"]) for row in db.rows("SELECT DISTINCT member, day FROM stays")}
        assert len(came) == 60 * len(story.days)
        assert place.json("verify") == {"agree": True, "differences": []}
        spent = sum(-entry.amount for each in regulars.others for entry in ledger.of_member(db, each))
        assert spent != 0


def test_who_owes_to_the_limit_is_refused_and_let_in_again_by_a_payment(place: LivePlace) -> None:
    with place.db() as db, db.writing():
        member = members.add(db, "Ada", now=now() - timedelta(days=60)).id
        badges.assign(db, member, credential(member), now=now() - timedelta(days=60))
    place.add_unit("front")
    place.start_server()
    with ContractUnit(place.broker.port, SITE, "front") as front:
        assert standing(front, member) == "ok"
        workday = next(day for day in (now() - timedelta(days=back) for back in range(7, 14)) if day.weekday() == 2)
        owed = workday.replace(hour=8, minute=30, second=0), workday.replace(hour=16, minute=30, second=0)
        front.deliver(passage(credential(member), "entry", at=owed[0]), passage(credential(member), "exit", at=owed[1]))
        assert eventually(lambda: standing(front, member) == "no_credit")
        place.command("pay", str(member), "5", "--paid-by", "cash")
        assert eventually(lambda: standing(front, member) == "ok")


def test_each_granted_tap_is_answered_by_itself(place: LivePlace) -> None:
    with place.db() as db, db.writing():
        for nth in range(10):
            member = members.add(db, f"Member {nth}", now=now() - timedelta(days=60)).id
            badges.assign(db, member, credential(member), now=now() - timedelta(days=60))
    place.add_unit("front")
    place.command("sell", "1", "carnet-half-day")
    place.start_server()
    with ContractUnit(place.broker.port, SITE, "front") as front:
        for nth in range(1, 31):
            front.send(tap(credential(nth % 10 + 1)))
            front.wait(lambda nth=nth: len(front.all(RECEIPT)) == nth)  # type: ignore[misc]
        assert [receipt.seq for receipt in front.all(RECEIPT)] == list(range(1, 31))
        assert front.all(RECEIPT)[9].left.half_day in (10, 11)


def standing(unit: ContractUnit, member: int) -> str:
    newest: AccessList = unit.last(ACCESS_LIST)
    return next(grant.standing for grant in newest.grants if grant.member == member)
