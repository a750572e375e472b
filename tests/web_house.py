"""A place with a web and nothing around it: real books, a clock that is told, units that are played."""

import os
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from threading import RLock
from typing import Any

import msgspec
from argon2 import PasswordHasher
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from device.contract.channels import EVENTS, STATE
from device.contract.codec import encode
from device.contract.instant import Instant
from device.contract.lent_reader import CardFrames
from device.contract.messages import (
    Access,
    Alarm,
    AlarmName,
    AnyEvent,
    Command,
    CommandDone,
    Direction,
    Passage,
    Reason,
    RoomSet,
    Run,
)
from device.contract.state import State
from device.simulation.maker import public_key
from server.accounts.work import Work
from server.cards.unit_cards import UnitCards
from server.core.presence.occupancy_level import occupancy
from server.desk.card_line import DeskBooks, card_line
from server.desk.context import ServerContext
from server.desk.copies import Copies
from server.enrolment.badge_work import BadgeWork
from server.enrolment.desk_sessions import DeskSessions
from server.ingest import recount
from server.ingest.ingest import Ingest
from server.ingest.writer_stats import WriterStats
from server.mqtt.card_answers import CardAnswers
from server.mqtt.inbound import Arrival
from server.presence import attendance
from server.publishing.changes import ChangeFeed, Topic
from server.rooms.board import RoomBoard, room_document
from server.rooms.calendars import CalendarReport
from server.site.badge_keys import SiteKeys, read_site_keys, write_site_keys
from server.site.connection_settings import WebSettings
from server.site.folder import SiteFolder
from server.site.rules_in_force import house_of, note_settings
from server.site.settings import ServerSettings, SiteSettings
from server.store.database import Database, make_database
from server.store.people import badges, members, operators
from server.store.units import units
from server.web.app import create_app
from tests.orders import work_at

MONDAY_MORNING = Instant.parse("2026-11-23T08:14:05.000Z")
"""9:14 on the wall in Saint-Étienne."""
PASSWORD = "une phrase assez longue"
PASSWORD_HASH = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
"""A cheap one: what it costs is no matter of these tests."""
EPOCH = "9f2c41aa"

TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
FORM_ID = re.compile(r'name="form_id" value="([^"]+)"')


@dataclass
class PlayedLine:
    """A line whose units answer: each order is carried out, or fails with the words of `failing`."""

    answered: Callable[[str, CommandDone], None]
    is_up: bool = True
    connections: int = 1
    failing: str = ""
    is_deaf: bool = False
    readers: dict[str, Callable[[Command | CardFrames], None]] = field(default_factory=dict)
    """What the reader of a unit does with what the server tells it; a test puts one there."""
    orders: list[tuple[str, Command]] = field(default_factory=list)
    published: list[tuple[Any, str, Any]] = field(default_factory=list)
    cleared: list[Any] = field(default_factory=list)

    def publish(self, channel: Any, name: str, message: Any) -> None:
        self.published.append((channel, name, message))
        if isinstance(message, Command | CardFrames) and name in self.readers:
            self.readers[name](message)
        if isinstance(message, Command):
            self.orders.append((name, message))
            if not self.is_deaf:
                done = CommandDone(
                    at=message.expires_at - timedelta(seconds=10),
                    clock="synced",
                    id=message.id,
                    ok=not self.failing,
                    error=self.failing or None,
                )
                self.answered(name, done)

    def clear(self, channel: Any, name: str) -> None:
        self.cleared.append(channel)


class DirectWriter:
    """Carries out orders at once, on the thread that asks, as the one that there is does on its own."""

    def __init__(self, db: Database, house: "WebHouse") -> None:
        self._db, self._house = db, house
        self._writing = RLock()
        self.is_alive = True

    def order(self, act: Callable[[Work], Any], operator: str = "") -> Any:
        with self._writing:
            try:
                with self._db.writing():
                    done = act(self._house.work(operator))
            finally:
                self._house.ingest.drop_cache()
            self._house.ring("people")
        return done


