"""How much a request may send: little, but where a page takes a file, and then only from who may see that page."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, current_app, request

from server.web.access import may_see

View = TypeVar("View", bound=Callable[..., Any])

SMALL = 64 * 1024
"""Of a form."""
LARGEST = 2 * 1024 * 1024
"""Of a file: the largest is a list of members as CSV."""

_TAKES_FILES = "takes_files"


def takes_files(view: View) -> View:
    """Marks a page that a file may be sent to."""
    return takes_up_to(LARGEST)(view)


def takes_up_to(most: int) -> Callable[[View], View]:
    """Marks a page that may be sent `most` bytes; more than `LARGEST` lies on the disk while it comes."""

    def mark(view: View) -> View:
        setattr(view, _TAKES_FILES, most)
        return view

    return mark


def bound(app: Flask) -> None:
    """Has `app` read no more of a request than that."""
    app.config["MAX_CONTENT_LENGTH"] = SMALL
    app.before_request(_bound_this)


def allowed(app: Flask, environ: dict[str, Any]) -> int:
    """How many bytes the request with that WSGI environment may send, before any of them is read."""
    with app.request_context(environ | {"HTTP_HOST": "localhost"}):  # whatever its name: that is looked at later
        most = _taken()
        return most if most > SMALL and may_see() else SMALL


def _taken() -> int:
    """How much the page of this request takes from who may see it."""
    return int(getattr(current_app.view_functions.get(request.endpoint or ""), _TAKES_FILES, SMALL))


def _bound_this() -> None:
    most = _taken()
    if most > SMALL:
        request.max_content_length, request.max_form_memory_size = most, min(most, LARGEST)
