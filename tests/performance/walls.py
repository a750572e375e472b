"""The walls and the desk: how soon a hundred displays show a passage, and pages with ten years behind them."""

import json
import random
import re
import selectors
import socket
import time
from collections.abc import Iterator
from datetime import timedelta
from http.client import HTTPConnection
from pathlib import Path
from threading import Event, Thread
from urllib.parse import urlencode

import psutil
from argon2 import PasswordHasher
from msgspec.structs import replace

from device.contract.messages import Direction
from server.site.rules_in_force import house_of, note_settings
from server.site.settings import HoursSettings
from server.store.database import Database
from server.store.people import members, operators
from tests.contract_client import ContractUnit, now, passage
from tests.live_place import SITE, LivePlace
from tests.performance.figures import Figure, figure, p50, p99
from tests.ten_years import Regulars, credential, live_through

WALLS, PASSAGES, GETS = 100, 60, 20
YEARS, MEMBERS = 10, 10_000
MIB = 2**20
PATIENCE_S = 10.0
PASSWORD = "only for the bench"

PAGES = (
    "/members/",
    "/members/1",
    "/muster/",
    "/figures/?period=month",
    "/figures/?period=year",
    "/changes/",
    "/display",
)
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


def measure(folder: Path) -> Iterator[Figure]:
    """A place with ten years of visits and ten thousand members, its server for real."""
    with LivePlace(folder, 0) as place:
        _live(place)
        place.start_server()
        process = psutil.Process(place.server.pid)
        visitor = _Visitor(place.web_port)
        yield from _first_bytes(visitor)
        before = process.memory_info().rss / MIB
        with _Walls(place.web_port) as walls:
            lags_ms = _passages(place, walls)
            yield figure("passage → 100 displays, p50", p50(lags_ms), "ms")
            yield figure("passage → 100 displays, p99", p99(lags_ms), "ms", most=250)
            after = process.memory_info().rss / MIB
            yield figure("server's memory with 100 displays", after, "MiB", floor=before, beside="with none")
            yield figure("server's threads with 100 displays", process.num_threads(), "")


def _live(place: LivePlace) -> None:
    with place.db() as db:
        db.execute("PRAGMA synchronous = OFF")
        settings = replace(place.site.settings, hours=HoursSettings())  # from today on it is always open
        today = now().date()
        first = today - timedelta(days=364)
        note_settings(db, settings, first - timedelta(days=364 * YEARS))
        house = house_of(db, settings)
        regulars = Regulars(db, house, settings, random.Random(1))
        regulars.settle_in(first, ("past", "front"))
        live_through(regulars, first, today - timedelta(days=1), "past")
        with db.writing():
            for year in range(1, YEARS):
                _repeat(db, year)
            for nth in range(MEMBERS):
                members.add(db, f"Personne numéro {nth}", now=now())
            cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
            operators.add(db, "Marie", cheap.hash(PASSWORD), role="admin", must_change=False, now=now())


def _repeat(db: Database, years: int) -> None:
    """The visits of that year once more, so many years earlier, on the same weekdays."""
    earlier = f"-{364 * years} days"
    moment = "strftime('%Y-%m-%dT%H:%M:%fZ', {}, ?1)"
    began, ended, at, received = (moment.format(name) for name in ("began_at", "ended_at", "at", "received_at"))
    this_year = "day > (SELECT date(max(day), '-364 days') FROM stays)"
    columns = f"member, date(day, ?1), nth, {began}, {ended}, automatic"
    db.execute(f"INSERT INTO stays SELECT {columns} FROM stays WHERE {this_year} AND ended_at IS NOT NULL", (earlier,))
    columns = f"head, seq + ?2, {at}, date(day, ?1), {received}, kind, member, body"
    into = "events (head, seq, at, day, received_at, kind, member, body)"
    db.execute(f"INSERT INTO {into} SELECT {columns} FROM events WHERE {this_year}", (earlier, years * 10**7))


def _passages(place: LivePlace, walls: "_Walls") -> list[float]:
    """For each passage and each display, how long until the figure was there."""
    lags_ms: list[float] = []
    with ContractUnit(place.broker.port, SITE, "front") as unit:
        for nth in range(PASSAGES):
            side: Direction = "exit" if nth % 2 else "entry"
            present = walls.present + (1 if side == "entry" else -1)
            began_s = time.monotonic()
            unit.send(passage(credential(1), side))
            lags_ms += [(at_s - began_s) * 1_000 for at_s in walls.seen(present)]
            time.sleep(0.15)  # the place tells its occupancy ten times a second at most
    return lags_ms


