"""Tickets given for services rendered, and tickets that an operator lets be used for longer (rules 4.10, 4.11)."""

from datetime import date

from server.accounts.work import Work
from server.core.charge.passes import MAX_AHEAD, Lot, Prolongation, TicketKind, given
from server.core.charge.postings import EntryKind, Posting
from server.errors import Refusal
from server.store.accounts import gifts, ledger, lots
from server.store.accounts.gifts import Gift
from server.store.accounts.ledger import Cause
from server.store.accounts.lots import Origin
from server.store.database import Database
from server.store.people import members

MOST = 1_000
"""Tickets in one gift; more is a slip of the hand."""

LONGEST_DAYS = 5 * MAX_AHEAD.days
"""How far from today an operator can prolong."""


def give(work: Work, member: int, kind: TicketKind, size: int, *, reason: str) -> Gift:
    """Credit for services rendered, valid for a year from today; raises `Refusal` without a reason."""
    db = work.db
    with db.writing():
        members.find(db, member)
        if not reason.strip():
            raise Refusal("gift_without_reason", field="reason")
        if not 0 < size <= MOST:
            raise Refusal("gift_size_out_of_range", field="size", most=MOST, size=size)
        gift = gifts.write(
            db,
            Gift(
                id=0,
                written_at=work.now,
                operator=work.operator,
                member=member,
                kind=kind,
                size=size,
                first_day=work.today,
                reason=reason.strip(),
            ),
        )
        lot = lots.add_lot(db, member, given(kind, size, work.today), Origin(gift=gift.id))
        _post(db, gift, "gift", lot, size)
        work.bring_up(member, work.today, _cause(gift))
    return gift


def take_back(work: Work, gift: int, *, reason: str) -> Gift:
    """A gift taken back, as if it had never been given; raises `Refusal` without a reason, or where it was already."""
    db = work.db
    with db.writing():
        known = gifts.find(db, gift)
        if not reason.strip():
            raise Refusal("gift_taken_back_without_reason")
        if known.cancels is not None or gifts.cancelled_by(db, gift) is not None:
            raise Refusal("gift_taken_back_already", number=gift)
        taken = gifts.write(
            db,
            Gift(
                id=0,
                written_at=work.now,
                operator=work.operator,
                member=known.member,
                kind=known.kind,
                size=-known.size,
                first_day=known.first_day,
                reason=reason.strip(),
                cancels=gift,
            ),
        )
        for lot in lots.of_origin(db, Origin(gift=gift)):
            _post(db, taken, "reversal", lot, -lot.size)
        work.bring_up(known.member, known.first_day, _cause(taken))
    return taken


def prolong(work: Work, lot: int, last_day: date, *, reason: str) -> Lot:
    """A lot of tickets that is valid until `last_day` from today on; raises `Refusal` where it is so already."""
    db, today = work.db, work.today
    with db.writing():
        member = lots.holder_of(db, lot)
        if not reason.strip():
            raise Refusal("prolongation_without_reason", field="reason")
        before = next((each for each in lots.of_member(db, member) if each.id == lot), None)
        if before is None:
            raise Refusal("lot_taken_back", number=lot)
        valid_until = before.last_day_on(today)
        if last_day <= valid_until:
            raise Refusal("lot_valid_already", field="last_day", number=lot, day=valid_until)
        if (last_day - today).days > LONGEST_DAYS:
            raise Refusal("prolonged_too_far", field="last_day", day=last_day)
        word = Prolongation(today, last_day)
        number = lots.prolong(db, lot, word, reason=reason.strip(), operator=work.operator, now=work.now)
        work.bring_up(member, today, Cause(f"prolongation {number}", work.operator))
        return before._replace(prolongations=(*before.prolongations, word))


def _post(db: Database, gift: Gift, kind: EntryKind, lot: Lot, amount: int) -> None:
    posting = Posting(gift.first_day, kind, gift.kind, amount, lot=lot.id)
    ledger.post(db, [ledger.entry_row(gift.member, posting, _cause(gift), str(gift.written_at))])


def _cause(gift: Gift) -> Cause:
    return Cause(f"gift {gift.id}", gift.operator)
