"""What is sold and paid at the desk, each in one transaction with all it changes in the books (rules 4.7, 4.11)."""

from datetime import date

from msgspec import structs

from server.accounts.work import Work
from server.core.charge.passes import (
    HeldPass,
    Lot,
    first_free_day,
    goods,
    overlapped,
    pass_for_sale,
    price_cents,
)
from server.core.charge.postings import EntryKind, Posting
from server.errors import Cents, Refusal
from server.i18n.speech import PLACE
from server.site.settings import ServerSettings
from server.store.accounts import ledger, lots, sales
from server.store.accounts.ledger import Cause
from server.store.accounts.lots import Origin
from server.store.accounts.sales import VAT_WHOLE_BP, PaidBy, Sale
from server.store.database import Database
from server.store.people import members


def sell(
    work: Work,
    member: int,
    pass_id: str,
    *,
    on: date | None = None,
    reduced: bool = False,
    reason: str = "",
    paid_by: PaidBy = "other",
    follow: bool = False,
) -> Sale:
    """A pass of the price list, sold to a member, counting from `on` (default: today; or, to `follow`, from the day
    after what pays for the same dates already).

    Raises `Refusal` where there is no such member, pass or price, or the day is out of reach; nothing is written then.
    """
    db, kinds = work.db, work.settings.pass_kinds()
    with db.writing():
        members.find(db, member)
        first_day, reason = on or work.today, reason.strip()
        kind = pass_for_sale(kinds, pass_id, first_day, work.today)
        if follow and on is None:
            first_day = first_free_day(kind, lots.passes_of_member(db, member), work.today)
            kind = pass_for_sale(kinds, pass_id, first_day, work.today)
        if reduced and not reason:
            raise Refusal("reduced_without_reason", field="reason")
        if reason and not reduced:  # the box was forgotten: it would be the full price without a word
            raise Refusal("reason_without_reduced", field="reduced")
        sale = sales.write(
            db,
            Sale(
                number=0,
                written_at=work.now,
                day=work.today,
                operator=work.operator,
                member=member,
                what="pass",
                pass_id=kind.id,
                title=kind.name,
                first_day=first_day,
                price_cents=price_cents(kind, reduced=reduced),
                vat_bp=_vat_bp(work.settings),
                paid_by=paid_by,
                reduced=reduced,
                reason=reason,
            ),
        )
        brought = goods(kind, first_day, work.house.calendars)
        sold_lots = [lots.add_lot(db, member, tickets, Origin(sale=sale.number)) for tickets in brought.tickets]
        sold_passes = [lots.add_pass(db, member, sale.number, brought.coverage)] if brought.coverage else []
        _post(db, sale, "sale", sold_lots, sold_passes, sign=1)
        work.bring_up(member, first_day, _cause(sale))
    return sale


def overlapping_pass(db: Database, settings: ServerSettings, sale: Sale) -> HeldPass | None:
    """What the member held before `sale` that pays for some of its dates already; the last to end."""
    kind = settings.pass_kinds().get(sale.pass_id or "")
    if kind is None:
        return None
    own = {held.id for held in lots.passes_of_sale(db, sale.number)}
    held = [each for each in lots.passes_of_member(db, sale.member) if each.id not in own]
    return overlapped(kind, held, sale.first_day)


def pay(
    work: Work,
    member: int,
    cents: int | None = None,
    *,
    paid_by: PaidBy = "other",
    shown_cents: int | None = None,
) -> Sale:
    """Money for what a member owes, all of it unless `cents` says less; raises `Refusal` where less is owed, or all of
    it is another sum than the page showed."""
    db = work.db
    with db.writing():
        members.find(db, member)
        owed_cents = work.account(member).owed_cents
        cents = owed_cents if cents is None else cents
        if not owed_cents:
            raise Refusal("nothing_owed", field="amount")
        if shown_cents not in (None, cents):
            raise Refusal("owed_changed", field="amount", owed=Cents(owed_cents))
        if not 0 < cents <= owed_cents:
            raise Refusal("amount_out_of_range", field="amount", owed=Cents(owed_cents))
        sale = sales.write(
            db,
            Sale(
                number=0,
                written_at=work.now,
                day=work.today,
                operator=work.operator,
                member=member,
                what="debt",
                pass_id=None,
                title=PLACE.say("Payment of what was owed"),
                first_day=work.today,
                price_cents=cents,
                vat_bp=_vat_bp(work.settings),
                paid_by=paid_by,
            ),
        )
        _post_payment(db, sale, "payment")
        work.bring_up(member, work.today, _cause(sale))
    return sale


def cancel(work: Work, number: int, *, reason: str, paid_by: PaidBy | None = None) -> Sale:
    """Takes a sale or a payment back, under a number of its own: it is as if nobody had ever had what it brought.

    Money goes back as it came, unless `paid_by` says otherwise. Raises `Refusal` without a reason, or where it was
    taken back before.
    """
    db = work.db
    with db.writing():
        sold = sales.find(db, number)
        if not reason.strip():
            raise Refusal("sale_taken_back_without_reason", field="reason")
        if sold.cancels is not None or sales.cancelled_by(db, number) is not None:
            raise Refusal("sale_taken_back_already", number=number)
        sale = sales.write(
            db,
            structs.replace(
                sold,
                written_at=work.now,
                day=work.today,
                operator=work.operator,
                price_cents=-sold.price_cents,
                paid_by=paid_by or sold.paid_by,
                reason=reason.strip(),
                cancels=number,
            ),
        )
        origin = Origin(sale=number)
        if sold.what == "pass":
            held_lots, held_passes = lots.of_origin(db, origin), lots.passes_of_sale(db, number)
            _post(db, sale, "reversal", held_lots, held_passes, sign=-1)
        else:
            _post_payment(db, sale, "reversal")
        since = sold.first_day if sold.what == "pass" else sold.day
        work.bring_up(sold.member, since, _cause(sale))
    return sale


def _post(
    db: Database, sale: Sale, kind: EntryKind, sold_lots: list[Lot], sold_passes: list[HeldPass], *, sign: int
) -> None:
    postings = [Posting(lot.first_day, kind, lot.kind, sign * lot.size, lot=lot.id) for lot in sold_lots]
    for held in sold_passes:
        amount = held.allowance if held.cover == "nomade" else 1
        if amount:
            postings.append(Posting(held.first_day, kind, held.cover, sign * amount, held_pass=held.id))
    _write(db, sale, postings)


def _post_payment(db: Database, sale: Sale, kind: EntryKind) -> None:
    _write(db, sale, [Posting(sale.first_day, kind, "cents", sale.price_cents)])


def _write(db: Database, sale: Sale, postings: list[Posting]) -> None:
    written_at = str(sale.written_at)
    ledger.post(db, [ledger.entry_row(sale.member, posting, _cause(sale), written_at) for posting in postings])


def _cause(sale: Sale) -> Cause:
    return Cause(f"{'sale' if sale.what == 'pass' else 'payment'} {sale.number}", sale.operator)


def _vat_bp(settings: ServerSettings) -> int:
    return round(settings.rules.vat_percent * VAT_WHOLE_BP / 100)
