"""A browser from which somebody logged in before: a signed cookie says under which names, and nothing of a password."""

import secrets
from typing import NamedTuple

from flask import current_app, request
from itsdangerous import BadData, URLSafeTimedSerializer
from werkzeug.wrappers import Response

COOKIE = "poincon-browser"
AGE_S = 180 * 86_400
NAMES = 12
"""A tablet at the desk is everybody's."""


class KnownBrowser(NamedTuple):
    """Its number, and the names that logged in from it, the newest last."""

    id: str
    names: tuple[str, ...]


def this_browser() -> KnownBrowser | None:
    """What the cookie of this request says; None where there is none, it is forged, or too old."""
    try:
        number, names = _signer().loads(request.cookies.get(COOKIE, ""), max_age=AGE_S)
        return KnownBrowser(str(number), tuple(map(str, names)))
    except (BadData, ValueError, TypeError):
        return None


def remember(answer: Response, name: str) -> None:
    """Has the browser that gets `answer` be one that `name` logged in from."""
    known = this_browser() or KnownBrowser(secrets.token_urlsafe(16), ())
    names = [*(each for each in known.names if each != name), name][-NAMES:]
    answer.set_cookie(
        COOKIE,
        str(_signer().dumps([known.id, names])),
        max_age=AGE_S,
        path="/login",
        secure=bool(current_app.config["SESSION_COOKIE_SECURE"]),
        httponly=True,
        samesite="Lax",
    )


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt=COOKIE)
