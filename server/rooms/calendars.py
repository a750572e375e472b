"""The calendars of rooms: each read on a thread of its own, fetched and taken apart in processes of their own.

What cannot be read is told, and the room keeps what was last known. It is tried again when it changed, and on the next
day where it may have been the machine's fault.
"""

import hashlib
import json
import logging
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from threading import Event, Lock, Thread
from typing import Literal, NamedTuple
from urllib.parse import urlsplit

from device.contract.instant import Instant
from server.core.ical.file import Trouble
from server.core.rooms import Booking
from server.rooms.calendar_fetch import MOST_BYTES

log = logging.getLogger(__name__)

LOOK_S = 15.0
"""How often a file is looked at."""
FETCH_S = 300.0
"""How often an address is asked: it is somebody else's machine."""
ANSWER_S = 20.0
"""For the whole of an answer, from the name of the machine to the last byte."""
READ_S = 60.0
"""For taking a file apart; it ends by itself long before, unless the machine is very busy."""
AROUND = timedelta(days=1)
"""What is taken of a calendar: today, and as much before and after."""
SCHEMES = ("http", "https", "webcal", "webcals")

Ill = Literal["absent", "scheme", "unreachable", "refused", "redirect", "late", "too_big", "no_calendar", "too_hard"]
"""Why nothing of a calendar could be read: it is not there, no such address, not answered, refused (with the status),
sent on to an address that is none of the web, answered too slowly, too big, no calendar, too hard to take apart."""


class CalendarFault(NamedTuple):
    """Why a calendar could not be read at all; `detail` has no address and no password in it."""

    why: Ill
    detail: str = ""


class CalendarReport(NamedTuple):
    """How the calendar of a room stands; `where` is its file, or the machine of its address."""

    room: str
    where: str
    bookings: int
    fault: CalendarFault | None
    troubles: tuple[Trouble, ...]
    has_open_password: bool
    """Its password stands in the settings, for whoever reads them."""


class _Unreadable(Exception):
    """Nothing of the calendar can be read."""

    def __init__(self, why: Ill, detail: str = "", *, is_lasting: bool = False) -> None:
        super().__init__(why)
        self.fault = CalendarFault(why, detail)
        self.is_lasting = is_lasting
        """The file itself is at fault, not a machine that was busy: another day makes it no better."""


@dataclass
class _Source:
    where: str
    credentials: str = ""
    due_s: float = 0.0
    seen: tuple[bytes, date | None] | None = None
    """The digest of what was last taken apart, and on which date; None where it is the same on any."""
    fault: CalendarFault | None = None
    unreadable: CalendarFault | None = None
    """What came of taking apart what was last seen."""
    troubles: tuple[Trouble, ...] = ()
    bookings: Sequence[Booking] = field(default_factory=tuple)


