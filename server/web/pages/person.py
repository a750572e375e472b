"""One person's page: its live parts, and how it is shown again where a form on it has a fault."""

import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any

from flask import render_template, request
from markupsafe import Markup

from server.core.charge.passes import TICKET_KINDS, first_free_day
from server.desk.attention import EXPIRES_SOON
from server.desk.context import ServerContext
from server.publishing.changes import Topic
from server.store.accounts import lots, sales
from server.store.accounts.gifts import Gift
from server.store.accounts.sales import MEANS, Sale
from server.store.database import Database
from server.store.people import badge_keys, badges, changes, members
from server.store.people.members import Member
from server.store.presence import stays
from server.web import unseen_changes
from server.web.parts import digest
from server.web.place import the_place
from server.web.reading import the_books
from server.web.shown_holdings import holdings_of
from server.web.visits import month_of, visits_in

EDITED = ("name", "email", "role", "notes")
"""What the form changes."""
BLANK = (
    *("credential", "for_today", "pass", "reduced", "sale_reason", "on", "start", "amount"),
    *("gift_reason", "size", "kind", "lot_reason", "lot_day", "cancel_reason", "cancelling", "suspend_reason"),
)
"""Fields of the other forms on the page."""
CHANGES_SHOWN = SALES_SHOWN = 10

Facts = dict[str, Any]


def _state(place: ServerContext, db: Database, member: int) -> Facts:
    return {"is_inside": stays.is_inside(db, member)}


def _account(place: ServerContext, db: Database, member: int) -> Facts:
    today = place.house.day_of(place.now())
    return {"holdings": holdings_of(place, db, member), "today": today, "expires_soon": EXPIRES_SOON, "means": MEANS}


def _visits(place: ServerContext, db: Database, member: int) -> Facts:
    month = month_of(request.args.get("month", ""), place.house.day_of(place.now()))
    return {"month": month, "visits": visits_in(db, member, month)}


def _badges(place: ServerContext, db: Database, member: int) -> Facts:
    former = place.site_keys().former
    left = badge_keys.left_on(db, former) if former is not None else ()
    under_way = {f"{known.scheme}:{identity}" for identity, known in badge_keys.under_way(db).items()}
    return {
        "badges": badges.every(db, member=member)[::-1],
        "former": {badge.credential for badge in left},
        "under_way": under_way,
    }


def _purchases(place: ServerContext, db: Database, member: int) -> Facts:
    sold = sales.of_member(db, member)[::-1]
    return {"sold": sold[:SALES_SHOWN], "taken_back": {sale.cancels for sale in sold}}


def _changes(place: ServerContext, db: Database, member: int) -> Facts:
    return {"changes": changes.newest(db, member=member, limit=CHANGES_SHOWN)}


PARTS: Mapping[str, Callable[[ServerContext, Database, int], Facts]] = {
    "state": _state,
    "account": _account,
    "purchases": _purchases,
    "visits": _visits,
    "badges": _badges,
    "changes": _changes,
}
"""What each live part is made from, by the name of its template in `person/`."""

CHANGED_BY: Mapping[Topic, tuple[str, ...]] = {
    "presence": ("state", "account", "visits"),
    "people": tuple(PARTS),
}
"""Which parts to look at again when something rings."""


def person_page(
    number: int,
    *,
    typed: Mapping[str, str] | None = None,
    faults: Mapping[str, str] | None = None,
    overtaken: Member | None = None,
    booked: Sale | Gift | None = None,
    seen: str | None = None,
) -> str:
    """The page of a member. `typed` is kept in its forms; `faults` stand beside their fields, or above where the page
    has no such form. It is live without them.

    `overtaken` is how somebody else left the member, who saw the version `seen`; `booked` what was booked for them
    meanwhile. Raises `Refusal` for who is no member.
    """
    db, place = the_books(), the_place()
    member = members.find(db, number)
    content: Facts = {
        "member": member,
        "typed": _typed(member, typed or {}),
        "faults": faults or {},
        "overtaken": overtaken,
        "booked": booked and unseen_changes.told(booked, member.name, place.now()),
        "seen": seen or version_of(member),
        "booked_seen": str(unseen_changes.seen_of(db, number)),
        "means": MEANS,
        "kinds": TICKET_KINDS,
        "on_sale": _on_sale(place, db, number),
        "month": request.args.get("month", ""),
        "is_live": not (typed or faults or overtaken or booked),
    }
    rendered = {name: _rendered(name, content | made(place, db, number)) for name, made in PARTS.items()}
    parts = {name: (Markup(html), digest(html)) for name, html in rendered.items()}
    page = render_template("member.html", **content, parts=parts, above=())
    # a form may be gone meanwhile: a debt was paid, a sale taken back, somebody suspended
    above = [text for name, text in content["faults"].items() if f'id="{name}-fault"' not in page]
    return render_template("member.html", **content, parts=parts, above=above) if above else page


def person_part(number: int, name: str) -> str:
    """One live part of a member's page, as it is now."""
    db, place = the_books(), the_place()
    member = members.find(db, number)
    fresh: Facts = {"member": member, "typed": _typed(member, {}), "faults": {}}
    fresh["booked_seen"] = str(unseen_changes.seen_of(db, number))
    return _rendered(name, fresh | PARTS[name](place, db, number))


def state_of(member: Member) -> dict[str, str | int | bool | None]:
    """What an edit can change of them."""
    return {key: getattr(member, key) for key in EDITED}


def version_of(member: Member) -> str:
    """What tells this state of a member from every other."""
    return hashlib.sha256(json.dumps(state_of(member)).encode()).hexdigest()[:16]


def _rendered(name: str, content: Facts) -> str:
    return render_template(f"person/{name}.html", **content)


def _typed(member: Member, typed: Mapping[str, str]) -> dict[str, str]:
    return dict.fromkeys(BLANK, "") | {key: getattr(member, key) or "" for key in EDITED} | dict(typed)


def _on_sale(place: ServerContext, db: Database, member: int) -> list[Facts]:
    """Each pass of the price list; `after` is when it would hold if it followed what pays for those dates already."""
    held, today = lots.passes_of_member(db, member), place.house.day_of(place.now())
    found = []
    for kind in place.settings.pass_kinds().values():
        first_day = first_free_day(kind, held, today)
        after = (first_day, kind.term.last_day(first_day)) if first_day > today else None
        found.append({"kind": kind, "after": after, "from_today": (today, kind.term.last_day(today))})
    return found
