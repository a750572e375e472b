"""Years that are removed from the books, with the balances carried forward: member by member, each in a transaction.

A balance is the sum of its entries afterwards too: an entry `opening` stands for those that went. What it comes to is
what they came to, so the books neither gain nor lose by it, and `poincon verify` reckons it again from the state that
the books begin with.
"""

from collections import Counter
from datetime import date

from device.contract.instant import Instant
from server.core.charge import opening
from server.core.charge.postings import NOTHING
from server.core.charge.settlement import settle_from
from server.core.house_rules import HouseRules
from server.store.accounts import checkpoints, day_books, ledger, lots
from server.store.accounts.facts import known_facts
from server.store.accounts.ledger import CLOCK
from server.store.database import Database
from server.store.retention import years
from server.store.retention.years import KeptRows

CARRIED = CLOCK._replace(text="carried forward")


def close_member(db: Database, house: HouseRules, member: int, last: date, now: Instant) -> Counter[str]:
    """Removes a member's books up to `last`, within the transaction that is open; of which table how many rows."""
    before = checkpoints.forward(db, member)
    facts = known_facts(db, house, member, now, before, until=last)
    settled = settle_from(before, facts, house.terms, now, through=last)
    state = opening.goes_on(settled.checkpoint, settled.lots.values())
    owed_for = day_books.of_days(db, member, [debt.day for debt in state.debts])
    golden = {taken.lot for posted in owed_for.values() for taken in posted.golden if taken.lot is not None}
    kept = KeptRows(
        lots=state.lots | golden | years.standing_lots(db, member, last),
        passes={drawn.held_pass for debt in state.debts for drawn in debt.charge.drawn}
        | {held.id for held in settled.passes.values() if held.last_day > last},
        days=[debt.day for debt in state.debts],
    )
    amounts = opening.openings(
        state,
        [owed_for.get(debt.day, NOTHING) for debt in state.debts],
        {**{lot.id: lot for lot in lots.numbered(db, golden)}, **settled.lots},
        settled.passes.values(),
    )
    with years.closing(db, last):
        removed = Counter(years.remove(db, member, last, kept))
    postings = opening.opening_postings(opening.first_day(state), amounts)
    ledger.post(db, [ledger.entry_row(member, posting, CARRIED, str(now)) for posting in postings])
    checkpoints.carry_forward(db, member, state)
    return removed
