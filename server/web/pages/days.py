"""One date of a member: how its charge came about, and an operator's word on it."""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from flask import Blueprint, abort, make_response, render_template, request, url_for
from werkzeug.wrappers import Response

from server.accounts import corrections, explanation_text
from server.accounts.statement import explained
from server.accounts.work import Work
from server.core.calendar.opening_hours import Span
from server.core.charge.facts import ChargeCorrection
from server.desk.attention import unverified_exits
from server.desk.context import ServerContext
from server.desk.people_items import exit_key
from server.errors import Refusal
from server.i18n.speech import Speech
from server.store.accounts import corrections as store_corrections
from server.store.accounts.corrections import CorrectionWritten
from server.store.database import Database
from server.store.people import directory, members
from server.store.people.changes import State
from server.store.presence import stays
from server.web.formats import weekday
from server.web.language import beside
from server.web.numbers import form_number
from server.web.operator_actions import ActionOutcome, back, carry_out, redirect_to, tell
from server.web.pages.day_forms import (
    AMOUNTS,
    Typed,
    charge_known,
    charge_said,
    charge_typed,
    presence_known,
    presence_typed,
    rows_of,
    spans_typed,
)
from server.web.place import the_place
from server.web.reading import the_books
from server.web.texts import gettext as _
from server.web.texts import language

pages = Blueprint("days", __name__, url_prefix="/members/<int:member>/days/<day>")


class CorrectedMeanwhile(Exception):
    """Somebody else had a word on the date since its form was shown."""

    def __init__(self, word: CorrectionWritten) -> None:
        super().__init__("corrected meanwhile")
        self.word = word


@pages.get("/")
def show(member: int, day: str) -> str:
    """The account of that date, line by line."""
    return _page(member, _date(day))


@pages.post("/presence")
def correct_presence(member: int, day: str) -> Response:
    """They were there then, whatever the doors say; or not at all, where that is ticked."""
    typed = presence_typed(request.form)
    try:
        spans = spans_typed(typed)
    except ValueError:
        fault = _("Give times such as 09:00, the end after the start; or tick “did not come”.")
        return _faulty(member, day, typed, {"presence": fault})
    return _correct(member, day, typed, {"presence": _shown(spans)}, presence=spans)


@pages.post("/left")
def left(member: int, day: str) -> Response:
    """Who forgot to badge out had left at that time; what they badged stays. For dates that nobody has corrected."""
    about, typed, db = _date(day), presence_typed(request.form), the_books()
    known = presence_known(db, member, about, [])
    automatic = [nth for nth, stay in enumerate(stays.of_member(db, member, about, about)) if stay.automatic]
    typed |= known | {f"to_{nth}": request.form.get("at", "") for nth in automatic}
    typed["presence_reason"] = typed["presence_reason"] or _("forgot to badge out")
    try:
        spans = spans_typed(typed)
    except ValueError:
        return _faulty(member, day, typed, {"presence": _("Give a time of leaving after that of coming.")})
    return _correct(member, day, typed, {"presence": _shown(spans)}, presence=spans, is_first=True)


@pages.post("/charge")
def correct_charge(member: int, day: str) -> Response:
    """It costs that, whatever was used."""
    typed = charge_typed(request.form)
    try:
        charge = charge_said(typed)
    except ValueError:
        fault = _("Give whole numbers, and an amount such as 4.50; or tick “a free day”.")
        return _faulty(member, day, typed, {"charge": fault})
    said = {name: getattr(charge, name) for name in AMOUNTS}
    state: State = {name: number for name, number in (said | {"owed": charge.owed_cents}).items() if number}
    return _correct(member, day, typed, state, charge=charge)


@pages.post("/lift")
def lift(member: int, day: str) -> Response:
    """As computed again."""
    about, seen = _date(day), form_number("seen")
    try:
        carry_out("day.lift", _lift, member=member, day=about, seen=seen)
    except CorrectedMeanwhile as other:
        return make_response(_page(member, about, other=other.word), 409)
    tell(_("As computed again."))
    return back() if "next" in request.form else redirect_to(url_for("days.show", member=member, day=day))


def _lift(work: Work, *, member: int, day: date, seen: int | None) -> ActionOutcome[None]:
    _look(store_corrections.of_day(work.db, member, day), seen)
    corrections.lift(work, member, day)
    return ActionOutcome(None, member, subject=day.isoformat(), before={"corrected": True}, after={"corrected": False})


