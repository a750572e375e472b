"""The members' books kept at what they should say: reckoned from what is known, differences posted to the ledger.

Whatever changes what is known of a member brings their books up in its own transaction: passages as they are
journalled, what operators write, and the clock. Nothing is ever added blindly.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from typing import NamedTuple

from device.contract.instant import Instant
from device.contract.messages import Side
from server.accounts.account_cache import CachedAccount, OpenedAccount, days_of, open_account
from server.core.charge.day_charge import DayCharge
from server.core.charge.postings import (
    NOTHING,
    PostedDay,
    Posting,
    What,
    day_postings,
    expiry_postings,
)
from server.core.charge.settlement import NO_FACTS, Account
from server.core.house_rules import HouseRules
from server.core.presence.presence import Stay, Step
from server.presence.incremental import ChangedStays, MemberDate
from server.store.accounts import day_books, expired_lots, ledger, lots, standings
from server.store.accounts.day_books import DayRow
from server.store.accounts.expired_lots import ExpiredRow
from server.store.accounts.ledger import CLOCK, Cause, EntryRow
from server.store.accounts.standings import Balance, StandingRow
from server.store.database import Database
from server.store.retention import removals

REMEMBERED = 2_000
"""Accounts held in memory; the place has 60 people a day."""

EventId = tuple[str, str, int]
"""Unit, epoch and number: what an event is known by."""


@dataclass
class PendingPostings:
    """What is to be written, gathered over many members."""

    entries: list[EntryRow] = field(default_factory=list)
    days: list[DayRow] = field(default_factory=list)
    gone: list[MemberDate] = field(default_factory=list)
    standings: list[StandingRow] = field(default_factory=list)
    expired: list[ExpiredRow] = field(default_factory=list)

    def write(self, db: Database) -> None:
        """Writes it, within the transaction that is open."""
        if self.entries:
            ledger.post(db, self.entries)
        if self.gone:
            day_books.remove(db, self.gone)
        if self.days:
            day_books.put(db, self.days)
        if self.standings:
            standings.put(db, self.standings)
        if self.expired:
            expired_lots.put(db, self.expired)


class AccountChange(NamedTuple):
    """An account that was brought up; `credit_changed`: its member may come in now who might not before, or the
    reverse.
    """

    account: Account
    credit_changed: bool


class Accounts:
    """Brings members' books up; for one thread. Remembers their pages until told to `drop_cache`."""

    def __init__(self, db: Database, house: HouseRules) -> None:
        self._db, self._house = db, house
        self._pages: dict[int, CachedAccount] = {}

    def drop_cache(self) -> None:
        """Reads everything anew: somebody else wrote the books, or a transaction failed."""
        self._pages.clear()

    def follow(
        self,
        passed: Mapping[MemberDate, list[Step]],
        moved: Mapping[MemberDate, ChangedStays],
        tapped: Mapping[MemberDate, list[EventId]],
        now: Instant,
    ) -> list[AccountChange]:
        """Posts what follows from passages, and from taps: those tell when somebody who forgot to badge out was in."""
        draft = PendingPostings()
        touched: dict[int, dict[date, list[EventId]]] = {}
        for (member, day), steps in passed.items():
            touched.setdefault(member, {})[day] = [(step.unit, step.epoch, step.seq) for step in steps]
        for member, day in moved.keys() - passed.keys():  # what an opening joins to the date of a passage
            touched[member].setdefault(day, [])
        for (member, day), events in tapped.items():
            if self._may_be_automatic(day, now):
                touched.setdefault(member, {}).setdefault(day, events)
        changes: list[AccountChange] = []
        for member, by_day in touched.items():
            self._take_up(member, {day: moved.get((member, day)) for day in by_day}, now)
            changes.append(self._bring_up(member, by_day.keys(), partial(_cause_of, by_day), now, draft))
        draft.write(self._db)
        return changes

    def bring_up(self, member: int, since: date, cause: Cause, now: Instant) -> AccountChange:
        """Posts what follows from a change to what is known of a member's dates from `since` on.

        Raises `Refusal` where that is of a year whose books were removed.
        """
        self._pages.pop(member, None)
        draft = PendingPostings()
        removals.check_books(self._db, since)
        with self._db.writing():
            change = self._bring_up(member, (since,), lambda: cause, now, draft, cause.corrects)
            draft.write(self._db)
        return change

    def bring_up_due(self, now: Instant) -> list[AccountChange]:
        """Posts what time alone has changed by `now`; the accounts that it was due for."""
        due = standings.due(self._db, now)
        if not due:
            return []
        draft = PendingPostings()
        with self._db.writing():
            changes = [
                self._bring_up(member, (self._house.day_of(settled_at),), lambda: CLOCK, now, draft)
                for member, settled_at in due
            ]
            draft.write(self._db)
        return changes

    def bring_up_since(self, day: date, now: Instant) -> None:
        """Reckons everybody anew who has dates from `day` on: the settings have changed."""
        for member in day_books.members_since(self._db, day):
            self.bring_up(member, day, Cause("settings"), now)

    def account(self, member: int, now: Instant) -> Account:
        """A member's account as it stands at `now`; what is known of past dates is not read again."""
        page = self._page(member, now)
        return page.whole(self._db, page.account(self._house, now))

    def if_passed(self, member: int, side: Side, at: Instant, now: Instant) -> tuple[Account, DayCharge | None]:
        """A member's account, and the charge of the date, as if they had gone through a door `at` that moment."""
        page, day = self._page(member, now), self._house.day_of(at)
        known = page.days.get(day, NO_FACTS)
        foreseen = replace(known, stays=_with_step(known.stays, side, at))
        account = page.account_with(day, foreseen, self._house, now)
        return account, account.days.get(day)

    def _page(self, member: int, now: Instant) -> CachedAccount:
        today = self._house.day_of(now)
        page = self._pages.get(member)
        if page is None or page.today != today:
            page = self._remember(open_account(self._db, self._house, member, today, now, keep=False).page)
        return page

    def _remember(self, page: CachedAccount) -> CachedAccount:
        if len(self._pages) >= REMEMBERED:
            self._pages.clear()
        self._pages[page.member] = page
        return page

    def _take_up(self, member: int, days: Mapping[date, ChangedStays | None], now: Instant) -> None:
        """Has the page know what passages made of those days, where it is at hand."""
        page = self._pages.get(member)
        if page is None:
            return
        for day, moved in days.items():
            if day > page.checkpoint.day and (moved is None or not page.move(self._house, day, moved)):
                page.refresh(self._db, self._house, day, now)

    def _bring_up(
        self,
        member: int,
        days: Collection[date],
        cause: Callable[[], Cause],
        now: Instant,
        draft: PendingPostings,
        corrects: date | None = None,
    ) -> AccountChange:
        opened = self._opened(member, days, now)
        page = opened.page
        account = page.account(self._house, now)
        known = page.posted | opened.earlier if opened.earlier else page.posted
        should = opened.earlier | days_of(account, page.checkpoint.day, known)
        postings = self._day_postings(page, opened.after, should, corrects, draft)
        postings += self._expiry_postings(page, account, draft)
        if postings:
            because, written_at = cause(), str(now)
            draft.entries += [ledger.entry_row(member, posting, because, written_at) for posting in postings]
        return AccountChange(account, self._keep_standing(page, account, now, draft))

    def _opened(self, member: int, days: Collection[date], now: Instant) -> OpenedAccount:
        today = self._house.day_of(now)
        since = min(*days, today)
        page = self._pages.get(member)
        if page is None or page.today != today or since < today or max(days) > today:
            opened = open_account(self._db, self._house, member, since, now, keep=True)
            self._remember(opened.page)
            return opened
        return OpenedAccount(page, page.checkpoint.day, {})

    def _day_postings(
        self,
        page: CachedAccount,
        after: date,
        should: dict[date, PostedDay],
        corrects: date | None,
        draft: PendingPostings,
    ) -> list[Posting]:
        """What changes of each date; dates after today are left until their time comes."""
        postings: list[Posting] = []
        posted = page.posted
        gone = [day for day in posted if after < day <= page.today and day not in should]
        for day in sorted((*should, *gone)):
            before, then = posted.get(day, NOTHING), should.get(day, NOTHING)
            if before == then:
                continue
            postings += day_postings(day, before, then, corrected=day == corrects)
            if then == NOTHING:
                draft.gone.append((page.member, day))
                del posted[day]
            else:
                draft.days.append(day_books.day_row(page.member, day, then))
                posted[day] = then
        if after < page.checkpoint.day:
            open_debts = {debt.day for debt in page.checkpoint.debts}
            page.posted = {day: kept for day, kept in posted.items() if day > page.checkpoint.day or day in open_debts}
        return postings

    def _expiry_postings(self, page: CachedAccount, account: Account, draft: PendingPostings) -> list[Posting]:
        asleep = {} if page.is_asleep_posted else {lot.id: left for lot, left in page.asleep.items()}
        before, awake = page.expired, account.expired
        after = awake | asleep
        page.is_asleep_posted, page.expired = True, awake
        if before == after:
            return []
        changed = {lot for lot in before.keys() | after.keys() if before.get(lot) != after.get(lot)}
        draft.expired += [(lot, page.member, after.get(lot, 0)) for lot in changed]
        ends: dict[int, tuple[What, date]] = {
            lot.id: (lot.kind, lot.last_day_on(page.today)) for lot in lots.numbered(self._db, changed)
        }
        return list(expiry_postings(before, after, ends))

    def _keep_standing(self, page: CachedAccount, account: Account, now: Instant, draft: PendingPostings) -> bool:
        """Keeps where the member stands; whether that lets them in now, or no longer does."""
        standing = standing_of(page.member, account, now, page.due_at(account, self._house, now))
        most = self._house.terms.tariffs.on(page.today).max_owed_cents
        credit_changed = standing.may_come(most) != page.kept.may_come(most)
        page.kept = standing
        draft.standings.append(standings.standing_row(standing))
        return credit_changed

    def _may_be_automatic(self, day: date, now: Instant) -> bool:
        evening = self._house.evening(day)
        closing_at = evening.rest_closes_at or evening.closing_at
        return closing_at is None or now >= closing_at


