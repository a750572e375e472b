"""Selling at the desk: passes in two clicks, money for debts, credit for services; each can be taken back."""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from flask import Blueprint, make_response, request, url_for
from werkzeug.wrappers import Response

from server.accounts import credit
from server.accounts import sales as till
from server.accounts.work import Work
from server.core.charge.passes import TICKET_KINDS, TicketKind
from server.desk.context import ServerContext
from server.errors import Refusal
from server.store.accounts import sales
from server.store.accounts.gifts import Gift
from server.store.accounts.sales import MEANS, PaidBy, Sale
from server.store.people.changes import State
from server.web import unseen_changes, words
from server.web.formats import day, named
from server.web.language import beside
from server.web.numbers import form_cents, form_date, form_number
from server.web.operator_actions import ActionOutcome, back, carry_out, redirect_to, tell
from server.web.pages.person import person_page
from server.web.place import the_place
from server.web.reading import the_books
from server.web.texts import gettext as _

pages = Blueprint("sales", __name__)

FAULTS_OF_SALE = {"pass": "pass", "on": "on", "reduced": "reduced", "reason": "sale_reason", "paid_by": "sale_means"}
FAULTS_OF_PAYMENT = {"amount": "amount", "paid_by": "debt_means"}
FAULTS_OF_GIFT = {"reason": "gift_reason", "size": "size"}
"""Under which name the page of a member shows the fault of a field of each form."""


@pages.post("/members/<int:member>/sell")
def sell(member: int) -> Response:
    """A pass of the price list; the button that was pressed says how it was paid.

    It follows what pays for the same dates already, unless a day was typed, or today was chosen.
    """
    place, form = the_place(), request.form
    pass_id, paid_by, seen, on = form.get("pass", ""), _means(), form.get(unseen_changes.FIELD, ""), form_date("on")
    typed = {"pass": pass_id, "start": form.get(f"start-{pass_id}", ""), "sale_reason": form.get("reason", "")}
    typed |= {key: form.get(key, "") for key in ("reduced", "on")}
    try:
        sold = carry_out("sale.sell", _sell, member=member, typed=typed, on=on, paid_by=paid_by, seen=seen).result
    except unseen_changes.UnseenChange as other:
        return make_response(person_page(member, typed=typed, booked=other.change), 409)
    except Refusal as refusal:
        return make_response(person_page(member, typed=typed, faults=beside(refusal, FAULTS_OF_SALE)), 422)
    _tell_sale(_sold(place, sold), sold)
    return redirect_to(url_for("members.show", member=member))


def _sell(
    work: Work, *, member: int, typed: Mapping[str, str], on: date | None, paid_by: PaidBy | None, seen: str
) -> ActionOutcome[Sale]:
    unseen_changes.look(work.db, member, seen)
    if typed["on"] and on is None:
        raise Refusal("not_a_date", field="on", day=typed["on"])
    if paid_by is None:
        raise Refusal("means_not_said", field="paid_by")
    if not typed["pass"]:
        raise Refusal("no_pass_chosen", field="pass")
    sold = till.sell(
        work,
        member,
        typed["pass"],
        on=on,
        reduced=typed["reduced"] == "yes",
        reason=typed["sale_reason"],
        paid_by=paid_by,
        follow=typed["start"] != "today",
    )
    return ActionOutcome(sold, member, after=_state(sold))


def _sold(place: ServerContext, sold: Sale) -> str:
    """What was sold, and from when to when it holds where that is a term."""
    price = words.money(sold.price_cents)
    kind = place.settings.pass_kinds()[sold.pass_id or ""]
    if kind.covers == "tickets":
        return _("Sold: %(title)s, %(price)s.", title=named(sold.title), price=price)
    first, last = day(sold.first_day), day(kind.term.last_day(sold.first_day))
    about = {"title": named(sold.title), "price": price, "first": first, "last": last}
    return _("Sold: %(title)s, %(price)s, from %(first)s to %(last)s.", **about)


@pages.post("/members/<int:member>/pay")
def pay(member: int) -> Response:
    """Money for what is owed, all of it unless an amount was typed."""
    paid_by, amount = _means(), request.form.get("amount", "").strip()
    typed, seen = {"amount": amount}, request.form.get(unseen_changes.FIELD, "")
    sums = _Sums(amount, form_cents("amount") if amount else None, None if amount else form_number("owed"))
    try:
        paid = carry_out("sale.pay", _pay, member=member, sums=sums, paid_by=paid_by, seen=seen).result
    except unseen_changes.UnseenChange as other:
        return make_response(person_page(member, typed=typed, booked=other.change), 409)
    except Refusal as refusal:
        return make_response(person_page(member, typed=typed, faults=beside(refusal, FAULTS_OF_PAYMENT)), 422)
    _tell_sale(_("Paid: %(price)s.", price=words.money(paid.price_cents)), paid)
    return back()


class _Sums(NamedTuple):
    """What was typed, the cents that it says, if any, and what the page said is owed."""

    typed: str
    cents: int | None
    shown_cents: int | None


def _pay(work: Work, *, member: int, sums: _Sums, paid_by: PaidBy | None, seen: str) -> ActionOutcome[Sale]:
    unseen_changes.look(work.db, member, seen)
    amount, cents, shown_cents = sums
    if amount and cents is None:
        raise Refusal("not_an_amount", field="amount", amount=amount)
    if paid_by is None:
        raise Refusal("means_not_said", field="paid_by")
    paid = till.pay(work, member, cents, paid_by=paid_by, shown_cents=shown_cents)
    return ActionOutcome(paid, member, after=_state(paid))


