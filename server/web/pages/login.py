"""Logging in and out, and choosing a password."""

import secrets
from datetime import timedelta
from functools import cache, partial
from threading import Lock
from unicodedata import normalize

from flask import Blueprint, make_response, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from device.contract.instant import Instant
from server.accounts.work import Work
from server.core.calendar.calendar import OpeningCalendars
from server.people.passwords import SHORTEST, hashed, is_right
from server.store.people import changes, operators, sessions
from server.store.people.changes import LoggedChange
from server.store.people.members import MAX_NAME
from server.store.people.operators import Operator
from server.store.people.sessions import Session
from server.web.access import (
    TICKET,
    digest_of,
    open_to_all,
    open_with_first_password,
    operator,
    present_session,
    the_operator,
)
from server.web.addresses import local_path
from server.web.connections import group_of
from server.web.known_browser import remember, this_browser
from server.web.login_tries import TooSoon, Who, Wrong
from server.web.operator_actions import tell
from server.web.place import the_place, the_tries
from server.web.reading import the_books
from server.web.texts import gettext as _

pages = Blueprint("login", __name__)

LONGEST_SESSION = timedelta(hours=12)
LONGEST_PASSWORD = 1_000

_one_at_a_time = Lock()
"""A check takes 64 MB and a core; a flood of them waits in line."""


@pages.get("/login")
@open_to_all
def login() -> Response | str:
    """The form; who is logged in already goes on."""
    if operator() is not None:
        return redirect(local_path(request.args.get("next", "")), 303)
    return render_template("login.html", name="", fault="", next=local_path(request.args.get("next", "")))


@pages.post("/login")
@open_to_all
def log_in() -> Response:
    """Lets in who knows name and password; after some wrong ones the next waits."""
    name, password = (
        request.form.get("name", "").strip()[:MAX_NAME],
        request.form.get("password", "")[:LONGEST_PASSWORD],
    )
    onward = local_path(request.form.get("next", ""))
    known, now = _find(name), the_place().now()
    try:
        with the_tries().trying(_who(name, known), now, _wrong_so_far(known)) as one:
            with _one_at_a_time:
                right = is_right(password, known.password_hash if known else _nobodys_hash())
            one.is_right = known is not None and right
    except TooSoon as soon:
        return slowed(render_template("login.html", name=name, fault=too_soon(soon), next=onward), soon)
    if known is None or not right:
        if known is not None:
            _note_failure(known)
        fault = _("Unknown name or password.")
        return make_response(render_template("login.html", name=name, fault=fault, next=onward), 401)
    _begin_session(known, now)
    answer = redirect(onward, 303)
    remember(answer, folded(known.name))
    return answer


@pages.post("/logout")
@open_with_first_password
def log_out() -> Response:
    """Ends the session, here and in the books."""
    login = present_session()
    if login is not None:
        the_place().writer.order(partial(_end_session, session=login.id))
    session.clear()
    return redirect(url_for("login.login"), 303)


def _end_session(work: Work, *, session: str) -> None:
    sessions.end(work.db, session)


@pages.get("/password")
@open_with_first_password
def password() -> str:
    """The form to choose another password."""
    return render_template("password.html", faults={}, shortest=SHORTEST)


@pages.post("/password")
@open_with_first_password
def choose_password() -> Response:
    """Keeps the new password and ends every other session of its operator."""
    known = the_operator()
    old, new = (request.form.get(field, "")[:LONGEST_PASSWORD] for field in ("old", "new"))
    try:
        faults = _password_faults(old, new, request.form.get("again", "")[:LONGEST_PASSWORD])
    except TooSoon as soon:
        return slowed(render_template("password.html", faults={"old": too_soon(soon)}, shortest=SHORTEST), soon)
    if faults:
        return make_response(render_template("password.html", faults=faults, shortest=SHORTEST), 422)
    keep = partial(_set_password, password_hash=hashed(new), own=digest_of(session[TICKET]))
    the_place().writer.order(keep, known.name)
    tell(_("Password changed."))
    return redirect(url_for("desk.desk"), 303)


