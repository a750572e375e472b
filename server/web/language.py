"""The switch of the pages' language, and the refusals of the books in it."""

from collections.abc import Mapping

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response

from server.errors import Refusal
from server.i18n.catalogue import languages
from server.i18n.speech import Speech
from server.web.access import open_to_all
from server.web.addresses import local_path
from server.web.formats import named
from server.web.place import the_place
from server.web.texts import COOKIE, language

COOKIE_AGE_S = 400 * 86_400

pages = Blueprint("language", __name__)


def told(refusal: Refusal) -> str:
    """Why the books refused: a sentence in the language of this page."""
    return Speech(language()).refusal_at_the_desk(refusal, named)


def beside(refusal: Refusal, form: Mapping[str, str]) -> dict[str, str]:
    """The refusal by the name under which the page shows the fault of its field.

    `form` has these names by the fields of the form; the first is also for what is the fault of none of them.
    """
    return {form.get(refusal.field or "", next(iter(form.values()))): told(refusal)}


@pages.post("/language")
@open_to_all
def choose() -> Response:
    """The switch at the foot of every page."""
    wish = request.form.get("language", "")
    answer = redirect(local_path(request.form.get("next", "")), 303)
    if wish in languages():
        tls = the_place().settings.web.behind_tls
        answer.set_cookie(COOKIE, wish, max_age=COOKIE_AGE_S, httponly=True, samesite="Lax", secure=tls)
    return answer