def standing_of(member: int, account: Account, now: Instant, due_at: Instant | None) -> Balance:
    """Where the member stands by that account."""
    valid, checkpoint = account.valid_lots, account.checkpoint
    holding = [each for each in account.passes.values() if each.holds_on(checkpoint.day)]
    return Balance(
        member=member,
        settled_at=now,
        due_at=due_at,
        owed_cents=account.owed_cents,
        credit_cents=checkpoint.credit_cents,
        **account.held,
        nomade_left=account.nomade_left if holding else None,
        covered_by=max((each.cover for each in holding), default=None),
        expires=valid[0].last_day_on(checkpoint.day) if valid else None,
    )


def _with_step(stays: Iterable[Stay], side: Side, at: Instant) -> tuple[Stay, ...]:
    """The stays when their member goes in or out `at` that moment, where that changes anything."""
    ended = tuple(stay for stay in stays if stay.ended_at is not None)
    lasting = [stay for stay in stays if stay.ended_at is None]
    if lasting and side != "entry":
        return (*ended, Stay(lasting[0].began_at, max(at, lasting[0].began_at), False))
    if lasting or side == "exit":
        return (*ended, *lasting)
    return (*ended, Stay(at, None, False))


def _cause_of(by_day: Mapping[date, list[EventId]]) -> Cause:
    numbers: dict[str, list[int]] = {}
    for unit, epoch, seq in sorted(event for events in by_day.values() for event in events):
        numbers.setdefault(f"{unit}/{epoch}", []).append(seq)
    told = (f"{origin}/{','.join(map(str, seqs))}" for origin, seqs in numbers.items())
    return Cause(f"event {' '.join(told)}")
