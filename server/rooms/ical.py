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
from datetime import date, datetime
from time import process_time
from types import FrameType
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import recurring_ical_events  # type: ignore[import-untyped]
from icalendar import Calendar, Event

from device.contract.instant import Instant
from server.core.ical.entry import (
    clipped,
    concerns,
    excess,
    has_sound_rules,
    near,
    stepped,
    with_sound_dates,
    without_zones,
)
from server.core.ical.file import CalendarPart, Entry, Property, Trouble, Why, taken_apart
from server.core.rooms import Booking
from server.rooms.ical_event import apart, is_taken, lasts, learn_zone, moment, parsed

MEMORY_BYTES = 1024 * 1024 * 1024
PROCESSOR_S = 25
SERIES_S, ALL_S = 1.0, 12.0
"""Of the processor, for one series and for all of them: a last resort, what is known to be too much is told before."""
MOST = 1_000
"""Bookings of a few days; a room has no more."""
MOST_ENTRIES, MOST_SERIES = 10_000, 5_000
"""Of a file: entries of these days that are parsed, and series that are worked out."""
MOST_ZONES, MOST_ZONE_LINES = 100, 5_000
"""Time zones that a file brings along, and the lines of one; one with each change of a century has 1,200."""
MOST_TROUBLES = 50

FOREIGN = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
)
"""What the parsers raise over somebody else's file, besides saying what is wrong; a zone may have a folder's name."""

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
        self._entries = self._series = self._zones = 0
        self._began_s = process_time()

    def read(self, part: CalendarPart) -> None:
        """One calendar: what does not repeat comes first, so that a hard rule takes nothing from it."""
        if not part.entries:
            return
        self._learn_zones(part)
        concerned = [entry for entry in part.entries if concerns(entry, self._first, self._last)]
        series: dict[str, list[tuple[Entry, Event]]] = {}
        for entry in sorted(concerned, key=lambda each: bool(each.value("RRULE"))):
            event = self._event(entry, part)
            if event is not None:
                series.setdefault(entry.value("UID") or f"line {entry.line}", []).append(event)
        each_apart = [one for entries in series.values() for one in apart(entries)]
        in_order = sorted(each_apart, key=lambda one: any(event.get("RRULE") for _, event in one))
        for one in in_order:
            self._take(one, part)

    def _is_late(self) -> bool:
        return process_time() - self._began_s > ALL_S

    def _learn_zones(self, part: CalendarPart) -> None:
        for line, text in part.zones.items():
            self._zones += 1
            try:
                if self._zones > MOST_ZONES or len(text) > MOST_ZONE_LINES or self._is_late():
                    raise _TooLong
                with _within(SERIES_S):
                    learn_zone(text)
            except (*FOREIGN, _TooLong):
                name = next((each.partition(":")[2] for each in text if each.startswith("TZID")), "")
                self.troubles.append(Trouble(line, name[:60], "zone"))
        if not part.zone:
            return
        try:
            self._booked([parsed(PROBE)], part.zone)
        except FOREIGN:
            self.troubles.append(Trouble(part.zone_line, part.zone[:60], "zone"))
            part.zone = ""

    def _event(self, entry: Entry, part: CalendarPart) -> tuple[Entry, Event] | None:
        """The entry and the parser's own of it; one that nobody foresaw is told, and costs itself alone."""
        self._entries += 1
        if self._entries > MOST_ENTRIES or self._is_late():
            self.troubles.append(entry.trouble("too_much"))
            return None
        try:
            return self._sound(entry, part)
        except FOREIGN:
            self.troubles.append(entry.trouble("broken"))
            return None

    def _sound(self, entry: Entry, part: CalendarPart) -> tuple[Entry, Event] | None:
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
        entry, has_sound_dates = with_sound_dates(entry)
        if not has_sound_dates:
            self.troubles.append(entry.trouble("dates"))
        return self._parsed(clipped(entry, self._first, self._last))

    def _parsed(self, entry: Entry) -> tuple[Entry, Event] | None:
        """The entry and the parser's own of it; what is unreadable is told, and left out where the rest stands."""
        try:
            event: Any = parsed(entry)
        except FOREIGN:  # over the name of a folder as a zone, or one too long for a file
            self.troubles.append(entry.trouble("zone"))
            entry = without_zones(entry)
            event = parsed(entry)
        bad = {name or "" for name, _ in event.errors}
        start = None if "DTSTART" in bad or "DTSTART" not in event else event["DTSTART"].dt
        if not isinstance(start, date):
            self.troubles.append(entry.trouble("no_start"))
            return None
        if "RECURRENCE-ID" in bad:
            self.troubles.append(entry.trouble("broken"))
            return None
        if "TZID" in event["DTSTART"].params and isinstance(start, datetime) and start.tzinfo is None:
            self.troubles.append(entry.trouble("zone"))
        self.troubles += [entry.trouble(why) for name, why in WHY_OF.items() if name in bad]
        if bad & {"DTEND", "DURATION"}:
            return None
        without = entry.without(*bad)
        return self._lasting(without, parsed(without) if bad else event)

    def _lasting(self, entry: Entry, event: Any) -> tuple[Entry, Event] | None:
        """What ends after it starts; a date that ends on itself is meant as that day, though it should say the next."""
        start, end = event["DTSTART"].dt, event["DTEND"].dt if "DTEND" in event else None
        if start == end and not isinstance(start, datetime):
            entry = entry.without("DTEND")
            return entry, parsed(entry)
        if is_taken(event) and not lasts(event, self._zone):
            self.troubles.append(entry.trouble("no_length"))
            return None
        return entry, event

    def _take(self, series: list[tuple[Entry, Event]], part: CalendarPart) -> None:
        entry = series[0][0]
        self._series += 1
        if self._series > MOST_SERIES or self._is_late():
            self.troubles.append(entry.trouble("too_much"))
            return
        try:
            with _within(SERIES_S):
                booked = self._booked([event for _, event in series], part.zone)
            self.found |= booked
            if booked:
                self.troubles += [each.trouble("exrule") for each, _ in series if each.value("EXRULE")]
        except _TooLong:
            self.troubles.append(entry.trouble("too_much"))
        except FOREIGN:
            self._take_less(series, part)

    def _take_less(self, series: list[tuple[Entry, Event]], part: CalendarPart) -> None:
        """What cannot be worked out together: each by itself; and then a first time without its rule."""
        entry, event = series[0]
        if len(series) > 1:
            changed = next((each for each, event in series if "RECURRENCE-ID" in event), entry)
            self.troubles.append(changed.trouble("broken"))
            for one in series:
                self._take([one], part)
        elif event.get("RRULE"):
            self.troubles.append(entry.trouble("rule"))
            once = self._event(entry.without("RRULE"), part)
            if once is not None:
                self._take([once], part)
        else:
            self.troubles.append(entry.trouble("broken"))

    def _booked(self, events: Iterable[Event], zone_name: str) -> set[Booking]:
        calendar = Calendar()
        if zone_name:
            calendar.add("X-WR-TIMEZONE", zone_name)
        for event in events:
            calendar.add_component(event)
        taken = filter(is_taken, recurring_ical_events.of(calendar).between(self._since, self._until))
        spans = ((moment(event.start, self._zone), moment(event.end, self._zone)) for event in taken)
        return {Booking(begins, ends) for begins, ends in spans if begins < ends}


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


def main() -> None:
    """Reads the file from standard input."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (PROCESSOR_S, PROCESSOR_S + 5))  # SIGXCPU tells whose fault it was
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
