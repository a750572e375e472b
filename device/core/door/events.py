"""What happens to a door, and what follows from it."""

from typing import Literal, NamedTuple

from device.contract.messages import Direction, Means


class Granted(NamedTuple):
    """Somebody may pass: by badge, or by an operator's command (then without a credential)."""

    credential: str | None
    side: Direction
    by: Means


class Rex(NamedTuple):
    """The level of the request-to-exit button."""

    pressed: bool = True


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


class TimePassed(NamedTuple):
    """Time has passed."""


DoorInput = Granted | Rex | Contact | Fire | Tamper | Free | TimePassed


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
