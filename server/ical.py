"""Bookings out of an iCal file: a program of its own, `python -m server.ical ZONE SINCE UNTIL`, file in, JSON out.

What stands in somebody else's calendar may take a parser for ever, or all memory; here that stops this process alone.
"""

import json
import resource
import sys
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import recurring_ical_events  # type: ignore[import-untyped]
from icalendar import Calendar, Component

from device.contract.instant import Instant
from server.core.rooms import Booking

MEMORY_BYTES = 1024 * 1024 * 1024
PROCESSOR_S = 20
MOST = 1_000
"""Bookings of a few days; a room has no more."""
TOO_OFTEN = ("SECONDLY", "MINUTELY", "HOURLY")
"""Rules by which nobody books a room."""


def bookings(data: bytes, zone: ZoneInfo, since: Instant, until: Instant) -> list[Booking]:
    """What the file has booked between two moments, in order; times without a zone are of `zone`.

    Cancelled entries and those marked as free time book nothing. Raises `ValueError` for what is no iCal.
    """
    calendars = Calendar.from_ical(data, multiple=True)
    if not calendars:
        raise ValueError("no calendar in it")
    found = {booking for calendar in calendars for booking in _of(calendar, zone, since, until)}
    return sorted(found)[:MOST]


def _of(calendar: Component, zone: ZoneInfo, since: Instant, until: Instant) -> list[Booking]:
    calendar.subcomponents = [part for part in calendar.subcomponents if not _repeats_too_often(part)]
    events = recurring_ical_events.of(calendar, skip_bad_series=True).between(since, until)
    taken = [event for event in events if _is_taken(event)]
    spans = [(_moment(event.start, zone), _moment(event.end, zone)) for event in taken]
    return [Booking(begins, ends) for begins, ends in spans if begins < ends]


def _is_taken(event: Component) -> bool:
    return str(event.get("STATUS", "")).upper() != "CANCELLED" and str(event.get("TRANSP", "")).upper() != "TRANSPARENT"


def _repeats_too_often(part: Component) -> bool:
    rules = part.get("RRULE", [])
    rules = rules if isinstance(rules, list) else [rules]
    return any(often in TOO_OFTEN for rule in rules for often in rule.get("FREQ", []))


def _moment(when: date, zone: ZoneInfo) -> Instant:
    """A date is its midnight; a time without a zone is the place's."""
    if not isinstance(when, datetime):
        return Instant.of(datetime.combine(when, time(), zone))
    return Instant.of(when if when.tzinfo else when.replace(tzinfo=zone))


def main() -> None:
    """Reads the file from standard input."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (PROCESSOR_S, PROCESSOR_S))
    zone, since, until = sys.argv[1:]
    found = bookings(sys.stdin.buffer.read(), ZoneInfo(zone), Instant.parse(since), Instant.parse(until))
    json.dump([[str(booking.begins_at), str(booking.ends_at)] for booking in found], sys.stdout)


if __name__ == "__main__":
    main()
