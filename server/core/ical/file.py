"""An iCal file taken apart into its entries, by hand: what is wrong in one of them is its own matter. Pure.

Only what says when a room is taken is kept of an entry (RFC 5545, 3.8.2, 3.8.4 and 3.8.5), so that a fault anywhere
else in it costs nothing. Small slips that many programs make are mended here; what they meant is beyond doubt.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

Why = Literal[
    "stray",
    "unfinished",
    "cut",
    "no_start",
    "zone",
    "rule",
    "dates",
    "exrule",
    "end",
    "no_length",
    "too_often",
    "too_much",
    "broken",
]
"""What could not be read: a line, an entry that does not end, what follows where the file breaks off; an entry's start,
zone, rule, other dates, rule of exclusion or end; an end no later than the start; too much of it; or all of it."""

ONCE = ("UID", "SEQUENCE", "DTSTART", "DTEND", "DURATION", "RECURRENCE-ID", "STATUS", "TRANSP")
"""Properties that an entry has once; the first counts."""
OFTEN = ("RRULE", "RDATE", "EXDATE", "EXRULE")
MOMENTS = ("DTSTART", "DTEND", "RECURRENCE-ID")
SIDE_BY_SIDE = ("VCALENDAR", "VEVENT", "VTODO", "VJOURNAL", "VFREEBUSY", "VTIMEZONE")
"""Components that never stand within one another: where one begins, whatever did not end before it is over."""

_LINE = re.compile(rb"""\s*+([A-Za-z0-9-]++)\s*+((?:;(?:"[^"]*+"|[^":])*+)?+):(.*)""", re.DOTALL)
"""Name, parameters, value; possessive, so that no line takes it long."""
_ISO_MOMENT = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)(?:[T ](\d\d):?(\d\d)(?::?(\d\d)(?:\.\d+)?)?\s*(Z?))?", re.ASCII)
_TITLE_LENGTH = 60


class Trouble(NamedTuple):
    """What could not be read: the line of the file where it begins, its title or its identity, and why."""

    line: int
    entry: str
    why: Why


class Property(NamedTuple):
    """One line of an entry; `parameters` is as it stood, from its first semicolon."""

    name: str
    parameters: str
    value: str

    def __str__(self) -> str:
        return f"{self.name}{self.parameters}:{self.value}"


@dataclass
class Entry:
    """One VEVENT, of which only what says when it is has been kept."""

    line: int
    title: str = ""
    properties: list[Property] = field(default_factory=list)
    _known: set[Property | str] = field(default_factory=set, repr=False)
    """The properties and their names, to be found at once: an entry may have a hundred thousand."""

    def keep(self, name: str, parameters: str, value: str) -> None:
        """One more line of it, kept where it says when the entry is and was not said before."""
        if name == "SUMMARY" and not self.title:
            title = re.sub(r"\\([,;\\nN])", lambda sign: " " if sign[1] in "nN" else sign[1], value)
            self.title = "".join(sign for sign in title if sign.isprintable()).strip()[:_TITLE_LENGTH]
        elif name in OFTEN or (name in ONCE and name not in self._known):
            found = Property(name, _without_blanks(parameters), _mended(name, value))
            if found not in self._known and (found.value or name not in ("RDATE", "EXDATE")):
                self.properties.append(found)
                self._known |= {found, name}

    def value(self, name: str) -> str:
        """The first value of that name, "" where there is none."""
        return next((each.value for each in self.properties if each.name == name), "")

    def trouble(self, why: Why) -> Trouble:
        """What is wrong with it."""
        return Trouble(self.line, self.title or self.value("UID")[:_TITLE_LENGTH], why)

    def without(self, *names: str) -> "Entry":
        """The same without the properties of those names."""
        return Entry(self.line, self.title, [each for each in self.properties if each.name not in names])


@dataclass
class CalendarPart:
    """One VCALENDAR: the time zone it names, the time zones it brings along as text by their line, its entries."""

    zone: str = ""
    zone_line: int = 0
    zones: dict[int, list[str]] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)


class CalendarFile(NamedTuple):
    """All of a file: its calendars, and what could not be read of it."""

    parts: list[CalendarPart]
    troubles: list[Trouble]


def taken_apart(data: bytes) -> CalendarFile:
    """The entries of a file; raises `ValueError` where there is no calendar in it at all."""
    reader = _Reader()
    for number, line in _lines(_as_utf8(data)):
        reader.take(number, line)
    reader.end(number)
    if not reader.file.parts:
        raise ValueError("no calendar in it")
    if reader.is_open and not any(part.entries for part in reader.file.parts):
        raise ValueError("it breaks off before its first entry")
    return reader.file


class _Reader:
    """Takes line after line; knows in which component it is."""

    def __init__(self) -> None:
        self.file = CalendarFile([], [])
        self.is_open = False
        self._inside: list[str] = []
        """The components within the calendar that have begun and not ended."""
        self._within = Counter[str]()
        """How many of each kind those are, to be found at once: a file may begin a million and end none."""
        self._entry: Entry | None = None
        self._zone: list[str] | None = None

    def take(self, number: int, line: bytes) -> None:
        """One line, unfolded."""
        found = _LINE.fullmatch(line)
        if found is None:
            if line.strip() and not self._inside:
                self.file.troubles.append(Trouble(number, _text(line).strip()[:_TITLE_LENGTH], "stray"))
            return
        name, parameters, value = _text(found[1]).upper(), _text(found[2]), _text(found[3])
        component = value.strip().upper()
        if name == "BEGIN":
            self._begin(number, component)
        elif name == "END":
            self._end(number, component)
        elif self._inside == ["VEVENT"] and self._entry is not None:
            self._entry.keep(name, parameters, value)
        elif not self._inside and name == "X-WR-TIMEZONE" and self.file.parts:
            self.file.parts[-1].zone, self.file.parts[-1].zone_line = value.strip(), number
        if self._zone is not None:
            self._zone.append(f"{name}{parameters}:{value}")
        if name == "END" and component == "VTIMEZONE":
            self._zone = None

    def end(self, number: int) -> None:
        """The file is over; `number` is its last line."""
        self._break_off(number, "VCALENDAR")

    def _begin(self, number: int, component: str) -> None:
        if component in SIDE_BY_SIDE:
            self._break_off(number, component)
        if component == "VCALENDAR":
            self.file.parts.append(CalendarPart())
            self.is_open = True
            return
        self._inside.append(component)
        self._within[component] += 1
        if component == "VEVENT" and self.file.parts:
            self._entry = Entry(number)
        elif component == "VTIMEZONE" and self.file.parts:
            self._zone = self.file.parts[-1].zones[number] = []

    def _end(self, number: int, component: str) -> None:
        if component == "VCALENDAR":
            self.is_open = False
            self._break_off(number, component)
        elif self._within[component]:
            while self._leave() != component:
                pass
        elif component == "VEVENT":
            self.file.troubles.append(Trouble(number, "END:VEVENT", "stray"))
        if not self._inside and self._entry is not None:
            self.file.parts[-1].entries.append(self._entry)
            self._entry = None

    def _leave(self) -> str:
        left = self._inside.pop()
        self._within[left] -= 1
        return left

    def _break_off(self, number: int, component: str) -> None:
        """What had begun did not end before `component`: an entry may lack anything, a calendar may lack entries."""
        if self._entry is not None:
            self.file.troubles.append(self._entry.trouble("unfinished"))
        if component == "VCALENDAR" and self.is_open:
            self.file.troubles.append(Trouble(number, "", "cut"))
        self._inside, self._within, self._entry, self._zone = [], Counter(), None, None


def _without_blanks(parameters: str) -> str:
    """`parameters` without the blanks around their signs; by parts, so that a million blanks take it no longer."""
    return "".join(part.strip() for part in re.split("([;=])", parameters))


def _mended(name: str, value: str) -> str:
    """`value` without the blanks that some programs put into rules and dates, and a moment in the one form there is."""
    if name == "UID":
        return value.strip()
    if name in MOMENTS:
        moment = as_moment(value.strip())
        if moment:
            return moment
    value = re.sub(r"\s+", "", value).rstrip(";,").upper()
    return re.sub(r";?COUNT=-[0-9]+", "", value) if name == "RRULE" else value  # some write -1 for without end


def as_moment(value: str) -> str:
    """A date or a time in the one form that iCal has, from that of ISO 8601 too; "" for what has neither."""
    found = _ISO_MOMENT.fullmatch(value)
    if not found:
        return ""
    year, month, day, hour, minute, second, utc = found.groups()
    return f"{year}{month}{day}" + (f"T{hour}{minute}{second or '00'}{utc}" if hour else "")


def _as_utf8(data: bytes) -> bytes:
    """`data` as UTF-8 where it can be told what it is: UTF-16 and UTF-32 by their marks, or by their first letter."""
    for mark, encoding in (
        (b"\xef\xbb\xbf", "utf-8-sig"),
        (b"\xff\xfe\0\0", "utf-32"),
        (b"\0\0\xfe\xff", "utf-32"),
        (b"\xff\xfe", "utf-16"),
        (b"\xfe\xff", "utf-16"),
        (b"B\0", "utf-16-le"),
        (b"\0B", "utf-16-be"),
    ):
        if data.startswith(mark):
            return data.decode(encoding, "replace").encode("utf-8", "replace")
    return data


def _lines(data: bytes) -> Iterator[tuple[int, bytes]]:
    """The lines, unfolded (3.1: before they are decoded, for a fold may part a letter), each with its number."""
    pieces: list[bytes] = []
    began = 1
    for number, line in enumerate(data.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n"), 1):
        if line[:1] in (b" ", b"\t") and line.strip():
            pieces.append(line[1:])
            continue
        if pieces:
            yield began, b"".join(pieces)
        pieces, began = [line], number
    yield began, b"".join(pieces)


def _text(line: bytes) -> str:
    """UTF-8, or else the code page of French Windows."""
    try:
        return line.decode()
    except UnicodeDecodeError:
        return line.decode("cp1252", "replace")
