"""A badge held to the desk's reader: given to a member, given new keys, made blank, read. The page follows it live."""

from collections.abc import Mapping
from typing import Any, NamedTuple, get_args

from flask import Blueprint, abort, make_response, render_template, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from server.enrolment.card_order import CardOrder
from server.enrolment.card_session import Kind
from server.enrolment.desk_sessions import FOR_S, SessionProgress
from server.errors import Refusal
from server.publishing.changes import Topic
from server.store.people import badge_keys, members
from server.store.units import units
from server.web import card_words
from server.web.access import the_operator
from server.web.operator_actions import FORM_ID, redirect_to, tell
from server.web.parts import digest, live_parts
from server.web.place import the_begun, the_place
from server.web.reading import the_books
from server.web.texts import gettext as _

pages = Blueprint("card_sessions", __name__, url_prefix="/badges/sessions")

PARTS = ("said", "way")
"""What is said of the session, and how far it is with what can be done: the first is read out as it changes."""
CHANGED_BY: Mapping[Topic, tuple[str, ...]] = {"card": PARTS}


class _Asked(NamedTuple):
    """An order as a form or an address tells it."""

    order: CardOrder
    unit: str

    @property
    def fields(self) -> dict[str, str | int]:
        """What a form has to send so that the same is asked for again, at whichever reader."""
        told: dict[str, str | int] = {"kind": self.order.kind}
        if self.order.member is not None:
            told["member"] = self.order.member
        if self.order.as_copyable:
            told["as_copyable"] = "yes"
        return told


@pages.post("/")
def begin() -> Response:
    """Borrows the reader and waits for a badge. The same form sent again shows what came of it, and begins nothing."""
    asked = _asked(request.form)
    unit = units.find(the_books(), asked.unit).name if asked.unit else _only_reader()
    if unit is None:
        told = asked.fields
        return redirect_to(
            url_for(
                "card_sessions.choose_reader",
                kind=told["kind"],
                member=told.get("member"),
                as_copyable=told.get("as_copyable"),
            )
        )
    order, sessions, operator = asked.order, the_place().card_sessions, the_operator().name

    def begun() -> str:
        return sessions.begin(
            order.kind, unit, by=operator, member=order.member, as_copyable=order.as_copyable, for_s=FOR_S
        )

    try:
        session, is_new = the_begun().once(request.form.get(FORM_ID, ""), begun)
    except Refusal as refusal:
        if refusal.code != "reader_lent_already":
            raise
        return _taken(asked, unit)
    if not is_new:
        tell(_("That was asked for already: this is what came of it."))
    return redirect_to(url_for("card_sessions.follow", session=session))


@pages.get("/new")
def choose_reader() -> str:
    """Which reader, where there are several; what to see to, where there is none."""
    asked = _asked(request.args)
    return render_template(
        "card/readers.html",
        title=card_words.title(asked.order.kind, _name(asked.order)),
        readers=_readers(),
        fields=asked.fields,
        back_to=_back_to(asked.order),
    )


@pages.get("/<session>")
def follow(session: str) -> Response:
    """How the session stands, live; without scripts the page loads itself again."""
    rendered = {name: _rendered(session, name) for name in PARTS}
    progress = _progress(session)
    page = render_template(
        "card/session.html",
        session=session,
        progress=progress,
        title=_("Badge at the reader")
        if progress is None
        else card_words.title(progress.order.kind, _name(progress.order)),
        parts={name: (Markup(html), digest(html)) for name, html in rendered.items()},
        left_s=0 if progress is None else round(the_place().card_sessions.left_s(session)),
        longest_s=round(FOR_S),
        back_to=url_for("badge_list.show") if progress is None else _back_to(progress.order),
    )
    return make_response(page, 404 if progress is None else 200)


@pages.get("/<session>/parts/<name>")
def part(session: str, name: str) -> str:
    """One live part of its page, as it is now."""
    if name not in PARTS:
        abort(404)
    return _rendered(session, name)


