"""The door as a state machine (rules 2): strike, contact, REX, fire input, and what each of their changes means.

`step` takes the door, what happened and the monotonic time, and gives the new door and what follows from it. A strike
pulse is a deadline of the state, so nothing here waits; and so is the time for which a wired level must hold before it
counts. Fire counts at once and its end when it has held; REX opens at once, and again when it was let go in between.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import inf
from typing import NamedTuple

from device.core.door.events import (
    AlarmSet,
    Consequence,
    Contact,
    DoorInput,
    Fire,
    Free,
    Granted,
    NotUsed,
    Passed,
    Release,
    Rex,
    Secure,
    Tamper,
    TimePassed,
)
from device.core.door.settling import BURST_S, Stir, has_held, stirred


class DoorTimes(NamedTuple):
    """The seconds of rules 2; those of the inputs are what a level must have held for."""

    release_s: float
    held_s: float
    contact_settle_s: float = 0.05
    tamper_settle_s: float = 0.05
    fire_settle_s: float = 0.05
    rex_settle_s: float = 0.3


class Pending(NamedTuple):
    """A grant that waits for its passage."""

    grant: Granted
    until_s: float


@dataclass(frozen=True)
class Door:
    """What is known of a door. `is_open` is None where it has no contact: every grant is a passage then."""

    is_open: bool | None = None
    contact_known: bool = True
    """Whether its level was told since the start."""
    opened_s: float = 0
    released_until_s: float | None = None
    by_right_until_s: float = 0
    """When the strike was last driven: a leaf that moved before then moved by right."""
    rex_until_s: float | None = None
    """Somebody pressed REX and has not gone yet: pressed again, it is the same person."""
    pending: tuple[Pending, ...] = ()
    free: bool = False
    fire: bool = False
    tamper: bool = False
    rex: bool = False
    forced: bool = False
    held: bool = False
    contact_stir: Stir | None = None
    tamper_stir: Stir | None = None
    fire_stir: Stir | None = None
    rex_stir: Stir | None = None

    @property
    def holds_open(self) -> bool:
        """Whether the strike is held, not pulsed."""
        return self.fire or self.free

    @property
    def alarms(self) -> frozenset[str]:
        """The names of the alarms that are on."""
        return frozenset(name for name in ("forced", "held", "tamper", "fire") if getattr(self, name))


def step(door: Door, happening: DoorInput, now_s: float, figures: DoorTimes) -> tuple[Door, list[Consequence]]:
    """The door after `happening` at monotonic `now_s`, and what follows, the strike always first."""
    after, moved = _settled(door, now_s, figures)
    after, unused = _expired(after, now_s)
    match happening:
        case Granted():
            after, more = _granted(after, happening, now_s, figures)
        case Rex(pressed):
            after, more = _rex(after, pressed, now_s, figures)
        case TimePassed():
            more = []
        case _:
            after, more = _seen(after, happening, now_s), []
    after, moved_at_once = _settled(after, now_s, figures)
    after = _watched(_by_right(door, after, now_s), now_s, figures)
    return after, [*_strike(door, after), *moved, *unused, *more, *moved_at_once, *_alarms(door, after)]


def deadline_s(door: Door, figures: DoorTimes) -> float | None:
    """When the door next needs a `TimePassed`, if nothing else happens."""
    waits = [stir.since_s + settle_s for stir, settle_s in _stirs(door, figures) if stir is not None]
    waits += [_once_settled(pending.until_s, door, figures) for pending in door.pending]
    if door.released_until_s is not None:
        waits.append(door.released_until_s)
    if door.is_open and not door.held and not door.holds_open:
        waits.append(_once_settled(door.opened_s + figures.held_s, door, figures))
    return min(waits, default=None)


def _seen(door: Door, happening: Contact | Fire | Free | Tamper, now_s: float) -> Door:
    """A level was told; what may not count at once is stirring from now on."""
    match happening:
        case Contact(is_open):
            if not door.contact_known:  # found so at the start: nobody moved it
                return replace(door, is_open=is_open, opened_s=now_s, contact_known=True)
            return replace(door, contact_stir=stirred(door.contact_stir, bool(door.is_open), is_open, now_s))
        case Tamper(active):
            return replace(door, tamper_stir=stirred(door.tamper_stir, door.tamper, active, now_s))
        case Fire(active):
            if active:
                return replace(door, fire=True, fire_stir=None, opened_s=now_s)
            return replace(door, fire_stir=stirred(door.fire_stir, door.fire, False, now_s))
        case Free(active):
            return replace(door, free=active, opened_s=now_s)


def _settled(door: Door, now_s: float, figures: DoorTimes) -> tuple[Door, list[Consequence]]:
    """Takes the levels that have held for long enough."""
    if (stir := door.tamper_stir) and has_held(stir, figures.tamper_settle_s, now_s):
        door = replace(door, tamper=stir.level, tamper_stir=None)
    if (stir := door.fire_stir) and has_held(stir, figures.fire_settle_s, now_s):
        door = replace(door, fire=stir.level, fire_stir=None, opened_s=now_s)
    if (stir := door.rex_stir) and has_held(stir, figures.rex_settle_s, now_s):
        door = replace(door, rex=stir.level, rex_stir=None)
    if (stir := door.contact_stir) and has_held(stir, figures.contact_settle_s, now_s):
        return _contact(replace(door, contact_stir=None), stir.level, stir.began_s)
    return door, []


def _stirs(door: Door, figures: DoorTimes) -> Iterator[tuple[Stir | None, float]]:
    yield door.contact_stir, figures.contact_settle_s
    yield door.tamper_stir, figures.tamper_settle_s
    yield door.fire_stir, figures.fire_settle_s
    yield door.rex_stir, figures.rex_settle_s


def _once_settled(due_s: float, door: Door, figures: DoorTimes) -> float:
    """`due_s`, or when it is known what became of a leaf that began to move before it."""
    stir = door.contact_stir
    return max(due_s, stir.since_s + figures.contact_settle_s) if stir and stir.began_s < due_s else due_s


def _contact(door: Door, is_open: bool, moved_s: float) -> tuple[Door, list[Consequence]]:
    """The leaf moved, at `moved_s`: what held then says by which right."""
    if is_open == door.is_open:
        return door, []
    if not is_open:
        return replace(door, is_open=False, forced=False, held=False), []
    through: list[Consequence] = [Passed(*pending.grant) for pending in door.pending if pending.until_s > moved_s]
    expected = bool(through) or moved_s < door.by_right_until_s or door.released_until_s is not None or door.holds_open
    if not through and door.free and not door.fire and door.rex_until_s is None:
        through = [Passed(None, "entry", "free")]
    left = tuple(pending for pending in door.pending if pending.until_s <= moved_s)
    opened = replace(door, is_open=True, opened_s=moved_s, pending=left, rex_until_s=None)
    return replace(opened, forced=door.forced or not expected), through


def _expired(door: Door, now_s: float) -> tuple[Door, list[Consequence]]:
    """Ends what is over; a grant waits for a leaf that began to move in its time, the strike never does."""
    moving = door.contact_stir if door.is_open is False else None
    seen_s = moving.began_s if moving else now_s
    unused = [pending.grant for pending in door.pending if pending.until_s <= seen_s]
    if unused:
        door = replace(door, pending=tuple(pending for pending in door.pending if pending.until_s > seen_s))
    if door.rex_until_s is not None and door.rex_until_s <= seen_s:
        door = replace(door, rex_until_s=None)
    if door.released_until_s is not None and door.released_until_s <= now_s:
        door = replace(door, released_until_s=None)
    return door, [NotUsed(grant.credential, grant.side) for grant in unused if grant.by == "badge"]


def _granted(door: Door, grant: Granted, now_s: float, figures: DoorTimes) -> tuple[Door, list[Consequence]]:
    until_s = now_s + figures.release_s
    if door.is_open is not False:
        return replace(door, released_until_s=until_s), [Passed(*grant)]
    # The same badge again before it opened the door is one person: its grant starts anew.
    others = tuple(pending for pending in door.pending if pending.grant.credential != grant.credential)
    return replace(door, released_until_s=until_s, pending=(*others, Pending(grant, until_s))), []


def _rex(door: Door, pressed: bool, now_s: float, figures: DoorTimes) -> tuple[Door, list[Consequence]]:
    """Opens at once where the button was up before; one that flutters without end opens again and again, since nobody
    is locked in by a worn button. Pressed again before the door opened it is the same person, and counts once."""
    flutters = door.rex_stir is not None and now_s - door.rex_stir.began_s > BURST_S
    if not pressed or (door.rex and not flutters):
        return replace(door, rex_stir=stirred(door.rex_stir, door.rex, pressed, now_s, inf)), []
    counted: list[Consequence] = [] if door.rex_until_s is not None else [Passed(None, "exit", "rex")]
    until_s = now_s + figures.release_s
    waits_until_s = until_s if door.is_open is False else None
    return replace(door, rex=True, rex_stir=None, released_until_s=until_s, rex_until_s=waits_until_s), counted


def _by_right(before: Door, after: Door, now_s: float) -> Door:
    """Notes until when the strike is driven."""
    until_s = after.released_until_s or after.by_right_until_s
    if before.holds_open and not after.holds_open:
        until_s = max(until_s, now_s)
    return after if until_s == after.by_right_until_s else replace(after, by_right_until_s=until_s)


def _watched(door: Door, now_s: float, figures: DoorTimes) -> Door:
    """Held counts from the opening, or from the end of what held the door open by right."""
    if door.holds_open:
        return replace(door, held=False, forced=False) if door.held or door.forced else door
    if door.is_open and not door.held and now_s >= _once_settled(door.opened_s + figures.held_s, door, figures):
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
