"""What the items of the desk's attention list have in common: how pressing they are, and how they are dismissed."""

from collections.abc import Set
from dataclasses import dataclass, replace
from enum import IntEnum
from typing import ClassVar, Generic, Protocol, Self, TypeVar


class Severity(IntEnum):
    """How pressing an item is; the lowest number is shown first."""

    DANGER = 0
    """People may have to leave."""
    URGENT = 1
    """Somebody should look now, wherever they are."""
    FAULT = 2
    """Something does not work, and the place goes on without it."""
    TODAY = 3
    """Somebody at the desk can settle it."""
    LATER = 4
    """It waits for whoever looks after the machines."""


class Item:
    """One thing that needs a hand; `kind` is the name of its kind in a webhook's JSON and in the page's style."""

    kind: ClassVar[str]
    severity: ClassVar[Severity]

    @property
    def keys(self) -> tuple[str, ...]:
        """What it is dismissed by; without any it stays until its cause is gone."""
        return ()

    def without(self, dismissed: Set[str]) -> Self | None:
        """What is left of it when these keys are dismissed."""
        return None if self.keys and dismissed >= set(self.keys) else self


class KeyedEntry(Protocol):
    """One entry of an item that lists several; each is dismissed alone."""

    @property
    def key(self) -> str:
        """What the entry is dismissed by."""


E = TypeVar("E", bound=KeyedEntry)


@dataclass(frozen=True)
class ItemList(Item, Generic[E]):
    """An item that lists several entries."""

    entries: tuple[E, ...]

    @property
    def keys(self) -> tuple[str, ...]:
        """What its entries are dismissed by, in their order."""
        return tuple(entry.key for entry in self.entries)

    def without(self, dismissed: Set[str]) -> Self | None:
        """The item with the entries that are not dismissed."""
        left = tuple(entry for entry in self.entries if entry.key not in dismissed)
        return replace(self, entries=left) if left else None