def _set_password(work: Work, *, password_hash: str, own: str) -> None:
    operators.set_password(work.db, work.operator, password_hash)
    sessions.end_others(work.db, work.operator, own)
    changes.write(work.db, LoggedChange(work.operator, "operator.password", subject=work.operator), now=work.now)


def is_own_password(typed: str) -> bool:
    """Whether that is the password of who is logged in; raises `TooSoon` after some wrong ones."""
    known = the_operator()
    who = Who(folded(known.name), group_of(request.remote_addr or ""), f"session {digest_of(session[TICKET])}")
    with the_tries().trying(who, the_place().now()) as one, _one_at_a_time:
        one.is_right = is_right(typed, known.password_hash)
    return one.is_right


def _password_faults(old: str, new: str, again: str) -> dict[str, str]:
    faults: dict[str, str] = {}
    if not is_own_password(old):
        faults["old"] = _("That is not your present password.")
    if len(new) < SHORTEST:
        faults["new"] = _("%(count)s characters at least.", count=SHORTEST)
    elif new == old:
        faults["new"] = _("Choose another one than the present.")
    elif new != again:
        faults["again"] = _("The two are not the same.")
    return faults


def session_end(calendars: OpeningCalendars, began_at: Instant) -> Instant:
    """When a login of `began_at` is over: after 12 hours, or when the place closes."""
    longest = began_at + LONGEST_SESSION
    hours = calendars.on(calendars.local_date(began_at)).state_at(began_at)
    return min(longest, hours.until) if hours.open and hours.until else longest


def _begin_session(known: Operator, now: Instant) -> None:
    ticket = secrets.token_urlsafe(32)
    begun = Session(digest_of(ticket), known.name, now, session_end(the_place().house.calendars, now))
    the_place().writer.order(partial(_keep_session, begun=begun))
    session.clear()  # no session that somebody else began is taken over
    session[TICKET] = ticket


def _keep_session(work: Work, *, begun: Session) -> None:
    operators.note_success(work.db, begun.operator)
    sessions.begin(work.db, begun)


def folded(name: str) -> str:
    """A login's name as it is compared: a telephone begins each word with a capital."""
    return normalize("NFKC", name).casefold()


def _find(name: str) -> Operator | None:
    """The operator who is called so, or else the only one who is but for capitals."""
    everybody = operators.every(the_books())
    same = [each for each in everybody if each.name == name]
    alike = [each for each in everybody if folded(each.name) == folded(name)]
    return same[0] if same else alike[0] if len(alike) == 1 else None


def _who(name: str, known: Operator | None) -> Who:
    name, browser = folded(known.name if known else name), this_browser()
    is_known = browser is not None and name in browser.names
    return Who(name, group_of(request.remote_addr or ""), browser.id if browser and is_known else None)


def _wrong_so_far(known: Operator | None) -> Wrong:
    return Wrong(known.failures, known.failed_at) if known else Wrong()


def too_soon(soon: TooSoon) -> str:
    """How long to wait before the next try."""
    return _("Too many tries. Try again in %(seconds)s seconds.", seconds=soon.wait_s)


def slowed(page: str, soon: TooSoon) -> Response:
    """The answer to a try that came too soon."""
    answer = make_response(page, 429)
    answer.headers["Retry-After"] = str(soon.wait_s)
    return answer


@cache
def _nobodys_hash() -> str:
    """Checked where there is no such operator, so that the answer takes as long."""
    return hashed(secrets.token_hex())


def _note_failure(known: Operator) -> None:
    the_place().writer.order(partial(_keep_failure, name=known.name))


def _keep_failure(work: Work, *, name: str) -> None:
    operators.note_failure(work.db, name, now=work.now)
