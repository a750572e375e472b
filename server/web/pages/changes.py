"""What operators changed, to be read: who, when, before and after."""

from flask import Blueprint, render_template

from server.store.people import changes, directory
from server.web.numbers import query_number
from server.web.reading import the_books

pages = Blueprint("changes", __name__, url_prefix="/changes")

SHOWN = 100


@pages.get("/")
def log() -> str:
    """The newest first."""
    db, before = the_books(), query_number("before")
    found = changes.newest(db, before=before, limit=SHOWN + 1)
    return render_template(
        "changes.html",
        changes=found[:SHOWN],
        older=found[SHOWN - 1].id if len(found) > SHOWN else None,
        names=directory.names(db, (each.change.member for each in found)),
    )