class WebHouse:
    """One place and its web; `now` is what its clock says."""

    def __init__(self, folder: Path, settings: ServerSettings | None = None) -> None:
        self.now = MONDAY_MORNING
        web = WebSettings(port=0, streams=20)
        self.settings = settings or ServerSettings(site=SiteSettings(id="comptoir"), web=web)
        self.db = make_database(folder / "books.sqlite3")
        note_settings(self.db, self.settings, self.now.date())
        self.house = house_of(self.db, self.settings)
        self.feed, self.stats = ChangeFeed(), WriterStats()
        self.line = PlayedLine(lambda unit, event: self.hear(unit, event))
        self.writer = DirectWriter(self.db, self)
        self.ingest = Ingest(self.db, self.house)
        self.sequence: dict[str, int] = {}
        self.monotonic_s = 0.0
        self.calendars: list[CalendarReport] = []
        self.copies = Copies()
        self.card_answers = CardAnswers()
        """What a desk answers to its sessions is handed over here."""
        self.secrets = SiteFolder(folder).secrets_folder
        self.secrets.mkdir(exist_ok=True)
        self.site_keys = SiteKeys({1: bytes(16)})
        self.place = ServerContext(
            settings=self.settings,
            database_path=self.db.path,
            secret=bytes(32),
            house=self.house,
            rooms=RoomBoard(self.settings.rooms, self.settings.uses, self.house),
            feed=self.feed,
            writer=self.writer,
            line=self.line,
            figures=self.stats,
            cards=UnitCards(SiteFolder(folder), self.settings, None),
            card_sessions=self._made_sessions(),
            now=lambda: self.now,
            monotonic_s=self._monotonic,
            calendars=lambda: self.calendars,
            copies=lambda: self.copies,
            twins=lambda: self.ingest.twins.seen(self.now),
            site_keys=lambda: self.site_keys,
        )
        self.app = create_app(self.place)

    @property
    def site_keys(self) -> SiteKeys:
        """The site's keys for badges, as they stand now."""
        return read_site_keys(self.secrets)

    @site_keys.setter
    def site_keys(self, keys: SiteKeys) -> None:
        write_site_keys(self.secrets, keys)

    def close(self) -> None:
        self.place.card_sessions.stop()
        self.db.close()

    def _made_sessions(self) -> DeskSessions:
        return DeskSessions(
            lambda unit, session: card_line(self.place, self.card_answers, unit, session),
            lambda unit, by: BadgeWork(
                site=self.settings.site.id,
                site_keys=self.site_keys,
                books=DeskBooks(self.writer, by),
                unit=unit,
                random=os.urandom,
                makers=[public_key()],
                may_be_copied=self.settings.badges.allow_uid,
            ),
            announce=lambda: self.feed.publish("card"),
            now=lambda: self.now,
            monotonic_s=time.monotonic,
        )

    def operator(self, name: str = "Marie", role: operators.OperatorRole = "admin", must_change: bool = False) -> str:
        operators.add(self.db, name, PASSWORD_HASH, role=role, must_change=must_change, now=self.now)
        return name

    def member(self, name: str, credential: str | None = None, **more: Any) -> int:
        added = members.add(self.db, name, now=self.now - timedelta(days=30), **more).id
        if credential is not None:
            badges.assign(self.db, added, credential, now=self.now - timedelta(days=30))
            self.ingest.drop_cache()
        return added

    def door(self, name: str = "front") -> str:
        units.add(self.db, name, "door", now=self.now - timedelta(days=30))
        self.ingest.drop_cache()
        self.says(name)
        return name

    def says(self, unit: str, *, online: bool = True, **more: Any) -> None:
        """The unit tells how it is."""
        known = State(
            online=True,
            kind="door",
            version="0.1.0",
            since=self.now,
            outbox=0,
            list_version=1,
            clock="synced",
            address="192.0.2.17",
            alarms=[],
            disk_free_mb=9_000,
        )
        state = msgspec.structs.replace(known, **more) if online else State(online=False)
        self._arrive(STATE.topic("comptoir", unit), encode(state))

    def tap(
        self,
        credential: str,
        unit: str = "front",
        reason: Reason = "granted",
        side: Direction = "entry",
        key_version: int | None = None,
        *,
        at: Instant | None = None,
        list_issued_at: Instant | None = None,
    ) -> None:
        """A badge is held to a reader, now or as the unit tells later; who is granted goes through."""
        denied = reason not in ("granted", "exit", "free_passage")
        tapped = Access(
            at=at or self.now,
            clock="synced",
            credential=credential,
            side=side,
            decision="denied" if denied else "granted",
            reason=reason,
            key_version=key_version,
            list_issued_at=list_issued_at,
        )
        self.hear(unit, tapped)
        if not denied:
            passed = Passage(at=at or self.now, clock="synced", credential=credential, side=side, by="badge")
            self.hear(unit, passed)

    def presses_rex(self, unit: str = "front") -> None:
        self.hear(unit, Passage(at=self.now, clock="synced", credential=None, side="exit", by="rex"))

    def alarms(self, alarm: AlarmName, unit: str = "front", active: bool = True) -> None:
        self.hear(unit, Alarm(at=self.now, clock="synced", alarm=alarm, active=active))

    def dials(self, room: str, use: str, people: int, unit: str = "front") -> None:
        self.hear(unit, RoomSet(at=self.now, clock="synced", room=room, use=use, people=people))

    def room_document(self, room: str) -> bytes:
        """A room as the stream tells it."""
        return room_document(room, self.place.rooms.statuses(self.db, self.now)[room])

    def hear(self, unit: str, event: AnyEvent) -> None:
        """One event of a unit, kept as any other."""
        sequence = self.sequence[unit] = self.sequence.get(unit, 0) + 1
        run = Run(epoch=EPOCH, first=sequence, sent_at=self.now, events=[event])
        self._arrive(EVENTS.topic("comptoir", unit), encode(run))

    def garbage(self, payload: bytes = b"\xff<b>?") -> None:
        self._arrive(EVENTS.topic("comptoir", "front"), payload)

    def pass_time(self, **step: float) -> None:
        self.now = self.now + timedelta(**step)
        recount.check_out_due(self.work())

    def work(self, operator: str = "") -> Work:
        """What an order is carried out with now."""
        return work_at(self.now, self.db, self.house, operator, settings=self.settings, accounts=self.ingest.accounts)

    def ring(self, topic: Topic) -> None:
        """What the writer and the publisher tell the pages."""
        self.feed.publish(topic)
        crowd = attendance.crowd(self.db, self.house, self.now)
        told = occupancy(crowd, self.settings.capacity.comfortable, self.settings.capacity.max, self.now)
        self.feed.publish("occupancy", encode(told))

    def _arrive(self, topic: str, payload: bytes) -> None:
        with self.db.writing():
            self.ingest.keep([Arrival(topic, payload, self.now)], self.now)
        topics: tuple[Topic, ...] = ("presence", "tap", "unit", "fault")
        for changed in topics:
            self.ring(changed)

    def _monotonic(self) -> float:
        self.monotonic_s += 0.5  # every look at the clock takes a while, so that nobody waits for ever
        return self.monotonic_s

    def visitor(self, language: str = "fr", *, secure: bool = False) -> "Visitor":
        return Visitor(self.app.test_client(), language, "https" if secure else "http")

    def desk(self, name: str = "Marie", language: str = "fr") -> "Visitor":
        """Somebody at the desk, logged in."""
        visitor = self.visitor(language)
        assert visitor.log_in(name).status_code == 303
        return visitor


