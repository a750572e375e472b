"""Who is in, as the desk sees and corrects it: members by name, the count of the rest, what is uncertain."""

from typing import Any

from flask import Blueprint, render_template, request, url_for
from werkzeug.wrappers import Response

from device.contract.instant import Instant
from device.contract.messages import Direction
from server.desk.context import ServerContext
from server.errors import Refusal
from server.ingest import recount
from server.presence import attendance
from server.store.database import Database
from server.store.journal import journal
from server.store.people import directory, members
from server.store.presence import guests, stays
from server.store.presence.desk_entries import DeskEntry
from server.web.deeds import Did, back, do, tell
from server.web.numbers import form_number
from server.web.pages.guests import leave
from server.web.place import the_place
from server.web.purse import standings_of
from server.web.reading import the_books
from server.web.texts import gettext as _

pages = Blueprint("presence", __name__, url_prefix="/presence")

SHOWN = 6


def people_now() -> dict[str, Any]:
    """What the desk's part is made from."""
    place, db = the_place(), the_books()
    roll = attendance.attendance(db, place.house, place.now(), latest=True)
    people = [*(visit.member for visit in roll.members), *(guest.member for guest in roll.guests)]
    purses = standings_of(db, (visit.member for visit in roll.members))
    return {"attendance": roll, "names": directory.names(db, people), "purses": purses}


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
    entry, name = _enter(the_place(), member, "entry")
    undo = url_for("presence.lift", entry=entry.id)
    tell(_("%(name)s is in.", name=name), undo=undo)
    return back()


@pages.post("/<int:member>/exit")
def check_out(member: int) -> Response:
    """Somebody left without badging."""
    entry, name = _enter(the_place(), member, "exit")
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
    house = the_place().house

    def work(db: Database, now: Instant, operator: str) -> Did[str]:
        lifted = recount.lift_entry(db, house, entry, now=now, operator=operator)
        name = members.find(db, lifted.member).name
        return Did(name, lifted.member, before={"side": lifted.side, "at": str(lifted.at)})

    tell(_("Undone: %(name)s.", name=do("presence.lift", work).result))
    return back()


@pages.post("/one-more")
def one_more() -> Response:
    """Somebody without a name came in."""
    house = the_place().house

    def work(db: Database, now: Instant, operator: str) -> Did[None]:
        guest = guests.arrive(db, None, day=house.day_of(now), now=now)
        return Did(None, subject=str(guest.id))

    do("count.one_more", work)
    tell(_("One person more."), undo=url_for("presence.one_less"))
    return back()


@pages.post("/one-less")
def one_less() -> Response:
    """Somebody without a name left."""
    house = the_place().house

    def work(db: Database, now: Instant, operator: str) -> Did[None]:
        guest = guests.leave(db, None, day=house.day_of(now), now=now)
        return Did(None, subject=str(guest.id))

    do("count.one_less", work)
    tell(_("One person less."), undo=url_for("presence.one_more"))
    return back()


@pages.get("/settle")
def settle() -> str:
    """Who is still in? Asked where passages without a badge have made the count uncertain."""
    return render_template("settle.html", occupancy=the_place().occupancy(the_books()), **people_now())


@pages.post("/settle")
def settled() -> Response:
    """Those who were ticked have left; the count is certain again."""
    place = the_place()
    gone = set(request.form.getlist("gone"))

    def work(db: Database, now: Instant, operator: str) -> Did[int]:
        today = place.house.day_of(now)
        left = [member for member in stays.members_inside(db, today) if str(member) in gone]
        for member in left:
            recount.enter_by_desk(db, place.house, member, "exit", at=now, operator=operator, now=now)
        before = journal.count_nameless(db, today)
        journal.settle(db, today, operator=operator, at=now)
        return Did(len(left), before={"uncertain": before}, after={"uncertain": 0, "left": len(left)})

    do("count.settle", work)
    tell(_("The count is right."))
    return back()


def _enter(place: ServerContext, member: int, side: Direction) -> tuple[DeskEntry, str]:
    def work(db: Database, now: Instant, operator: str) -> Did[tuple[DeskEntry, str]]:
        name = members.find(db, member).name
        if stays.is_inside(db, member) == (side == "entry"):
            # two desks may have seen the same person: the second hears it, and nothing is written twice
            raise Refusal("member_inside_already" if side == "entry" else "member_not_inside", name=name)
        entry = recount.enter_by_desk(db, place.house, member, side, at=now, operator=operator, now=now)
        return Did((entry, name), member, after={"side": side, "at": str(now)})

    return do(f"presence.{side}", work).result
