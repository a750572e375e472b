"""Members: looked for as one types, their page, and what is changed of them."""

import json
from collections.abc import Mapping

from flask import Blueprint, Response, abort, make_response, render_template, request, session, url_for
from werkzeug.wrappers import Response as Answer

from device.contract.messages import Role
from server.accounts.work import Work
from server.errors import Refusal
from server.people.export import everything_about
from server.people.forget import forget as forget_member
from server.store.people import badge_keys, changes, directory, members
from server.store.people.changes import State
from server.store.people.members import Member
from server.web.access import open_to_admins
from server.web.language import beside, told
from server.web.numbers import form_number
from server.web.operator_actions import ActionOutcome, back, carry_out, redirect_to, tell
from server.web.pages.api import json_of
from server.web.pages.person import (
    CHANGED_BY,
    EDITED,
    PARTS,
    person_page,
    person_part,
    state_of,
    version_of,
)
from server.web.parts import live_parts
from server.web.place import the_place
from server.web.reading import the_books
from server.web.texts import gettext as _

pages = Blueprint("members", __name__, url_prefix="/members")

SHOWN = 50
MAX_NOTES = 5_000

FAULTS = {"name": "name", "email": "email"}
FAULTS_OF_SUSPENSION = {"reason": "reason"}
"""Under which name the page shows the fault of a field of each form."""


@pages.get("/")
def directory_page() -> str:
    """Everybody, by name; the script of the page looks for them as one types."""
    return _found("members.html", "")


@pages.post("/")
def search_page() -> str:
    """Those who were looked for, for a browser without scripts. A POST: no name in an address."""
    return _found("members.html", request.form.get("wanted", ""))


@pages.post("/search")
def search() -> str:
    """The list alone, as one types."""
    return _found("member_list.html", request.form.get("wanted", ""))


@pages.get("/new")
def new() -> str:
    """The form for somebody new."""
    return _form("member_new.html", typed=dict.fromkeys(EDITED, "") | {"role": "member"})


@pages.post("/new")
def add() -> Answer:
    """Somebody new; with the badge they hold in their hand, where they come from an unknown one."""
    typed = _typed()
    try:
        added = carry_out("member.add", _add, typed=typed).result
    except Refusal as refusal:
        page = _form("member_new.html", typed=typed, faults=beside(refusal, FAULTS))
        return make_response(page, 422)
    tell(_("%(name)s is a member, number %(id)s.", name=added.name, id=added.id))
    return redirect_to(url_for("members.show", member=added.id))


def _add(work: Work, *, typed: Mapping[str, str]) -> ActionOutcome[Member]:
    role: Role = "concierge" if typed["role"] == "concierge" else "member"
    added = members.add(work.db, typed["name"], email=typed["email"], role=role, now=work.now)
    if typed["notes"]:
        added = members.edit(work.db, added.id, notes=typed["notes"])
    return ActionOutcome(added, added.id, after=state_of(added))


@pages.get("/<int:member>")
def show(member: int) -> str:
    """One person."""
    return person_page(member)


@pages.get("/<int:member>/parts/<name>")
def part(member: int, name: str) -> str:
    """One live part of their page, as it is now."""
    if name not in PARTS:
        abort(404)
    return person_part(member, name)


@pages.get("/<int:member>/live")
def live(member: int) -> Response:
    """Which parts of their page changed, until the login is over."""
    members.find(the_books(), member)
    return live_parts(CHANGED_BY, lambda: {name: person_part(member, name) for name in PARTS})


@pages.post("/<int:member>/edit")
def edit(member: int) -> Answer:
    """Changes who they are, unless somebody else has meanwhile: then both versions are shown."""
    typed, seen = _typed(), request.form.get("seen", "")
    try:
        done = carry_out("member.edit", _edit, member=member, typed=typed, seen=seen)
    except Overtaken as overtaken:
        return make_response(person_page(member, typed=typed, overtaken=overtaken.now), 409)
    except Refusal as refusal:
        return make_response(person_page(member, typed=typed, faults=beside(refusal, FAULTS), seen=seen), 422)
    tell(_("Changed."), undo=url_for("members.undo_edit", member=member), fields={"change": done.change})
    return redirect_to(url_for("members.show", member=member))


def _edit(work: Work, *, member: int, typed: Mapping[str, str], seen: str) -> ActionOutcome[Member]:
    before = members.find(work.db, member)
    if version_of(before) != seen:
        raise Overtaken(before)
    after = members.edit(work.db, member, **typed)  # type: ignore[arg-type]
    return ActionOutcome(after, member, before=state_of(before), after=state_of(after))


