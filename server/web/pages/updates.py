"""Updates: which release each unit runs, a round from unit to unit, and the archive that units fetch."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, abort, render_template, send_file
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from server.accounts.work import Work
from server.cards.release import own_release
from server.errors import Refusal
from server.publishing.changes import Topic
from server.store.units import units
from server.updates import release, rounds
from server.updates.rounds import RoundOrder
from server.web.access import open_to_admins, open_to_all, the_operator
from server.web.language import told as told_refusal
from server.web.operator_actions import ActionOutcome, back, carry_out, tell, tell_fault
from server.web.parts import digest, live_parts
from server.web.place import the_place
from server.web.reading import the_books
from server.web.texts import gettext as _

pages = Blueprint("updates", __name__)


def _round_now() -> dict[str, Any]:
    site = the_place().database_path.parent
    return {"round": rounds.read_round(site), "ordered": rounds.read_order(site)}


def _units_now() -> dict[str, Any]:
    own = own_release()
    return {
        "units": rounds.in_order(units.every(the_books())),
        "own": None if own is None else release.id_of(own.folder),
        "broker_up": the_place().line.is_up,
        **_round_now(),
    }


PARTS: Mapping[str, Callable[[], dict[str, Any]]] = {"round": _round_now, "released": _units_now}
"""What each part of the page is made from, by the name of its template in `parts/`."""
CHANGED_BY: Mapping[Topic, tuple[str, ...]] = {"unit": tuple(PARTS), "line": tuple(PARTS), "people": tuple(PARTS)}


@pages.get("/release/<wanted>")
@open_to_all
def archive(wanted: str) -> AnyResponse:
    """A release for the units, which have no login: it holds no secret, and each knows it by its signature."""
    path = release.archive_of(wanted, the_place().database_path.parent)
    if path is None:
        abort(404)
    return send_file(path.absolute(), mimetype="application/gzip", download_name=f"poincon-{wanted}.tar.gz")


@pages.get("/updates/")
@open_to_admins
def show() -> str:
    """Who runs what, and the last round."""
    rendered = {name: _rendered(name) for name in PARTS}
    return render_template(
        "updates.html", parts={name: (Markup(html), digest(html)) for name, html in rendered.items()}
    )


@pages.post("/updates/begin")
@open_to_admins
def begin() -> AnyResponse:
    """Orders a round to the release of this server."""
    place, site = the_place(), the_place().database_path.parent
    try:
        own = own_release()
        if own is None:
            raise Refusal("no_own_release")
        rounds.see_reachable(place.settings)
        chosen = [unit.name for unit in rounds.in_order(units.every(the_books()))]
        if not chosen:
            raise Refusal("no_unit_to_update")
        order = RoundOrder(release=release.id_of(own.folder), operator=the_operator().name, units=chosen)
        carry_out("units.update", _ordered, order=order, site=site)
    except Refusal as refusal:
        tell_fault(told_refusal(refusal))
        return back()
    place.feed.publish("unit")
    tell(_("The units are being updated, one after the other."))
    return back()


@pages.get("/updates/parts/<name>")
@open_to_admins
def part(name: str) -> str:
    """One part of the page, as it is now."""
    if name not in PARTS:
        abort(404)
    return _rendered(name)


@pages.get("/updates/live")
@open_to_admins
def live() -> Response:
    """Which parts changed, until the login is over."""
    return live_parts(CHANGED_BY, lambda: {name: _rendered(name) for name in PARTS})


def _rendered(name: str) -> str:
    return render_template(f"parts/updates_{name}.html", **PARTS[name]())


def _ordered(_work: Work, *, order: RoundOrder, site: Path) -> ActionOutcome[None]:
    rounds.lay_down(order, site)
    return ActionOutcome(None, subject=order.release)
