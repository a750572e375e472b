"""The access list of the contract: who may pass a unit's door, when, and by which key."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from device.contract.instant import Instant
from device.contract.messages import (
    CalendarDate,
    Credential,
    Key,
    KeyVersion,
    Message,
    Role,
    Standing,
    Text,
    TimeOfDay,
    Version,
    Weekday,
)

HOUSE, CONCIERGE = "house", "concierge"
"""The schedules that each list has: the opening hours of the place, and when concierges may come."""
MOST_MIDNIGHTS = 2
"""The most midnights that one stay may cross. It ends by itself at the end of the second date after it began: a place
that never closes must not believe for ever that somebody who forgot to badge out is in."""


class Schedule(Struct, frozen=True, kw_only=True):
    """When a grant holds, local time: intervals by weekday, and dates that replace their weekday's."""

    weekly: dict[Weekday, list[tuple[TimeOfDay, TimeOfDay]]]
    dates: dict[CalendarDate, list[tuple[TimeOfDay, TimeOfDay]]]


class Capacity(Struct, frozen=True, kw_only=True):
    """What a door does when the place is full."""

    mode: Literal["deny", "warn"]
    max: Annotated[int, Meta(ge=1, le=100_000)]


class Grant(Struct, frozen=True, kw_only=True, gc=False, omit_defaults=True, rename={"from_": "from"}):
    """What one credential may: `from` and `until` are local dates, both included.

    The badge proves `key`, of `key_version`, in `slot`; where its keys are being changed, `other_key` of
    `other_key_version` will do as well.
    """

    credential: Credential
    member: Annotated[int, Meta(ge=1, le=2**53)]
    schedule: Text
    standing: Standing
    role: Role
    from_: CalendarDate
    until: CalendarDate
    key: Key | None = None
    key_version: KeyVersion | None = None
    other_key: Key | None = None
    other_key_version: KeyVersion | None = None
    slot: Literal[2, 4] = 2


class AccessList(Message, frozen=True, kw_only=True, omit_defaults=True):
    """Who may pass one unit's door; `version` only grows.

    `checkout_after_min` is how long after closing the server checks people out; a unit that does not know the field
    goes by its default.
    """

    version: Version
    issued_at: Instant
    hard_anti_passback: bool
    schedules: dict[str, Schedule]
    free_passage: list[tuple[Instant, Instant]]
    capacity: Capacity
    grants: list[Grant]
    checkout_after_min: Annotated[int, Meta(ge=0, le=1_440)] = 30