def _first_bytes(visitor: "_Visitor") -> Iterator[Figure]:
    found = {path: visitor.first_bytes_ms(path) for path in ("/", *PAGES)}
    yield figure("desk's first byte, 10 years, 10,000 members", p50(found["/"][1:]), "ms", most=50)
    for path in PAGES:
        yield figure(f"first byte of {path}", p50(found[path][1:]), "ms", most=200)
    slowest = max(found, key=lambda path: found[path][0])
    yield figure(f"the slowest, asked for the first time ({slowest})", found[slowest][0], "ms")
    found_ms = p50([visitor.post_ms("/members/search", wanted="numero 77") for _ in range(GETS)])
    yield figure("a search as one types", found_ms, "ms", most=200)


class _Walls:
    """A hundred displays on one thread: when each heard of which figure."""

    def __init__(self, port: int) -> None:
        self.present = 0
        self._selector = selectors.DefaultSelector()
        self._heard: dict[int, dict[int, float]] = {}
        self._wanted, self._complete, self._ending = -1, Event(), Event()
        for nth in range(WALLS):  # each from an address of its own, as displays are
            wall = socket.create_connection(("127.0.0.1", port), PATIENCE_S, (f"127.0.1.{nth + 1}", 0))
            wall.sendall(b"GET /api/stream HTTP/1.1\r\nHost: localhost\r\n\r\n")
            self._selector.register(wall, selectors.EVENT_READ)
        self._thread = Thread(target=self._listen, daemon=True)

    def __enter__(self) -> "_Walls":
        self._thread.start()
        self.seen(0)
        return self

    def __exit__(self, *exception: object) -> None:
        self._ending.set()
        self._thread.join()
        for key in list(self._selector.get_map().values()):
            key.fileobj.close()  # type: ignore[union-attr]

    def seen(self, present: int) -> list[float]:
        """When each display showed that figure, waiting until all do."""
        self._wanted = present
        self._look()
        assert self._complete.wait(PATIENCE_S), f"{len(self._heard.get(present, ()))} displays heard of {present}"
        self._complete.clear()
        self.present = present
        return list(self._heard.pop(present).values())

    def _listen(self) -> None:
        while not self._ending.is_set():
            for key, _ in self._selector.select(0.2):
                said = key.fileobj.recv(65_536)  # type: ignore[union-attr]
                at_s = time.monotonic()
                for data in re.findall(rb"event: occupancy\ndata: (\{.*\})", said):
                    self._heard.setdefault(json.loads(data)["present"], {}).setdefault(key.fd, at_s)
                self._look()

    def _look(self) -> None:
        if len(self._heard.get(self._wanted, ())) == WALLS:
            self._complete.set()


class _Visitor:
    """Somebody at the desk, over one connection."""

    def __init__(self, port: int) -> None:
        self._connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
        self._headers: dict[str, str] = {}
        self._cookies: dict[str, str] = {}
        self._token = ""
        self._page("/login")
        self.post_ms("/login", name="Marie", password=PASSWORD)
        self._page("/members/")

    def first_bytes_ms(self, path: str) -> list[float]:
        """How long the first byte of that page takes, asked for again and again."""
        return [self._page(path) for _ in range(GETS)]

    def post_ms(self, path: str, **fields: str) -> float:
        body = urlencode({"csrf_token": self._token} | fields)
        return self._ask("POST", path, body, {"Content-Type": "application/x-www-form-urlencoded"})

    def _page(self, path: str) -> float:
        return self._ask("GET", path, None, {})

    def _ask(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> float:
        began_s = time.monotonic()
        self._connection.request(method, path, body, self._headers | headers)
        answer = self._connection.getresponse()
        first_byte_ms = (time.monotonic() - began_s) * 1_000
        assert answer.status in (200, 303), (path, answer.status)
        found = TOKEN.search(answer.read().decode())
        self._token = found[1] if found else self._token
        for cookie in answer.headers.get_all("Set-Cookie", ()):
            name, _, value = cookie.partition(";")[0].partition("=")
            self._cookies[name] = value
        self._headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        return first_byte_ms
