"""The server put together: what is built first is stopped last."""

import logging
import signal
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from threading import Event
from time import monotonic
from types import FrameType
from typing import Protocol

from device.adapters.watchdog import Watchdog
from device.contract.access_list import Capacity
from device.contract.instant import Instant
from server.accounts.accounts import Accounts
from server.accounts.work import Work
from server.cards.unit_cards import UnitCards
from server.core.calendar.opening_hours import spans_of
from server.core.doors.access_list import DoorRules
from server.desk.card_line import DeskBooks, card_line
from server.desk.context import ServerContext
from server.desk.copies import read_copies
from server.enrolment.badge_work import work_of
from server.enrolment.desk_sessions import DeskSessions
from server.ingest import recount
from server.ingest.ingest import Ingest
from server.ingest.writer import Writer
from server.integrations.home_assistant import Discoverer
from server.integrations.notices import Notifier
from server.mqtt.link import BrokerLink
from server.publishing.access_lists import AccessListPublisher
from server.publishing.changes import ChangeFeed
from server.publishing.publisher import Publisher
from server.replica import term
from server.replica.place_watch import PlaceWatch
from server.retention.nightly import NightlyPurge
from server.rooms.board import RoomBoard
from server.rooms.calendars import RoomCalendars
from server.site import key_rotation
from server.site.certificates import SERVER
from server.site.connection_settings import BrokerSettings
from server.site.door_keys import DoorKeys, WatchedKeys
from server.site.folder import SiteFolder
from server.site.folder_lock import alone_in
from server.site.rules_in_force import house_of, note_settings
from server.site.settings import ServerSettings
from server.store.database import open_database, read_database
from server.updates.updater import UnitUpdater
from server.web.app import create_app
from server.web.serving import WebServer

log = logging.getLogger(__name__)

SWITCH_S = 0.0005
"""How long a busy thread keeps others waiting; with Python's 5 ms an ack waits behind what is published after it."""


class ServerPart(Protocol):
    """Something that runs beside the books: the dashboard, for one."""

    def start(self) -> None:
        """Begins; returns at once."""

    def stop(self) -> None:
        """Ends; returns when it has."""


def wall_clock() -> Instant:
    """The machine's time."""
    return Instant.of(datetime.now(UTC))


class Server:
    """Database, link and change feed of one place, ready to start; `beside` makes the parts that run on top of them."""

    def __init__(
        self,
        site: SiteFolder,
        *,
        now: Callable[[], Instant] = wall_clock,
        beside: Callable[["Server"], list[ServerPart]] = lambda server: [],
    ) -> None:
        settings = self.settings = site.settings
        self.site, self.now, self.feed = site, now, ChangeFeed()
        self._watchdog, self._is_up = Watchdog.of_environment(monotonic), False
        broker = settings.broker
        self._broker = _embedded_broker(broker) if broker.embedded else None
        self._db = open_database(site.database_path)
        today = house_of(self._db, settings).day_of(now())
        changed = note_settings(self._db, settings, today)
        self.house = house_of(self._db, settings)
        self.site_keys = WatchedKeys(site.secrets_folder)
        key_rotation.note_new(self._db, self.site_keys.look(), now())
        if changed:
            Accounts(self._db, self.house).bring_up_since(today, now())
        self.link = BrokerLink(
            settings.site.id,
            broker,
            site.client_files(SERVER),
            now=now,
            monotonic_s=monotonic,
            arrived=lambda arrival: self.writer.arrived(arrival),
            connected=self._connected,
            lost=lambda: self.feed.publish("line"),
        )
        self.calendars = RoomCalendars(
            {room.id: room.calendar for room in settings.rooms},
            site.folder,
            settings.site.timezone,
            now=now,
            monotonic_s=monotonic,
            credentials=site.calendar_credentials(),
        )
        self.rooms = RoomBoard(settings.rooms, settings.uses, self.house, self.calendars.bookings)
        self.writer = self._made_writer()
        self._parts: list[ServerPart] = [self.calendars, *beside(self)]

    def start(self) -> None:
        """Begins; returns when the books are being kept, whether there is a broker or not."""
        recount.check_out_due(self._starting_work())  # what a pause of the server went past
        if self._broker is not None:
            self._broker.start()
        self.writer.start()
        self.link.start()
        for part in self._parts:
            part.start()
        self._is_up = True

    def stop(self) -> None:
        """Ends, keeping what has arrived."""
        for part in reversed(self._parts):
            part.stop()
        self.link.stop()
        self.writer.stop()
        if self._broker is not None:
            self._broker.stop()
        self._db.close()

    def _starting_work(self) -> Work:
        return Work(
            db=self._db,
            house=self.house,
            settings=self.settings,
            accounts=Accounts(self._db, self.house),
            now=self.now(),
        )

    def _alive(self) -> None:
        if self._is_up:  # the first word to systemd is that all of it is there
            self._watchdog.alive()

    def _connected(self) -> None:
        self.writer.connected()
        self.feed.publish("line")

    def _made_writer(self) -> Writer:
        settings, db, house = self.settings, self._db, self.house
        keys = DoorKeys(self.site_keys, settings.site.id)
        lists = AccessListPublisher(db, house, _door_rules(settings), line=self.link, keys=keys)
        publisher = Publisher(db, house, settings.capacity, lists, self.rooms, line=self.link, feed=self.feed)
        self.ingest = Ingest(db, house, self.rooms.unknown)
        return Writer(
            db,
            house,
            self.ingest,
            publisher,
            settings=settings,
            line=self.link,
            feed=self.feed,
            now=self.now,
            monotonic_s=monotonic,
            alive=self._alive,
            purge=NightlyPurge(owns_log=not settings.replica.url).step,
        )


