"""The evacuation list: one page, to print or to tick off from a phone outside; also as an exercise."""

from typing import Any, NamedTuple

from flask import Blueprint, Response, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from device.contract.instant import Instant
from server.accounts.work import Work
from server.core.house_rules import HouseRules
from server.core.names import sort_key
from server.desk.context import ServerContext
from server.presence import attendance
from server.store.database import Database
from server.store.people import directory
from server.store.presence import musters
from server.store.presence import roll as store_roll
from server.store.presence.musters import Muster, MusterTick
from server.web.operator_actions import ActionOutcome, carry_out, redirect_to, tell
from server.web.place import the_place
from server.web.reading import the_books
from server.web.texts import gettext as _

pages = Blueprint("muster", __name__, url_prefix="/muster")


class MusterPerson(NamedTuple):
    """One line of the list. `key` is `m17` for a member, `g3` for a guest; `host` is whose guest.

    `by_desk`: an operator wrote that they are in, no badge did. `has_left`: they have since.
    """

    key: str
    name: str
    since: Instant
    is_guest: bool = False
    host: str = ""
    by_desk: bool = False
    tick: MusterTick | None = None
    has_left: bool = False


@pages.get("/")
def roll() -> str:
    """Everybody who is in, or who was when the muster began."""
    return render_template("muster.html", **_roll(the_place(), the_books()))


@pages.get("/list")
def roll_alone() -> str:
    """The list, as others have ticked it meanwhile."""
    return render_template("muster_list.html", **_roll(the_place(), the_books()))


@pages.post("/begin")
def begin() -> Answer:
    """From now on it is about these people."""
    carry_out("muster.begin", _begin, drill=request.form.get("drill") == "yes")
    return redirect_to(url_for("muster.roll"))


def _begin(work: Work, *, drill: bool) -> ActionOutcome[None]:
    people = [person.key for person in _inside(work.db, work.house, work.now)]
    muster = musters.begin(work.db, people, drill=drill, operator=work.operator, now=work.now)
    return ActionOutcome(None, subject=str(muster.id), after={"drill": drill, "people": len(people)})


@pages.post("/<int:muster>/tick")
def tick(muster: int) -> Answer | Response:
    """Somebody was seen outside. Answers a script with the list, a form with the page."""
    person = request.form.get("person", "")
    carry_out("muster.tick", _tick, muster=muster, person=person, safe=request.form.get("safe") == "yes")
    if request.headers.get("X-Wants") == "list":
        return Response(roll_alone())
    return redirect_to(url_for("muster.roll") + f"#{person}")


def _tick(work: Work, *, muster: int, person: str, safe: bool) -> ActionOutcome[None]:
    musters.find(work.db, muster)
    musters.join(work.db, muster, [known.key for known in _inside(work.db, work.house, work.now)])
    musters.tick(work.db, muster, person, safe=safe, operator=work.operator, now=work.now)
    return ActionOutcome(None, subject=person, after={"muster": muster, "safe": safe})


@pages.post("/<int:muster>/end")
def end(muster: int) -> Answer:
    """Everybody is accounted for, or the exercise is over."""
    carry_out("muster.end", _end, muster=muster)
    tell(_("The muster is over; it is kept in the desk's log."))
    return redirect_to(url_for("muster.roll"))


def _end(work: Work, *, muster: int) -> ActionOutcome[None]:
    missing = [tick.person for tick in musters.ticks(work.db, muster).values() if tick.safe_at is None]
    musters.end(work.db, muster, now=work.now)
    return ActionOutcome(None, subject=str(muster), after={"missing": len(missing)})


def _roll(place: ServerContext, db: Database) -> dict[str, Any]:
    now = place.now()
    under_way = musters.under_way(db)
    inside = _inside(db, place.house, now)
    people = inside if under_way is None else _of_muster(db, under_way, inside)
    people.sort(key=lambda person: (person.has_left, sort_key(person.name), person.key))
    return {
        "muster": under_way,
        "people": people,
        "missing": sum(person.tick is None or person.tick.safe_at is None for person in people if not person.has_left),
        "uncertain": place.occupancy(db).uncertain,
        "now": now,
    }


def _inside(db: Database, house: HouseRules, now: Instant) -> list[MusterPerson]:
    roll = attendance.attendance(db, house, now, latest=True)
    known = [*(visit.member for visit in roll.members), *(guest.member for guest in roll.guests)]
    names = directory.names(db, known)
    by_desk = store_roll.let_in_by_desk(db, house.day_of(now))
    people = [
        MusterPerson(f"m{visit.member}", names[visit.member], visit.began_at, by_desk=visit.member in by_desk)
        for visit in roll.members
    ]
    people += [
        MusterPerson(
            f"g{guest.id}", guest.name or "", guest.arrived_at, is_guest=True, host=names.get(guest.member or 0, "")
        )
        for guest in roll.guests
    ]
    return people


def _of_muster(db: Database, muster: Muster, inside: list[MusterPerson]) -> list[MusterPerson]:
    """Those of the list with their ticks; who came in since is added, who has badged out since stays, marked."""
    ticks = musters.ticks(db, muster.id)
    present = {person.key: person for person in inside}
    gone = [_from_key(db, key, muster.began_at) for key in ticks if key not in present]
    return [person._replace(tick=ticks.get(person.key)) for person in (*inside, *gone)]


def _from_key(db: Database, key: str, since: Instant) -> MusterPerson:
    number = int(key[1:])
    if key.startswith("m"):
        return MusterPerson(key, directory.names(db, [number]).get(number, ""), since, has_left=True)
    return MusterPerson(key, store_roll.guest_name(db, number), since, is_guest=True, has_left=True)
