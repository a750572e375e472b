"""What needs a hand: all that somebody at the desk should look at, the most pressing first."""

import hashlib
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, Literal, NamedTuple, get_args

from device.contract.instant import Instant
from server.core.rooms import excess
from server.desk.context import Place
from server.store import looked_at
from server.store.accounts import standings
from server.store.database import Books
from server.store.journal import attention
from server.store.journal.attention import Unbadged
from server.store.people import directory
from server.store.presence import stays
from server.store.units import units
from server.store.units.units import Unit

Kind = Literal[
    "fire",
    "alarm",
    "unproven",
    "past_alarm",
    "broker",
    "damaged",
    "disk",
    "silent",
    "unknown",
    "telephone",
    "uncertain",
    "crowded_rooms",
    "calendar",
    "owes",
    "unbadged",
    "expires",
    "doubt",
    "set_aside",
]

SILENT_AFTER = timedelta(minutes=2)
"""A unit that went away for less is restarting, or its Wi-Fi is."""
LOOK_BACK = timedelta(hours=24)
LOOK_BACK_DAYS = timedelta(days=7)
"""Within these, what nobody looked at is still shown."""

EXPIRES_SOON = timedelta(days=14)


class Matter(NamedTuple):
    """One thing that needs a hand; it can be put away where it has `keys`."""

    kind: Kind
    at: Instant | None
    keys: tuple[str, ...]
    facts: dict[str, Any]


def matters(place: Place, books: Books) -> list[Matter]:
    """All that is not put away, the most pressing first."""
    now = place.now()
    found = [
        *_of_units(books, now),
        *of_server(place),
        *_of_badges(place, books, now),
        *_of_presence(place, books, now),
    ]
    found += [*_of_calendars(place), *_of_accounts(place, books), *_set_aside(books)]
    put_away = looked_at.among(books, [key for matter in found for key in matter.keys])
    shown = (_without(matter, put_away) for matter in found)
    order = {kind: nth for nth, kind in enumerate(get_args(Kind))}
    return sorted((matter for matter in shown if matter is not None), key=lambda matter: order[matter.kind])


def unverified_exits(books: Books, today: date) -> list[Unbadged]:
    """The check-outs of these days that nobody badged, nor has corrected or found right yet; the newest first."""
    exits = attention.unbadged_exits(books, today - LOOK_BACK_DAYS, today)
    put_away = looked_at.among(books, map(exit_key, exits))
    return [each for each in exits if exit_key(each) not in put_away]


def exit_key(exit: Unbadged) -> str:
    """What such a check-out is put away by."""
    return f"unbadged:{exit.member}:{exit.day}:{exit.began_at}"


def _without(matter: Matter, put_away: set[str]) -> Matter | None:
    """What is left of a matter; of one that lists several things, those that were not put away."""
    left = tuple(key for key in matter.keys if key not in put_away)
    if matter.keys and not left:
        return None
    facts = matter.facts
    if "list" in facts:
        facts = facts | {"list": [one for key, one in zip(matter.keys, facts["list"], strict=True) if key in left]}
    return matter._replace(keys=left, facts=facts)


def _of_units(books: Books, now: Instant) -> Iterator[Matter]:
    known = units.every(books)
    active = {
        (unit.name, alarm) for unit in known if unit.state and unit.state.online for alarm in unit.state.alarms or ()
    }
    for unit, alarm in sorted(active):
        yield Matter("fire" if alarm == "fire" else "alarm", None, (), {"unit": unit, "alarm": alarm})
    yield from (_silent(unit) for unit in known if _is_silent(unit, now))
    seen: set[tuple[str, str]] = set(active)
    for past in attention.alarms(books, now - LOOK_BACK):
        if (past.unit, past.alarm) not in seen:
            seen.add((past.unit, past.alarm))
            yield Matter("past_alarm", past.at, (f"alarm:{past.event}",), {"unit": past.unit, "alarm": past.alarm})


def _is_silent(unit: Unit, now: Instant) -> bool:
    if unit.heard_at is None or (unit.state is not None and unit.state.online):
        return False
    return now - unit.heard_at > SILENT_AFTER


