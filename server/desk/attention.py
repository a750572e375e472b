"""What needs a hand: all that somebody at the desk should look at, the most pressing first."""

import hashlib
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, Literal, NamedTuple, get_args

from device.contract.channels import SILENT_AFTER_S
from device.contract.instant import Instant
from server.core.rooms import excess
from server.desk.context import ServerContext
from server.store import looked_at
from server.store.accounts import standings
from server.store.database import Database
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

SILENT_AFTER = timedelta(seconds=SILENT_AFTER_S)
"""A unit that went away for less is restarting, or its Wi-Fi is."""
LOOK_BACK = timedelta(hours=24)
LOOK_BACK_DAYS = timedelta(days=7)
"""Within these, what nobody looked at is still shown."""

EXPIRES_SOON = timedelta(days=14)


class Attention(NamedTuple):
    """One thing that needs a hand; it can be put away where it has `keys`."""

    kind: Kind
    at: Instant | None
    keys: tuple[str, ...]
    facts: dict[str, Any]


def matters(place: ServerContext, db: Database) -> list[Attention]:
    """All that is not put away, the most pressing first."""
    now = place.now()
    found = [
        *_of_units(db, now),
        *of_server(place),
        *_of_badges(place, db, now),
        *_of_presence(place, db, now),
    ]
    found += [*_of_calendars(place), *_of_accounts(place, db), *_set_aside(db)]
    put_away = looked_at.among(db, [key for matter in found for key in matter.keys])
    shown = (_without(matter, put_away) for matter in found)
    order = {kind: nth for nth, kind in enumerate(get_args(Kind))}
    return sorted((matter for matter in shown if matter is not None), key=lambda matter: order[matter.kind])


def unverified_exits(db: Database, today: date) -> list[Unbadged]:
    """The check-outs of these days that nobody badged, nor has corrected or found right yet; the newest first."""
    exits = attention.unbadged_exits(db, today - LOOK_BACK_DAYS, today)
    put_away = looked_at.among(db, map(exit_key, exits))
    return [each for each in exits if exit_key(each) not in put_away]


def exit_key(exit: Unbadged) -> str:
    """What such a check-out is put away by."""
    return f"unbadged:{exit.member}:{exit.day}:{exit.began_at}"


def _without(matter: Attention, put_away: set[str]) -> Attention | None:
    """What is left of a matter; of one that lists several things, those that were not put away."""
    left = tuple(key for key in matter.keys if key not in put_away)
    if matter.keys and not left:
        return None
    facts = matter.facts
    if "list" in facts:
        facts = facts | {"list": [one for key, one in zip(matter.keys, facts["list"], strict=True) if key in left]}
    return matter._replace(keys=left, facts=facts)


def _of_units(db: Database, now: Instant) -> Iterator[Attention]:
    known = units.every(db)
    active = {
        (unit.name, alarm) for unit in known if unit.state and unit.state.online for alarm in unit.state.alarms or ()
    }
    for unit, alarm in sorted(active):
        yield Attention("fire" if alarm == "fire" else "alarm", None, (), {"unit": unit, "alarm": alarm})
    yield from (_silent(unit) for unit in known if _is_silent(unit, now))
    seen: set[tuple[str, str]] = set(active)
    for past in attention.alarms(db, now - LOOK_BACK):
        if (past.unit, past.alarm) not in seen:
            seen.add((past.unit, past.alarm))
            yield Attention("past_alarm", past.at, (f"alarm:{past.event}",), {"unit": past.unit, "alarm": past.alarm})


def _is_silent(unit: Unit, now: Instant) -> bool:
    if unit.heard_at is None or (unit.state is not None and unit.state.online):
        return False
    return now - unit.heard_at > SILENT_AFTER


def _silent(unit: Unit) -> Attention:
    return Attention("silent", unit.heard_at, (), {"unit": unit.name, "kind": unit.kind})


