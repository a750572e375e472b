"""The answer to a granted tap: what will be left, and what is owed, once its passage is charged."""

from datetime import date

from device.contract.instant import Instant
from device.contract.messages import Left, Payer, Receipt
from server.accounts.accounts import Accounts
from server.core.charge.day_charge import Charge
from server.core.charge.passes import Lot
from server.core.charge.settlement import Account
from server.i18n.speech import PLACE
from server.ingest.outcome import GrantedTap


def receipt(accounts: Accounts, tap: GrantedTap, now: Instant) -> Receipt:
    """The receipt of `tap`, by the books as if its passage had happened."""
    account, db = accounts.if_passed(tap.member, tap.event.side, tap.at, now)
    charge = db.charge if db else None
    held, nomade_left = account.held, account.nomade_left
    paid_by = charge.payer if charge else "free"
    lot = _lot_in_use(account, charge)
    return Receipt(
        epoch=tap.epoch,
        seq=tap.seq,
        paid_by=paid_by,
        left=Left(**held, nomade=nomade_left),
        of=lot.size if lot and charge and charge.taken else None,
        owed_cents=account.owed_cents,
        expires=_expires(account, paid_by, lot),
        greeting=PLACE.say("See you soon") if tap.event.side == "exit" else PLACE.say("Hello"),
    )


def _lot_in_use(account: Account, charge: Charge | None) -> Lot | None:
    """The lot that the date takes from; where it takes none, or none is left of it, the next that can pay."""
    if charge and charge.taken:
        return account.lots.get(charge.taken[0].lot)
    return next((lot for lot in account.valid_lots if lot.kind != "golden"), None)


def _expires(account: Account, paid_by: Payer, lot: Lot | None) -> str | None:
    """The last valid day of what pays, or of what will pay next."""
    today = account.checkpoint.day
    last_day: date | None = lot.last_day_on(today) if lot else None
    if paid_by in ("resident", "nomade"):
        last_day = min((held.last_day for held in account.passes.values() if held.holds_on(today)), default=last_day)
    return last_day.isoformat() if last_day else None
