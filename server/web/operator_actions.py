"""What an operator does: done once, written down with before and after, told in a line, undone where it can be."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Concatenate, Generic, Literal, ParamSpec, TypeVar
from urllib.parse import urlsplit

from flask import current_app, flash, g, redirect, request
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RoutingException
from werkzeug.wrappers import Response

from server.accounts.work import Work
from server.errors import Undecided
from server.store.people import changes
from server.store.people.changes import LoggedChange, State
from server.web.access import the_operator
from server.web.addresses import local_path
from server.web.place import the_place
from server.web.reading import look_again

P = ParamSpec("P")
T = TypeVar("T")

FORM_ID = "form_id"

RequestEffect = Literal["nothing", "maybe", "done"]
"""Whether the request changed nothing, may still change something, or has changed something."""


@dataclass(frozen=True)
class ActionOutcome(Generic[T]):
    """The result of an action, and what is written down of it."""

    result: T
    member: int | None = None
    subject: str = ""
    before: State | None = None
    after: State | None = None


@dataclass(frozen=True)
class Committed(Generic[T]):
    """An action that is in the books: its result, and the number of the change that was written down."""

    result: T
    change: int


class DoneBefore(Exception):
    """The very form was sent before: nothing was done a second time."""


def new_form_id() -> str:
    """What tells one form that was shown from every other."""
    return secrets.token_urlsafe(12)


def carry_out(
    what: str, act: Callable[Concatenate[Work, P], ActionOutcome[T]], /, *args: P.args, **kwargs: P.kwargs
) -> Committed[T]:
    """Has `act` done by the writer, as an order of who is logged in; what it did is durable and written down then.

    Raises `DoneBefore`, and whatever `act` raises; nothing is kept in either case. After `Undecided` it may be: the
    form sent again finds out. `act` runs on another thread, so it has what it needs as arguments: it must not ask for
    the request.
    """
    form = request.form.get(FORM_ID) or None

    def once(work: Work) -> Committed[T]:
        if form is not None and changes.by_form(work.db, form) is not None:
            raise DoneBefore
        did = act(work, *args, **kwargs)
        change = LoggedChange(work.operator, what, did.member, did.subject, did.before, did.after, form)
        return Committed(did.result, changes.write(work.db, change, now=work.now))

    done = order_to_books(once)
    look_again()
    return done


def order_to_books(act: Callable[[Work], T]) -> T:
    """Has `act` done by the writer as an order of who is logged in, and remembers what that makes of the request,
    whatever happens to it later.
    """
    try:
        done = the_place().writer.order(act, the_operator().name)
    except Undecided:
        may_come_about()
        raise
    if fate() == "nothing":
        g.fate = "done"
    return done


def may_come_about() -> None:
    """From now on nobody may say of this request that nothing was changed: an order is on its way."""
    g.fate = "maybe"


def fate() -> RequestEffect:
    """What this request has come to so far."""
    known: RequestEffect = g.get("fate", "nothing")
    return known


def tell(text: str, *, undo: str = "", fields: Mapping[str, str | int] | None = None) -> None:
    """Shows `text` on the next page, with a button that sends `fields` to the address `undo`."""
    flash({"text": text, "undo": undo, "fields": dict(fields or {})}, "done")  # type: ignore[arg-type]


def tell_fault(text: str) -> None:
    """Shows what was not done, and why, on the next page."""
    flash({"text": text, "undo": "", "fields": {}}, "fault")  # type: ignore[arg-type]


def back() -> Response:
    """To the page that the form stood on."""
    return redirect(page_before(), 303)


def redirect_to(address: str) -> Response:
    """On to another page, which is fetched and not sent to."""
    return redirect(address, 303)


def page_before() -> str:
    """The address of the page that the form stood on; one that can be fetched."""
    if "next" in request.form:
        return local_path(request.form["next"])
    before = urlsplit(request.referrer or "")
    if before.netloc != request.host:
        return "/"
    page = page_of(before.path)
    return local_path(page + (f"?{before.query}" if before.query and page == before.path else ""))


def page_of(path: str) -> str:
    """The page that stands at `path`, or that `path` is a part of: a form that had a fault was shown where it was
    sent to, and such an address answers nobody who merely comes.
    """
    addresses = current_app.url_map.bind(request.host)
    parts = path.rstrip("/").split("/")
    above = ["/".join(parts[:length]) for length in range(len(parts), 1, -1)]
    for address in (path, *(f"{each}{end}" for each in above for end in ("", "/"))):
        try:
            endpoint, _fields = addresses.match(address, method="GET")
        except (HTTPException, RoutingException):
            continue
        if endpoint != "static":
            return address
    return "/"
