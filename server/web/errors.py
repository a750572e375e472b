"""What somebody sees when a page cannot be had: what happened and what to do, never more."""

import logging
import sqlite3

from flask import Flask, Response, make_response, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as Answer

from server.store.refusal import Refusal
from server.web.access import operator
from server.web.catalogue import gettext as _
from server.web.deeds import DoneBefore, back, page_of, redirect_to, tell
from server.web.language import told

log = logging.getLogger(__name__)


def answer_for(app: Flask) -> None:
    """Has `app` answer so."""
    app.register_error_handler(CSRFError, _stale_form)
    app.register_error_handler(Refusal, _refused)
    app.register_error_handler(DoneBefore, _done_before)
    app.register_error_handler(TimeoutError, _too_busy)
    app.register_error_handler(sqlite3.OperationalError, _too_busy)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _fault)


def page(status: int, title: str, advice: str) -> Response:
    """A page that says what happened; in the desk's frame for who is logged in."""
    frame = "frame.html" if operator() is not None else "bare.html"
    return make_response(render_template("error.html", frame=frame, title=title, advice=advice), status)


def _stale_form(_error: CSRFError) -> Response:
    return page(400, _("Cette page a expiré"), _("Rien n'a été changé. Revenez en arrière, rechargez et recommencez."))


def _refused(refusal: Refusal) -> Response:
    if request.method == "GET":
        return page(404, _("Rien ici"), told(refusal))
    return page(409, _("Ce n'est pas possible"), told(refusal))


def _done_before(_error: DoneBefore) -> Answer:
    tell(_("C'était déjà fait : rien n'a été fait deux fois."))
    return back()


def _too_busy(error: Exception) -> Response:
    log.error("a page could not be answered path=%s error=%s", request.path, error)
    answer = page(
        503,
        _("Les livres ne répondent pas"),
        _("Rien n'a été changé. Réessayez dans un instant ; si cela dure, voyez l'état du serveur."),
    )
    answer.headers["Retry-After"] = "5"
    return answer


def _http(error: HTTPException) -> Answer:
    status = error.code or 500
    if status == 405 and request.method == "GET":
        return redirect_to(page_of(request.path))  # a form with a fault was shown there: reload, bookmark
    title, advice = {
        401: (_("Il faut se connecter"), _("Votre connexion est terminée : connectez-vous de nouveau.")),
        403: (_("Réservé aux admins"), _("Demandez à quelqu'un qui a ce rôle.")),
        404: (_("Rien ici"), _("Cette page n'existe pas, ou plus.")),
        405: (_("Pas ainsi"), _("Cette adresse ne répond pas à cette demande.")),
        413: (_("Trop gros"), _("Ce fichier dépasse ce qui est accepté.")),
    }.get(status, (_("Demande incomprise"), _("Revenez en arrière et recommencez.")))
    return page(status, title, advice)


def _fault(error: Exception) -> Response:
    log.error("a page failed path=%s", request.path, exc_info=error)
    return page(500, _("Une faute du programme"), _("Elle est notée dans le journal du serveur."))
