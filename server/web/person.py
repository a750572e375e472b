"""One person's page, as it is shown and as it is shown again where a form on it has a fault."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from flask import render_template, request

from server.core.postings import TICKET_KINDS
from server.store import badges, changes, members, sales, stays
from server.store.members import Member
from server.store.sales import MEANS
from server.web.place import the_place
from server.web.purse import purse_of
from server.web.reading import the_books
from server.web.visits import month_of, visits_in

EDITED = ("name", "email", "role", "notes")
"""What the form changes."""
BLANK = ("credential", "pass", "sale_reason", "on", "amount", "gift_reason", "size", "kind", "lot_reason")
"""Fields of the other forms on the page."""
CHANGES_SHOWN = SALES_SHOWN = 10


def person_page(
    number: int,
    *,
    typed: Mapping[str, str] | None = None,
    faults: Mapping[str, str] | None = None,
    overtaken: Member | None = None,
    seen: str | None = None,
) -> str:
    """The page of a member. `typed` is kept in its forms, `faults` stand beside their fields.

    `overtaken` is how somebody else left the member, who saw the version `seen`. Raises `Refusal` for who is no member.
    """
    books, place = the_books(), the_place()
    member = members.find(books, number)
    month = month_of(request.args.get("month", ""), place.house.day_of(place.now()))
    content: dict[str, Any] = {
        "member": member,
        "typed": dict.fromkeys(BLANK, "") | {key: getattr(member, key) or "" for key in EDITED} | dict(typed or {}),
        "faults": faults or {},
        "overtaken": overtaken,
        "seen": seen or version_of(member),
        "badges": badges.every(books, member=number)[::-1],
        "is_inside": stays.is_inside(books, number),
        "month": month,
        "visits": visits_in(books, number, month),
        "purse": purse_of(place, books, number),
        "sold": sales.of_member(books, number)[::-1][:SALES_SHOWN],
        "taken_back": {sale.cancels for sale in sales.of_member(books, number)},
        "passes": place.settings.passes,
        "means": MEANS,
        "kinds": TICKET_KINDS,
        "today": place.house.day_of(place.now()),
        "changes": changes.newest(books, member=number, limit=CHANGES_SHOWN),
    }
    return render_template("member.html", **content)


def state_of(member: Member) -> dict[str, str | int | bool | None]:
    """What an edit can change of them."""
    return {key: getattr(member, key) for key in EDITED}


def version_of(member: Member) -> str:
    """What tells this state of a member from every other."""
    return hashlib.sha256(json.dumps(state_of(member)).encode()).hexdigest()[:16]
