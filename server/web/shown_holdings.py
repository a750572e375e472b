"""What a member holds and owes, as the desk shows it."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from server.accounts.account_cache import current_account
from server.core.charge.passes import HeldPass, Lot
from server.desk.context import ServerContext
from server.store.accounts import standings
from server.store.accounts.standings import Balance
from server.store.database import Database


class LotLeft(NamedTuple):
    """Tickets of one lot that are left."""

    lot: Lot
    left: int
    last_day: date


class ShownHoldings(NamedTuple):
    """Passes that hold or will, lots with something left, those that expired, and debts."""

    passes: list[HeldPass]
    lots: list[LotLeft]
    expired: list[LotLeft]
    nomade_left: int | None
    owed_cents: int
    credit_cents: int


def holdings_of(place: ServerContext, db: Database, member: int) -> ShownHoldings:
    """What that member has now."""
    account = current_account(db, place.house, member, place.now())
    today, remaining = account.checkpoint.day, account.checkpoint.remaining
    expired = [account.lots[number] for number in sorted(account.expired)]
    return ShownHoldings(
        passes=sorted(
            (held for held in account.passes.values() if held.last_day >= today), key=lambda held: held.last_day
        ),
        lots=[LotLeft(lot, remaining[lot.id], lot.last_day_on(today)) for lot in account.valid_lots],
        expired=[LotLeft(lot, remaining[lot.id], lot.last_day_on(today)) for lot in expired],
        nomade_left=account.nomade_left,
        owed_cents=account.owed_cents,
        credit_cents=account.checkpoint.credit_cents,
    )


def standings_of(db: Database, members: Iterable[int]) -> dict[int, Balance]:
    """Where each of these stands; who never had anything to do with the books is left out."""
    found = {member: standings.of_member(db, member) for member in members}
    return {member: standing for member, standing in found.items() if standing is not None}
