"""Whatever people bought, owed, were given, took back and corrected over the end of a year: it can be removed."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from random import Random

import pytest

from server.accounts import credit, golden_ticket, sales
from server.accounts.corrections import correct
from server.accounts.statement import Statement, statement
from server.core.calendar.calendar import days_between
from server.core.calendar.opening_hours import Span
from server.core.charge.facts import ChargeCorrection
from server.errors import Refusal
from server.retention.purge import purge
from server.site.settings import RuleSettings, ServerSettings
from server.store.accounts import lots
from server.store.accounts import sales as sales_store
from tests.server.ledger_place import HOUSE, LedgerPlace

YEARS = ServerSettings(rules=RuleSettings(names_kept_months=1, books_kept_years=1))
PASSES = ("carnet-day", "carnet-half-day", "ticket-hour", "ticket-half-day", "nomade", "resident")
SEEDS = (3, 5, 7, 14)
"""Of those tried, the ones that found something while this was made."""


class Lives:
    """Five people of a place, and what happens to them at random."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.random, self.place = Random(seed), LedgerPlace(folder)
        self.place.settings = YEARS
        self.people = [self.place.ada, *(self.place.member(f"M{nth}") for nth in range(4))]

    def go_on(self, first: date, last: date) -> None:
        """Every open day from `first` to `last`."""
        for day in days_between(first, last):
            if not HOUSE.calendars.on(day).is_open_day(day):
                continue
            self.place.at("7:30", day).accounts.bring_up_due(self.place.now)
            self.place.ingest.drop_cache()
            for member in self.people:
                if self.random.random() < 0.3:
                    self._happens(member, day)
            for member in self.people:
                if self.random.random() < 0.6:
                    self._comes(member, day)
            self.place.clock("19:00", day)

    def told(self) -> dict[int, Statement]:
        """Everybody's account."""
        return {member: statement(self.place.db, HOUSE, member, self.place.now) for member in self.people}

    def _comes(self, member: int, day: date) -> None:
        hour = self.random.choice((8, 9, 10, 12, 14))
        self.place.passes("entry", f"{hour}:00", day, member)
        if self.random.random() < 0.9:
            self.place.passes("exit", f"{min(17, hour + self.random.choice((1, 2, 4, 6)))}:30", day, member)

    def _happens(self, member: int, day: date) -> None:
        work, choice, db = self.place.work(), self.random.choice, self.place.db
        past = day - timedelta(days=self.random.randint(0, 20))
        sold = [sale.number for sale in sales_store.of_member(db, member)] or [0]
        held = [lot.id for lot in lots.of_member(db, member)] or [0]
        on, until = day + timedelta(days=choice((0, 0, 20, -5))), day + timedelta(days=choice((100, 500, 700)))
        presence, charge = [Span(540, choice((660, 960)))], ChargeCorrection(half_day=choice((0, 2)), owed_cents=300)
        guest = f"Guest{self.random.randint(0, 10**9)}"
        acts: list[Callable[[], object]] = [
            lambda: sales.sell(work, member, choice(PASSES), on=on),
            lambda: credit.give(work, member, choice(("day", "half_day", "hour", "golden")), 2, reason="the cleaning"),
            lambda: sales.cancel(work, choice(sold), reason="typed twice"),
            lambda: sales.pay(work, member),
            lambda: sales.pay(work, member, 100),
            lambda: credit.prolong(work, choice(held), until, reason="was ill"),
            lambda: correct(work, member, past, reason="was there", presence=presence),
            lambda: correct(work, member, past, reason="as agreed", charge=charge),
            lambda: golden_ticket.invite(work, guest, member),
        ]
        try:
            choice(acts)()
        except Refusal:  # not everything can be done at every moment
            pass
        finally:
            self.place.ingest.drop_cache()


@pytest.mark.parametrize("seed", SEEDS)
def test_books_without_their_first_year_say_what_they_said_and_go_on(seed: int, tmp_path: Path) -> None:
    lives = Lives(tmp_path, seed)
    place = lives.place
    lives.go_on(date(2024, 11, 20), date(2025, 1, 24))
    for today in (date(2025, 12, 30), date(2026, 1, 5)):
        place.at("12:00", today).accounts.bring_up_due(place.now)
        assert place.verified() == []
        before, purged = lives.told(), purge(place.work())
        place.ingest.drop_cache()
        assert place.verified() == []
        kept_after = purged.books_through or date.min
        for member, after in lives.told().items():
            known = before[member]
            assert (after.held, after.owed_cents, after.nomade_left) == (
                known.held,
                known.owed_cents,
                known.nomade_left,
            )
            assert after.days == [line for line in known.days if line.date in {each.date for each in after.days}]
            assert {line.date for line in known.days if line.date > kept_after} <= {line.date for line in after.days}
    assert place.db.rows("PRAGMA foreign_key_check") == []
    lives.go_on(date(2026, 1, 6), date(2026, 1, 30))
    assert place.verified() == []
    place.db.close()
