"""A session carried through: the badge awaited, spoken to, awaited again, until it is done or is not to be."""

from collections.abc import Callable
from typing import Generic, TypeVar

from device.contract.instant import Instant
from device.core.badge.apdu import Transceive
from device.core.badge.errors import BadgeError, BadgeGone
from server.enrolment.badge_faults import refused_for
from server.enrolment.card_session import (
    CardHeld,
    CardSessionState,
    CardTaken,
    Kind,
    NothingNew,
    SessionCancelled,
    SessionDone,
    SessionEvent,
    SessionRefused,
    Step,
    StepBegan,
    after,
)
from server.enrolment.lent_reader import HeldBadge, LentReader
from server.errors import Refusal

T = TypeVar("T")

PASSING = ("badge_wants_to_wait", "badge_garbled", "reader_fell_silent", "books_silent")
"""Refusals after which the same may go well."""

Begin = Callable[[Step], None]
"""Told of each step with the badge, before it begins."""
Act = Callable[[HeldBadge, Transceive, Begin], T]
"""What is to be done with the badge that is held; from its start again each time it is held, until it returns.

Raises `BadgeGone` where it was taken away meanwhile, `Refusal` or `BadgeError` where it is not to be.
"""


class SessionRun(Generic[T]):
    """One session, on the thread that calls `carry_through`; `show` is told how it stands whenever that changes."""

    def __init__(
        self,
        kind: Kind,
        for_s: float,
        reader: LentReader,
        *,
        monotonic_s: Callable[[], float],
        show: Callable[[CardSessionState], None] = lambda state: None,
        gave_up: Callable[[], bool] = lambda: False,
    ) -> None:
        self._for_s, self._reader = for_s, reader
        self._monotonic_s, self._show, self._gave_up = monotonic_s, show, gave_up
        self.state = CardSessionState(kind=kind, until_s=monotonic_s() + for_s)
        self.outcome: T | None = None

    def carry_through(self, prepare: Callable[[], Act[T]], *, by: str, now: Instant) -> CardSessionState:
        """Borrows the reader and has done what `prepare` gives with the badge that is held; how it ended.

        The reader is given back however this ends.
        """
        try:
            act = prepare()
            self._reader.lend(self._for_s, by=by, now=now)
            self._show(self.state)
            while not self.state.is_over:
                self._go_on(act)
        except Refusal as refusal:
            self._take(SessionRefused(refusal, is_passing=refusal.code in PASSING))
        finally:
            self._take(SessionCancelled())  # of one that is over nothing changes
            self._reader.end(self.state.end or "refused", is_silent=self.state.ends_in_silence)
        return self.state

    def _go_on(self, act: Act[T]) -> None:
        if self.state.phase == "another":
            self._await_leave()
            return
        badge = self._reader.awaited_badge(self.state.until_s, self._gave_up)
        if badge is None:
            self._take(self._nothing_came())
            return
        self._take(CardHeld(badge.uid.hex().upper()))
        if self.state.may_proceed:
            self._attempt(act, badge)

    def _await_leave(self) -> None:
        has_left = self._reader.leave_awaited(self.state.until_s, self._gave_up)
        self._take(CardTaken() if has_left else self._nothing_came())

    def _nothing_came(self) -> SessionEvent:
        return SessionCancelled() if self._gave_up() else NothingNew()

    def _attempt(self, act: Act[T], badge: HeldBadge) -> None:
        try:
            self.outcome = act(badge, self._reader.transceive, lambda step: self._take(StepBegan(step)))
        except BadgeGone:
            self._take(CardTaken())
        except BadgeError as error:
            raise refused_for(error) from None  # what it says of keys is for nobody
        else:
            self._take(SessionDone())

    def _take(self, event: SessionEvent) -> None:
        state = after(self.state, event, self._monotonic_s())
        if state != self.state:
            self.state = state
            self._show(state)
