"""An iCal file taken apart into its entries, by hand: what is wrong in one of them is its own matter. Pure.

Only what says when a room is taken is kept of an entry (RFC 5545, 3.8.2, 3.8.4 and 3.8.5), so that a fault anywhere
else in it costs nothing. Small slips that many programs make are mended here; what they meant is beyond doubt.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

Why = Literal["stray", "unfinished", "no_start", "zone", "rule", "dates", "end", "too_often", "too_much", "broken"]
"""What could not be read: a line, an entry that does not end, its start, zone, rule, other dates or end; too much of
it; or all of it."""

ONCE = ("UID", "SEQUENCE", "DTSTART", "DTEND", "DURATION", "RECURRENCE-ID", "STATUS", "TRANSP")
"""Properties that an entry has once; the first counts."""
OFTEN = ("RRULE", "RDATE", "EXDATE")
MOMENTS = ("DTSTART", "DTEND", "RECURRENCE-ID")

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
    reader.end()
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
            self._end(component)
        elif self._inside == ["VEVENT"] and self._entry is not None:
            _keep(self._entry, name, parameters, value)
        elif not self._inside and name == "X-WR-TIMEZONE" and self.file.parts:
            self.file.parts[-1].zone, self.file.parts[-1].zone_line = value.strip(), number
        if self._zone is not None:
            self._zone.append(f"{name}{parameters}:{value}")
        if name == "END" and component == "VTIMEZONE":
            self._zone = None

    def end(self) -> None:
        """The file is over."""
        self._break_off()

    def _begin(self, number: int, component: str) -> None:
        if component == "VCALENDAR" or (component == "VEVENT" and "VEVENT" in self._inside):
            self._break_off()
        if component == "VCALENDAR":
            self.file.parts.append(CalendarPart())
            self.is_open = True
            return
        self._inside.append(component)
        if self._inside == ["VEVENT"] and self.file.parts:
            self._entry = Entry(number)
        elif self._inside == ["VTIMEZONE"] and self.file.parts:
            self._zone = self.file.parts[-1].zones[number] = []

    def _end(self, component: str) -> None:
        if component == "VCALENDAR":
            self._break_off()
            self.is_open = False
        elif component in self._inside:
            while self._inside.pop() != component:
                pass
        if not self._inside and self._entry is not None:
            self.file.parts[-1].entries.append(self._entry)
            self._entry = None

    def _break_off(self) -> None:
        """What had begun did not end: it may lack anything."""
        if self._entry is not None:
            self.file.troubles.append(self._entry.trouble("unfinished"))
        self._inside, self._entry, self._zone = [], None, None


def _keep(entry: Entry, name: str, parameters: str, value: str) -> None:
    known = {each.name for each in entry.properties}
    if name == "SUMMARY" and not entry.title:
        entry.title = re.sub(r"\\([,;\\nN])", lambda sign: " " if sign[1] in "nN" else sign[1], value)
        entry.title = "".join(sign for sign in entry.title if sign.isprintable()).strip()[:_TITLE_LENGTH]
    elif name in OFTEN or (name in ONCE and name not in known):
        found = Property(name, re.sub(r"\s*([;=])\s*", r"\1", parameters).rstrip(), _mended(name, value))
        if found not in entry.properties and (found.value or name not in ("RDATE", "EXDATE")):
            entry.properties.append(found)


def _mended(name: str, value: str) -> str:
    """`value` without the blanks that some programs put into rules and dates, and a moment in the one form there is."""
    if name == "UID":
        return value.strip()
    if name in MOMENTS:
        found = _ISO_MOMENT.fullmatch(value.strip())
        if found:
            year, month, day, hour, minute, second, utc = found.groups()
            return f"{year}{month}{day}" + (f"T{hour}{minute}{second or '00'}{utc}" if hour else "")
    value = re.sub(r"\s+", "", value).rstrip(";,").upper()
    return re.sub(r";?COUNT=-[0-9]+", "", value) if name == "RRULE" else value  # some write -1 for without end


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
