"""Who may see a page: everything asks for a login but what says that it does not."""

import hashlib
from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, abort, current_app, g, redirect, request, session, url_for
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from device.contract.instant import Instant
from server.errors import Refusal
from server.store.people import operators, sessions
from server.store.people.operators import Operator
from server.store.people.sessions import Session
from server.web.place import the_place
from server.web.reading import the_books

View = TypeVar("View", bound=Callable[..., Any])

TICKET = "ticket"
"""Where the browser's signed cookie keeps the login."""

_OPEN, _WITH_FIRST_PASSWORD, _FOR_ADMINS = "open_to_all", "open_with_first_password", "open_to_admins"


def open_to_all(view: View) -> View:
    """Marks a page that needs no login."""
    setattr(view, _OPEN, True)
    return view


def open_with_first_password(view: View) -> View:
    """Marks a page for who still has to choose a password."""
    setattr(view, _WITH_FIRST_PASSWORD, True)
    return view


def open_to_admins(view: View) -> View:
    """Marks a page that a concierge may not see."""
    setattr(view, _FOR_ADMINS, True)
    return view


def guard(app: Flask) -> None:
    """Has every request to `app` pass here first."""
    app.before_request(_check)


def digest_of(ticket: str) -> str:
    """What the books keep of a login."""
    return hashlib.sha256(ticket.encode()).hexdigest()


def present_session() -> Session | None:
    """The login of this request, None where there is none or it is over."""
    if "login" not in g:
        ticket = session.get(TICKET)
        g.login = sessions.find(the_books(), digest_of(ticket), now=the_place().now()) if ticket else None
    login: Session | None = g.login
    return login


def operator() -> Operator | None:
    """Who is logged in."""
    if "operator" not in g:
        login = present_session()
        try:
            g.operator = operators.find(the_books(), login.operator) if login else None
        except Refusal:
            g.operator = None
    known: Operator | None = g.operator
    return known


def the_operator() -> Operator:
    """Who is logged in, on a page that asks for it."""
    known = operator()
    if known is None:
        abort(401)
    return known


def login_ends_at() -> Instant:
    """When the present login is over."""
    login = present_session()
    if login is None:
        abort(401)
    return login.ends_at


def may_see() -> bool:
    """Whether the page of this request is for who sent it."""
    try:
        return _check() is None
    except HTTPException:
        return False


def _check() -> Response | None:
    view = current_app.view_functions.get(request.endpoint or "")
    if request.endpoint == "static" or getattr(view, _OPEN, False):
        return None
    known = operator()
    if known is None:
        return _ask_for_login()
    if known.must_change and not getattr(view, _WITH_FIRST_PASSWORD, False):
        return redirect(url_for("login.password"), 303)
    if getattr(view, _FOR_ADMINS, False) and known.role != "admin":
        abort(403)
    return None


def _ask_for_login() -> Response:
    if request.headers.get("Sec-Fetch-Mode", "navigate") != "navigate" or request.method != "GET":
        abort(401)
    return redirect(url_for("login.login", next=request.full_path.rstrip("?")), 303)
