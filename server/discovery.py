"""Home Assistant is told what there is, and again when the broker came back or the units changed. Off by default."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from threading import Event, Thread
from typing import Any

from device.contract.channels import Channel
from device.contract.messages import Message
from server.core.discovery import KnownUnit, discovery_document
from server.place import Place
from server.store import units
from server.store.database import Books

log = logging.getLogger(__name__)

LOOK_S = 5.0
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

    def __init__(self, place: Place, opened: Callable[[], Books]) -> None:
        self._place, self._opened = place, opened
        self._stopping = Event()
        self._thread = Thread(target=self._run, name="discovery", daemon=True)
        self._told: Discovery | None = None

    def start(self) -> None:
        """Begins."""
        self._thread.start()

    def stop(self) -> None:
        """Ends. What is retained stays: Home Assistant keeps its history under it."""
        self._stopping.set()
        self._thread.join()

    def tell(self, books: Books) -> None:
        """Tells what there is, where that is not told already on this connection."""
        if not self._place.line.is_up:
            self._told = None
            return
        document = self._document(books)
        if document != self._told:
            self._place.line.publish(DISCOVERY, "", document)
            self._told = document

    def _document(self, books: Books) -> Discovery:
        settings = self._place.settings
        known = [KnownUnit(unit.name, unit.kind) for unit in units.every(books)]
        rooms = {room.id: room.name for room in settings.rooms}
        return Discovery(**discovery_document(settings.site.id, settings.site.name, rooms, known))

    def _run(self) -> None:
        with self._opened() as books:
            while not self._stopping.wait(LOOK_S):
                try:
                    self.tell(books)
                except Exception:  # the thread goes on: the next look may do
                    log.exception("Home Assistant was not told")
