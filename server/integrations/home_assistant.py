"""Home Assistant is told what there is, and again on each new connection to the broker and when the units changed.

Off by default; where it is off, what it was told before is taken back.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from threading import Event, Thread
from typing import Any

import msgspec

from device.contract.channels import Channel
from device.contract.messages import Message
from server.desk.context import ServerContext
from server.integrations.home_assistant_document import KnownUnit, discovery_document, gone
from server.store import room_words
from server.store.database import Database
from server.store.units import units

log = logging.getLogger(__name__)

LOOK_S = 5.0
LOOK_BACK = timedelta(days=400)
"""A room that was last used longer ago is not remembered."""
PREFIX = "homeassistant/device"
"""Home Assistant's own default."""


class Discovery(Message, frozen=True, kw_only=True):
    """The device message of Home Assistant."""

    device: dict[str, Any]
    origin: dict[str, Any]
    components: dict[str, Any]


@dataclass(frozen=True)
class _DiscoveryChannel(Channel[Discovery]):
    def topic(self, site: str, name: str = "+") -> str:
        """Where Home Assistant listens for devices."""
        return f"{PREFIX}/{site}/{self.path}"


DISCOVERY = _DiscoveryChannel("config", Discovery, "server")
"""The one channel that is not of our contract."""


class Discoverer:
    """Runs beside the books; `opened` gives a connection for reading."""

    def __init__(self, place: ServerContext, opened: Callable[[], Database]) -> None:
        self._place, self._opened = place, opened
        self._stopping = Event()
        self._thread = Thread(target=self._run, name="discovery", daemon=True)
        self._told: Discovery | None = None
        self._connection = 0
        """On which connection it was told."""

    def start(self) -> None:
        """Begins."""
        self._thread.start()

    def stop(self) -> None:
        """Ends. What is retained stays: Home Assistant keeps its history under it."""
        self._stopping.set()
        self._thread.join()

    def tell(self, db: Database) -> None:
        """Tells what there is, where that is not told already on this connection: the broker may have forgotten it."""
        line = self._place.line
        connection = line.connections
        if not line.is_up:
            return
        is_new = connection != self._connection
        if self._place.settings.home_assistant.discovery:
            self._tell_device(db, is_new)
        elif is_new:
            line.clear(DISCOVERY, "")
        self._connection = connection

    def _tell_device(self, db: Database, is_new: bool) -> None:
        document = self._document(db)
        if document == self._told and not is_new:
            return
        former = self._former(db) | (self._told.components if self._told else {})
        left = {key: {"platform": former[key]["platform"]} for key in former if key not in document.components}
        if left:
            components = document.components | left
            self._place.line.publish(DISCOVERY, "", msgspec.structs.replace(document, components=components))
        self._place.line.publish(DISCOVERY, "", document)
        self._told = document

    def _former(self, db: Database) -> dict[str, Any]:
        """What may have been told before the server started: units that were removed, rooms that once were used."""
        since = self._place.now() - LOOK_BACK
        return gone(self._place.settings.site.id, room_words.rooms(db, since), units.removed(db))

    def _document(self, db: Database) -> Discovery:
        settings = self._place.settings
        known = [KnownUnit(unit.name, unit.kind) for unit in units.every(db)]
        rooms = {room.id: room.name for room in settings.rooms}
        return Discovery(**discovery_document(settings.site.id, settings.site.name, rooms, known))

    def _run(self) -> None:
        with self._opened() as db:
            while not self._stopping.wait(LOOK_S):
                try:
                    self.tell(db)
                except Exception:  # the thread goes on: the next look may do
                    log.exception("Home Assistant was not told")
