"""A reader that a desk lends: the badge there is spoken to over the broker, one frame at a time.

A frame that is not answered in `REPEAT_S` is sent again under its number, under which the desk does not pass it on
twice. A badge that is held anew has forgotten what was said before: the exchange with it is over, and begins again.
Nothing of what is said is logged here: keys are written in it. Where the desk numbers how often a badge was held, what
is meant for one badge reaches no other, and it is told which badge left; where it does not, as former ones, the last
word is taken to be about the badge that is there.
"""

import secrets
from collections.abc import Callable
from datetime import timedelta
from typing import NamedTuple, Protocol

from device.contract.instant import Instant
from device.contract.lent_reader import LONGEST_LOAN_S, CardAnswer, CardFrames, End, RingWord
from device.contract.messages import Command
from device.core.badge.errors import BadgeGone, Garbled
from server.errors import Refusal
from server.store.journal.answers import CommandAnswer

REPEAT_S = 2.0
SILENT_S = 10.0
"""After so long without an answer nobody is there any more: the unit, the broker, or the loan."""
VALID_S = 10.0
"""How long the order to lend may be carried out, and so how long its answer is awaited."""
LOOK_S = 0.5
"""How often it is looked whether somebody gave up while a badge is awaited."""
MARGIN_S = 20.0
"""So much longer than asked for is the reader lent: what was begun with a badge just in time can be finished."""
LONGEST_S = LONGEST_LOAN_S - MARGIN_S


class CardLine(Protocol):
    """A way to the reader of one unit at the broker, for one session."""

    @property
    def unit(self) -> str:
        """The desk's unit."""

    @property
    def session(self) -> str:
        """The session whose answers are heard."""

    def ask(self, order: Command, timeout_s: float) -> CommandAnswer | None:
        """Sends an order; its answer, or None where none came in time. Raises `Refusal` where it cannot be sent."""

    def send(self, frames: CardFrames) -> None:
        """Sends frames, or the end; dropped while there is no connection."""

    def hear(self, timeout_s: float) -> CardAnswer | None:
        """The next answer of the session, in their order; None where none comes in time."""


def new_session() -> str:
    """What tells one loan from every other, 16 hex digits."""
    return secrets.token_hex(8)


class HeldBadge(NamedTuple):
    """What a badge shows of itself when it is held to the reader."""

    uid: bytes
    sak: int
    ats: bytes


class _Reported(NamedTuple):
    """A badge that the desk said is there, and which holding that is, where it numbers them."""

    badge: HeldBadge
    hold: int | None


