"""Bookings out of an iCal file: a program of its own, `python -m server.rooms.ical ZONE SINCE UNTIL`: file in, JSON
out.

What stands in somebody else's calendar may take a parser for ever, or all memory; here that stops this process alone.
Each series is worked out by itself, within a bound of its own: what cannot be read costs nothing of the rest.
"""

import json
import resource
import signal
import sys
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from time import process_time
from types import FrameType
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import recurring_ical_events  # type: ignore[import-untyped]
from icalendar import Calendar, Component, Event

from device.contract.instant import Instant
from server.core.ical.entry import concerns, excess, has_sound_rules, near, stepped
from server.core.ical.file import CalendarPart, Entry, Property, Trouble, Why, taken_apart
from server.core.rooms import Booking

MEMORY_BYTES = 1024 * 1024 * 1024
PROCESSOR_S = 25
SERIES_S, ALL_S = 1.0, 12.0
"""Of the processor, for one series and for all of them: a last resort, what is known to be too much is told before."""
MOST = 1_000
"""Bookings of a few days; a room has no more."""
MOST_SERIES = 5_000
MOST_TROUBLES = 50

FOREIGN = (ArithmeticError, AssertionError, AttributeError, LookupError, RecursionError, TypeError, ValueError)
"""What the parsers raise over somebody else's file, besides saying what is wrong."""

WHY_OF: dict[str, Why] = {"RRULE": "rule", "RDATE": "dates", "EXDATE": "dates", "DTEND": "end", "DURATION": "end"}

PROBE = Entry(0, "", [Property("DTSTART", "", "20260701T000000Z")])
"""What tells whether the zone that a calendar names is known."""


class Found(NamedTuple):
    """What a file has booked, in order, and what could not be read of it, in the order of the file."""

    bookings: list[Booking]
    troubles: list[Trouble]


class _TooLong(Exception):
    """A series took longer than it may."""


def bookings(data: bytes, zone: ZoneInfo, since: Instant, until: Instant) -> Found:
    """What the file has booked between two moments; times without a zone are of `zone`.

    Cancelled entries and those marked as free time book nothing. Raises `ValueError` for what is no iCal.
    """
    file = taken_apart(data)
    reader = _Reader(zone, since, until)
    for part in file.parts:
        reader.read(part)
    troubles = sorted({*file.troubles, *reader.troubles})
    return Found(sorted(reader.found)[:MOST], troubles[:MOST_TROUBLES])


