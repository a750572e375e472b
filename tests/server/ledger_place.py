"""A place whose books are kept in a real file: people, passages as units send them, and the desk, at any moment."""

from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from device.contract.codec import encode
from device.contract.instant import Instant
from device.contract.messages import Access, AnyEvent, Direction, Passage, Reason, Run
from server.accounts import sales
from server.accounts.accounts import AccountChange, Accounts
from server.accounts.statement import DayLine, Statement, statement
from server.accounts.work import Work
from server.core.calendar.calendar import Calendar
from server.core.calendar.opening_hours import HouseHours
from server.core.house_rules import HouseRules, InForce
from server.ingest import recount
from server.ingest.ingest import Ingest
from server.ingest.outcome import GrantedTap
from server.mqtt.inbound import Arrival
from server.site.settings import ServerSettings
from server.store.accounts import ledger
from server.store.accounts.ledger import LedgerEntry
from server.store.accounts.sales import Sale
from server.store.database import Database, make_database
from server.store.people import badges, members
from server.store.units import units
from server.verify.verify import verify
from tests.orders import work_at
from tests.server.core.charge.member_days import MONDAY, local

BEFORE = local("8:00", date(2026, 1, 5))
HOUSE = HouseRules([InForce(date.min, Calendar(HouseHours()), timedelta(minutes=30))])
SETTINGS = ServerSettings()


class LedgerPlace:
    """One member `ada` to begin with, and a door `front`; `now` stands still until it is set."""

    def __init__(self, folder: Path, house: HouseRules = HOUSE) -> None:
        self.db: Database = make_database(folder / "books.sqlite3")
        self.house, self.settings, self.now = house, SETTINGS, local("8:00")
        units.add(self.db, "front", "door", now=BEFORE)
        self.ingest = Ingest(self.db, house)
        self.changes: list[AccountChange] = []
        self._seq = 0
        self.ada = self.member("Ada")

    def member(self, name: str) -> int:
        """Somebody new, whose badge has their number."""
        member = members.add(self.db, name, now=BEFORE).id
        badges.assign(self.db, member, credential(member), now=BEFORE)
        self.ingest.drop_cache()
        return member

    def at(self, clock: str, day: date = MONDAY) -> "LedgerPlace":
        """The same place at that time of the wall."""
        self.now = local(clock, day)
        return self

    def sell(self, pass_id: str, member: int | None = None, on: date | None = None, **how: Any) -> Sale:
        sale = sales.sell(self.work(), member or self.ada, pass_id, on=on, **how)
        self.ingest.drop_cache()
        return sale

    def work(self) -> Work:
        """What zoe's order is carried out with now, as the writer makes it; it looks everything up again afterwards."""
        return work_at(self.now, self.db, self.house, "zoe", settings=self.settings, accounts=self.accounts)

    def passes(self, side: Direction, clock: str, day: date = MONDAY, member: int | None = None) -> None:
        """Somebody goes through the door, and it is kept at once."""
        at = local(clock, day)
        self.now = max(self.now, at)
        self.keep([passage(member or self.ada, side, at)])

    def came(self, *stays: str, day: date = MONDAY, member: int | None = None) -> None:
        """`9:00-12:00` each; `9:00-` has no end."""
        for stay in stays:
            start, _, end = stay.partition("-")
            self.passes("entry", start, day, member)
            if end:
                self.passes("exit", end, day, member)

    def keep(self, events: Iterable[AnyEvent], now: Instant | None = None) -> list[GrantedTap]:
        """Events, as one run of the door; the taps to be answered."""
        events = list(events)
        at = now or self.now
        run = Run(epoch="00c0ffee", first=self._seq + 1, sent_at=at, events=events)
        self._seq += len(events)
        with self.db.writing():
            outcome = self.ingest.keep([Arrival("poincon/v1/here/unit/front/events", encode(run), at)], at)
        self.changes += outcome.changes
        return outcome.taps

    def clock(self, clock: str, day: date = MONDAY) -> None:
        """Time passes until then, and the server looks at it once."""
        self.now = local(clock, day)
        recount.check_out_due(self.work())
        self.accounts.bring_up_due(self.now)

    @property
    def accounts(self) -> Accounts:
        return self.ingest.accounts

    def statement(self, member: int | None = None, as_of: Instant | None = None) -> Statement:
        return statement(self.db, self.house, member or self.ada, self.now, as_of)

    def day(self, day: date = MONDAY, member: int | None = None) -> DayLine:
        (line,) = [line for line in self.statement(member).days if line.date == day]
        return line

    def entries(self, member: int | None = None) -> list[LedgerEntry]:
        return ledger.of_member(self.db, member or self.ada)

    def moved(self, member: int | None = None) -> list[tuple[str, str, int]]:
        """Kind, thing and amount of each entry, in the order they were written."""
        return [(entry.kind, entry.what, entry.amount) for entry in self.entries(member)]

    def verified(self) -> list[object]:
        return list(verify(self.db, self.house, self.now))


def credential(member: int) -> str:
    return f"uid:{member:08X}"


def passage(member: int, side: Direction, at: Instant) -> Passage:
    return Passage(at=at, clock="synced", credential=credential(member), side=side, by="badge")


def tap(member: int, side: Direction, at: Instant) -> Access:
    reason: Reason = "exit" if side == "exit" else "granted"
    return Access(at=at, clock="synced", credential=credential(member), side=side, decision="granted", reason=reason)
