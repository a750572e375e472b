"""Events as the parser has them: whether and how long one takes the room, and which belong together."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from icalendar import Calendar, Component, Event

from device.contract.instant import LAST, Instant
from server.core.ical.file import Entry

MOST_SHARED = 5_000
"""Changes that are tried on each of several series with one name."""


def learn_zone(text: list[str]) -> None:
    """Tells the parser of a time zone, whose first line is left out."""
    Calendar.from_ical("\r\n".join(["BEGIN:VCALENDAR", "BEGIN:VTIMEZONE", *text[1:], "END:VCALENDAR", ""]))


def parsed(entry: Entry) -> Event:
    """The parser's own of an entry; of what it could not read it has a list."""
    text = "\r\n".join(["BEGIN:VEVENT", *map(str, entry.without("EXRULE").properties), "END:VEVENT", ""])
    event = Event.from_ical(text)
    assert isinstance(event, Event)
    return event


def is_taken(event: Component) -> bool:
    """Whether it takes the room: neither cancelled nor marked as free."""
    return str(event.get("STATUS", "")).upper() != "CANCELLED" and str(event.get("TRANSP", "")).upper() != "TRANSPARENT"


def lasts(event: Any, zone: ZoneInfo) -> bool:
    """Whether its end is after its start; by the clock on the wall where both are of one zone."""
    start = event["DTSTART"].dt
    if "DURATION" in event:
        return bool(event["DURATION"].dt > timedelta())
    end = event["DTEND"].dt if "DTEND" in event else start
    if start == end:
        return not isinstance(start, datetime) and "DTEND" not in event
    return _in_zone(start, zone) < _in_zone(end, zone)


def _in_zone(when: date, zone: ZoneInfo) -> datetime:
    """A date is its midnight; a time without a zone is the place's."""
    if not isinstance(when, datetime):
        return datetime.combine(when, time(), zone)
    return when if when.tzinfo else when.replace(tzinfo=zone)


def moment(when: date, zone: ZoneInfo) -> Instant:
    """The moment, or the first or last that can be told: some let a room until the year 9999."""
    try:
        return Instant.of(_in_zone(when, zone))
    except (ValueError, OverflowError):
        return LAST if when.year > LAST.year else Instant.of_epoch_ms(0)


def apart(entries: list[tuple[Entry, Event]]) -> Iterator[list[tuple[Entry, Event]]]:
    """What belongs together of entries with one identity: several first ones are different ones that share a name.

    Which of them a change belongs to cannot be told then: to each that repeats, or else to the one that starts there.
    """
    changes = [each for each in entries if "RECURRENCE-ID" in each[1]]
    first = [each for each in entries if "RECURRENCE-ID" not in each[1]]
    newest = max((int(event.get("SEQUENCE", 0)) for _, event in first), default=0)
    latest = [each for each in first if int(each[1].get("SEQUENCE", 0)) == newest]
    if len(latest) <= 1:
        yield entries
        return
    repeat = [each for each in latest if {"RRULE", "RDATE"} & set(each[1])]
    if repeat:
        changed = repeat if len(repeat) * len(changes) <= MOST_SHARED else repeat[:1]
        yield from ([each, *changes] if each in changed else [each] for each in latest)
        return
    by_start: dict[str, list[tuple[Entry, Event]]] = {}
    for each in changes:
        by_start.setdefault(each[0].value("RECURRENCE-ID"), []).append(each)
    yield from ([each, *by_start.pop(each[0].value("DTSTART"), [])] for each in latest)
    yield from by_start.values()
