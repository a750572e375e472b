"""What the words of a room's dial, the desk and its calendar come to: how it stands, and how it was used (rules 3).

Pure. Words are judged by when they were said, never by when they arrived.
"""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Literal, NamedTuple

from device.contract.instant import Instant
from device.contract.messages import Reserved
from device.contract.uses import FREE

LET_GO_AFTER = timedelta(minutes=15)
"""A reservation that nobody has taken up by then no longer holds."""

Source = Literal["dial", "desk", "closing"]


class Word(NamedTuple):
    """What somebody, or closing time, set a room to."""

    at: Instant
    use: str
    people: int
    set_by: Source


class Spell(NamedTuple):
    """A time during which a room stood as one word had set it."""

    began_at: Instant
    ended_at: Instant
    use: str
    people: int


class Booking(NamedTuple):
    """One entry of a room's calendar; whose it is stays there."""

    begins_at: Instant
    ends_at: Instant


def freed(at: Instant) -> Word:
    """The word of closing time, and of midnight."""
    return Word(at, FREE, 0, "closing")


def in_order(words: Iterable[Word], freed_at: Iterable[Instant]) -> list[Word]:
    """Every word and every freeing, as they were said; of two at once the later one given holds, and any over closing.

    Words from before the first freeing are another day's.
    """
    freeings = [freed(at) for at in sorted(freed_at)]
    said = [word for word in words if not freeings or word.at >= freeings[0].at]
    return sorted([*freeings, *said], key=lambda word: word.at)


def spells(words: Sequence[Word], until: Instant) -> list[Spell]:
    """How a room was used, from words in order; spells in which it stood free and empty are left out."""
    ends = [word.at for word in words[1:]] + [until]
    used = (Spell(word.at, min(end, until), word.use, word.people) for word, end in zip(words, ends, strict=True))
    return [spell for spell in used if spell.began_at < spell.ended_at and (spell.people or spell.use != FREE)]


def reservation(bookings: Iterable[Booking], used: Sequence[Spell], now: Instant) -> Reserved | None:
    """The booking that runs at `now` and is not let go, or else the next; None where there is none.

    `used` goes up to `now`.
    """
    for booking in sorted(bookings):
        if booking.ends_at <= now:
            continue
        let_go_at = min(booking.begins_at + LET_GO_AFTER, booking.ends_at)
        if _was_taken_up(booking, let_go_at, used):
            return Reserved(from_=booking.begins_at, until=booking.ends_at)
        if now < let_go_at:
            return Reserved(from_=booking.begins_at, until=booking.ends_at, let_go_at=let_go_at)
    return None


def excess(people: Iterable[int], present: int) -> int:
    """How many more people the rooms say there are than the place counts; a discrepancy for the desk to judge."""
    return max(0, sum(people) - present)


def minutes_by_use(used: Iterable[Spell]) -> dict[str, float]:
    """How long a room was used, by what for."""
    minutes: dict[str, float] = {}
    for spell in used:
        minutes[spell.use] = minutes.get(spell.use, 0.0) + _minutes(spell)
    return minutes


def person_minutes(used: Iterable[Spell]) -> float:
    """How long people were there, all of them added up."""
    return sum(spell.people * _minutes(spell) for spell in used)


def _minutes(spell: Spell) -> float:
    return (spell.ended_at - spell.began_at).total_seconds() / 60


def _was_taken_up(booking: Booking, let_go_at: Instant, used: Sequence[Spell]) -> bool:
    return any(spell.people and spell.began_at < let_go_at and spell.ended_at > booking.begins_at for spell in used)
