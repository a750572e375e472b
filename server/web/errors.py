"""What somebody sees when a page cannot be had: what happened and what to do, never more.

What may be said of a request, and when:

    Rien n'a été changé       a form whose order was taken back, refused or rolled back, and nothing else was done by it
    Cela peut encore aboutir  the writer is at the order still, or the disk failed at its very end, or a door was asked
    C'est fait                the order is in the books; what failed came after it
    (nothing of the sort)     a page that was only looked at
"""

import logging
import sqlite3
from typing import Literal

from flask import Flask, Response, g, make_response, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as Answer

from server.errors import NeverBegun, Refusal, Undecided
from server.store.damage import is_damage
from server.web.access import operator
from server.web.language import told
from server.web.operator_actions import DoneBefore, RequestEffect, back, fate, page_of, redirect_to, tell
from server.web.texts import gettext as _

log = logging.getLogger(__name__)


def answer_for(app: Flask) -> None:
    """Has `app` answer so."""
    app.register_error_handler(CSRFError, _stale_form)
    app.register_error_handler(Refusal, _refused)
    app.register_error_handler(DoneBefore, _done_before)
    app.register_error_handler(TimeoutError, _books_failed)
    app.register_error_handler(sqlite3.DatabaseError, _books_failed)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _fault)


def page(status: int, title: str, advice: str) -> Response:
    """A page that says what happened; in the desk's frame for who is logged in."""
    frame = "frame.html" if _is_logged_in() else "bare.html"
    return make_response(render_template("error.html", frame=frame, title=title, advice=advice), status)


def _is_logged_in() -> bool:
    try:
        return operator() is not None
    except sqlite3.DatabaseError:  # the very page of the books that has the logins, for one
        g.operator = None
        return False


def _stale_form(_error: CSRFError) -> Response:
    return page(400, _("This page has expired"), _("Nothing was changed. Go back, reload and try again."))


def _refused(refusal: Refusal) -> Response:
    if request.method == "GET":
        return page(404, _("Nothing here"), told(refusal))
    return page(409, _("That is not possible"), told(refusal))


def _done_before(_error: DoneBefore) -> Answer:
    tell(_("That was done already: nothing was done twice."))
    return back()


def _books_failed(error: Exception) -> Response:
    log.error("a page could not be answered path=%s error=%s", request.path, error)
    damaged = is_damage(error)
    become = _fate_after(error)
    told = [_of_fate(become)]
    if damaged:
        told.append(_("Restore the backup (poincon restore); meanwhile the doors decide alone."))
    elif become in ("looked", "nothing"):
        told.append(_("Try again in a moment; if it goes on, look at the server."))
    title = _("The books are damaged") if damaged else _("The books do not answer")
    answer = page(503, title, " ".join(filter(None, told)))
    answer.headers["Retry-After"] = "5"
    return answer


def _fate_after(error: Exception) -> RequestEffect | Literal["looked"]:
    so_far = fate()
    if isinstance(error, Undecided) or so_far == "maybe":
        return "maybe"
    if so_far == "nothing" and request.method in ("GET", "HEAD"):
        return "looked"
    is_rolled_back = isinstance(error, NeverBegun | sqlite3.DatabaseError)
    return so_far if is_rolled_back or so_far == "done" else "maybe"


def _of_fate(become: RequestEffect | Literal["looked"]) -> str:
    return {
        "looked": "",
        "nothing": _("Nothing was changed."),
        "maybe": _("It may come about yet: see whether it is done before you do it again."),
        "done": _("It is done; only the page could not be shown. Do not do it again."),
    }[become]


def _http(error: HTTPException) -> Answer:
    status = error.code or 500
    if status == 405 and request.method == "GET":
        return redirect_to(page_of(request.path))  # a form with a fault was shown there: reload, bookmark
    title, advice = {
        401: (_("Please log in"), _("Your login is over: log in again.")),
        403: (_("For admins only"), _("Ask somebody who has that role.")),
        404: (_("Nothing here"), _("This page does not exist, or not any more.")),
        405: (_("Not like that"), _("This address does not answer that request.")),
        413: (_("Too large"), _("This file is larger than what is accepted.")),
    }.get(status, (_("Request not understood"), _("Go back and try again.")))
    return page(status, title, advice)


def _fault(error: Exception) -> Response:
    log.error("a page failed path=%s", request.path, exc_info=error)
    told = [_("It is noted in the server's log.")]
    if fate() != "nothing":
        told.append(_of_fate(fate()))
    return page(500, _("A fault of the program"), " ".join(told))
