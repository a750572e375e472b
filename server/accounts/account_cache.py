"""One member's books from the end of yesterday on: what the next passage is reckoned from, without their past."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from device.contract.instant import Instant
from server.core.charge.facts import DayFacts, MemberFacts
from server.core.charge.holdings import Checkpoint
from server.core.charge.passes import Lot
from server.core.charge.postings import NOTHING, PostedDay
from server.core.charge.settlement import NO_FACTS, Account, GoldenTaken, settle_from
from server.core.charge.time_used import NOTHING_COUNTED, counted_ms, next_change
from server.core.house_rules import HouseRules
from server.core.presence.presence import Stay
from server.presence.incremental import ChangedStays
from server.store.accounts import checkpoints, day_books, expired_lots, ledger, lots, standings
from server.store.accounts.facts import known_facts, seen_on, stays_on
from server.store.accounts.standings import Balance
from server.store.database import Database

ONE_DAY = timedelta(days=1)


@dataclass
class CachedAccount:
    """A member's books on `today`: the state at the end of yesterday, and what is known since.

    `posted` is what the books say of the dates after it, and of those that are owed for; `kept` the standing as last
    kept. `wakes_at` is when the next lot or pass begins or ends; `counted` how many stays of a date are no longer
    among its facts, but in the sum of those that are over.

    Lots that expired before today are `asleep`: nothing can be taken from them unless an operator prolongs them, so
    they are not reckoned with; a place of many years has hundreds. `expired` is what was posted of the others.
    """

    member: int
    today: date
    checkpoint: Checkpoint
    days: dict[date, DayFacts]
    facts: MemberFacts
    posted: dict[date, PostedDay]
    kept: Balance
    wakes_at: Instant | None
    asleep: dict[Lot, int]
    expired: dict[int, int]
    counted: dict[date, int] = field(default_factory=dict)
    is_asleep_posted: bool = False

    def refresh(self, db: Database, house: HouseRules, day: date, now: Instant) -> None:
        """Takes up what the books now know of the member's presence on that day."""
        stays = stays_on(db, house, self.member, day, now)
        seen = seen_on(db, self.member, day) if any(stay.automatic for stay in stays) else ()
        self.counted.pop(day, None)
        self._know(day, stays, seen, NOTHING_COUNTED)

    def move(self, house: HouseRules, day: date, moved: ChangedStays) -> bool:
        """Takes up what passages made of that day; False where it must be read anew (`refresh`)."""
        known = self.days.get(day, NO_FACTS)
        before = self.counted.get(day, 0)
        ended = tuple(stay for stay in known.stays if stay.ended_at is not None)
        if any(stay.automatic for stay in (*ended, *moved.stays)):
            return False
        if moved.first == 0:
            self.counted.pop(day, None)
            self._know(day, moved.stays, (), NOTHING_COUNTED)
            return True
        if moved.first != before + len(ended):
            return False
        done = counted_ms(ended, day, house.calendars.on(day))
        counted = known.counted_ms[0] + done[0], known.counted_ms[1] + done[1]
        self.counted[day] = moved.first
        self._know(day, moved.stays, (), counted)
        return True

    def _know(self, day: date, stays: tuple[Stay, ...], seen: tuple[Instant, ...], counted: tuple[int, int]) -> None:
        known = self.days.get(day, NO_FACTS)
        self.days[day] = DayFacts(stays, seen, known.invited, known.correction, counted)
        if self.days[day] == NO_FACTS and day not in self.counted:
            del self.days[day]  # exits alone: nobody came

    def account(self, house: HouseRules, now: Instant) -> Account:
        """The member's account."""
        return settle_from(self.checkpoint, self.facts, house.terms, now)

    def whole(self, db: Database, account: Account) -> Account:
        """The account with the lots that are asleep, those of years ago too."""
        posted = expired_lots.of_member(db, self.member)
        left = {lot: number for lot, number in posted.items() if lot not in account.lots}
        left |= {lot.id: number for lot, number in self.asleep.items()}
        known = {lot.id: lot for lot in lots.numbered(db, left)}
        remaining = {**left, **account.checkpoint.remaining}
        return replace(
            account, checkpoint=account.checkpoint._replace(remaining=remaining), lots={**known, **account.lots}
        )

    def account_with(self, day: date, known: DayFacts, house: HouseRules, now: Instant) -> Account:
        """The member's account if that were known of `day`."""
        return settle_from(self.checkpoint, replace(self.facts, days={**self.days, day: known}), house.terms, now)

    def due_at(self, account: Account, house: HouseRules, now: Instant) -> Instant | None:
        """When time alone may next change the account."""
        charged = account.days.get(self.today)
        if charged is None or not charged.charge.use.present:
            return self.wakes_at
        known, terms = self.days.get(self.today, NO_FACTS), house.terms
        changes_at = next_change(
            known.stays,
            known.seen,
            self.today,
            terms.calendars.on(self.today),
            terms.tariffs.on(self.today),
            now,
            counted=known.counted_ms,
        )
        return min((at for at in (self.wakes_at, changes_at) if at is not None), default=None)


