"""What needs a hand, on top of the desk: shown, dismissed, restored."""

from typing import Any

from flask import Blueprint, request, url_for
from werkzeug.wrappers import Response

from device.contract.instant import Instant
from server.desk.attention import attention
from server.store import dismissed
from server.store.database import Database
from server.store.people import changes
from server.web.deeds import Did, back, do, tell
from server.web.numbers import form_number
from server.web.place import the_place
from server.web.reading import the_books
from server.web.texts import gettext as _

pages = Blueprint("attention", __name__, url_prefix="/matters")

MOST_KEYS = 1_000


@pages.post("/put-away")
def dismiss() -> Response:
    """Dismisses what somebody has looked at; it can be restored."""
    keys = request.form.getlist("key")[:MOST_KEYS]

    def work(db: Database, now: Instant, operator: str) -> Did[None]:
        dismissed.dismiss(db, keys, operator=operator, now=now)
        return Did(None, after={"keys": " ".join(keys)})

    done = do("matter.put_away", work)
    tell(_("Noted."), undo=url_for("attention.restore"), fields={"change": done.change})
    return back()


@pages.post("/bring-back")
def restore() -> Response:
    """Restores what was dismissed at once."""
    number = form_number("change") or 0

    def work(db: Database, now: Instant, operator: str) -> Did[None]:
        keys = str((changes.find(db, number, "matter.put_away").change.after or {}).get("keys", "")).split()
        dismissed.restore(db, keys)
        return Did(None, after={"keys": " ".join(keys)})

    do("matter.bring_back", work)
    return back()


def attention_now() -> dict[str, Any]:
    """What the desk's part is made from."""
    return {"attention": attention(the_place(), the_books())}
