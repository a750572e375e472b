"""What was set aside: messages that keep to no contract, events that cannot be believed. To be looked at."""

from flask import Blueprint, render_template

from server.store.journal import faults
from server.web.reading import the_books

pages = Blueprint("set_aside", __name__)

SHOWN = 100
BYTES_SHOWN = 500


@pages.get("/set-aside")
def read() -> str:
    """The newest, with their first bytes."""
    db = the_books()
    found = faults.newest(db, limit=SHOWN)[::-1]
    payloads = {fault.id: fault.payload[:BYTES_SHOWN].decode("utf-8", "replace") for fault in found}
    return render_template("set_aside.html", faults=found, payloads=payloads, count=faults.count(db))