class LentReader:
    """The reader of one unit for as long as it is lent; for one thread."""

    def __init__(self, line: CardLine, monotonic_s: Callable[[], float]) -> None:
        self._line, self._monotonic_s = line, monotonic_s
        self._sent = 0
        self._anew: _Reported | None = None
        self._hold: int | None = None
        """Which holding the badge is of that is spoken to, or was."""
        self._is_gone = True
        self._is_lent = False

    def lend(self, for_s: float, *, by: str, now: Instant) -> None:
        """Has the unit lend its reader; raises `Refusal` where it is not there, or has none to lend."""
        order = Command(
            id=f"c-{secrets.token_hex(8)}",
            kind="lend",
            expires_at=now + timedelta(seconds=VALID_S),
            by=by,
            session=self._line.session,
            for_s=round(min(for_s, LONGEST_S) + MARGIN_S),
        )
        answer = self._line.ask(order, VALID_S)
        if answer is None:
            raise Refusal("reader_not_lent", unit=self._line.unit, seconds=f"{VALID_S:.0f}")
        if not answer.ok:
            raise Refusal("unit_cannot_lend", unit=self._line.unit, error=answer.error or "?")
        self._is_lent = True

    def awaited_badge(self, until_s: float, gave_up: Callable[[], bool]) -> HeldBadge | None:
        """The badge that is held to the reader; None where none is until then, or somebody gave up."""
        while not gave_up():  # also asked where a badge comes and goes all the time
            if self._anew is not None:
                (badge, self._hold), self._anew, self._is_gone = self._anew, None, False
                return badge
            left_s = until_s - self._monotonic_s()
            if left_s <= 0:
                return None
            self._note(self._line.hear(min(LOOK_S, left_s)))
        return None

    def leave_awaited(self, until_s: float, gave_up: Callable[[], bool]) -> bool:
        """Has the ring say that the badge which is there is another one, until it is taken away.

        False where it is still there then, or somebody gave up.
        """
        told = None if self._hold is None else self._next(ring="another")
        repeat_s = now_s = self._monotonic_s()
        while not self._has_left:
            if gave_up() or now_s >= until_s:
                return False
            if told is not None and now_s >= repeat_s:
                self._line.send(told)
                repeat_s = now_s + REPEAT_S
            answer = self._line.hear(min(LOOK_S, until_s - now_s))
            self._note(answer)
            if told is not None and answer is not None and answer.n == told.n:
                told = None
            now_s = self._monotonic_s()
        return True

    def transceive(self, apdu: bytes) -> bytes:
        """Passes one APDU to the badge and returns its answer.

        Raises `BadgeGone` where it was taken away since it was last awaited, also where it is back, and `Refusal` where
        the desk fell silent.
        """
        while (late := self._line.hear(0)) is not None:
            self._note(late)
        self._must_be_there()
        frames = self._next(send=[apdu.hex().upper()])
        began_s = self._monotonic_s()
        repeat_s = began_s
        while (now_s := self._monotonic_s()) < began_s + SILENT_S:
            if now_s >= repeat_s:
                self._line.send(frames)
                repeat_s = now_s + REPEAT_S
            answer = self._line.hear(min(repeat_s, began_s + SILENT_S) - now_s)
            self._note(answer)
            self._must_be_there()
            if answer is not None and answer.n == frames.n:
                return _only(answer)
        raise Refusal("reader_fell_silent", unit=self._line.unit)

    def end(self, how: End, *, is_silent: bool = False) -> None:
        """Gives the reader back; nothing where it was never lent. `is_silent`: nobody has to turn around for it."""
        if self._is_lent:
            self._is_lent = False
            self._line.send(self._next(end=how, ring="silence" if is_silent else None))

    @property
    def _has_left(self) -> bool:
        """Whether the badge that is spoken to was taken away; one that is there again has forgotten what was said."""
        return self._is_gone or self._anew is not None

    def _next(
        self, *, send: list[str] | None = None, end: End | None = None, ring: RingWord | None = None
    ) -> CardFrames:
        self._sent += 1
        hold = None if end else self._hold
        return CardFrames(session=self._line.session, n=self._sent, send=send, end=end, hold=hold, ring=ring)

    def _must_be_there(self) -> None:
        if self._has_left:
            raise BadgeGone("it was taken away")

    def _note(self, answer: CardAnswer | None) -> None:
        """What an answer says of the badge: that one is there anew, or that it is gone."""
        if answer is None:
            return
        if answer.n == 0 and not answer.gone:
            uid, sak, ats = (bytes.fromhex(part or "") for part in (answer.uid, answer.sak, answer.ats))
            if answer.hold is None or self._newest_hold is None or answer.hold > self._newest_hold:
                self._anew = _Reported(HeldBadge(uid, sak[0], ats), answer.hold)
        elif answer.gone and (answer.n == self._sent if answer.hold is None else answer.hold == self._newest_hold):
            self._anew, self._is_gone = None, True

    @property
    def _newest_hold(self) -> int | None:
        """The last holding that the desk told, where it numbers them."""
        return self._hold if self._anew is None else self._anew.hold


def _only(answer: CardAnswer) -> bytes:
    """What the badge answered to the one frame of the message."""
    if answer.got is None or len(answer.got) != 1:
        raise Garbled("not one answer to one frame")
    return bytes.fromhex(answer.got[0])