class Visitor:
    """A browser without scripts: sends a form with the token that the page before had."""

    def __init__(self, client: FlaskClient, language: str, scheme: str = "http") -> None:
        self._client, self._base = client, f"{scheme}://localhost"
        self._headers = {"Accept-Language": language, "Referer": f"{self._base}/"}
        self.token = ""

    @property
    def cookie(self) -> str:
        """What the browser holds of the login."""
        cookie = self._client.get_cookie("poincon")
        return cookie.value if cookie else ""

    @cookie.setter
    def cookie(self, value: str) -> None:
        self._client.set_cookie("poincon", value)

    def set_cookie(self, name: str, value: str, path: str = "/") -> None:
        """Puts one there."""
        self._client.set_cookie(name, value, path=path)

    @property
    def session(self) -> dict[str, Any]:
        """What the signed cookie says."""
        with self._client.session_transaction() as session:
            return dict(session)

    def plant(self, key: str, value: str) -> None:
        """Puts something into the signed cookie, as an earlier session may have."""
        with self._client.session_transaction() as session:
            session[key] = value

    def get(self, path: str, **headers: str) -> TestResponse:
        answer = self._client.get(path, headers=self._headers | headers, base_url=self._base)
        self._remember(answer)
        return answer

    def page(self, path: str) -> str:
        """The text of a page that must be there."""
        answer = self.get(path)
        assert answer.status_code == 200, f"{path}: {answer.status}"
        return answer.text

    def post(
        self, path: str, headers: Mapping[str, str] | None = None, source: str = "127.0.0.1", /, **fields: Any
    ) -> TestResponse:
        """Sends a form, from the address `source`; whatever is named is a field of it."""
        if not self.token:
            self.get("/login")
        data = {"csrf_token": self.token} | fields
        answer = self._client.post(
            path,
            data=data,
            headers={**self._headers, **(headers or {})},
            base_url=self._base,
            environ_base={"REMOTE_ADDR": source},
        )
        self._remember(answer)
        return answer

    def does(self, path: str, **fields: Any) -> str:
        """Sends a form that must be carried out; the text of the page that follows."""
        answer = self.post(path, **fields)
        assert answer.status_code == 303, f"{path}: {answer.status}\n{answer.text}"
        return self.page(answer.location)

    def log_in(self, name: str = "Marie", password: str = PASSWORD, **fields: str) -> TestResponse:
        self.get("/login")
        answer = self.post("/login", name=name, password=password, **fields)
        if answer.status_code == 303:
            self.token = ""
            self.get("/password")
        return answer

    def _remember(self, answer: TestResponse) -> None:
        found = TOKEN.search(answer.text) if answer.mimetype == "text/html" else None
        if found:
            self.token = found[1]