@dataclass
class OpenedAccount:
    """A cached account, and what the books should say of the dates between `after` and today."""

    page: CachedAccount
    after: date
    earlier: dict[date, PostedDay]


def open_account(
    db: Database, house: HouseRules, member: int, since: date, now: Instant, *, keep: bool
) -> OpenedAccount:
    """A member's page, reckoned anew from `since` on, which is today or earlier.

    With `keep`, states of the books that no longer hold are dropped, and yesterday's is kept.
    """
    today = house.day_of(now)
    base = _woken(db, member, checkpoints.before(db, member, since))
    facts = known_facts(db, house, member, now, base)
    posted = day_books.after(db, member, base.day)
    posted |= day_books.of_days(db, member, [debt.day for debt in base.debts])
    checkpoint, earlier = base, dict[date, PostedDay]()
    if keep:
        checkpoints.drop_from(db, member, since)
    if base.day < today - ONE_DAY:
        account = settle_from(base, facts, house.terms, now, through=today - ONE_DAY)
        checkpoint, earlier = account.checkpoint, days_of(account, base.day, posted)
        if keep:
            checkpoints.put(db, member, checkpoint.without(checkpoint.asleep(facts.lots, checkpoint.day)))
    kept = standings.of_member(db, member) or Balance(member=member, settled_at=now)
    asleep = checkpoint.asleep(facts.lots, today)
    expired = expired_lots.among(db, [lot.id for lot in facts.lots]) | expired_lots.taken_back(db, member)
    checkpoint = checkpoint.without(asleep)
    facts = what_follows(checkpoint, facts)
    page = CachedAccount(
        member=member,
        today=today,
        checkpoint=checkpoint,
        days=dict(facts.days),
        facts=facts,
        posted=posted,
        kept=kept,
        wakes_at=_wakes_at(facts, house, today),
        asleep=asleep,
        expired=expired,
    )
    page.facts = replace(facts, days=page.days)
    return OpenedAccount(page, base.day, earlier)


def current_account(db: Database, house: HouseRules, member: int, now: Instant) -> Account:
    """A member's account as it stands at `now`, read from the books this once."""
    page = open_account(db, house, member, house.day_of(now), now, keep=False).page
    return page.whole(db, page.account(house, now))


def days_of(account: Account, after: date, known: Mapping[date, PostedDay]) -> dict[date, PostedDay]:
    """What the books should say of each date of `account`, which was settled from the end of `after`.

    Of earlier dates it tells the charges alone: the golden tickets used on them are those in `known`.
    """
    golden: defaultdict[date, list[GoldenTaken]] = defaultdict(list)
    for taken in account.golden:
        golden[taken.use.day].append(taken)
    return {
        day: PostedDay(account.days.get(day), tuple(golden[day]) if day > after else known.get(day, NOTHING).golden)
        for day in (account.days.keys() | golden.keys() if golden else account.days)
    }


def what_follows(checkpoint: Checkpoint, facts: MemberFacts) -> MemberFacts:
    """Of `facts`, what dates after the checkpoint need."""
    day, named = checkpoint.day, checkpoint.lots
    return MemberFacts(
        days={date_: known for date_, known in facts.days.items() if date_ > day},
        lots=[lot for lot in facts.lots if lot.first_day > day or lot.id in named],
        passes=[held for held in facts.passes if held.last_day > day],
        payments=[payment for payment in facts.payments if payment.day > day],
        golden_uses=[use for use in facts.golden_uses if use.day > day],
    )


def _woken(db: Database, member: int, base: Checkpoint) -> Checkpoint:
    """The state with the lots that were asleep then and have been prolonged since."""
    prolonged = set(lots.prolonged_after(db, member, base.day)) - base.lots
    if not prolonged:
        return base
    left = Counter({lot: ledger.left_of_lot(db, member, lot, base.day) for lot in sorted(prolonged)})
    # what was owed for then and paid from them later is an entry about the earlier date
    for posted in day_books.of_days(db, member, [debt.day for debt in base.debts]).values():
        for taken in posted.charge.charge.taken if posted.charge else ():
            if taken.lot in prolonged:
                left[taken.lot] += taken.number
    return base._replace(remaining={**base.remaining, **{lot: number for lot, number in left.items() if number}})


def _wakes_at(facts: MemberFacts, house: HouseRules, today: date) -> Instant | None:
    wakes_on = min(_dates_ahead(facts, today), default=None)
    return None if wakes_on is None else house.calendars.on(wakes_on).day_bounds(wakes_on)[0]


def _dates_ahead(facts: MemberFacts, today: date) -> Iterable[date]:
    """The coming dates on which something held begins, or is held no longer, or something is known already."""
    ends = [(lot.first_day, lot.last_day_on(today)) for lot in facts.lots]
    ends += [(held.first_day, held.last_day) for held in facts.passes]
    for first_day, last_day in ends:
        if first_day > today:
            yield first_day
        elif last_day >= today:
            yield last_day + ONE_DAY
    yield from (day for day in facts.days if day > today)
