"""Which events go over the wire next: in order, at most a window ahead of what the server has kept, and again from the
first that it has not when it stays silent or the connection is new (the contract's at-least-once)."""

from dataclasses import dataclass, replace
from typing import NamedTuple

from device.contract.messages import MAX_RUN

WINDOW = 8 * MAX_RUN
"""Events on their way at once: enough that a drain does not wait for round trips, few enough to send again cheaply."""


class Stretch(NamedTuple):
    """A run to be sent: `first` to `last`, both included."""

    first: int
    last: int


@dataclass(frozen=True)
class Delivery:
    """How far one epoch's events are recorded, sent, and kept by the server; `silent_since_s` while some are open.

    `went_back`: the server repeated itself, and was answered by sending again; more repetitions mean nothing new.

    `unconfirmed`: the last event found at the start, until the server has acknowledged it. A disk may have come back
    with an older state, and the numbers that follow may be taken: nothing beyond goes out until that is known.

    `is_answered`: the server said something on this connection. Until then the last event goes again, kept or not: this
    may be another server, restored from a copy that never heard of this epoch, and it says what it has when asked.
    """

    recorded: int = 0
    sent: int = 0
    kept: int = 0
    connected: bool = False
    silent_since_s: float | None = None
    went_back: bool = False
    unconfirmed: int | None = None
    is_answered: bool = True

    @property
    def known(self) -> int:
        """The highest number that the server can have heard of; when it knows more, an older state has come back."""
        return self.recorded if self.unconfirmed is None else self.unconfirmed

    def noted(self, recorded: int) -> "Delivery":
        """The outbox now ends with event number `recorded`."""
        return replace(self, recorded=recorded)

    def opened(self) -> "Delivery":
        """A new connection: whatever was not kept goes again, and the last event found, where it is not confirmed."""
        asking = replace(self, is_answered=False)
        return replace(asking, connected=True, sent=asking._before_unkept, silent_since_s=None, went_back=False)

    def closed(self) -> "Delivery":
        """The connection is gone."""
        return replace(self, connected=False, silent_since_s=None)

    def acknowledged(self, through: int, now_s: float) -> "Delivery":
        """The server keeps everything up to `through`.

        Where that is less than it had kept before, it was restored from a backup, and gets again what it lacks. Where
        it says the same as before while more is on its way, it lacks what should have come next: it gets that again.
        """
        if not self.is_answered:
            return replace(self, is_answered=True, sent=max(self.sent, self.kept)).acknowledged(through, now_s)
        if self.unconfirmed is not None and through >= self.unconfirmed:
            confirmed = replace(self, unconfirmed=None, sent=max(self.sent, self.kept), silent_since_s=None)
            return confirmed.acknowledged(through, now_s)
        if through < self.kept:
            return replace(self, kept=through, sent=through, silent_since_s=None, went_back=False)
        if through == self.kept and self.sent == self.kept:
            return replace(self, silent_since_s=None)
        if through == self.kept:
            return self if self.went_back else self._gone_back(went_back=True)
        still_open = through < self.sent
        return replace(
            self,
            kept=min(through, self.recorded),
            sent=max(self.sent, min(through, self.recorded)),
            silent_since_s=now_s if still_open else None,
            went_back=False,
        )

    def next_run(self) -> Stretch | None:
        """What to send now, if anything."""
        if not self.connected or self.sent >= self.known or self.sent - self.kept >= WINDOW:
            return None
        return Stretch(self.sent + 1, min(self.known, self.sent + MAX_RUN))

    def dispatched(self, stretch: Stretch, now_s: float) -> "Delivery":
        """The stretch went out."""
        return replace(
            self, sent=stretch.last, silent_since_s=now_s if self.silent_since_s is None else self.silent_since_s
        )

    def deadline_s(self, resend_after_s: float) -> float | None:
        """When to send again if the server stays silent."""
        return None if self.silent_since_s is None else self.silent_since_s + resend_after_s

    def timed_out(self, now_s: float, resend_after_s: float) -> "Delivery":
        """Goes back to the first that is not kept where the server was silent for too long."""
        deadline_s = self.deadline_s(resend_after_s)
        if deadline_s is None or now_s < deadline_s:
            return self
        return self._gone_back(went_back=False)

    def _gone_back(self, *, went_back: bool) -> "Delivery":
        return replace(self, sent=self._before_unkept, silent_since_s=None, went_back=went_back)

    @property
    def _before_unkept(self) -> int:
        """The event after which it is sent again: the last one found is, kept or not, until it is confirmed, and the
        last one recorded, until the server has said something."""
        asking = self.kept if self.is_answered else min(self.kept, max(self.known - 1, 0))
        return asking if self.unconfirmed is None else min(asking, self.unconfirmed - 1)
