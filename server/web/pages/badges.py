"""Badges: attached with one click where a door did not know them, lent for a day, lost, given back."""

from datetime import date

from flask import Blueprint, make_response, render_template, request, url_for
from werkzeug.wrappers import Response

from server.accounts.work import Work
from server.errors import Refusal
from server.store.database import Database
from server.store.journal import attention
from server.store.people import badges, directory, members
from server.store.people.badges import BadgeAssignment, Ending
from server.store.people.changes import State
from server.web.formats import credential as shown
from server.web.language import beside
from server.web.operator_actions import ActionOutcome, back, carry_out, redirect_to, tell
from server.web.pages.person import person_page
from server.web.place import the_place
from server.web.reading import the_books
from server.web.texts import gettext as _

pages = Blueprint("badges", __name__)

ENDINGS: tuple[Ending, ...] = ("lost", "returned", "revoked")
SHOWN = 20


@pages.route("/taps/<int:tap>/attach", methods=["GET", "POST"])
def choose_member(tap: int) -> Response | str:
    """Whose badge is this? Members as one looks for them, or somebody new. A POST looks for a name."""
    place, db = the_place(), the_books()
    credential = _credential_of(db, tap)
    wanted = request.form.get("wanted", "")
    found = directory.search(db, wanted, place.house.day_of(place.now()), limit=SHOWN)
    template = "attach_list.html" if request.form.get("list") else "attach.html"
    copyable = badges.is_copyable(credential)
    return render_template(
        template, tap=tap, badge=credential, copyable=copyable, found=found, wanted=wanted, faults={}
    )


@pages.post("/taps/<int:tap>/attach/<int:member>")
def attach(tap: int, member: int) -> Response:
    """One click: the badge that was refused is theirs from now on."""
    assigned = carry_out("badge.assign", _assign, member=member, credential=_credential_of(the_books(), tap)).result
    return _attached(assigned)


@pages.post("/taps/<int:tap>/attach/new")
def attach_to_somebody_new(tap: int) -> Response:
    """A new member with the badge in their hand."""
    credential, name = _credential_of(the_books(), tap), request.form.get("name", "")
    try:
        assigned = carry_out("member.add", _add_with_badge, name=name, credential=credential).result
    except Refusal as refusal:
        faults = beside(refusal, {"name": "name"})
        copyable = badges.is_copyable(credential)
        page = render_template(
            "attach.html", tap=tap, badge=credential, copyable=copyable, found=[], wanted="", name=name, faults=faults
        )
        return make_response(page, 422)
    return _attached(assigned)


def _add_with_badge(work: Work, *, name: str, credential: str) -> ActionOutcome[BadgeAssignment]:
    added = members.add(work.db, name, now=work.now)
    allow_uid = work.settings.badges.allow_uid
    assigned = badges.assign(work.db, added.id, credential, now=work.now, allow_uid=allow_uid)
    return ActionOutcome(assigned, added.id, after={"name": added.name, "credential": assigned.credential})


@pages.post("/members/<int:member>/badges")
def assign(member: int) -> Response:
    """A badge whose number was typed, or the one that was last refused; lent for today where that is asked."""
    typed = request.form.get("credential", "").strip()
    place = the_place()
    last_day = place.house.day_of(place.now()) if request.form.get("for_today") else None
    try:
        assigned = carry_out("badge.assign", _assign, member=member, credential=typed, last_day=last_day).result
    except Refusal as refusal:
        fields = {"credential": typed, "for_today": request.form.get("for_today", "")}
        page = person_page(member, typed=fields, faults=beside(refusal, {"credential": "credential"}))
        return make_response(page, 422)
    return _attached(assigned)


@pages.post("/members/<int:member>/badges/end")
def end(member: int) -> Response:
    """Lost, given back or revoked: it opens nothing any more."""
    credential = request.form.get("credential", "")
    ended_as: Ending = next((known for known in ENDINGS if known == request.form.get("as")), "revoked")
    carry_out("badge.end", _end, member=member, credential=credential, ended_as=ended_as)
    undo = url_for("badges.assign", member=member)
    tell(_("%(badge)s opens nothing any more.", badge=shown(credential)), undo=undo, fields={"credential": credential})
    return back()


def _end(work: Work, *, member: int, credential: str, ended_as: Ending) -> ActionOutcome[BadgeAssignment]:
    ended = badges.end(work.db, credential, now=work.now, ended_as=ended_as)
    if ended.member != member:
        raise Refusal("badge_of_somebody_else", credential=credential)
    return ActionOutcome(ended, member, before={"credential": credential}, after={"ended_as": ended_as})


def _credential_of(db: Database, tap: int) -> str:
    credential = attention.credential_of(db, tap)
    if credential is None:
        raise Refusal("tap_without_badge")
    return badges.by_its_keys(db, credential)


def _assign(
    work: Work, *, member: int, credential: str, last_day: date | None = None
) -> ActionOutcome[BadgeAssignment]:
    allow_uid = work.settings.badges.allow_uid
    assigned = badges.assign(work.db, member, credential, now=work.now, last_day=last_day, allow_uid=allow_uid)
    after: State = {"credential": assigned.credential, "last_day": last_day.isoformat() if last_day else None}
    return ActionOutcome(assigned, member, after=after)


def _attached(assigned: BadgeAssignment) -> Response:
    name = members.find(the_books(), assigned.member).name
    fields = {"credential": assigned.credential, "as": "returned"}
    undo = url_for("badges.end", member=assigned.member)
    tell(
        _("%(badge)s is the badge of %(name)s.", badge=shown(assigned.credential), name=name), undo=undo, fields=fields
    )
    return redirect_to(url_for("members.show", member=assigned.member))