def _correct(
    member: int,
    day: str,
    typed: dict[str, str],
    state: State,
    *,
    presence: tuple[Span, ...] | None = None,
    charge: ChargeCorrection | None = None,
    is_first: bool = False,
) -> Response:
    about, form = _date(day), "presence" if charge is None else "charge"
    said, seen = _Said(presence, charge, typed[f"{form}_reason"], state), form_number("seen")
    try:
        carry_out("day.correct", _correct_day, member=member, day=about, said=said, seen=seen, is_first=is_first)
    except CorrectedMeanwhile as other:
        return make_response(_page(member, about, typed, other=other.word), 409)
    except Refusal as refusal:
        return _faulty(member, day, typed, beside(refusal, {form: form, "reason": f"{form}_reason"}))
    told_day = _("Day corrected: %(name)s, %(day)s.", name=members.find(the_books(), member).name, day=weekday(about))
    own = store_corrections.of_day(the_books(), member, about)[-1].id
    tell(told_day, undo=url_for("days.lift", member=member, day=day), fields={"seen": own})
    return back() if "next" in request.form else redirect_to(url_for("days.show", member=member, day=day))


class _Said(NamedTuple):
    """An operator's word on a date: who was there or what it costs, why, and what is written down of it."""

    presence: tuple[Span, ...] | None
    charge: ChargeCorrection | None
    reason: str
    state: State


def _correct_day(
    work: Work, *, member: int, day: date, said: _Said, seen: int | None, is_first: bool
) -> ActionOutcome[None]:
    words = store_corrections.of_day(work.db, member, day)
    _look(words, seen)
    if is_first and words and words[-1].correction:
        raise CorrectedMeanwhile(words[-1])
    corrections.correct(work, member, day, reason=said.reason, presence=said.presence, charge=said.charge)
    return ActionOutcome(None, member, subject=day.isoformat(), after=dict(said.state) | {"reason": said.reason})


def _look(words: Sequence[CorrectionWritten], seen: int | None) -> None:
    """Raises `CorrectedMeanwhile` where the date was corrected since the page was shown."""
    if words and seen is not None and words[-1].id > seen:
        raise CorrectedMeanwhile(words[-1])


def _shown(spans: tuple[Span, ...]) -> str:
    return ", ".join("-".join(span.texts()) for span in spans) or "–"


def _faulty(member: int, day: str, typed: Typed, faults: dict[str, str]) -> Response:
    return make_response(_page(member, _date(day), typed, faults), 422)


def _page(
    member: int,
    day: date,
    typed: Typed | None = None,
    faults: dict[str, str] | None = None,
    other: CorrectionWritten | None = None,
) -> str:
    place, db = the_place(), the_books()
    known = explained(db, place.house, member, day, place.now())
    words = known.corrections if known else []
    fields = presence_known(db, member, day, words)
    charge = charge_known(known.explanation.db if known else None)
    if typed is not None:  # the form that was sent holds what was typed, empty fields too; the other what is known
        fields, charge = ({}, charge) if "presence_reason" in typed else (fields, {})
    shown = fields | charge | (typed or {})
    return render_template(
        "day.html",
        member=members.find(db, member),
        day=day,
        lines=explanation_text.lines(known.explanation, Speech(language()))[1:] if known else [],
        words_on_it=words,
        is_corrected=bool(words and words[-1].correction),
        seen=words[-1].id if words else 0,
        other=other,
        entries=known.entries if known else [],
        rows=rows_of(shown),
        amounts=AMOUNTS,
        typed=shown,
        faults=faults or {},
        unverified=_unverified(place, db, member, day),
    )


def _unverified(place: ServerContext, db: Database, member: int, day: date) -> dict[str, Any] | None:
    """What is left to verify, where this is a date that nobody badged out of: whether it still is, and what is next."""
    if not any(stay.automatic for stay in stays.of_member(db, member, day, day)):
        return None
    found = unverified_exits(db, place.house.day_of(place.now()))
    here = [each for each in found if (each.member, each.day) == (member, day)]
    later = [each for each in found if each not in here and each.day <= day] + [
        each for each in found if each.day > day
    ]
    names = directory.names(db, (each.member for each in later))
    return {
        "here": [exit_key(each) for each in here],
        "next": later[0] if later else None,
        "names": names,
        "count": len(later),
    }


def _date(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        abort(404)
    if not 1970 < day.year < 2199:
        abort(404)
    return day
