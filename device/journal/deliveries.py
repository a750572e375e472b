"""The outboxes of a unit: the one on its disk, a spare in memory while the disk does not write, and what was saved of
damaged ones. A damaged file is kept beside, and another one begun."""

import logging
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from device.adapters.outbox import Outbox
from device.adapters.outbox_remains import remains_of
from device.core.delivery import Delivery
from device.errors import Damaged, DiskFault

log = logging.getLogger(__name__)

DAMAGED, DELIVERED = "damaged", "delivered"
"""In the names of damaged files beside the outbox, still to be delivered, and done: `outbox.damaged-1.db`."""


@dataclass
class OutboxDelivery:
    """One outbox and how far its delivery is."""

    outbox: Outbox
    delivery: Delivery = field(default_factory=Delivery)
    aside: Path | None = None
    """The damaged file that it was saved from."""

    def __post_init__(self) -> None:
        self.count_anew()

    def count_anew(self) -> None:
        """Takes the delivery's figures from the outbox."""
        box = self.outbox
        self.delivery = Delivery(box.recorded, sent=box.kept, kept=box.kept, unconfirmed=box.unconfirmed)


class OutboxDeliveries:
    """Opens what there is at `path`; raises nothing."""

    def __init__(self, path: Path, new_epoch: Callable[[], str]) -> None:
        self._path, self._new_epoch = path, new_epoch
        self.disk: OutboxDelivery | None = None
        self.spare: OutboxDelivery | None = None
        self.saved: list[OutboxDelivery] = []
        self.is_connected = False
        self.disk_fails = False
        """Whether the disk does not take what it should."""
        self.is_damaged = False
        """Whether damaged data has been found since the start: told until the next one."""
        for aside in sorted(path.parent.glob(f"{path.stem}.{DAMAGED}-*{path.suffix}")):
            self._save(aside)
        self.open_disk()

    def __iter__(self) -> Iterator[OutboxDelivery]:
        return iter([outgoing for outgoing in (self.disk, self.spare, *self.saved) if outgoing is not None])

    def open_disk(self) -> None:
        """Opens the outbox on the disk, or another one where it is damaged."""
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            if self._path.exists() and not self._path.stat().st_size:
                raise Damaged("the outbox is empty: its content is lost")
            self.disk = self._outgoing(self._path)
        except Damaged as fault:
            self.begin_anew(str(fault))
        except OSError as fault:
            self.fail(fault)

    def begin_anew(self, why: str) -> None:
        """Puts the damaged outbox aside, and begins another."""
        self.found_damaged(why)
        try:
            self._put_aside()
            self.disk = self._outgoing(self._path)
            self.disk_fails = False
        except OSError as fault:
            self.fail(fault)

    def begun_spare(self) -> OutboxDelivery:
        """The spare; it needs no disk."""
        if self.spare is None:
            self.spare = self._outgoing(None)
        return self.spare

    def count_anew(self, outgoing: OutboxDelivery, first: int) -> None:
        """Numbers the events of one, from `first` on, in a fresh epoch, and delivers them; raises `DiskFault`."""
        outgoing.outbox.begin_epoch(self._new_epoch(), first)
        outgoing.count_anew()
        outgoing.delivery = outgoing.delivery.opened()

    def mark_delivered(self, outgoing: OutboxDelivery, aside: Path) -> None:
        """All that was saved of a damaged file is delivered."""
        self.saved.remove(outgoing)
        self._mark_delivered(aside)

    def drop_delivered(self) -> None:
        """Removes damaged files whose events the server has."""
        for done in sorted(self._path.parent.glob(f"{self._path.stem}.{DELIVERED}-*")):
            with suppress(OSError):
                done.unlink()

    def fail(self, fault: Exception) -> None:
        """The disk does not take what it should."""
        self.disk_fails = True
        log.error("outbox not usable path=%s fault=%s", self._path, fault)

    def found_damaged(self, why: str) -> None:
        """Damaged data was found."""
        self.is_damaged = True
        log.error("outbox damaged: %s", why)

    def _outgoing(self, path: Path | None) -> OutboxDelivery:
        outbox = Outbox(path, self._new_epoch())
        if outbox.damage:
            self.found_damaged(outbox.damage)
        return self._opened(OutboxDelivery(outbox))

    def _opened(self, outgoing: OutboxDelivery) -> OutboxDelivery:
        if self.is_connected:
            outgoing.delivery = outgoing.delivery.opened()
        return outgoing

    def _put_aside(self) -> None:
        if self.disk is not None:
            self.disk.outbox.close()
            self.disk = None
        aside = self._beside(DAMAGED)
        _rename(self._path, aside)
        log.error("outbox put aside as=%s", aside.name)
        self._save(aside)

    def _save(self, aside: Path) -> None:
        """Delivers the events of a damaged outbox that nobody has acknowledged, in their epoch where it is known."""
        remains = remains_of(aside)
        try:
            if not remains.entries:
                self._mark_delivered(aside)
                return
            outbox = Outbox(None, remains.epoch or self._new_epoch())
            outbox.adopt(remains)
        except DiskFault as fault:
            log.error("damaged outbox not saved as=%s fault=%s", aside.name, fault)
        else:
            self.saved.append(self._opened(OutboxDelivery(outbox, aside=aside)))

    def _mark_delivered(self, aside: Path) -> None:
        try:
            _rename(aside, self._beside(DELIVERED))
        except OSError as fault:
            log.warning("damaged outbox not marked as=%s fault=%s", aside.name, fault)

    def _beside(self, what: str) -> Path:
        names = (self._path.with_name(f"{self._path.stem}.{what}-{nth}{self._path.suffix}") for nth in count(1))
        return next(path for path in names if not path.exists())


def _rename(path: Path, new: Path) -> None:
    """Renames an SQLite file with what belongs to it."""
    for ending in ("-wal", "-shm", ""):
        old = path.with_name(path.name + ending)
        if old.exists():
            old.rename(new.with_name(new.name + ending))
