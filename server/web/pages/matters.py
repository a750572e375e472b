"""What needs a hand, on top of the desk: shown, put away, brought back."""

from typing import Any

from flask import Blueprint, request, url_for
from werkzeug.wrappers import Response

from server.accounts.work import Work
from server.desk.attention import matters
from server.store import looked_at
from server.store.people import changes
from server.web.deeds import Did, back, carry_out, tell
from server.web.numbers import form_number
from server.web.place import the_place
from server.web.reading import the_books
from server.web.texts import gettext as _

pages = Blueprint("matters", __name__, url_prefix="/matters")

MOST_KEYS = 1_000


@pages.post("/put-away")
def put_away() -> Response:
    """Somebody has looked at it; it can be brought back."""
    keys = request.form.getlist("key")[:MOST_KEYS]
    done = carry_out("matter.put_away", _put_away, keys=keys)
    tell(_("Noted."), undo=url_for("matters.bring_back"), fields={"change": done.change})
    return back()


def _put_away(work: Work, *, keys: list[str]) -> Did[None]:
    looked_at.put_away(work.db, keys, operator=work.operator, now=work.now)
    return Did(None, after={"keys": " ".join(keys)})


@pages.post("/bring-back")
def bring_back() -> Response:
    """Undoes one putting away."""
    carry_out("matter.bring_back", _bring_back, number=form_number("change") or 0)
    return back()


def _bring_back(work: Work, *, number: int) -> Did[None]:
    keys = str((changes.find(work.db, number, "matter.put_away").change.after or {}).get("keys", "")).split()
    looked_at.bring_back(work.db, keys)
    return Did(None, after={"keys": " ".join(keys)})


def matters_now() -> dict[str, Any]:
    """What the desk's part is made from."""
    return {"matters": matters(the_place(), the_books())}