@pages.post("/<int:member>/undo-edit")
def undo_edit(member: int) -> Answer:
    """Puts back what an edit changed, unless it was changed again since."""
    carry_out("member.edit", _undo_edit, member=member, number=form_number("change") or 0)
    tell(_("Undone."))
    return redirect_to(url_for("members.show", member=member))


def _undo_edit(work: Work, *, member: int, number: int) -> ActionOutcome[None]:
    change = changes.find(work.db, number, "member.edit").change
    present = members.find(work.db, member)
    if change.member != member or change.before is None or change.after != state_of(present):
        raise Refusal("changed_again_since")
    restored = members.edit(work.db, member, **{key: change.before[key] or "" for key in EDITED})  # type: ignore[arg-type]
    return ActionOutcome(None, member, before=state_of(present), after=state_of(restored))


@pages.post("/<int:member>/suspend")
def suspend(member: int) -> Answer:
    """Every door refuses them."""
    reason = request.form.get("reason", "")
    try:
        suspended = carry_out("member.suspend", _suspend, member=member, reason=reason).result
    except Refusal as refusal:
        page = person_page(member, typed={"suspend_reason": reason}, faults=beside(refusal, FAULTS_OF_SUSPENSION))
        return make_response(page, 422)
    tell(_("%(name)s is refused at every door.", name=suspended.name), undo=url_for("members.restore", member=member))
    return redirect_to(url_for("members.show", member=member))


def _suspend(work: Work, *, member: int, reason: str) -> ActionOutcome[Member]:
    suspended = members.suspend(work.db, member, reason, now=work.now)
    return ActionOutcome(suspended, member, before={"suspended": False}, after={"suspended": True, "reason": reason})


@pages.post("/<int:member>/restore")
def restore(member: int) -> Answer:
    """Doors know them again."""
    restored = carry_out("member.restore", _restore, member=member).result
    tell(_("%(name)s may come in again.", name=restored.name))
    return back()


def _restore(work: Work, *, member: int) -> ActionOutcome[Member]:
    before = members.find(work.db, member)
    restored = members.restore(work.db, member)
    before_state: State = {"suspended": True, "reason": before.suspended_for}
    return ActionOutcome(restored, member, before=before_state, after={"suspended": False})


@pages.get("/<int:member>/export")
def export(member: int) -> Response:
    """All that is known of them, as one file to be given to them."""
    document = json.dumps(json.loads(json_of(everything_about(the_books(), member))), ensure_ascii=False, indent=2)
    answer = Response(document, mimetype="application/json")
    answer.headers["Content-Disposition"] = f"attachment; filename=member-{member}.json"
    return answer


@pages.get("/<int:member>/forget")
@open_to_admins
def confirm_forgetting(member: int) -> str:
    """It cannot be undone: this is where one is asked."""
    return render_template("forget.html", member=members.find(the_books(), member), fault="")


@pages.post("/<int:member>/forget")
@open_to_admins
def forget(member: int) -> Answer:
    """The person goes, the books stay balanced."""
    try:
        carry_out("member.forget", _forget, member=member)
    except Refusal as refusal:
        page = render_template("forget.html", member=members.find(the_books(), member), fault=told(refusal))
        return make_response(page, 409)
    session.pop("_flashes", None)  # they may name who is forgotten
    tell(_("Member no. %(id)s is forgotten.", id=member))
    return redirect_to(url_for("members.directory_page"))


def _forget(work: Work, *, member: int) -> ActionOutcome[None]:
    forget_member(work.db, member, now=work.now)
    return ActionOutcome(None, member)


class Overtaken(Exception):
    """Somebody else changed the member meanwhile; `now` is how they are."""

    def __init__(self, now: Member) -> None:
        super().__init__("changed meanwhile")
        self.now = now


def _found(template: str, wanted: str) -> str:
    place, db = the_place(), the_books()
    found = directory.search(db, wanted, place.house.day_of(place.now()), limit=SHOWN + 1)
    return render_template(
        template,
        found=found[:SHOWN],
        more=len(found) > SHOWN,
        wanted=wanted,
        count=directory.count(db),
        copyable=badge_keys.copyable(db),
    )


def _form(template: str, *, typed: dict[str, str], faults: dict[str, str] | None = None) -> str:
    return render_template(template, typed=typed, faults=faults or {})


def _typed() -> dict[str, str]:
    return {key: request.form.get(key, "")[:MAX_NOTES] for key in EDITED}
