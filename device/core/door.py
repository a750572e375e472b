"""The door as a state machine (rules 2): strike, contact, REX, fire input, and what each of their changes means.

`step` takes the door, what happened and the monotonic time, and gives the new door and what follows from it. A strike
pulse is a deadline of the state, so nothing here waits.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

from device.contract.messages import Direction, Means

# ---- what happens to a door ------------------------------------------------------------------------------------------


class Granted(NamedTuple):
    """Somebody may pass: by badge, or by an operator's command (then without a credential)."""

    credential: str | None
    side: Direction
    by: Means


class Rex(NamedTuple):
    """The request-to-exit button was pressed."""


class Contact(NamedTuple):
    """The level of the door contact."""

    is_open: bool


class Fire(NamedTuple):
    """The level of the fire input."""

    active: bool


class Tamper(NamedTuple):
    """The level of the tamper input."""

    active: bool


class Free(NamedTuple):
    """Free passage began or ended, by an operator or by the schedule."""

    active: bool


class Tick(NamedTuple):
    """Time has passed."""


Happening = Granted | Rex | Contact | Fire | Tamper | Free | Tick

# ---- what follows ----------------------------------------------------------------------------------------------------


class Release(NamedTuple):
    """Drive the strike until `until_s`; None holds it (fire, free passage)."""

    until_s: float | None


class Secure(NamedTuple):
    """Stop driving the strike."""


class Passed(NamedTuple):
    """Somebody went through."""

    credential: str | None
    side: Direction
    by: Means


class NotUsed(NamedTuple):
    """A grant ended without its passage."""

    credential: str | None
    side: Direction


class AlarmSet(NamedTuple):
    """An alarm of the door began or ended."""

    name: Literal["forced", "held", "tamper", "fire"]
    active: bool


Consequence = Release | Secure | Passed | NotUsed | AlarmSet


# ---- the door --------------------------------------------------------------------------------------------------------


class Figures(NamedTuple):
    """The seconds of rules 2."""

    release_s: float = 5
    held_s: float = 30


class Pending(NamedTuple):
    """A grant that waits for its passage."""

    grant: Granted
    until_s: float


@dataclass(frozen=True)
class Door:
    """What is known of a door. `is_open` is None where it has no contact: every grant is a passage then."""

    is_open: bool | None = None
    opened_s: float = 0
    released_until_s: float | None = None
    rex_waiting: bool = False
    pending: tuple[Pending, ...] = ()
    free: bool = False
    fire: bool = False
    tamper: bool = False
    forced: bool = False
    held: bool = False

    @property
    def holds_open(self) -> bool:
        """Whether the strike is held, not pulsed."""
        return self.fire or self.free

    @property
    def alarms(self) -> frozenset[str]:
        """The names of the alarms that are on."""
        return frozenset(name for name in ("forced", "held", "tamper", "fire") if getattr(self, name))


def step(door: Door, happening: Happening, now_s: float, figures: Figures) -> tuple[Door, list[Consequence]]:
    """The door after `happening` at monotonic `now_s`, and what follows, the strike always first."""
    after, passages = _expired(door, now_s)
    match happening:
        case Granted():
            after, more = _granted(after, happening, now_s, figures)
        case Rex():
            after, more = _rex(after, now_s, figures)
        case Contact(is_open):
            after, more = _contact(after, is_open, now_s)
        case Fire(active):
            after, more = replace(after, fire=active, opened_s=now_s), []
        case Free(active):
            after, more = replace(after, free=active, opened_s=now_s), []
        case Tamper(active):
            after, more = replace(after, tamper=active), []
        case Tick():
            more = []
    after = _watched(after, now_s, figures)
    return after, [*_strike(door, after), *passages, *more, *_alarms(door, after)]


def deadline_s(door: Door, figures: Figures) -> float | None:
    """When the door next needs a `Tick`, if nothing else happens."""
    waits = [pending.until_s for pending in door.pending]
    if door.released_until_s is not None:
        waits.append(door.released_until_s)
    if door.is_open and not door.held and not door.holds_open:
        waits.append(door.opened_s + figures.held_s)
    return min(waits, default=None)


def _expired(door: Door, now_s: float) -> tuple[Door, list[Consequence]]:
    unused = [pending.grant for pending in door.pending if pending.until_s <= now_s]
    if unused:
        door = replace(door, pending=tuple(pending for pending in door.pending if pending.until_s > now_s))
    if door.released_until_s is not None and door.released_until_s <= now_s:
        door = replace(door, released_until_s=None, rex_waiting=False)
    return door, [NotUsed(grant.credential, grant.side) for grant in unused if grant.by == "badge"]


def _granted(door: Door, grant: Granted, now_s: float, figures: Figures) -> tuple[Door, list[Consequence]]:
    until_s = now_s + figures.release_s
    if door.is_open is not False:
        return replace(door, released_until_s=until_s), [Passed(*grant)]
    # The same badge again before it opened the door is one person: its grant starts anew.
    others = tuple(pending for pending in door.pending if pending.grant.credential != grant.credential)
    return replace(door, released_until_s=until_s, pending=(*others, Pending(grant, until_s))), []


def _rex(door: Door, now_s: float, figures: Figures) -> tuple[Door, list[Consequence]]:
    """Pressed again before the door opened it is the same person, and counts once."""
    counted: list[Consequence] = [] if door.rex_waiting else [Passed(None, "exit", "rex")]
    waiting = door.is_open is False
    return replace(door, released_until_s=now_s + figures.release_s, rex_waiting=waiting), counted


def _contact(door: Door, is_open: bool, now_s: float) -> tuple[Door, list[Consequence]]:
    if is_open == door.is_open:
        return door, []
    if not is_open:
        return replace(door, is_open=False, forced=False, held=False), []
    through: list[Consequence] = [Passed(*pending.grant) for pending in door.pending]
    expected = bool(through) or door.released_until_s is not None or door.holds_open
    if not through and door.free and not door.fire and not door.rex_waiting:
        through = [Passed(None, "entry", "free")]
    return replace(
        door, is_open=True, opened_s=now_s, pending=(), rex_waiting=False, forced=door.forced or not expected
    ), through


def _watched(door: Door, now_s: float, figures: Figures) -> Door:
    """Held counts from the opening, or from the end of what held the door open by right."""
    if door.holds_open:
        return replace(door, held=False, forced=False) if door.held or door.forced else door
    if door.is_open and not door.held and now_s >= door.opened_s + figures.held_s:
        return replace(door, held=True)
    return door


def _strike(before: Door, after: Door) -> Iterator[Consequence]:
    if after.holds_open:
        if not before.holds_open:
            yield Release(None)
    elif after.released_until_s is not None:
        if before.holds_open or after.released_until_s != before.released_until_s:
            yield Release(after.released_until_s)
    elif before.holds_open or before.released_until_s is not None:
        yield Secure()


def _alarms(before: Door, after: Door) -> Iterator[Consequence]:
    for name in ("forced", "held", "tamper", "fire"):
        if getattr(after, name) != getattr(before, name):
            yield AlarmSet(name, getattr(after, name))
