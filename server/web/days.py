"""One date of a member: how its charge came about, and an operator's word on it."""

from datetime import date

from flask import Blueprint, abort, make_response, render_template, request, url_for
from werkzeug.wrappers import Response

from device.contract.instant import Instant
from server import corrections
from server.core.explanation import in_french
from server.core.facts import ChargeCorrection
from server.core.house_hours import Span, spans_of
from server.statement import explained
from server.store import members
from server.store.changes import State
from server.store.database import Books
from server.store.refusal import Refusal
from server.web.catalogue import gettext as _
from server.web.deeds import Did, do, redirect_to, tell
from server.web.language import told
from server.web.numbers import form_number
from server.web.place import the_place
from server.web.reading import the_books

pages = Blueprint("days", __name__, url_prefix="/members/<int:member>/days/<day>")

AMOUNTS = ("hour", "half_day", "day", "nomade")
MOST_SPANS = 3


@pages.get("/")
def show(member: int, day: str) -> str:
    """The account of that date, line by line."""
    return _page(member, _date(day))


@pages.post("/presence")
def correct_presence(member: int, day: str) -> Response:
    """They were there then, whatever the doors say; empty: not at all."""
    typed = {
        f"{end}_{nth}": request.form.get(f"{end}_{nth}", "") for nth in range(MOST_SPANS) for end in ("from", "to")
    }
    try:
        pairs = [(typed[f"from_{nth}"], typed[f"to_{nth}"]) for nth in range(MOST_SPANS)]
        spans = spans_of([pair for pair in pairs if any(pair)])
    except ValueError:
        return _faulty(member, day, typed, "presence", _("Donnez des heures comme 09:00, la fin après le début."))
    shown = ", ".join(f"{start}-{end}" for start, end in pairs if start)
    return _correct(member, day, typed, {"presence": shown or "–"}, presence=spans)


@pages.post("/charge")
def correct_charge(member: int, day: str) -> Response:
    """It costs that, whatever was used."""
    typed = {name: request.form.get(name, "") for name in AMOUNTS}
    charge = ChargeCorrection(**{name: form_number(name) or 0 for name in AMOUNTS})
    state: State = {name: form_number(name) for name in AMOUNTS if form_number(name)}
    return _correct(member, day, typed, state, charge=charge)


@pages.post("/lift")
def lift(member: int, day: str) -> Response:
    """As computed again."""
    about, house = _date(day), the_place().house

    def work(books: Books, now: Instant, operator: str) -> Did[None]:
        corrections.lift(books, house, member, about, by=operator, now=now)
        return Did(None, member, subject=day, before={"corrected": True}, after={"corrected": False})

    do("day.lift", work)
    tell(_("De nouveau comme calculé."))
    return redirect_to(url_for("days.show", member=member, day=day))


def _correct(
    member: int,
    day: str,
    typed: dict[str, str],
    state: State,
    *,
    presence: tuple[Span, ...] | None = None,
    charge: ChargeCorrection | None = None,
) -> Response:
    about, house, reason = _date(day), the_place().house, request.form.get("reason", "")

    def work(books: Books, now: Instant, operator: str) -> Did[None]:
        corrections.correct(
            books, house, member, about, by=operator, now=now, reason=reason, presence=presence, charge=charge
        )
        return Did(None, member, subject=day, after=dict(state) | {"reason": reason})

    form = "presence" if charge is None else "charge"
    try:
        do("day.correct", work)
    except Refusal as refusal:
        field = f"{form}_reason" if "reason" in refusal.template else form
        return _faulty(member, day, typed | {f"{form}_reason": reason}, field, told(refusal))
    tell(_("La journée est corrigée."), undo=url_for("days.lift", member=member, day=day))
    return redirect_to(url_for("days.show", member=member, day=day))


def _faulty(member: int, day: str, typed: dict[str, str], field: str, fault: str) -> Response:
    return make_response(_page(member, _date(day), typed, {field: fault}), 422)


def _page(member: int, day: date, typed: dict[str, str] | None = None, faults: dict[str, str] | None = None) -> str:
    place, books = the_place(), the_books()
    known = explained(books, place.house, member, day, place.now())
    words = known.corrections if known else []
    return render_template(
        "day.html",
        member=members.find(books, member),
        day=day,
        lines=in_french(known.explanation).splitlines()[1:] if known else [],
        words_on_it=words,
        is_corrected=bool(words and words[-1].correction),
        entries=known.entries if known else [],
        spans=range(MOST_SPANS),
        amounts=AMOUNTS,
        typed=typed or {},
        faults=faults or {},
    )


def _date(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        abort(404)
    if not 1970 < day.year < 2199:
        abort(404)
    return day
