"""Guests: let in by name, by a member or on a golden ticket, and out again."""

from flask import Blueprint, make_response, render_template, request, url_for
from werkzeug.wrappers import Response

from server.accounts.golden_ticket import MayBeTheSame, invite, take_back
from server.accounts.work import Work
from server.errors import Refusal
from server.store.people import directory, members
from server.store.presence import guests
from server.store.presence.guests import Guest
from server.web.language import beside
from server.web.numbers import form_number, query_number
from server.web.operator_actions import ActionOutcome, back, carry_out, tell
from server.web.place import the_place
from server.web.reading import the_books
from server.web.texts import gettext as _

pages = Blueprint("guests", __name__, url_prefix="/guests")

SHOWN = 6

FAULTS = {"name": "name", "member": "member"}
"""Under which name the page shows the fault of a field."""


@pages.get("/new")
def new() -> str:
    """Who comes, and whose guest they are."""
    host = query_number("member")
    return _form(host, {"name": "", "wanted": "", "ticket": ""}, {})


@pages.post("/hosts")
def hosts() -> str:
    """Whose guest, as one types."""
    wanted = request.form.get("wanted", "")
    return render_template("host_list.html", found=_found(wanted), wanted=wanted)


@pages.post("/new")
def arrive() -> Response:
    """Lets the guest in."""
    typed = {key: request.form.get(key, "") for key in ("name", "wanted", "ticket")}
    host, golden = form_number("member"), request.form.get("ticket") == "golden"
    is_another = request.form.get("is_another") == "yes"
    try:
        guest = carry_out(
            "guest.arrive", _let_in, name=typed["name"], host=host, golden=golden, is_another=is_another
        ).result
    except Refusal as refusal:
        faults = beside(refusal, FAULTS)
        page = _form(host, typed, faults, asks_whether_another=isinstance(refusal, MayBeTheSame))
        return make_response(page, 422)
    name = guest.name or ""
    undo = url_for("guests.take_ticket_back") if guest.golden else url_for("guests.leave")
    tell(_("%(name)s is in.", name=name), undo=undo, fields={"number": guest.id} if guest.golden else {"guest": name})
    return back()


def _let_in(work: Work, *, name: str, host: int | None, golden: bool, is_another: bool) -> ActionOutcome[Guest]:
    if golden and host is None:
        raise Refusal("golden_without_host", field="member")
    if golden and host is not None:
        guest = invite(work, name, host, is_another=is_another)
    else:
        guest = guests.arrive(work.db, name, day=work.today, now=work.now, member=host)
    return ActionOutcome(guest, host, subject=guest.name or "", after={"golden": golden})


@pages.post("/take-ticket-back")
def take_ticket_back() -> Response:
    """A golden ticket was used for the wrong guest, or by mistake."""
    number = form_number("number") or 0
    name = carry_out("guest.take_back", _take_back, number=number).result.name or ""
    tell(_("Undone: %(name)s.", name=name))
    return back()


def _take_back(work: Work, *, number: int) -> ActionOutcome[Guest]:
    guest = take_back(work, number)
    return ActionOutcome(
        guest, guest.member, subject=guest.name or "", before={"golden": True}, after={"golden": False}
    )


@pages.post("/leave")
def leave() -> Response:
    """The guest goes."""
    name = request.form.get("guest", "")
    carry_out("guest.leave", _leave, name=name)
    tell(_("%(name)s has left.", name=name))
    return back()


def _leave(work: Work, *, name: str) -> ActionOutcome[Guest]:
    guest = guests.leave(work.db, name, day=work.today, now=work.now)
    return ActionOutcome(guest, guest.member, subject=name)


def _form(
    host: int | None, typed: dict[str, str], faults: dict[str, str], *, asks_whether_another: bool = False
) -> str:
    name = members.find(the_books(), host).name if host else ""
    found = [] if host else _found(typed["wanted"])
    return render_template(
        "guest.html",
        faults=faults,
        typed=typed,
        host=host,
        host_name=name,
        found=found,
        wanted=typed["wanted"],
        asks_whether_another=asks_whether_another,
    )


def _found(wanted: str) -> list[directory.Listed]:
    place = the_place()
    today = place.house.day_of(place.now())
    return directory.search(the_books(), wanted, today, limit=SHOWN) if wanted.strip() else []
