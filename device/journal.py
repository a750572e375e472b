"""The unit's journal on its way to the server: written to the outbox first, sent in order, kept until acknowledged.

While the disk does not write, events stand in a spare outbox in memory, an epoch of its own, so that they still reach
the server; nothing that happened at the door waits for the disk.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import msgspec

from device.adapters.outbox import Entry, Outbox
from device.contract.codec import LooseRun, decode_event, encode
from device.contract.instant import Instant
from device.contract.messages import Ack, AnyEvent, Passage
from device.core.delivery import Delivery, Stretch
from device.errors import DiskFault

log = logging.getLogger(__name__)

RECENT = 2_000
"""Events looked through after a start for passages that the server may not have answered yet."""


class EventId(NamedTuple):
    """What tells an event of this unit from every other."""

    epoch: str
    seq: int


@dataclass
class Shelf:
    """One outbox and how far its delivery is."""

    outbox: Outbox
    delivery: Delivery = field(default_factory=Delivery)

    def __post_init__(self) -> None:
        self.count_anew()

    def count_anew(self) -> None:
        """Takes the delivery's figures from the outbox."""
        self.delivery = Delivery(recorded=self.outbox.recorded, sent=self.outbox.kept, kept=self.outbox.kept)


class Journal:
    """Records what happens and says what to send. Used by the controller's thread alone."""

    def __init__(
        self,
        path: Path,
        boot: str,
        new_epoch: Callable[[], str],
        monotonic_s: Callable[[], float],
        resend_after_s: float = 10,
    ) -> None:
        self._path, self._boot, self._new_epoch = path, boot, new_epoch
        self._monotonic_s, self._resend_after_s = monotonic_s, resend_after_s
        self._began_s = monotonic_s()
        self._connected = False
        self._spare: Shelf | None = None
        self._disk: Shelf | None = None
        self.disk_fails = False
        """Whether events go to memory because the disk does not take them."""
        self._open_disk()

    @property
    def pending(self) -> int:
        """Events that the server has not acknowledged."""
        return sum(shelf.delivery.recorded - shelf.delivery.kept for shelf in self._shelves())

    def record(self, events: Sequence[AnyEvent], command: str | None = None) -> EventId:
        """Writes events, and a command as carried out with them; the identity of the last."""
        payloads = [encode(event) for event in events]
        if self._disk is not None and not self.disk_fails:
            try:
                return self._record_on(self._disk, payloads, command)
            except DiskFault as fault:
                self.disk_fails = True
                log.error("event not written to disk fault=%s", fault)
        return self._record_on(self._begun_spare(), payloads, command)

    def retry_disk(self) -> None:
        """Tries the disk again where it failed; from then on events are written to it."""
        if not self.disk_fails:
            return
        if self._disk is None:
            self._open_disk()
        if self._disk is not None:
            try:
                self._disk.outbox.set_note("probe", self._boot)
                self.disk_fails = False
            except DiskFault as fault:
                log.warning("disk still failing fault=%s", fault)

    def was_carried_out(self, command: str) -> bool:
        """Whether a command with this id was carried out before."""
        return any(_asked(shelf.outbox.was_carried_out, command) for shelf in self._shelves())

    def note(self, name: str) -> str | None:
        """A small fact kept beside the events; None where there is none or the disk does not tell."""
        try:
            return self._disk.outbox.note(name) if self._disk else None
        except DiskFault:
            return None

    def set_note(self, name: str, value: str) -> None:
        """Keeps a small fact, if the disk takes it."""
        try:
            if self._disk:
                self._disk.outbox.set_note(name, value)
        except DiskFault as fault:
            log.warning("note not written name=%s fault=%s", name, fault)

    def recent_passages(self) -> list[Passage]:
        """The last passages of this unit, oldest first."""
        if self._disk is None:
            return []
        last = self._disk.outbox.recorded
        try:
            entries = self._disk.outbox.entries(max(1, last - RECENT), last)
        except DiskFault:
            return []
        return [event for entry in entries if isinstance(event := decode_event(entry.payload), Passage)]

    def close(self) -> None:
        """Closes the files."""
        for shelf in self._shelves():
            shelf.outbox.close()

    # ---- delivery ----------------------------------------------------------------------------------------------------

    def connected(self, is_up: bool) -> None:
        """The link came up or went down."""
        self._connected = is_up
        for shelf in self._shelves():
            shelf.delivery = shelf.delivery.opened() if is_up else shelf.delivery.closed()

    def acknowledged(self, ack: Ack, now_s: float) -> None:
        """Takes the server's word for what it keeps."""
        for shelf in self._shelves():
            if shelf.outbox.epoch == ack.epoch:
                shelf.delivery = shelf.delivery.acknowledged(ack.through, now_s)
                self._note_kept(shelf)

    def due_runs(self, now: Instant, now_s: float) -> Iterator[bytes]:
        """The runs to send now, each already counted as sent."""
        for shelf in self._shelves():
            shelf.delivery = shelf.delivery.timed_out(now_s, self._resend_after_s)
            while stretch := shelf.delivery.next_run():
                try:
                    run = self._run_of(shelf.outbox, stretch, now, now_s)
                except DiskFault as fault:
                    log.error("outbox unreadable fault=%s", fault)
                    break
                shelf.delivery = shelf.delivery.dispatched(stretch, now_s)
                yield run

    def deadline_s(self) -> float | None:
        """When something may have to be sent again."""
        waits = [shelf.delivery.deadline_s(self._resend_after_s) for shelf in self._shelves()]
        return min((wait for wait in waits if wait is not None), default=None)

    def _run_of(self, outbox: Outbox, stretch: Stretch, now: Instant, now_s: float) -> bytes:
        entries = outbox.entries(stretch.first, stretch.last)
        events = [self._aged(outbox, entry, now_s) for entry in entries]
        return encode(LooseRun(epoch=outbox.epoch, first=stretch.first, sent_at=now, events=events))

    # ---- shelves -----------------------------------------------------------------------------------------------------

    def _shelves(self) -> list[Shelf]:
        return [shelf for shelf in (self._disk, self._spare) if shelf is not None]

    def _open_disk(self) -> None:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._disk = self._shelf(self._path)
        except OSError as fault:
            self.disk_fails = True
            log.error("outbox not usable path=%s fault=%s", self._path, fault)

    def _begun_spare(self) -> Shelf:
        if self._spare is None:
            self._spare = self._shelf(None)
        return self._spare

    def _shelf(self, path: Path | None) -> Shelf:
        shelf = Shelf(Outbox(path, self._new_epoch()))
        if self._connected:
            shelf.delivery = shelf.delivery.opened()
        return shelf

    def _record_on(self, shelf: Shelf, payloads: list[bytes], command: str | None) -> EventId:
        last = shelf.outbox.record(payloads, self._monotonic_s(), self._boot, command)
        shelf.delivery = shelf.delivery.noted(last)
        return EventId(shelf.outbox.epoch, last)

    def _note_kept(self, shelf: Shelf) -> None:
        try:
            shelf.outbox.kept_through(shelf.delivery.kept)
            if shelf.delivery.kept + 1 < shelf.outbox.oldest:
                log.warning("the server lacks dropped events: new epoch from=%d", shelf.outbox.oldest)
                shelf.outbox.begin_epoch(self._new_epoch())
                shelf.count_anew()
                shelf.delivery = shelf.delivery.opened()
        except DiskFault as fault:
            log.warning("progress not written fault=%s", fault)

    def _aged(self, outbox: Outbox, entry: Entry, now_s: float) -> msgspec.Raw:
        """An event under an unset clock carries its age; another boot's is at least as old as this start."""
        if b'"clock":"unset"' not in entry.payload:
            return msgspec.Raw(entry.payload)
        age_s = now_s - entry.monotonic_s
        if entry.boot != self._boot:
            age_s = now_s - self._began_s + outbox.last_of_boot(entry.boot) - entry.monotonic_s
        event = decode_event(entry.payload)
        return msgspec.Raw(encode(msgspec.structs.replace(event, age_ms=max(0, round(age_s * 1000)))))


def _asked(question: Callable[[str], bool], command: str) -> bool:
    try:
        return question(command)
    except DiskFault:
        return False
