"""Puts people into the books of the demo: who they are, what they hold, who is in, and who owes."""

from collections.abc import Mapping
from datetime import timedelta

from device.contract.instant import Instant
from device.contract.messages import Direction
from server.accounts import sales
from server.accounts.accounts import Accounts
from server.accounts.work import Work
from server.core.house_rules import HouseRules
from server.demo.fixtures import BADGES, GUESTS, OPERATOR, PEOPLE
from server.ingest import recount
from server.site.settings import ServerSettings
from server.store.accounts.ledger import Cause
from server.store.database import Database
from server.store.people import badge_keys, badges, members
from server.store.presence import guests

MADE_BEFORE = timedelta(days=40)
"""How long the people of the demo have been there."""
SOLD_BEFORE = timedelta(days=12)
UNPAID_DAY: dict[Direction, int] = {"entry": 9 * 60, "exit": 18 * 60}
"""When who has an unpaid day came and went yesterday, in minutes of the local day."""


def populate(db: Database, house: HouseRules, settings: ServerSettings, now: Instant, key_version: int) -> None:
    """Puts in everybody of `fixtures.PEOPLE`, within the transaction that is open; their badges have keys of that
    version.
    """
    work = Work(db=db, house=house, settings=settings, accounts=Accounts(db, house), now=now, operator=OPERATOR)
    numbers = _add_people(db, now)
    _give_badges(db, numbers, work, key_version)
    _let_in(work, numbers)
    _sell_passes(work, numbers)
    for id, person in PEOPLE.items():
        if person.has_unpaid_day:
            _stay_unpaid(work, numbers[id])


def _add_people(db: Database, now: Instant) -> dict[str, int]:
    numbers = {}
    for id, person in PEOPLE.items():
        numbers[id] = members.add(db, person.name, role=person.role, now=now - MADE_BEFORE).id
        if person.suspended_for:
            members.suspend(db, numbers[id], person.suspended_for, now=now)
    return numbers


def _give_badges(db: Database, numbers: Mapping[str, int], work: Work, key_version: int) -> None:
    now = work.now
    for badge in BADGES:
        if badge.holder is None or not badge.is_assigned:
            continue
        last_day = work.today - timedelta(days=1) if badge.condition == "lent" else None
        badges.assign(db, numbers[badge.holder], badge.credential, now=now - MADE_BEFORE, last_day=last_day)
        if badge.has_key:
            scheme: badge_keys.KeyedScheme = "desfire" if badge.credential.startswith("desfire:") else "ntag424"
            badge_keys.begin(db, badge.uid, scheme, key_version, now=now - MADE_BEFORE, unit="comptoir")
            badge_keys.finish(db, badge.uid, now=now - MADE_BEFORE)
        if badge.condition == "lost":
            badges.end(db, badge.credential, now=now, ended_as="lost")


def _let_in(work: Work, numbers: Mapping[str, int]) -> None:
    """Checks in those who came before; at the small hours as of midnight, since presence begins with the date."""
    midnight = work.house.calendars.on(work.today).day_bounds(work.today)[0]
    for id, person in PEOPLE.items():
        if person.came_min is not None:
            at = max(midnight, Instant.of(work.now - timedelta(minutes=person.came_min)))
            recount.enter_by_desk(work, numbers[id], "entry", at=at)
    for name, host in GUESTS:
        guests.arrive(work.db, name, day=work.today, now=work.now, member=numbers[host])


def _sell_passes(work: Work, numbers: Mapping[str, int]) -> None:
    first_day = work.today - SOLD_BEFORE
    for id, person in PEOPLE.items():
        for sold in person.passes:
            sales.sell(work, numbers[id], sold, on=first_day, paid_by="card")


def _stay_unpaid(work: Work, member: int) -> None:
    yesterday = work.today - timedelta(days=1)
    for side, minute in UNPAID_DAY.items():
        at = work.house.calendars.on(yesterday).moment(yesterday, minute)
        recount.enter_by_desk(work, member, side, at=at)
    work.bring_up(member, yesterday, Cause("desk", OPERATOR))