def _silent(unit: Unit) -> Matter:
    return Matter("silent", unit.heard_at, (), {"unit": unit.name, "kind": unit.kind})


def of_server(place: Place) -> Iterator[Matter]:
    """What the server itself cannot do; the books are not asked for it."""
    if not place.line.is_up:
        yield Matter("broker", None, (), {})
    if place.figures.damage:
        yield Matter("damaged", None, (), {"fault": place.figures.damage})
    elif place.figures.disk_fault:
        yield Matter("disk", None, (), {"fault": place.figures.disk_fault})
    for topic, fault in sorted(place.figures.stuck.items()):
        yield Matter("disk", None, (), {"fault": f"{topic}: {fault}"})


def _of_badges(place: Place, books: Books, now: Instant) -> Iterator[Matter]:
    for badge in attention.unproven_badges(books, now - LOOK_BACK):
        yield Matter("unproven", badge.at, (f"unproven:{badge.event}",), {"badge": badge})
    for badge in attention.unknown_badges(books, now - LOOK_BACK):
        yield Matter("unknown", badge.at, (f"unknown:{badge.event}",), {"badge": badge})
    for badge in attention.telephones(books, now - LOOK_BACK):
        key = f"telephone:{badge.unit}:{place.house.day_of(badge.at)}"  # once a day is enough
        yield Matter("telephone", badge.at, (key,), {"badge": badge})


def _of_presence(place: Place, books: Books, now: Instant) -> Iterator[Matter]:
    today = place.house.day_of(now)
    occupancy = place.occupancy(books)
    if occupancy.uncertain:
        yield Matter("uncertain", None, (), {"count": occupancy.uncertain})
    people = [room.people for room in place.rooms.statuses(books, place.now()).values()]
    if excess(people, occupancy.present):
        yield Matter("crowded_rooms", None, (), {"in_rooms": sum(people), "present": occupancy.present})
    exits = unverified_exits(books, today)
    doubts = stays.doubts(books, today)
    names = directory.names(books, [*(each.member for each in exits), *(each.member for each in doubts)])
    if exits:
        yield Matter("unbadged", None, tuple(map(exit_key, exits)), {"list": exits, "names": names})
    for doubt in doubts:
        key = f"doubt:{doubt.member}:{doubt.at}:{doubt.doubt}"
        yield Matter("doubt", doubt.at, (key,), {"doubt": doubt, "name": names.get(doubt.member, "")})


def _of_calendars(place: Place) -> Iterator[Matter]:
    """Calendars of which something cannot be read; one that was put away comes back when it is something else."""
    names = {room.id: room.name for room in place.settings.rooms}
    for report in place.calendars():
        if report.fault or report.troubles or report.has_open_password:
            said = (report.fault, report.troubles, report.has_open_password)
            key = f"calendar:{report.room}:{hashlib.sha256(repr(said).encode()).hexdigest()[:16]}"
            yield Matter("calendar", None, (key,), {"room": names.get(report.room, report.room), "report": report})


def _of_accounts(place: Place, books: Books) -> Iterator[Matter]:
    """What can be settled with somebody while they are there: debts, tickets that expire soon."""
    today = place.house.day_of(place.now())
    inside = {member: of for member in stays.members_inside(books, today) if (of := standings.of_member(books, member))}
    names = directory.names(books, inside)
    owing = [each for each in inside.values() if each.owed_cents]
    if owing:
        keys = tuple(f"owes:{each.member}:{today}:{each.owed_cents}" for each in owing)
        yield Matter("owes", None, keys, {"list": owing, "names": names})
    expiring = [each for each in inside.values() if each.expires and each.expires - today <= EXPIRES_SOON]
    if expiring:
        keys = tuple(f"expires:{each.member}:{each.expires}" for each in expiring)
        yield Matter("expires", None, keys, {"list": expiring, "names": names})


def _set_aside(books: Books) -> Iterator[Matter]:
    count, newest = attention.faults_after(books, looked_at.newest_number(books, "faults:"))
    if count:
        yield Matter("set_aside", None, (f"faults:{newest}",), {"count": count})