class RoomCalendars:
    """The calendars by room; `folder` is where relative files are looked for, `credentials` are by room."""

    def __init__(
        self,
        sources: Mapping[str, str],
        folder: Path,
        timezone: str,
        *,
        now: Callable[[], Instant],
        monotonic_s: Callable[[], float],
        credentials: Mapping[str, str] | None = None,
        answer_s: float = ANSWER_S,
    ) -> None:
        known = credentials or {}
        self._sources = {
            room: _Source(where.strip(), known.get(room, "")) for room, where in sources.items() if where.strip()
        }
        self._folder, self._timezone, self._now, self._monotonic_s = folder, timezone, now, monotonic_s
        self._answer_s = answer_s
        self._stopping = Event()
        self._programs = _Programs()
        self._threads = [
            Thread(target=self._run, args=(room, source), name=f"calendar {room}", daemon=True)
            for room, source in self._sources.items()
        ]

    def start(self) -> None:
        """Begins to read; returns at once. Without any calendar there is nothing to begin."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Ends; what is being read then is given up."""
        self._stopping.set()
        self._programs.end()
        for thread in self._threads:
            if thread.is_alive():
                thread.join(timeout=1)

    def bookings(self, room: str) -> Sequence[Booking]:
        """What is known of a room's calendar; from any thread."""
        source = self._sources.get(room)
        return source.bookings if source else ()

    def reports(self) -> list[CalendarReport]:
        """How each calendar stands; from any thread."""
        return [
            CalendarReport(
                room,
                shown(source.where),
                len(source.bookings),
                source.fault,
                source.troubles,
                "@" in source.where.partition("://")[2].partition("/")[0],
            )
            for room, source in self._sources.items()
        ]

    def look(self) -> None:
        """Reads what is due, and changed, all at the same time; returns when all of it is read."""
        with ThreadPoolExecutor(max(1, len(self._sources))) as pool:
            list(pool.map(self._look, self._sources.values()))

    def _run(self, room: str, source: _Source) -> None:
        while not self._stopping.is_set():
            before = source.fault
            try:
                self._look(source)
            except Exception:
                log.exception("calendar not read room=%s", room)
            if source.fault != before and not self._stopping.is_set():
                level = logging.WARNING if source.fault else logging.INFO
                log.log(level, "calendar room=%s fault=%s", room, " ".join(source.fault or ("none",)).strip())
            self._stopping.wait(LOOK_S)

    def _look(self, source: _Source) -> None:
        if self._monotonic_s() < source.due_s:
            return
        source.due_s = self._monotonic_s() + (FETCH_S if is_address(source.where) else 0)
        try:
            self._take(source, self._fetched(source), self._now())
            fault = source.unreadable
        except _Unreadable as unreadable:
            fault = unreadable.fault
        if not self._stopping.is_set():
            source.fault = fault

    def _take(self, source: _Source, data: bytes, now: Instant) -> None:
        """Takes apart what was not seen before, or on another day."""
        digest = hashlib.sha256(data).digest()
        if source.seen in ((digest, now.date()), (digest, None)):
            return
        day: date | None = now.date()
        try:
            source.bookings, source.troubles = self._taken_apart(data, now)
            source.unreadable = None
        except _Unreadable as unreadable:
            source.unreadable, source.troubles = unreadable.fault, ()
            day = None if unreadable.is_lasting else day
        if not self._stopping.is_set():
            source.seen = (digest, day)

    def _fetched(self, source: _Source) -> bytes:
        if not is_address(source.where):
            return _contents(source.where, self._folder)
        question = json.dumps({"address": source.where, "credentials": source.credentials}).encode()
        command = ["-m", "server.rooms.calendar_fetch", f"{self._answer_s}"]
        done = self._programs.run(command, question, self._answer_s)
        if done is None:
            raise _Unreadable("late", f"{self._answer_s:g} s")
        if done.returncode != 0:
            raise _told(done.stderr)
        return done.stdout

    def _taken_apart(self, data: bytes, now: Instant) -> tuple[tuple[Booking, ...], tuple[Trouble, ...]]:
        command = ["-m", "server.rooms.ical", self._timezone, str(now - AROUND), str(now + 2 * AROUND)]
        done = self._programs.run(command, data, READ_S)
        if done is None:
            raise _Unreadable("too_hard")
        is_beyond_bounds = done.returncode == -signal.SIGXCPU or b"MemoryError" in done.stderr
        if is_beyond_bounds or done.returncode < 0:
            raise _Unreadable("too_hard", is_lasting=is_beyond_bounds)
        if done.returncode != 0:
            said = done.stderr.decode("utf-8", "replace").strip().splitlines()
            raise _Unreadable("no_calendar", said[-1] if said else "")
        found = json.loads(done.stdout)
        bookings = (Booking(Instant.parse(begins), Instant.parse(ends)) for begins, ends in found["bookings"])
        return tuple(bookings), tuple(Trouble(*trouble) for trouble in found["troubles"])


class _Programs:
    """Python programs that run beside this one, and end with it."""

    def __init__(self) -> None:
        self._running: set[subprocess.Popen[bytes]] = set()
        self._changing = Lock()
        self._has_ended = False

    def run(self, words: Sequence[str], given: bytes, seconds: float) -> subprocess.CompletedProcess[bytes] | None:
        """What the program did; None where it was not done in time, or was ended."""
        with self._changing:
            if self._has_ended:
                return None
            pipe = subprocess.PIPE
            program = subprocess.Popen([sys.executable, *words], stdin=pipe, stdout=pipe, stderr=pipe)
            self._running.add(program)
        with program:
            try:
                said, complained = program.communicate(given, seconds)
                return subprocess.CompletedProcess(program.args, program.returncode, said, complained)
            except subprocess.TimeoutExpired:
                return None
            finally:
                program.kill()
                with self._changing:
                    self._running.discard(program)

    def end(self) -> None:
        """Ends all of them."""
        with self._changing:
            self._has_ended = True
            for program in self._running:
                program.kill()


def is_address(where: str) -> bool:
    """Whether a calendar is fetched from another machine."""
    return where.strip().partition("://")[0].lower() in SCHEMES


def shown(where: str) -> str:
    """Where a calendar is, without what only its owner should know: of an address, the machine alone."""
    if "://" not in where:
        return where
    try:
        return urlsplit(where.strip()).hostname or "?"
    except ValueError:
        return "?"


def _contents(where: str, folder: Path) -> bytes:
    if "://" in where:
        raise _Unreadable("scheme", where.partition("://")[0])
    path = folder / where
    try:
        if not path.is_file():
            raise _Unreadable("absent")
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise _Unreadable("absent", error.strerror or "") from None
    if len(data) > MOST_BYTES:
        raise _Unreadable("too_big", str(MOST_BYTES))
    return data


def _told(stderr: bytes) -> _Unreadable:
    """What the fetching program says; anything else that it printed may have the address in it, and is left."""
    try:
        said = json.loads(stderr)
        return _Unreadable(said["why"], said["detail"])
    except (ValueError, KeyError, TypeError):
        return _Unreadable("unreachable")