def of_server(place: ServerContext) -> Iterator[Attention]:
    """What the server itself cannot do; the books are not asked for it."""
    if not place.line.is_up:
        yield Attention("broker", None, (), {})
    if place.figures.damage:
        yield Attention("damaged", None, (), {"fault": place.figures.damage})
    elif place.figures.disk_fault:
        yield Attention("disk", None, (), {"fault": place.figures.disk_fault})
    for topic, fault in sorted(place.figures.stuck.items()):
        yield Attention("disk", None, (), {"fault": f"{topic}: {fault}"})


def _of_badges(place: ServerContext, db: Database, now: Instant) -> Iterator[Attention]:
    for badge in attention.unproven_badges(db, now - LOOK_BACK):
        yield Attention("unproven", badge.at, (f"unproven:{badge.event}",), {"badge": badge})
    for badge in attention.unknown_badges(db, now - LOOK_BACK):
        yield Attention("unknown", badge.at, (f"unknown:{badge.event}",), {"badge": badge})
    for badge in attention.telephones(db, now - LOOK_BACK):
        key = f"telephone:{badge.unit}:{place.house.day_of(badge.at)}"  # once a day is enough
        yield Attention("telephone", badge.at, (key,), {"badge": badge})


def _of_presence(place: ServerContext, db: Database, now: Instant) -> Iterator[Attention]:
    today = place.house.day_of(now)
    occupancy = place.occupancy(db)
    if occupancy.uncertain:
        yield Attention("uncertain", None, (), {"count": occupancy.uncertain})
    people = [room.people for room in place.rooms.statuses(db, place.now()).values()]
    if excess(people, occupancy.present):
        yield Attention("crowded_rooms", None, (), {"in_rooms": sum(people), "present": occupancy.present})
    exits = unverified_exits(db, today)
    doubts = stays.doubts(db, today)
    names = directory.names(db, [*(each.member for each in exits), *(each.member for each in doubts)])
    if exits:
        yield Attention("unbadged", None, tuple(map(exit_key, exits)), {"list": exits, "names": names})
    for doubt in doubts:
        key = f"doubt:{doubt.member}:{doubt.at}:{doubt.doubt}"
        yield Attention("doubt", doubt.at, (key,), {"doubt": doubt, "name": names.get(doubt.member, "")})


def _of_calendars(place: ServerContext) -> Iterator[Attention]:
    """Calendars of which something cannot be read; one that was put away comes back when it is something else."""
    names = {room.id: room.name for room in place.settings.rooms}
    for report in place.calendars():
        if report.fault or report.troubles or report.has_open_password:
            said = (report.fault, report.troubles, report.has_open_password)
            key = f"calendar:{report.room}:{hashlib.sha256(repr(said).encode()).hexdigest()[:16]}"
            yield Attention("calendar", None, (key,), {"room": names.get(report.room, report.room), "report": report})


def _of_accounts(place: ServerContext, db: Database) -> Iterator[Attention]:
    """What can be settled with somebody while they are there: debts, tickets that expire soon."""
    today = place.house.day_of(place.now())
    inside = {member: of for member in stays.members_inside(db, today) if (of := standings.of_member(db, member))}
    names = directory.names(db, inside)
    owing = [each for each in inside.values() if each.owed_cents]
    if owing:
        keys = tuple(f"owes:{each.member}:{today}:{each.owed_cents}" for each in owing)
        yield Attention("owes", None, keys, {"list": owing, "names": names})
    expiring = [each for each in inside.values() if each.expires and each.expires - today <= EXPIRES_SOON]
    if expiring:
        keys = tuple(f"expires:{each.member}:{each.expires}" for each in expiring)
        yield Attention("expires", None, keys, {"list": expiring, "names": names})


def _set_aside(db: Database) -> Iterator[Attention]:
    count, newest = attention.faults_after(db, looked_at.newest_number(db, "faults:"))
    if count:
        yield Attention("set_aside", None, (f"faults:{newest}",), {"count": count})
