"""Counts everything again from the journal, the sales and the corrections, and compares with what the books say."""

from collections.abc import Iterable, Iterator

from device.contract.access_list import MOST_MIDNIGHTS
from device.contract.instant import Instant
from server.core.house_rules import HouseRules
from server.core.presence.presence import Presence
from server.presence.openings import counted
from server.store.database import Database
from server.store.journal import journal
from server.store.presence import stays
from server.verify.accounts import Difference, account_differences


def verify(db: Database, house: HouseRules, now: Instant) -> list[Difference]:
    """Every disagreement; an empty list where the books are right."""
    with db.reading():  # what is compared belongs together; a server goes on writing meanwhile
        return [
            *_presence_differences(db, house, now),
            *_journal_differences(db),
            *account_differences(db, house, now),
        ]


def _presence_differences(db: Database, house: HouseRules, now: Instant) -> Iterator[Difference]:
    for member, day in stays.kept_days(db):
        kept = {each: stays.known(db, member, each) for each in house.linked(day, MOST_MIDNIGHTS)}
        should = counted(db, house, member, day, now)
        if should == kept or counted(db, house, member, day, _before_check_out(kept.values(), now)) == kept:
            continue
        yield Difference(
            subject="presence", member=member, day=day, kept=_told(kept[day], house), counted=_told(should[day], house)
        )


def _before_check_out(kept: Iterable[Presence], now: Instant) -> Instant:
    """A moment when the last stay was not checked out yet: a server that is down does that when it comes back."""
    lasting = [stay.began_at for presence in kept for stay in presence.stays if stay.ended_at is None]
    return min((*lasting, now))


def _journal_differences(db: Database) -> Iterator[Difference]:
    for unit, epoch, through, last in journal.behind(db):
        yield Difference(
            subject=f"journal of {unit}, epoch {epoch}",
            member=None,
            day=None,
            kept=f"through {through}",
            counted=f"through {last}",
        )


def _told(presence: Presence, house: HouseRules) -> str:
    zone = house.calendars.on(house.day_of(presence.stays[0].began_at)).hours.timezone if presence.stays else None

    def clock(at: Instant | None) -> str:
        return "…" if at is None else f"{at.astimezone(zone):%H:%M:%S}"

    spans = [f"{clock(stay.began_at)}-{clock(stay.ended_at)}{'*' * stay.automatic}" for stay in presence.stays]
    return ", ".join(spans) or "absent"
