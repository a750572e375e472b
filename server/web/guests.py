"""Guests: let in by name, by a member or on a golden ticket, and out again."""

from flask import Blueprint, make_response, render_template, request, url_for
from werkzeug.wrappers import Response

from device.contract.instant import Instant
from server.golden import invite
from server.store import directory, guests, members
from server.store.database import Books
from server.store.guests import Guest
from server.store.refusal import Refusal
from server.web.catalogue import gettext as _
from server.web.deeds import Did, back, do, tell
from server.web.language import told
from server.web.numbers import form_number, query_number
from server.web.place import the_place
from server.web.reading import the_books

pages = Blueprint("guests", __name__, url_prefix="/guests")

SHOWN = 6


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
    house = the_place().house

    def work(books: Books, now: Instant, operator: str) -> Did[Guest]:
        if golden and host is None:
            raise Refusal("a golden ticket is somebody's: choose whose")
        if golden and host is not None:
            guest = invite(books, house, typed["name"], host, by=operator, now=now)
        else:
            guest = guests.arrive(books, typed["name"], day=house.day_of(now), now=now, member=host)
        return Did(guest, host, subject=guest.name or "", after={"golden": golden})

    try:
        guest = do("guest.arrive", work).result
    except Refusal as refusal:
        field = "member" if "golden" in refusal.template else "name"
        return make_response(_form(host, typed, {field: told(refusal)}), 422)
    name = guest.name or ""
    # a golden ticket is taken once: leaving would not give it back
    undo = "" if guest.golden else url_for("guests.leave")
    tell(_("%(name)s est là.", name=name), undo=undo, fields={"guest": name})
    return back()


@pages.post("/leave")
def leave() -> Response:
    """The guest goes."""
    name = request.form.get("guest", "")
    house = the_place().house

    def work(books: Books, now: Instant, operator: str) -> Did[Guest]:
        guest = guests.leave(books, name, day=house.day_of(now), now=now)
        return Did(guest, guest.member, subject=name)

    do("guest.leave", work)
    tell(_("%(name)s est parti·e.", name=name))
    return back()


def _form(host: int | None, typed: dict[str, str], faults: dict[str, str]) -> str:
    name = members.find(the_books(), host).name if host else ""
    found = [] if host else _found(typed["wanted"])
    return render_template(
        "guest.html", faults=faults, typed=typed, host=host, host_name=name, found=found, wanted=typed["wanted"]
    )


def _found(wanted: str) -> list[directory.Listed]:
    place = the_place()
    today = place.house.day_of(place.now())
    return directory.search(the_books(), wanted, today, limit=SHOWN) if wanted.strip() else []
