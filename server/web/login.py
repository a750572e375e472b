"""Logging in and out, and choosing a password."""

import secrets
from datetime import timedelta
from functools import cache
from threading import Lock

from flask import Blueprint, make_response, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from device.contract.instant import Instant
from server.core.calendar import Calendars
from server.core.login_pace import wait_after
from server.passwords import SHORTEST, hashed, is_right
from server.store import changes, operators, sessions
from server.store.changes import Change
from server.store.database import Books
from server.store.members import MAX_NAME
from server.store.operators import Operator
from server.store.refusal import Refusal
from server.store.sessions import Session
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
from server.web.catalogue import gettext as _
from server.web.deeds import tell
from server.web.place import the_place, the_strangers
from server.web.reading import the_books

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
    failures, failed_at = (known.failures, known.failed_at) if known else the_strangers().failures(name)
    wait_s = wait_after(failures, failed_at, now)
    if wait_s:
        fault = _("Trop d'essais. Réessayez dans %(seconds)s secondes.", seconds=wait_s)
        answer = make_response(render_template("login.html", name=name, fault=fault, next=onward), 429)
        answer.headers["Retry-After"] = str(wait_s)
        return answer
    with _one_at_a_time:
        right = is_right(password, known.password_hash if known else _nobodys_hash())
    if known is None or not right:
        _note_failure(name, known, now)
        fault = _("Nom ou mot de passe inconnu.")
        return make_response(render_template("login.html", name=name, fault=fault, next=onward), 401)
    _begin_session(known, now)
    return redirect(onward, 303)


@pages.post("/logout")
@open_with_first_password
def log_out() -> Response:
    """Ends the session, here and in the books."""
    login = present_session()
    if login is not None:
        the_place().writer.order(lambda books, now: sessions.end(books, login.id))
    session.clear()
    return redirect(url_for("login.login"), 303)


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
    faults = _password_faults(known, old, new, request.form.get("again", "")[:LONGEST_PASSWORD])
    if faults:
        return make_response(render_template("password.html", faults=faults, shortest=SHORTEST), 422)
    password_hash, own = hashed(new), digest_of(session[TICKET])

    def keep(books: Books, now: Instant) -> None:
        operators.set_password(books, known.name, password_hash)
        sessions.end_others(books, known.name, own)
        changes.write(books, Change(known.name, "operator.password", subject=known.name), now=now)

    the_place().writer.order(keep)
    tell(_("Mot de passe changé."))
    return redirect(url_for("desk.desk"), 303)


def _password_faults(known: Operator, old: str, new: str, again: str) -> dict[str, str]:
    faults: dict[str, str] = {}
    with _one_at_a_time:
        if not is_right(old, known.password_hash):
            faults["old"] = _("Ce n'est pas votre mot de passe actuel.")
    if len(new) < SHORTEST:
        faults["new"] = _("Au moins %(count)s signes.", count=SHORTEST)
    elif new == old:
        faults["new"] = _("Choisissez-en un autre que l'actuel.")
    elif new != again:
        faults["again"] = _("Les deux ne sont pas pareils.")
    return faults


def session_end(calendars: Calendars, began_at: Instant) -> Instant:
    """When a login of `began_at` is over: after 12 hours, or when the place closes."""
    longest = began_at + LONGEST_SESSION
    hours = calendars.on(calendars.local_date(began_at)).state_at(began_at)
    return min(longest, hours.until) if hours.open and hours.until else longest


def _begin_session(known: Operator, now: Instant) -> None:
    ticket = secrets.token_urlsafe(32)
    begun = Session(digest_of(ticket), known.name, now, session_end(the_place().house.calendars, now))

    def keep(books: Books, _now: Instant) -> None:
        operators.note_success(books, known.name)
        sessions.begin(books, begun)

    the_place().writer.order(keep)
    session.clear()  # no session that somebody else began is taken over
    session[TICKET] = ticket


def _find(name: str) -> Operator | None:
    try:
        return operators.find(the_books(), name)
    except Refusal:
        return None


@cache
def _nobodys_hash() -> str:
    """Checked where there is no such operator, so that the answer takes as long."""
    return hashed(secrets.token_hex())


def _note_failure(name: str, known: Operator | None, now: Instant) -> None:
    if known is None:
        the_strangers().note(name, now)
    else:
        the_place().writer.order(lambda books, now: operators.note_failure(books, known.name, now=now))
