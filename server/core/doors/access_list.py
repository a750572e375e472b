"""The access list of a door, from badges, members and hours (rules 2). Pure; no names go into it."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from typing import Literal, NamedTuple

from msgspec import structs

from device.contract.access_list import CONCIERGE, HOUSE, AccessList, Capacity, Grant, Schedule
from device.contract.instant import Instant
from device.contract.keys import DOOR_SLOT
from device.contract.messages import WEEKDAYS, Role, Standing, Weekday
from server.core.calendar.calendar import Calendar
from server.core.calendar.opening_hours import Span
from server.core.doors.telephone import is_telephone

DAYS_AHEAD = 31
"""How far a list tells of holidays, closures and openings: ten times as long as it may be used."""

KeyOf = Callable[[str, int, int], str | None]
"""The key in hex of a credential, in a version and a slot; None where the site's key of that version is over."""
_NO_KEY: tuple[int | None, str | None] = (None, None)


class Holder(NamedTuple):
    """Who holds a badge, as far as a door is concerned, and since when; `last_day` is the last date of a lent one.

    `versions` are those of the keys that it may hold, the likeliest first: none for one that has no keys; `slot` is the
    one that it proves.
    """

    credential: str
    member: int
    role: Role
    standing: Standing
    first_day: date
    last_day: date | None = None
    versions: tuple[int, ...] = ()
    slot: Literal[2, 4] = 2


class DoorRules(NamedTuple):
    """What is the same for every door of the place."""

    hard_anti_passback: bool
    capacity: Capacity
    concierge_weekly: Mapping[Weekday, tuple[Span, ...]]
    free_passage_weekly: Mapping[Weekday, tuple[Span, ...]]
    checkout_after_min: int = 30
    allow_uid: bool = True


def access_list(
    holders: Iterable[Holder], rules: DoorRules, calendar: Calendar, today: date, key_of: KeyOf
) -> AccessList:
    """The list without version and time, which are given where it is sent.

    A badge of a scheme with keys has no grant on its mere ID: one whose keys are all over keeps a grant without any,
    and is refused as one that cannot prove what it is. Telephones have none, and without `allow_uid` no badge that is
    known by its ID alone.
    """
    holders = [
        holder
        for holder in holders
        if _has_key(holder.credential) or (rules.allow_uid and not is_telephone(holder.credential))
    ]
    keyed = {_id(holder.credential) for holder in holders if _has_key(holder.credential)}
    return AccessList(
        version=0,
        issued_at=Instant.of_epoch_ms(0),
        hard_anti_passback=rules.hard_anti_passback,
        schedules={
            HOUSE: calendar.schedule(today, DAYS_AHEAD),
            CONCIERGE: Schedule(
                weekly={day: [span.texts() for span in rules.concierge_weekly.get(day, ())] for day in WEEKDAYS},
                dates={},
            ),
        },
        free_passage=free_passage(rules.free_passage_weekly, calendar, today),
        capacity=rules.capacity,
        checkout_after_min=rules.checkout_after_min,
        grants=[
            _grant(holder, key_of)
            for holder in holders
            if _has_key(holder.credential) or _id(holder.credential) not in keyed
        ],
    )


def free_passage(
    weekly: Mapping[Weekday, tuple[Span, ...]], calendar: Calendar, today: date
) -> list[tuple[Instant, Instant]]:
    """When doors stand open to anybody, on the coming dates that the place opens on."""
    days = [today + timedelta(days=ahead) for ahead in range(DAYS_AHEAD)]
    return [
        (calendar.moment(day, span.start), calendar.moment(day, span.end, second_time=True))
        for day in days
        if calendar.is_open_day(day)
        for span in weekly.get(WEEKDAYS[day.weekday()], ())
    ]


def without_slots(told: AccessList) -> AccessList:
    """The list for a unit that knows no slots: it would ask a visitor's badge for the key of the house's own."""
    grants = [grant for grant in told.grants if grant.slot == DOOR_SLOT]
    return told if len(grants) == len(told.grants) else structs.replace(told, grants=grants)


def _grant(holder: Holder, key_of: KeyOf) -> Grant:
    offered = [(version, key_of(holder.credential, version, holder.slot)) for version in holder.versions]
    (version, key), (other_version, other), *_ = [*((v, key) for v, key in offered if key), _NO_KEY, _NO_KEY]
    return Grant(
        credential=holder.credential,
        member=holder.member,
        schedule=CONCIERGE if holder.role == "concierge" else HOUSE,
        standing=holder.standing,
        role=holder.role,
        from_=holder.first_day.isoformat(),
        until=(holder.last_day or date.max).isoformat(),
        key=key,
        key_version=version,
        other_key=other,
        other_key_version=other_version,
        slot=holder.slot,
    )


def _has_key(credential: str) -> bool:
    return not credential.startswith("uid:")


def _id(credential: str) -> str:
    return credential.partition(":")[2]
