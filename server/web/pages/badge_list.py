"""The badges of the place: whose each is, which keys it holds, which can be copied; and what the desk does with one."""

from typing import Literal, NamedTuple, get_args

from flask import Blueprint, render_template, request

from server.site.badge_keys import SiteKeys
from server.store.database import Database
from server.store.people import badge_keys, badges, members
from server.store.people.badges import BadgeAssignment
from server.web.place import the_place
from server.web.reading import the_books

pages = Blueprint("badge_list", __name__, url_prefix="/badges")

Standing = Literal["present", "former", "over", "under_way", "blank", "copyable"]
"""What there is to know of a badge's keys: those that are given out now, the former ones, ones that are over, an
exchange that did not end, none any more, or none at all.
"""


class ListedBadge(NamedTuple):
    """A badge in somebody's hands; `version` is that of its keys, None where it never had any."""

    badge: BadgeAssignment
    name: str
    version: int | None
    standing: Standing


@pages.get("/")
def show() -> str:
    """All badges that somebody holds, by name; or those of one standing alone."""
    listed = listed_badges(the_books(), the_place().site_keys())
    wanted = next((each for each in get_args(Standing) if each == request.args.get("only")), None)
    counts = {each: sum(one.standing == each for one in listed) for each in get_args(Standing)}
    return render_template(
        "badges/list.html",
        listed=[each for each in listed if wanted in (None, each.standing)],
        only=wanted,
        total=len(listed),
        counts={each: number for each, number in counts.items() if number and each != "present"},
        site_keys=the_place().site_keys(),
    )


@pages.get("/wipe")
def ask_to_wipe() -> str:
    """What it means to make a badge blank, and whether it is meant."""
    return render_template("badges/wipe.html")


def listed_badges(db: Database, keys: SiteKeys) -> list[ListedBadge]:
    """All badges that somebody holds, by name."""
    known, names = badge_keys.every(db), members.names(db)
    held = [badge for badge in badges.every(db) if badge.ended_at is None]
    listed = [
        ListedBadge(
            badge,
            names.get(badge.member, ""),
            version := badge_keys.version_of(known, badge.credential, keys.present),
            _standing(known.get(badge.credential.partition(":")[2]), version, keys),
        )
        for badge in held
    ]
    return sorted(listed, key=lambda each: (each.name.casefold(), each.badge.credential))


def _standing(known: badge_keys.BadgeKeys | None, version: int | None, keys: SiteKeys) -> Standing:
    if version is None:
        return "copyable"
    if known is not None and known.next_version is not None:
        return "under_way"
    if version == badge_keys.BLANK:
        return "blank"
    if version == keys.present:
        return "present"
    return "former" if keys.of(version) is not None else "over"