class _Reader:
    """Gathers what the calendars of one file have booked."""

    def __init__(self, zone: ZoneInfo, since: Instant, until: Instant) -> None:
        self.found: set[Booking] = set()
        self.troubles: list[Trouble] = []
        self._zone, self._since, self._until = zone, since, until
        self._first, self._last = since.date(), until.date()
        self._began_s = process_time()

    def read(self, part: CalendarPart) -> None:
        """One calendar: what does not repeat comes first, so that a hard rule takes nothing from it."""
        self._learn_zones(part)
        series: dict[str, list[tuple[Entry, Event]]] = {}
        for entry in part.entries:
            event = self._event(entry, part) if concerns(entry, self._first, self._last) else None
            if event is not None:
                series.setdefault(entry.value("UID") or f"line {entry.line}", []).append(event)
        each_apart = [one for entries in series.values() for one in _apart(entries)]
        in_order = sorted(each_apart, key=lambda one: any(event.get("RRULE") for _, event in one))
        for nth, one in enumerate(in_order):
            if nth >= MOST_SERIES or process_time() - self._began_s > ALL_S:
                self.troubles += [one[0][0].trouble("too_much") for one in in_order[nth:]]
                break
            self._take(one, part)

    def _learn_zones(self, part: CalendarPart) -> None:
        for line, text in part.zones.items():
            try:
                Calendar.from_ical("\r\n".join(["BEGIN:VCALENDAR", "BEGIN:VTIMEZONE", *text[1:], "END:VCALENDAR", ""]))
            except FOREIGN:
                name = next((each.partition(":")[2] for each in text if each.startswith("TZID")), "")
                self.troubles.append(Trouble(line, name[:60], "zone"))
        try:
            self._booked([_parsed(PROBE)], part.zone)
        except FOREIGN:
            self.troubles.append(Trouble(part.zone_line, part.zone[:60], "zone"))
            part.zone = ""

    def _event(self, entry: Entry, part: CalendarPart) -> tuple[Entry, Event] | None:
        """The entry as the parser has it, without what it could not read of it; None where nothing can be done."""
        entry = near(entry, self._first, self._last)
        if not has_sound_rules(entry):
            self.troubles.append(entry.trouble("rule"))
            entry = entry.without("RRULE")
        if not (part.zone and entry.value("DTSTART").endswith("Z")):  # there the hour of summer counts
            entry = stepped(entry, self._first)
        why = excess(entry, self._first)
        if why is not None:
            self.troubles.append(entry.trouble(why))
            return None
        if entry.value("DTEND"):
            entry = entry.without("DURATION")
        return self._parsed(entry)

    def _parsed(self, entry: Entry) -> tuple[Entry, Event] | None:
        """The entry and the parser's own of it; what is unreadable is told, and left out where the rest stands."""
        try:
            event: Any = _parsed(entry)
            bad = {name or "" for name, _ in event.errors}
            start = None if "DTSTART" in bad or "DTSTART" not in event else event["DTSTART"].dt
        except FOREIGN:
            self.troubles.append(entry.trouble("broken"))
            return None
        if not isinstance(start, date):
            self.troubles.append(entry.trouble("no_start"))
            return None
        if "RECURRENCE-ID" in bad:
            self.troubles.append(entry.trouble("broken"))
            return None
        if "TZID" in event["DTSTART"].params and isinstance(start, datetime) and start.tzinfo is None:
            self.troubles.append(entry.trouble("zone"))
        self.troubles += [entry.trouble(why) for name, why in WHY_OF.items() if name in bad]
        without = entry.without(*bad)
        return without, _parsed(without) if bad else event

    def _take(self, series: list[tuple[Entry, Event]], part: CalendarPart) -> None:
        entry = series[0][0]
        try:
            with _within(SERIES_S):
                self.found |= self._booked([event for _, event in series], part.zone)
        except _TooLong:
            self.troubles.append(entry.trouble("too_much"))
        except FOREIGN:
            has_rule = any(event.get("RRULE") for _, event in series)
            self.troubles.append(entry.trouble("rule" if has_rule else "broken"))
            if has_rule:
                once = [one for each, _ in series if (one := self._parsed(each.without("RRULE"))) is not None]
                self._take(once, part)

    def _booked(self, events: Iterable[Event], zone_name: str) -> set[Booking]:
        calendar = Calendar()
        if zone_name:
            calendar.add("X-WR-TIMEZONE", zone_name)
        for event in events:
            calendar.add_component(event)
        taken = filter(_is_taken, recurring_ical_events.of(calendar).between(self._since, self._until))
        spans = ((_moment(event.start, self._zone), _moment(event.end, self._zone)) for event in taken)
        return {Booking(begins, ends) for begins, ends in spans if begins < ends}


def _parsed(entry: Entry) -> Event:
    text = "\r\n".join(["BEGIN:VEVENT", *map(str, entry.properties), "END:VEVENT", ""])
    event = Event.from_ical(text)
    assert isinstance(event, Event)
    return event


def _apart(entries: list[tuple[Entry, Event]]) -> Iterator[list[tuple[Entry, Event]]]:
    """What belongs together of entries with one identity; several first ones are different ones that share a name."""
    newest = max(int(event.get("SEQUENCE", 0)) for _, event in entries)
    first = [each for each in entries if "RECURRENCE-ID" not in each[1] and int(each[1].get("SEQUENCE", 0)) == newest]
    if len(first) == len(entries):
        yield from ([each] for each in entries)
    else:
        yield entries


@contextmanager
def _within(seconds: float) -> Iterator[None]:
    """Raises `_TooLong` where the processor was busy for longer; only in the main thread."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise _TooLong

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def _is_taken(event: Component) -> bool:
    return str(event.get("STATUS", "")).upper() != "CANCELLED" and str(event.get("TRANSP", "")).upper() != "TRANSPARENT"


def _moment(when: date, zone: ZoneInfo) -> Instant:
    """A date is its midnight; a time without a zone is the place's."""
    if not isinstance(when, datetime):
        return Instant.of(datetime.combine(when, time(), zone))
    return Instant.of(when if when.tzinfo else when.replace(tzinfo=zone))


def main() -> None:
    """Reads the file from standard input."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (PROCESSOR_S, PROCESSOR_S))
    warnings.simplefilter("ignore")  # a guess of the parser's about a zone's name is no fault of the file
    zone, since, until = sys.argv[1:]
    try:
        found = bookings(sys.stdin.buffer.read(), ZoneInfo(zone), Instant.parse(since), Instant.parse(until))
    except ValueError as error:
        sys.exit(str(error))
    spans = [[str(booking.begins_at), str(booking.ends_at)] for booking in found.bookings]
    json.dump({"bookings": spans, "troubles": found.troubles}, sys.stdout)


if __name__ == "__main__":
    main()