@pages.get("/<session>/live")
def live(session: str) -> Response:
    """When to look at its page again, until the login is over."""
    return live_parts(CHANGED_BY, lambda: {name: _rendered(session, name) for name in PARTS})


@pages.post("/<session>/cancel")
def cancel(session: str) -> Response:
    """Gives it up; of one that is over nothing changes."""
    the_place().card_sessions.cancel(session)
    return redirect_to(url_for("card_sessions.follow", session=session))


def _rendered(session: str, name: str) -> str:
    progress = _progress(session)
    return render_template(f"card/{name}.html", **(_lost() if progress is None else _facts(session, progress)))


def _lost() -> dict[str, Any]:
    what, do = _("Nothing is known of this any more."), _("Read the badge to see how it stands, or begin again.")
    return {"said": card_words.CardNotice("over", what, do), "progress": None}


def _facts(session: str, progress: SessionProgress) -> dict[str, Any]:
    name, state = _name(progress.order), progress.state
    why = state.refusal.why if state.refusal else None
    return {
        "session": session,
        "progress": progress,
        "state": state,
        "said": card_words.said(progress, name),
        "steps": card_words.steps(progress, name),
        "place_in_steps": state.place_in_steps,
        "name": name,
        "code": why.code if why else "",
        "holder": why.facts.get("member") if why else None,
        "is_mine": progress.by == the_operator().name,
        "left": _left_to_move_on() if state.kind == "rekey" and state.phase == "done" else None,
        "fields": _Asked(progress.order, progress.unit).fields,
        "back_to": _back_to(progress.order),
    }


def _left_to_move_on() -> int | None:
    """How many badges still have the former keys; None while no rotation goes on."""
    former = the_place().site_keys().former
    return None if former is None else len(badge_keys.left_on(the_books(), former))


def _progress(session: str) -> SessionProgress | None:
    try:
        return the_place().card_sessions.look(session)
    except Refusal:
        return None


def _taken(asked: _Asked, unit: str) -> Response:
    """The reader is not free: whose session that is, and how to come to it. One's own for the same is simply shown."""
    of = the_place().card_sessions.open_at(unit)
    if of is not None and of.by == the_operator().name and of.order == asked.order:
        tell(_("That is under way already: here it is."))
        return redirect_to(url_for("card_sessions.follow", session=of.session))
    page = render_template(
        "card/taken.html",
        unit=unit,
        of=of,
        is_mine=of is not None and of.by == the_operator().name,
        what=card_words.title(of.order.kind, _name(of.order)) if of else "",
        fields=asked.fields | {"unit": unit},
        back_to=_back_to(asked.order),
    )
    return make_response(page, 409)


def _asked(told: Mapping[str, str]) -> _Asked:
    """The order; raises `Refusal` for a badge that is to be nobody's that is known."""
    kind: Kind | None = next((known for known in get_args(Kind) if known == told.get("kind")), None)
    if kind is None:
        abort(400)
    number = told.get("member", "")
    member = members.find(the_books(), int(number) if number.isdecimal() else 0).id if kind == "enrol" else None
    return _Asked(CardOrder(kind, member, bool(told.get("as_copyable"))), told.get("unit", ""))


def _readers() -> list[str]:
    """The units that lend a reader and are there now."""
    known = units.every(the_books())
    return [unit.name for unit in known if unit.state is not None and unit.state.online and unit.state.lends]


def _only_reader() -> str | None:
    readers = _readers()
    return readers[0] if len(readers) == 1 else None


def _name(order: CardOrder) -> str:
    if order.member is None:
        return ""
    try:
        return members.find(the_books(), order.member).name or _("somebody forgotten")
    except Refusal:
        return _("somebody forgotten")


def _back_to(order: CardOrder) -> str:
    if order.member is None:
        return url_for("badge_list.show")
    return url_for("members.show", member=order.member)
