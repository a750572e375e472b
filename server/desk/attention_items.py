"""What can need a hand: one class a kind, with how pressing it is and the keys that it is dismissed by."""

import hashlib
from dataclasses import dataclass
from datetime import date

from device.contract.instant import Instant
from server.backups.note import BackupFault
from server.desk.item import Item, ItemList, Severity
from server.replica.note import ReplicaNote
from server.rooms.calendars import CalendarReport
from server.store.journal.attention import PastAlarm, StrangeBadge, Unbadged
from server.store.presence.stays import Doubtful


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
class UnprovenBadge(Item):
    """A badge did not prove its key: perhaps it is a copy."""

    kind, severity = "unproven", Severity.URGENT
    badge: StrangeBadge

    @property
    def keys(self) -> tuple[str, ...]:
        """The newest tap of it."""
        return (f"unproven:{self.badge.event}",)


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
class UnknownBadge(Item):
    """A badge that nobody holds was presented."""

    kind, severity = "unknown", Severity.TODAY
    badge: StrangeBadge

    @property
    def keys(self) -> tuple[str, ...]:
        """The newest tap of it."""
        return (f"unknown:{self.badge.event}",)


@dataclass(frozen=True)
class TelephoneShown(Item):
    """Telephones were presented at a door on `day`, once or several times."""

    kind, severity = "telephone", Severity.TODAY
    badge: StrangeBadge
    day: date

    @property
    def keys(self) -> tuple[str, ...]:
        """The door and the date: once a day is enough."""
        return (f"telephone:{self.badge.unit}:{self.day}",)


@dataclass(frozen=True)
class UncertainPresence(Item):
    """So many passages without a badge: as many people may have left."""

    kind, severity = "uncertain", Severity.TODAY
    count: int


@dataclass(frozen=True)
class CrowdedRooms(Item):
    """The rooms' dials say more people than are in."""

    kind, severity = "crowded_rooms", Severity.TODAY
    in_rooms: int
    present: int


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
class Debt:
    """What a member who is in owes on `day`; `name` is empty of somebody forgotten."""

    member: int
    name: str
    owed_cents: int
    day: date

    @property
    def key(self) -> str:
        """The amount and the date: it asks for a hand every day."""
        return f"owes:{self.member}:{self.day}:{self.owed_cents}"


class DebtsOfPresent(ItemList[Debt]):
    """Members who are in owe something."""

    kind, severity = "owes", Severity.TODAY


@dataclass(frozen=True)
class AutomaticCheckOut:
    """A stay that ended by itself; `name` is empty of somebody forgotten."""

    exit: Unbadged
    name: str

    @property
    def key(self) -> str:
        """The stay."""
        return exit_key(self.exit)


class AutomaticCheckOuts(ItemList[AutomaticCheckOut]):
    """Stays that ended by themselves, which somebody can verify."""

    kind, severity = "unbadged", Severity.TODAY


@dataclass(frozen=True)
class ExpiringTickets:
    """A member who is in has tickets whose last day is `expires`; `name` is empty of somebody forgotten."""

    member: int
    name: str
    expires: date

    @property
    def key(self) -> str:
        """The last day."""
        return f"expires:{self.member}:{self.expires}"


class ExpiringOfPresent(ItemList[ExpiringTickets]):
    """Members who are in have tickets that expire soon."""

    kind, severity = "expires", Severity.TODAY


@dataclass(frozen=True)
class DoubtfulStep(Item):
    """A member came in twice, or left without having come; `name` is empty of somebody forgotten."""

    kind, severity = "doubt", Severity.TODAY
    doubtful: Doubtful
    name: str

    @property
    def keys(self) -> tuple[str, ...]:
        """The member and the step."""
        return (f"doubt:{self.doubtful.member}:{self.doubtful.at}:{self.doubtful.doubt}",)


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


AttentionItem = (
    FireAlarm
    | ActiveAlarm
    | RecentAlarm
    | UnprovenBadge
    | DamagedBooks
    | UnwritableDisk
    | BrokerAway
    | TwoMachines
    | SilentUnit
    | BackupOverdue
    | ReplicaBehind
    | UnsealedBackup
    | UnknownBadge
    | TelephoneShown
    | UncertainPresence
    | CrowdedRooms
    | UnreadCalendar
    | DebtsOfPresent
    | AutomaticCheckOuts
    | ExpiringOfPresent
    | DoubtfulStep
    | MessagesSetAside
)
"""One thing that needs a hand."""

SET_ASIDE_PREFIX = "faults:"


def exit_key(exit: Unbadged) -> str:
    """What the verification of such a check-out is dismissed by."""
    return f"unbadged:{exit.member}:{exit.day}:{exit.began_at}"