def serve(site: SiteFolder) -> int:
    """Runs the server until SIGTERM or Ctrl-C; the exit status.

    Raises `Refusal` where one runs there already, or another machine has taken the place over.
    """
    logging.basicConfig(level=logging.INFO, stream=sys.stderr, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    sys.setswitchinterval(SWITCH_S)
    told_to_stop = Event()

    def stop(number: int, frame: FrameType | None) -> None:
        told_to_stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    with alone_in(site.folder):
        term.must_be_the_one(site)
        if not site.has_broker_files:  # a new place, cut off at its very end
            site.write_broker_files()
        server = Server(site, beside=partial(_parts, followed=told_to_stop.set))
        server.start()
        log.info("serving place=%s", site.settings.site.id)
        told_to_stop.wait()
        server.stop()
    term.refuse_followed(site)
    return 0


def _embedded_broker(broker: BrokerSettings) -> ServerPart:
    from server.mqtt.embedded_broker import EmbeddedBroker  # 6 MB that most places do not need

    return EmbeddedBroker(broker.host, broker.port)


def _parts(server: Server, followed: Callable[[], None] = lambda: None) -> list[ServerPart]:
    writer = server.writer
    sessions = DeskSessions(
        lambda unit, session: card_line(place, server.link.card_answers, unit, session),
        lambda unit, by: work_of(server.site, unit, DeskBooks(writer, by)),
        announce=partial(server.feed.publish, "card"),
        now=server.now,
        monotonic_s=monotonic,
    )
    place = ServerContext(
        settings=server.settings,
        database_path=server.site.database_path,
        secret=server.site.web_secret,
        house=server.house,
        rooms=server.rooms,
        feed=server.feed,
        writer=writer,
        line=server.link,
        figures=writer.stats,
        cards=UnitCards(server.site, server.settings),
        card_sessions=sessions,
        now=server.now,
        monotonic_s=monotonic,
        calendars=server.calendars.reports,
        copies=partial(read_copies, server.site),
        twins=lambda: server.ingest.twins.seen(server.now()),
        site_keys=server.site_keys.look,
    )
    parts: list[ServerPart] = [sessions, WebServer(create_app(place), server.settings.web)]
    opened = partial(read_database, place.database_path)
    if server.settings.notices.webhook or server.settings.notices.ntfy:
        parts.append(Notifier(place, opened, server.site.notices_key))
    parts.append(Discoverer(place, opened))
    if server.settings.replica.url:
        parts.append(PlaceWatch(server.site, writer.order, server.now, followed))
    parts.append(UnitUpdater(place, server.site, opened))
    return parts


def _door_rules(settings: ServerSettings) -> DoorRules:
    hours, capacity = settings.hours, settings.capacity
    return DoorRules(
        hard_anti_passback=settings.rules.anti_passback == "hard",
        capacity=Capacity(mode=capacity.mode, max=capacity.max),
        concierge_weekly={day: spans_of(pairs) for day, pairs in hours.concierge_weekly.items()},
        free_passage_weekly={day: spans_of(pairs) for day, pairs in hours.free_passage_weekly.items()},
        checkout_after_min=settings.rules.checkout_after_min,
        allow_uid=settings.badges.allow_uid,
    )
