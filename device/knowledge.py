"""What the server told this unit and the unit still goes by when the server is away, across restarts and power cuts."""

import logging
from collections.abc import Sequence
from datetime import date
from typing import Protocol, TypeVar
from zoneinfo import ZoneInfo

from msgspec import Struct

from device.contract.access_list import HOUSE, AccessList
from device.contract.codec import MAX_LIST_BYTES, decode, encode
from device.contract.errors import Malformed
from device.contract.instant import Instant
from device.contract.messages import DoorMode, Hours, Inside, Message, Occupancy, RoomStatus
from device.core.door.compiled_list import NO_LIST, CompiledList, compiled
from device.core.door.mode import Mode, ModeWatch
from device.core.door.presence import Insiders

log = logging.getLogger(__name__)

M = TypeVar("M", bound=Struct)


class RoomMemory(Struct, frozen=True):
    """How a room stands, and since when by its dial where the server has not said so yet."""

    status: RoomStatus
    dial_at: Instant | None = None


class Keeping(Protocol):
    """Where payloads are kept by name."""

    def load(self, name: str) -> Sequence[bytes]:
        """What was kept, the newest first; an empty payload for what is damaged."""

    def keep(self, name: str, payload: bytes) -> None:
        """Keeps a payload."""


class Knowledge:
    """The access list, who is in, how many, until when open, the mode of the door, and how the room stands."""

    def __init__(self, cache: Keeping, zone: ZoneInfo, occupancy_max_age_min: float) -> None:
        self._cache, self.zone = cache, zone
        self._occupancy_max_age_s = occupancy_max_age_min * 60
        self.access_list: CompiledList = NO_LIST
        self.kept_version = 0
        """Of the newest list that a restart would find: what the unit may tell the server that it has."""
        self.not_on_disk: set[str] = set()
        """The names of what the disk did not take yet."""
        self.is_damaged = False
        """Whether something that was kept could not be read again."""
        self._list_payload = b""
        self.insiders = Insiders(
            zone, lambda: self.access_list.schedules.get(HOUSE), lambda: self.access_list.checkout_after_min
        )
        self._modes = ModeWatch()
        self.occupancy: Occupancy | None = None
        self.hours: Hours | None = None
        self._hours_heard = False
        self.room: RoomMemory | None = None
        self._recall()

    def list_that_refused(self, reason: str) -> Instant | None:
        """When the list was issued by which a badge was refused that proved no key; None for every other answer."""
        return self.access_list.issued_at if reason == "not_authentic" else None

    def heard(self, message: Message) -> None:
        """Takes a message of the server, and keeps what a restart must find again."""
        match message:
            case AccessList():
                self._heard_list(message)
            case Inside():
                self.insiders.heard(message)
                self._cache.keep("inside", encode(message))
            case Occupancy():
                self.occupancy = message
                self._cache.keep("occupancy", encode(message))
            case Hours():
                self.hours, self._hours_heard = message, True
                self._cache.keep("hours", encode(message))

    def kept(self, name: str, payload: bytes) -> None:
        """Takes that a payload reached the disk."""
        self.not_on_disk.discard(name)
        if name == "access-list" and payload == self._list_payload:
            self.kept_version = self.access_list.version

    def set_mode(self, mode: Mode, now: Instant | None, now_s: float) -> bool:
        """Puts the door in a mode, across restarts; False where its end is past at `now`, or cannot be counted."""
        taken = self._modes.order(mode, now, now_s)
        if taken:
            self._cache.keep("mode", encode(self._modes.mode))
        return taken

    def look_at_mode(self, trusted: Instant | None, now_s: float) -> None:
        """Lets time pass: a mode that has ended is forgotten, on disk too."""
        if self._modes.look(trusted, now_s, self.access_list.free_passage):
            log.info("mode ended")
            self._cache.keep("mode", encode(self._modes.mode))

    def not_kept(self, name: str) -> None:
        """Takes that a payload could not be written; it is tried again."""
        self.not_on_disk.add(name)

    def keep_room(self, memory: RoomMemory) -> None:
        """Keeps how the room stands."""
        self.room = memory
        self._cache.keep("room", encode(memory))

    def is_closed_at(self, now: Instant | None) -> bool:
        """Whether the place is closed, as far as the server has told; from the next day on nothing is known.

        While the time is not known, what was read from disk says nothing.
        """
        hours = self.hours
        if hours is None:
            return False
        if now is None:
            return self._hours_heard and not hours.open
        if hours.open:
            return hours.until is not None and hours.until <= now and self._day(hours.until) == self._day(now)
        return hours.opens_at is None or now < hours.opens_at

    def mode_at(self, trusted: Instant | None, now_s: float) -> DoorMode:
        """The mode that holds."""
        return self._modes.value_at(trusted, now_s, self.access_list.free_passage)

    def mode_deadline_s(self, trusted: Instant | None, now_s: float) -> float | None:
        """When the mode next changes by itself."""
        return self._modes.deadline_s(trusted, now_s, self.access_list.free_passage)

    def present_at(self, now: Instant | None) -> int | None:
        """How many are in, or None where that is too old to refuse anybody for it (rules 2)."""
        if self.occupancy is None or now is None:
            return None
        age_s = (now - self.occupancy.as_of).total_seconds()
        return self.occupancy.present if abs(age_s) <= self._occupancy_max_age_s else None

    def _heard_list(self, message: AccessList) -> None:
        if message.version <= self.access_list.version:
            if message.version < self.access_list.version:
                log.warning("older access list refused version=%d have=%d", message.version, self.access_list.version)
            return
        self.access_list = compiled(message)
        self._list_payload = encode(message)
        self._cache.keep("access-list", self._list_payload)
        log.info("access list taken version=%d grants=%d", message.version, len(message.grants))

    def _recall(self) -> None:
        kept_list = self._recalled("access-list", AccessList)
        if kept_list is not None:
            self.access_list = compiled(kept_list)
            self.kept_version = kept_list.version
        inside = self._recalled("inside", Inside)
        if inside is not None:
            self.insiders.heard(inside)
        self.occupancy = self._recalled("occupancy", Occupancy)
        self.hours = self._recalled("hours", Hours)
        self.room = self._recalled("room", RoomMemory)
        self._modes = ModeWatch(self._recalled("mode", Mode) or Mode())

    def _day(self, moment: Instant) -> date:
        return moment.astimezone(self.zone).date()

    def _recalled(self, name: str, kind: type[M]) -> M | None:
        """What was kept last, or before it where that is damaged: an older list, count or room is better than none, and
        the list says itself how old it is. An older mode is not: it may be one that ended, and free."""
        for payload in self._cache.load(name):
            try:
                return decode(payload, kind, MAX_LIST_BYTES * 2)
            except Malformed as fault:
                log.error("cache unusable name=%s fault=%s", name, fault)
                self.is_damaged = True
                if kind is Mode:
                    break
        return None
