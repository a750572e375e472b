"""What can need a hand of the machines: the units' alarms, the server's disk, books, broker, copies."""

import hashlib
from dataclasses import dataclass

from device.contract.instant import Instant
from server.backups.note import BackupFault
from server.desk.item import Item, Severity
from server.replica.note import ReplicaNote
from server.rooms.calendars import CalendarReport
from server.store.journal.attention import PastAlarm


@dataclass(frozen=True)
class FireAlarm(Item):
    """The fire alarm is on at a unit: it has released its doors."""

    kind, severity = "fire", Severity.DANGER
    unit: str


@dataclass(frozen=True)
class ActiveAlarm(Item):
    """A unit has that alarm now."""

    kind, severity = "alarm", Severity.URGENT
    unit: str
    alarm: str


@dataclass(frozen=True)
class RecentAlarm(Item):
    """A unit had an alarm, and nobody has seen it."""

    kind, severity = "past_alarm", Severity.URGENT
    past: PastAlarm

    @property
    def keys(self) -> tuple[str, ...]:
        """The event that began it."""
        return (f"alarm:{self.past.event}",)


@dataclass(frozen=True)
class DamagedBooks(Item):
    """The books are damaged and need their backup."""

    kind, severity = "damaged", Severity.URGENT
    fault: str


@dataclass(frozen=True)
class UnwritableDisk(Item):
    """The server cannot write."""

    kind, severity = "disk", Severity.URGENT
    fault: str


@dataclass(frozen=True)
class BrokerAway(Item):
    """The broker does not answer."""

    kind, severity = "broker", Severity.FAULT


@dataclass(frozen=True)
class TwoMachines(Item):
    """Two machines speak under the name of one unit, and throw each other off the broker; their addresses."""

    kind, severity = "twins", Severity.URGENT
    unit: str
    addresses: tuple[str, ...]


@dataclass(frozen=True)
class SilentUnit(Item):
    """A unit went away, and has not come back; `heard_at` is when it was last heard."""

    kind, severity = "silent", Severity.FAULT
    unit: str
    heard_at: Instant


@dataclass(frozen=True)
class BackupOverdue(Item):
    """No good backup since `good_at`, or none at all; `fault` is why the last one that was tried was none."""

    kind, severity = "backup", Severity.FAULT
    good_at: Instant | None
    fault: BackupFault | None


@dataclass(frozen=True)
class ReplicaBehind(Item):
    """The copy of the books does not follow them, or is no whole place; `replica` is None where nothing copies."""

    kind, severity = "replica", Severity.FAULT
    replica: ReplicaNote | None


@dataclass(frozen=True)
class UnsealedBackup(Item):
    """Backups are made, and whoever has one has the place's secrets."""

    kind, severity = "unsealed", Severity.LATER

    @property
    def keys(self) -> tuple[str, ...]:
        """Itself: once told is enough."""
        return ("unsealed",)


@dataclass(frozen=True)
class BackupsBesideBooks(Item):
    """Backups are made, and burn with the books; `carried_at` is when somebody last took one elsewhere."""

    kind, severity = "beside_books", Severity.LATER
    carried_at: Instant | None

    @property
    def keys(self) -> tuple[str, ...]:
        """Itself: once told is enough."""
        return ("beside_books",)


@dataclass(frozen=True)
class UnreadCalendar(Item):
    """Something of the calendar of the room called `room` cannot be read."""

    kind, severity = "calendar", Severity.TODAY
    room: str
    report: CalendarReport

    @property
    def keys(self) -> tuple[str, ...]:
        """What is wrong with it; when that is something else, it asks for a hand again."""
        wrong = (self.report.fault, self.report.troubles, self.report.has_open_password)
        return (f"calendar:{self.report.room}:{hashlib.sha256(repr(wrong).encode()).hexdigest()[:16]}",)


@dataclass(frozen=True)
class MessagesSetAside(Item):
    """So many messages were set aside since somebody looked; `newest` is the number of the last."""

    kind, severity = "set_aside", Severity.LATER
    count: int
    newest: int

    @property
    def keys(self) -> tuple[str, ...]:
        """The newest of them: the next one asks for a hand again."""
        return (f"{SET_ASIDE_PREFIX}{self.newest}",)


SET_ASIDE_PREFIX = "faults:"
