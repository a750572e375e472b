"""The unit's journal on its way to the server: written to the outbox first, sent in order, kept until acknowledged.

While the disk does not write, events stand in a spare outbox in memory, an epoch of its own, so that they still reach
the server; nothing that happened at the door waits for the disk.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Literal, NamedTuple

from device.adapters.outbox_file import OutboxEntry
from device.contract.codec import decode_event, encode
from device.contract.errors import Malformed
from device.contract.instant import Instant
from device.contract.messages import Ack, AnyEvent, Passage
from device.errors import Damaged, DiskFault
from device.journal.deliveries import OutboxDeliveries, OutboxDelivery
from device.journal.run import run_of

log = logging.getLogger(__name__)

RECENT = 2_000
"""Events looked through after a start for passages that the server may not have answered yet."""
TURN_MS = 6 * 3_600_000
"""How often it is looked which acknowledged events are to go."""
LONGEST_AGE_MS = 10 * 366 * 86_400_000


class EventId(NamedTuple):
    """What tells an event of this unit from every other."""

    epoch: str
    seq: int


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
        self._boot, self._monotonic_s, self._resend_after_s = boot, monotonic_s, resend_after_s
        self._began_s = monotonic_s()
        self._deliveries = OutboxDeliveries(path, new_epoch)
        self._turn_due_s = self._began_s + TURN_MS / 1_000
        self._turned_ms: int | None = None

    @property
    def disk_fails(self) -> bool:
        """Whether events go to memory because the disk does not take them."""
        return self._deliveries.disk_fails

    @property
    def is_damaged(self) -> bool:
        """Whether damaged data has been found since the start."""
        return self._deliveries.is_damaged

    @property
    def _disk(self) -> OutboxDelivery | None:
        return self._deliveries.disk

    @property
    def pending(self) -> int:
        """Events that the server has not acknowledged."""
        return sum(outgoing.delivery.recorded - outgoing.delivery.kept for outgoing in self._deliveries)

    def record(self, events: Sequence[AnyEvent], command: str | None = None) -> EventId:
        """Writes events, and a command as carried out with them; the identity of the last."""
        payloads = [encode(event) for event in events]
        if self._disk is not None and not self.disk_fails:
            try:
                return self._record_on(self._disk, payloads, command)
            except Damaged as fault:
                self._deliveries.begin_anew(str(fault))
            except DiskFault as fault:
                self._deliveries.fail(fault)
        if self._disk is not None and not self.disk_fails:
            try:
                return self._record_on(self._disk, payloads, command)
            except DiskFault as fault:
                self._deliveries.fail(fault)
        return self._record_on(self._deliveries.begun_spare(), payloads, command)

    def retry_disk(self) -> None:
        """Tries the disk again where it failed; from then on events are written to it."""
        if not self.disk_fails:
            return
        if self._disk is None:
            self._deliveries.open_disk()
        if self._disk is None:
            return
        try:
            self._disk.outbox.set_note("probe", self._boot)
            self._deliveries.disk_fails = False
        except Damaged as fault:
            self._deliveries.begin_anew(str(fault))
        except DiskFault as fault:
            log.warning("disk still failing fault=%s", fault)

    def was_carried_out(self, command: str) -> bool:
        """Whether a command with this id was carried out before."""
        return any(_asked(outgoing.outbox.was_carried_out, command) for outgoing in self._deliveries)

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
        outbox = self._disk.outbox
        try:
            entries = outbox.entries(max(1, outbox.recorded - RECENT), outbox.recorded)
        except DiskFault:
            return []
        events = [(entry.seq, _event(entry)) for entry in entries]
        if any(event is None and seq > outbox.kept for seq, event in events):
            self._deliveries.found_damaged("an event that the server lacks cannot be read")
        return [event for _, event in events if isinstance(event, Passage)]

    def let_go(self, now: Instant, now_s: float) -> None:
        """Lets go of what was acknowledged long ago, where it is time: by either clock, since the wall clock may be
        wrong and the other one begins anew with each boot.
        """
        turned_at = self._turned_at(now)
        if self._disk is None or self.disk_fails or (now_s < self._turn_due_s and now.epoch_ms < turned_at + TURN_MS):
            return
        self._turn_due_s = now_s + TURN_MS / 1_000
        try:
            self._disk.outbox.turn()
            self._disk.outbox.set_note("turned", str(max(0, now.epoch_ms)))
            self._turned_ms = now.epoch_ms
            self._deliveries.drop_delivered()
        except DiskFault as fault:
            log.warning("old events not let go fault=%s", fault)

    def close(self) -> None:
        """Closes the files."""
        for outgoing in self._deliveries:
            outgoing.outbox.close()

    def began(self, version: str) -> Literal["boot", "crash", "update"]:
        """Why the unit starts, by what the last start and the last end left here."""
        before, boot, clean = self.note("version"), self.note("boot"), self.note("clean")
        for name, value in (("boot", self._boot), ("version", version), ("clean", "no")):
            self.set_note(name, value)
        if before not in (None, version):
            return "update"
        return "crash" if boot == self._boot and clean == "no" else "boot"

    def connected(self, is_up: bool) -> None:
        """The link came up or went down."""
        self._deliveries.is_connected = is_up
        for outgoing in self._deliveries:
            outgoing.delivery = outgoing.delivery.opened() if is_up else outgoing.delivery.closed()

    def acknowledged(self, ack: Ack, now_s: float) -> None:
        """Takes the server's word for what it keeps."""
        for outgoing in self._deliveries:
            if outgoing.outbox.epoch != ack.epoch:
                continue
            if outgoing is self._disk and ack.through > outgoing.delivery.known:
                self._knows_more(outgoing, ack.through)
                continue
            outgoing.delivery = outgoing.delivery.acknowledged(ack.through, now_s)
            self._note_kept(outgoing)
            self._note_confirmed(outgoing)
            if outgoing.aside is not None and outgoing.delivery.kept == outgoing.delivery.recorded:
                self._deliveries.mark_delivered(outgoing, outgoing.aside)

    def due_runs(self, now: Instant, now_s: float) -> Iterator[bytes]:
        """The runs to send now, each already counted as sent."""
        for outgoing in self._deliveries:
            outgoing.delivery = outgoing.delivery.timed_out(now_s, self._resend_after_s)
            while stretch := outgoing.delivery.next_run():
                try:
                    age_ms = partial(self._age_ms, outgoing, now_s)
                    run, sent = run_of(outgoing.outbox, stretch, now, age_ms, self._deliveries.found_damaged)
                except DiskFault as fault:
                    log.error("outbox unreadable fault=%s", fault)
                    break
                outgoing.delivery = outgoing.delivery.dispatched(sent, now_s)
                yield run

    def deadline_s(self) -> float | None:
        """When something may have to be sent again."""
        waits = [outgoing.delivery.deadline_s(self._resend_after_s) for outgoing in self._deliveries]
        return min((wait for wait in waits if wait is not None), default=None)

    def _turned_at(self, now: Instant) -> int:
        """When it was last looked, by the wall clock, in milliseconds since 1970."""
        if self._turned_ms is None:
            noted = self.note("turned")
            if noted is not None and noted.isascii() and noted.isdigit():
                self._turned_ms = int(noted)
            else:
                self._turned_ms = now.epoch_ms
                self.set_note("turned", str(max(0, now.epoch_ms)))
        return self._turned_ms

    def _record_on(self, outgoing: OutboxDelivery, payloads: list[bytes], command: str | None) -> EventId:
        last = outgoing.outbox.record(payloads, self._monotonic_s(), self._boot, command)
        outgoing.delivery = outgoing.delivery.noted(last)
        return EventId(outgoing.outbox.epoch, last)

    def _note_kept(self, outgoing: OutboxDelivery) -> None:
        try:
            outgoing.outbox.kept_through(outgoing.delivery.kept)
            if outgoing.delivery.kept + 1 < outgoing.outbox.oldest:
                log.warning("the server lacks dropped events: new epoch from=%d", outgoing.outbox.oldest)
                self._deliveries.count_anew(outgoing, outgoing.outbox.oldest)
        except DiskFault as fault:
            log.warning("progress not written fault=%s", fault)

    def _note_confirmed(self, outgoing: OutboxDelivery) -> None:
        if outgoing.outbox.unconfirmed is None or outgoing.delivery.unconfirmed is not None:
            return
        try:
            outgoing.outbox.confirm()
        except DiskFault as fault:
            log.warning("confirmation not written fault=%s", fault)

    def _knows_more(self, outgoing: OutboxDelivery, through: int) -> None:
        """The server keeps events of this epoch that are not here: an older state of the disk has come back, and its
        next events would bear numbers that are taken. What is not known to be kept goes in a fresh epoch."""
        self._deliveries.found_damaged(f"the server keeps {through} events, here were {outgoing.delivery.known}")
        try:
            self._deliveries.count_anew(outgoing, outgoing.delivery.kept + 1)
        except DiskFault as fault:
            log.error("no new epoch fault=%s", fault)

    def _age_ms(self, outgoing: OutboxDelivery, now_s: float, entry: OutboxEntry) -> int:
        """How old an event is by the monotonic clock; another boot's is at least as old as this start."""
        age_s = now_s - entry.monotonic_s
        if entry.boot != self._boot:
            age_s = now_s - self._began_s + outgoing.outbox.last_of_boot(entry.boot) - entry.monotonic_s
        return max(0, min(round(age_s * 1000), LONGEST_AGE_MS))


def _event(entry: OutboxEntry) -> AnyEvent | None:
    try:
        return decode_event(entry.payload)
    except Malformed:
        return None


def _asked(question: Callable[[str], bool], command: str) -> bool:
    try:
        return question(command)
    except DiskFault:
        return False
