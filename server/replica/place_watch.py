"""What the server itself does for its copy: keeps the sealed settings and secrets in the books, and looks whether
another server has taken over."""

import logging
from collections.abc import Callable
from contextlib import suppress
from threading import Event, Thread

from device.contract.instant import Instant
from server.accounts.work import Work
from server.errors import NeverBegun, Refusal
from server.replica import sealed_place, term
from server.site.folder import SiteFolder
from server.store import copies

log = logging.getLogger(__name__)

EVERY_S = 60.0

Order = Callable[[Callable[[Work], None]], None]
"""Has something done in the books."""


class PlaceWatch:
    """Looks every minute; calls `followed` once where another server has taken over."""

    def __init__(
        self, site: SiteFolder, order: Order, now: Callable[[], Instant], followed: Callable[[], None]
    ) -> None:
        self._site, self._order, self._now, self._followed = site, order, now, followed
        self._seen: object = None
        self._stopping = Event()
        self._thread = Thread(target=self._run, name="copies", daemon=True)

    def start(self) -> None:
        """Begins."""
        self._thread.start()

    def stop(self) -> None:
        """Ends."""
        self._stopping.set()
        self._thread.join()

    def look(self) -> None:
        """Once; raises `Refusal` where another server has taken over."""
        term.must_be_the_one(self._site)
        state = sealed_place.state_of(self._site)
        if state != self._seen:
            self._order(self._seal)
            self._seen = state

    def _seal(self, work: Work) -> None:
        sealed = sealed_place.seal(self._site, copies.sealed_digest(work.db), self._now())
        if sealed is not None:
            copies.note_sealed(work.db, sealed)

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._step()
            except Exception:
                log.exception("the copy could not be looked after")
            self._stopping.wait(EVERY_S)

    def _step(self) -> None:
        try:
            with suppress(NeverBegun):  # the books are busy: next time
                self.look()
        except Refusal as refused:
            if refused.code != "server_followed":
                log.warning("the settings are not sealed error=%s", refused)
                return
            log.error("another server has taken over: stopping")
            self._stopping.set()
            self._followed()
