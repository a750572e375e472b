"""The calendars of rooms: read from a file or an address on a thread of their own, taken apart in another process.

What cannot be read is said once; until it can be, the room keeps what was last known.
"""

import json
import logging
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from http.client import HTTPException
from pathlib import Path
from threading import Event, Thread
from urllib.request import Request, urlopen

from device.contract.errors import PoinconError
from device.contract.instant import Instant
from server.core.rooms import Booking

log = logging.getLogger(__name__)

LOOK_S = 15.0
"""How often a file is looked at."""
FETCH_S = 300.0
"""How often an address is asked: it is somebody else's machine."""
ANSWER_S = 15
READ_S = 30
MOST_BYTES = 16 * 1024 * 1024
AROUND = timedelta(days=1)
"""What is taken of a calendar: today, and as much before and after."""


class CalendarFault(PoinconError, OSError):
    """A calendar that cannot be had, or read."""


@dataclass
class _Source:
    where: str
    due_s: float = 0.0
    read: tuple[bytes, date] | None = None
    """What was last read, and on which date."""
    fault: str = ""
    bookings: Sequence[Booking] = field(default_factory=tuple)


class Calendars:
    """The calendars by room; `folder` is where relative files are looked for."""

    def __init__(
        self,
        sources: Mapping[str, str],
        folder: Path,
        timezone: str,
        *,
        now: Callable[[], Instant],
        monotonic_s: Callable[[], float],
    ) -> None:
        self._sources = {room: _Source(where) for room, where in sources.items() if where}
        self._folder, self._timezone, self._now, self._monotonic_s = folder, timezone, now, monotonic_s
        self._stopping = Event()
        self._thread = Thread(target=self._run, name="calendars", daemon=True)

    def start(self) -> None:
        """Begins to read; returns at once. Without any calendar there is nothing to begin."""
        if self._sources:
            self._thread.start()

    def stop(self) -> None:
        """Ends; what is being read then is left."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(timeout=1)

    def bookings(self, room: str) -> Sequence[Booking]:
        """What is known of a room's calendar; from any thread."""
        source = self._sources.get(room)
        return source.bookings if source else ()

    @property
    def faults(self) -> dict[str, str]:
        """Why calendars cannot be read, by room."""
        return {room: source.fault for room, source in self._sources.items() if source.fault}

    def look(self) -> None:
        """Reads what is due, and changed."""
        for room, source in self._sources.items():
            if self._monotonic_s() >= source.due_s:
                self._read(room, source)

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self.look()
            except Exception:
                log.exception("calendars not read")
            self._stopping.wait(LOOK_S)

    def _read(self, room: str, source: _Source) -> None:
        source.due_s = self._monotonic_s() + (FETCH_S if _is_address(source.where) else 0)
        try:
            data, today = _fetched(source.where, self._folder), self._now().date()
            if source.read != (data, today):
                source.bookings = _taken_apart(data, self._timezone, self._now())
                source.read = (data, today)
            fault = ""
        except (OSError, HTTPException, ValueError) as error:
            fault = str(error) or type(error).__name__
        if fault != source.fault:
            source.fault = fault
            log.log(logging.WARNING if fault else logging.INFO, "calendar room=%s fault=%s", room, fault or "none")


def _is_address(where: str) -> bool:
    return where.partition("://")[0] in ("http", "https", "webcal", "webcals")


def _fetched(where: str, folder: Path) -> bytes:
    if not _is_address(where):
        with (folder / where).open("rb") as file:
            return _limited(file.read(MOST_BYTES + 1))
    scheme, _, rest = where.partition("://")
    # webcal is a made-up name for the same over HTTP; who has one serves it over TLS too.
    request = Request(f"{'http' if scheme == 'http' else 'https'}://{rest}", headers={"Accept": "text/calendar"})
    with urlopen(request, timeout=ANSWER_S) as answer:
        return _limited(answer.read(MOST_BYTES + 1))


def _limited(data: bytes) -> bytes:
    if len(data) > MOST_BYTES:
        raise CalendarFault(f"more than {MOST_BYTES} bytes")
    return data


def _taken_apart(data: bytes, timezone: str, now: Instant) -> tuple[Booking, ...]:
    """The bookings around now; raises `CalendarFault` where it is no calendar, or too hard a one."""
    command = [sys.executable, "-m", "server.ical", timezone, str(now - AROUND), str(now + 2 * AROUND)]
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=READ_S, check=False)
    except subprocess.TimeoutExpired:
        raise CalendarFault(f"not read within {READ_S} s") from None
    if done.returncode != 0:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise CalendarFault(said[-1] if said else f"the reader ended with {done.returncode}")
    return tuple(Booking(Instant.parse(begins), Instant.parse(ends)) for begins, ends in json.loads(done.stdout))
