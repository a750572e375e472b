"""What can need a hand of people: badges that nobody holds or that may be copies, presence, debts, tickets."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from server.desk.item import Item, ItemList, Severity
from server.store.journal.attention import StrangeBadge, Unbadged
from server.store.presence.stays import Doubtful

Unproven = Literal["copy", "key_over"]
"""Why a badge did not prove its key: it may be a copy; the site's key of its version is over."""


@dataclass(frozen=True)
class UnprovenBadge(Item):
    """A badge did not prove its key: perhaps it is a copy. `member` is who has the badge of that number, or had it
    last; `name` is empty of somebody forgotten.
    """

    kind, severity = "unproven", Severity.URGENT
    badge: StrangeBadge
    why: Unproven = "copy"
    member: int | None = None
    name: str = ""

    @property
    def keys(self) -> tuple[str, ...]:
        """The newest tap of it."""
        return (f"unproven:{self.badge.event}",)


@dataclass(frozen=True)
class DoorBehind(Item):
    """A door refused a badge whose keys it did not have yet. `has_caught_up`: it has its newest list now; the rest is
    as of an `UnprovenBadge`.
    """

    kind, severity = "door_behind", Severity.TODAY
    badge: StrangeBadge
    has_caught_up: bool = False
    member: int | None = None
    name: str = ""

    @property
    def keys(self) -> tuple[str, ...]:
        """The newest tap of it."""
        return (f"behind:{self.badge.event}",)


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
class CopyableRefused(Item):
    """A member's badge was refused because it has no keys, and this place lets in none of those."""

    kind, severity = "copyable_refused", Severity.TODAY
    badge: StrangeBadge
    member: int
    name: str

    @property
    def keys(self) -> tuple[str, ...]:
        """The newest tap of it."""
        return (f"copyable:{self.badge.event}",)


@dataclass(frozen=True)
class KeyRotation(Item):
    """A rotation of the badge keys goes on: so many badges are left, of `holders`."""

    kind, severity = "key_rotation", Severity.LATER
    left: int
    holders: str


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


def exit_key(exit: Unbadged) -> str:
    """What the verification of such a check-out is dismissed by."""
    return f"unbadged:{exit.member}:{exit.day}:{exit.began_at}"
