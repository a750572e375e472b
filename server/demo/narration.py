"""What happened, in plain words: one line of the bench's narration for each thing worth telling. Pure."""

from typing import Literal, NamedTuple

from msgspec import Struct

from server.core.doors.telephone import is_telephone
from server.demo.texts import Saying, both
from server.demo.views import RoomView
from server.i18n import labels

Mark = Literal["hand", "yes", "no", "alarm", "quiet", "server"]
"""Whose doing it is, or what came of it; the page shows each by a sign of its own."""


class NarrationLine(Struct, frozen=True):
    """One line; `place` is where it happened, `time` the wall clock's."""

    time: str
    mark: Mark
    place: Saying
    text: Saying


class Told(NamedTuple):
    """What a line says, without when and where."""

    mark: Mark
    text: Saying


ADMITTED = {
    "granted": "{who}: welcome",
    "exit": "{who}: may go out, as always",
    "free_passage": "{who}: free passage, come in",
    "already_inside": "{who}: in already; let through and reported",
}
"""By the reason of a decision; the others are refusals."""

ALARMS = labels.ALARMS | {"fire": "fire: the door is free"}
"""What is wrong at a unit, and what a fire does to a door."""


def of_line(line: str, who: Saying) -> Told | None:
    """What a line of a unit's output tells; None where the picture of the door says enough."""
    word, _, rest = line.partition(" ")
    match word:
        case "strike":
            free = rest == "released"
            return Told("quiet", both("the strike is free: push the door" if free else "the strike is locked again"))
        case "decision":
            verdict, _, more = rest.partition(" ")
            reason, _, credential = more.partition(" ")
            return Told("yes" if verdict == "granted" else "no", _decision(reason, credential, who))
        case "alarm":
            name, _, state = rest.partition(" ")
            alarm = both(ALARMS.get(name, name))
            if state == "on":
                return Told("alarm", both("ALARM: {alarm}", alarm=alarm))
            return Told("quiet", both("alarm over: {alarm}", alarm=alarm))
    return None


def _decision(reason: str, credential: str, who: Saying) -> Saying:
    if reason == "unknown_credential" and is_telephone(credential):
        return both("{who}: refused, a telephone shows another number each time and cannot be a badge", who=who)
    if reason in labels.REASONS and reason not in ADMITTED:
        return both("{who}: refused, {why}", who=who, why=both(labels.REASONS[reason]))
    return both(ADMITTED.get(reason, "{who}: " + reason), who=who)


SWITCHED = {
    ("power", True): "power is back: the unit starts",
    ("power", False): "the power is cut",
    ("network", True): "the network cable is back",
    ("network", False): "the network cable is pulled: the unit goes on alone",
    ("reader", True): "the reader is plugged in again",
    ("reader", False): "the reader is unplugged",
    ("fire", True): "somebody pulls the fire alarm",
    ("fire", False): "the fire alarm is reset",
    ("tamper", True): "somebody opens the housing",
    ("tamper", False): "the housing is closed",
}
HELD = ("{badge} is held to the reader", "{badge} is held to the reader inside")
PUSHED = {
    "through": "the door opens",
    "keep": "the door opens, and is kept open",
    "force": "the door is forced",
}
RUN = {
    ("server", True): "started again",
    ("server", False): "killed (kill -9); the doors go on",
    ("broker", True): "started again; units look for it with growing pauses, 30 s at most",
    ("broker", False): "killed (kill -9); the doors go on",
}


def counted(before: int | None, present: int) -> Told | None:
    """What a new count of the server tells."""
    if before is None or before == present:
        return None
    return Told("server", both("counts {present} in ({change})", present=present, change=f"{present - before:+d}"))


def unanswered(badge: Saying, was_lent: bool) -> Told:
    """Of a badge on which no unit decided: it was debounced, or at a desk whose reader the server had."""
    if was_lent:
        return Told("quiet", both("{badge} was in the server's hands: the dashboard says what came of it", badge=badge))
    return Told("quiet", both("{badge} again, so soon: not a second tap", badge=badge))


def room_set(room: RoomView) -> Told:
    """What the server says of a room, when it says something new."""
    return Told("server", both("{label}, {people} of {seats}", label=room.label, people=room.people, seats=room.seats))


def linked(online: bool, waiting: int) -> Told:
    """What a unit's state tells: it is heard of again, with so many events to hand over, or no longer."""
    if not online:
        return Told("quiet", both("the server does not hear this unit any more"))
    if waiting > 1:
        return Told("server", both("hears this unit again: {waiting} events to hand over", waiting=waiting))
    return Told("server", both("hears this unit"))