@pages.post("/sales/<int:number>/cancel")
def cancel(number: int) -> Response:
    """Takes a sale or a payment back, under a number of its own."""
    typed = request.form.get("reason")
    reason = _("undone at once at the desk") if typed is None else typed
    try:
        taken = carry_out("sale.cancel", _cancel, number=number, reason=reason).result
    except Refusal as refusal:
        if typed is None:
            raise
        member = sales.find(the_books(), number).member
        fields = {"cancel_reason": typed, "cancelling": "yes"}
        faults = beside(refusal, {"reason": f"cancel-{number}"})
        return make_response(person_page(member, typed=fields, faults=faults), 422)
    price = words.money(taken.price_cents)
    if taken.what == "pass":
        tell(_("Sale cancelled: %(title)s, %(price)s.", title=named(taken.title), price=price))
    else:
        tell(_("Payment cancelled: %(price)s.", price=price))
    return redirect_to(url_for("members.show", member=taken.member))


def _cancel(work: Work, *, number: int, reason: str) -> ActionOutcome[Sale]:
    before = sales.find(work.db, number)
    taken = till.cancel(work, number, reason=reason)
    return ActionOutcome(taken, taken.member, before=_state(before), after=_state(taken))


@pages.post("/members/<int:member>/give")
def give(member: int) -> Response:
    """Tickets for services rendered."""
    reason, size, seen = (
        request.form.get("reason", ""),
        form_number("size") or 0,
        request.form.get(unseen_changes.FIELD, ""),
    )
    kind = _ticket_kind()
    typed = {"gift_reason": reason, "size": request.form.get("size", ""), "kind": kind}
    try:
        given = carry_out("credit.give", _give, member=member, kind=kind, size=size, reason=reason, seen=seen).result
    except unseen_changes.UnseenChange as other:
        return make_response(person_page(member, typed=typed, booked=other.change), 409)
    except Refusal as refusal:
        return make_response(person_page(member, typed=typed, faults=beside(refusal, FAULTS_OF_GIFT)), 422)
    text = _("Given: %(tickets)s.", tickets=words.tickets(given.kind, given.size))
    tell(text, undo=url_for("sales.take_back", gift=given.id))
    return redirect_to(url_for("members.show", member=member))


def _give(work: Work, *, member: int, kind: TicketKind, size: int, reason: str, seen: str) -> ActionOutcome[Gift]:
    unseen_changes.look(work.db, member, seen)
    given = credit.give(work, member, kind, size, reason=reason)
    return ActionOutcome(given, member, after={"kind": kind, "size": size, "reason": reason})


@pages.post("/gifts/<int:gift>/take-back")
def take_back(gift: int) -> Response:
    """A gift that was a slip of the hand."""
    reason = request.form.get("reason") or _("undone at once at the desk")
    taken = carry_out("credit.take_back", _take_back, gift=gift, reason=reason).result
    tell(_("Taken back: %(tickets)s.", tickets=words.tickets(taken.kind, -taken.size)))
    return redirect_to(url_for("members.show", member=taken.member))


def _take_back(work: Work, *, gift: int, reason: str) -> ActionOutcome[Gift]:
    taken = credit.take_back(work, gift, reason=reason)
    return ActionOutcome(taken, taken.member, after={"kind": taken.kind, "size": taken.size, "reason": reason})


@pages.post("/members/<int:member>/lots/<int:lot>/prolong")
def prolong(member: int, lot: int) -> Response:
    """Tickets that may be used for longer."""
    reason, last_day = request.form.get("reason", ""), form_date("last_day")
    try:
        carry_out("credit.prolong", _prolong, member=member, lot=lot, last_day=last_day, reason=reason)
    except Refusal as refusal:
        typed = {"lot_reason": reason, "lot_day": request.form.get("last_day", "")}
        faults = beside(refusal, {"reason": f"lot-{lot}", "last_day": f"lot-{lot}-day"})
        return make_response(person_page(member, typed=typed, faults=faults), 422)
    tell(_("Prolonged."))
    return redirect_to(url_for("members.show", member=member))


def _prolong(work: Work, *, member: int, lot: int, last_day: date | None, reason: str) -> ActionOutcome[None]:
    if last_day is None:
        raise Refusal("prolongation_without_last_day", field="last_day")
    credit.prolong(work, lot, last_day, reason=reason)
    return ActionOutcome(None, member, subject=str(lot), after={"last_day": last_day.isoformat(), "reason": reason})


def _ticket_kind() -> TicketKind:
    """What was chosen; the first of the list where it is none of them."""
    chosen = request.form.get("kind", "")
    return chosen if chosen in TICKET_KINDS else TICKET_KINDS[0]


def _means() -> PaidBy | None:
    """What the button said that was pressed; None where none was, such as by a key."""
    return next((means for means in MEANS if means == request.form.get("paid_by")), None)


def _state(sale: Sale) -> State:
    first: date = sale.first_day
    return {
        "number": sale.number,
        "title": sale.title,
        "price": sale.price_cents,
        "paid_by": sale.paid_by,
        "from": first.isoformat(),
        "reason": sale.reason,
    }


def _tell_sale(text: str, sale: Sale) -> None:
    tell(text, undo=url_for("sales.cancel", number=sale.number))
