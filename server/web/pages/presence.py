"""Who is in, as the desk sees and corrects it: members by name, the count of the rest, what is uncertain."""

from typing import Any

from flask import Blueprint, render_template, request, url_for
from werkzeug.wrappers import Response

from device.contract.messages import Direction
from server.accounts.work import Work
from server.errors import Refusal
from server.ingest import recount
from server.presence import attendance
from server.store.journal import journal
from server.store.people import directory, members
from server.store.presence import guests, stays
from server.store.presence.desk_entries import DeskEntry
from server.web.numbers import form_number
from server.web.operator_actions import ActionOutcome, back, carry_out, tell
from server.web.pages.guests import leave
from server.web.place import the_place
from server.web.reading import the_books
from server.web.shown_holdings import standings_of
from server.web.texts import gettext as _

pages = Blueprint("presence", __name__, url_prefix="/presence")

SHOWN = 6


def people_now() -> dict[str, Any]:
    """What the desk's part is made from."""
    place, db = the_place(), the_books()
    roll = attendance.attendance(db, place.house, place.now(), latest=True)
    people = [*(visit.member for visit in roll.members), *(guest.member for guest in roll.guests)]
    balances = standings_of(db, (visit.member for visit in roll.members))
    return {"attendance": roll, "names": directory.names(db, people), "balances": balances}


@pages.post("/search")
def search() -> str:
    """Whom to check in or out, as one types."""
    place, wanted = the_place(), request.form.get("wanted", "")
    today = place.house.day_of(place.now())
    found = directory.search(the_books(), wanted, today, limit=SHOWN) if wanted.strip() else []
    return render_template("check_in_list.html", found=found, wanted=wanted)


@pages.post("/<int:member>/entry")
def check_in(member: int) -> Response:
    """Somebody came without a badge."""
    entry, name = _enter_by_desk(member, "entry")
    undo = url_for("presence.lift", entry=entry.id)
    tell(_("%(name)s is in.", name=name), undo=undo)
    return back()


@pages.post("/<int:member>/exit")
def check_out(member: int) -> Response:
    """Somebody left without badging."""
    entry, name = _enter_by_desk(member, "exit")
    tell(_("%(name)s has left.", name=name), undo=url_for("presence.lift", entry=entry.id))
    return back()


@pages.post("/exit")
def somebody_leaves() -> Response:
    """One of those on the list, member or guest."""
    member = form_number("member")
    return leave() if member is None else check_out(member)


@pages.post("/entries/<int:entry>/lift")
def lift(entry: int) -> Response:
    """Takes back what the desk wrote."""
    tell(_("Undone: %(name)s.", name=carry_out("presence.lift", _lift, entry=entry).result))
    return back()


def _lift(work: Work, *, entry: int) -> ActionOutcome[str]:
    lifted = recount.lift_entry(work, entry)
    name = members.find(work.db, lifted.member).name
    return ActionOutcome(name, lifted.member, before={"side": lifted.side, "at": str(lifted.at)})


@pages.post("/one-more")
def one_more() -> Response:
    """Somebody without a name came in."""
    carry_out("count.one_more", _count_one_more)
    tell(_("One person more."), undo=url_for("presence.one_less"))
    return back()


def _count_one_more(work: Work) -> ActionOutcome[None]:
    guest = guests.arrive(work.db, None, day=work.today, now=work.now)
    return ActionOutcome(None, subject=str(guest.id))


@pages.post("/one-less")
def one_less() -> Response:
    """Somebody without a name left."""
    carry_out("count.one_less", _count_one_less)
    tell(_("One person less."), undo=url_for("presence.one_more"))
    return back()


def _count_one_less(work: Work) -> ActionOutcome[None]:
    guest = guests.leave(work.db, None, day=work.today, now=work.now)
    return ActionOutcome(None, subject=str(guest.id))


@pages.get("/settle")
def settle() -> str:
    """Who is still in? Asked where passages without a badge have made the count uncertain."""
    return render_template("settle.html", occupancy=the_place().occupancy(the_books()), **people_now())


@pages.post("/settle")
def settled() -> Response:
    """Those who were ticked have left; the count is certain again."""
    carry_out("count.settle", _settle, gone=frozenset(request.form.getlist("gone")))
    tell(_("The count is right."))
    return back()


def _settle(work: Work, *, gone: frozenset[str]) -> ActionOutcome[int]:
    left = [member for member in stays.members_inside(work.db, work.today) if str(member) in gone]
    for member in left:
        recount.enter_by_desk(work, member, "exit", at=work.now)
    before = journal.count_nameless(work.db, work.today)
    journal.settle(work.db, work.today, operator=work.operator, at=work.now)
    return ActionOutcome(len(left), before={"uncertain": before}, after={"uncertain": 0, "left": len(left)})


def _enter_by_desk(member: int, side: Direction) -> tuple[DeskEntry, str]:
    return carry_out(f"presence.{side}", _enter, member=member, side=side).result


def _enter(work: Work, *, member: int, side: Direction) -> ActionOutcome[tuple[DeskEntry, str]]:
    name = members.find(work.db, member).name
    if stays.is_inside(work.db, member) == (side == "entry"):
        # two desks may have seen the same person: the second hears it, and nothing is written twice
        raise Refusal("member_inside_already" if side == "entry" else "member_not_inside", name=name)
    entry = recount.enter_by_desk(work, member, side, at=work.now)
    return ActionOutcome((entry, name), member, after={"side": side, "at": str(work.now)})
