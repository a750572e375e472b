"""What needs a hand, on top of the desk: shown, dismissed, restored."""

from typing import Any

from flask import Blueprint, request, url_for
from werkzeug.wrappers import Response

from server.accounts.work import Work
from server.desk.attention import attention
from server.desk.machine_items import BackupsBesideBooks
from server.store import dismissed
from server.store.people import changes
from server.web.access import the_operator
from server.web.numbers import form_number
from server.web.operator_actions import ActionOutcome, back, carry_out, tell
from server.web.place import the_place
from server.web.reading import the_books
from server.web.texts import gettext as _

pages = Blueprint("attention", __name__, url_prefix="/matters")

MOST_KEYS = 1_000


@pages.post("/put-away")
def dismiss() -> Response:
    """Dismisses what somebody has looked at; it can be restored."""
    keys = request.form.getlist("key")[:MOST_KEYS]
    done = carry_out("matter.put_away", _dismiss, keys=keys)
    tell(_("Noted."), undo=url_for("attention.restore"), fields={"change": done.change})
    return back()


def _dismiss(work: Work, *, keys: list[str]) -> ActionOutcome[None]:
    dismissed.dismiss(work.db, keys, operator=work.operator, now=work.now)
    return ActionOutcome(None, after={"keys": " ".join(keys)})


@pages.post("/bring-back")
def restore() -> Response:
    """Restores what was dismissed at once."""
    carry_out("matter.bring_back", _restore, number=form_number("change") or 0)
    return back()


def _restore(work: Work, *, number: int) -> ActionOutcome[None]:
    keys = str((changes.find(work.db, number, "matter.put_away").change.after or {}).get("keys", "")).split()
    dismissed.restore(work.db, keys)
    return ActionOutcome(None, after={"keys": " ".join(keys)})


def attention_now() -> dict[str, Any]:
    """What the desk's part is made from."""
    found = attention(the_place(), the_books())
    if the_operator().role != "admin":  # who could do nothing about it must not put it away either
        found = [item for item in found if not isinstance(item, BackupsBesideBooks)]
    return {"attention": found, "copies": the_place().copies()}
