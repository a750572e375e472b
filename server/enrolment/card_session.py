"""A session with a badge at a lent reader, step by step: what people are told, and what the desk's ring is told. Pure.

    waiting ◄──left── held ──► working ──► done, refused
       │               ▲          │
       └─────held──────┘          │ left, once it was written to
                       ▲          ▼
                       └─held── left ◄──left── another      another badge than the one that was begun: not touched

Whatever it waits for ends with the time, a refusal or a cancellation; while a badge is spoken to, time does not end it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from device.contract.lent_reader import End
from server.errors import Refusal

Kind = Literal["enrol", "rekey", "wipe", "read"]
Phase = Literal["waiting", "held", "working", "left", "another", "done", "refused", "over", "cancelled"]
Step = Literal["look", "write", "wipe", "note"]

STEPS: Mapping[Kind, tuple[Step, ...]] = {
    "enrol": ("look", "write", "note"),
    "rekey": ("look", "write", "note"),
    "wipe": ("look", "wipe", "note"),
    "read": ("look",),
}
"""What each kind of session does with a badge, in order."""
WRITING: tuple[Step, ...] = ("write", "wipe")
"""From the first of these on the badge is not what it was: it has to be finished, and no other may come between."""
ENDED: tuple[Phase, ...] = ("done", "refused", "over", "cancelled")
WITH_A_BADGE: tuple[Phase, ...] = ("held", "working")


@dataclass(frozen=True)
class CardHeld:
    """A badge is at the reader; `uid` in upper-case hex."""

    uid: str


@dataclass(frozen=True)
class StepBegan:
    """The next step with the badge begins."""

    step: Step


@dataclass(frozen=True)
class CardTaken:
    """The badge was taken away in the middle of it."""


@dataclass(frozen=True)
class SessionDone:
    """All of it is done, on the badge and in the books."""


@dataclass(frozen=True)
class SessionRefused:
    """It is not to be, and why. `is_passing`: the same may go well another time."""

    why: Refusal
    is_passing: bool = False


@dataclass(frozen=True)
class SessionCancelled:
    """Whoever began it gave it up."""


@dataclass(frozen=True)
class NothingNew:
    """Nothing happened, and it is later."""


SessionEvent = CardHeld | StepBegan | CardTaken | SessionDone | SessionRefused | SessionCancelled | NothingNew


@dataclass(frozen=True, kw_only=True)
class CardSessionState:
    """How a session stands that lasts until `until_s` on the monotonic clock.

    `uid` is the badge that it is about, "" as long as there is none; `other` one that is held in its place.
    """

    kind: Kind
    until_s: float
    phase: Phase = "waiting"
    uid: str = ""
    other: str = ""
    step: Step | None = None
    is_begun: bool = False
    """Whether the badge was written to, or may have been."""
    refusal: SessionRefused | None = None

    @property
    def is_over(self) -> bool:
        """Whether nothing changes it any more."""
        return self.phase in ENDED

    @property
    def may_proceed(self) -> bool:
        """Whether the badge that is held is one to speak to."""
        return self.phase in WITH_A_BADGE

    @property
    def says(self) -> str:
        """The code of what is said of it: the phase, `…_begun` where the badge was left half done, or the step."""
        if self.phase == "working" and self.step is not None:
            return self.step
        if self.phase in ("over", "cancelled") and self.is_begun:
            return f"{self.phase}_begun"
        return self.phase

    @property
    def place_in_steps(self) -> tuple[int, int]:
        """Which step it is at, of how many; 0 before the first."""
        steps = STEPS[self.kind]
        if self.phase == "done":
            return len(steps), len(steps)
        return (steps.index(self.step) + 1 if self.step else 0), len(steps)

    @property
    def end(self) -> End | None:
        """What the desk's ring is told: nothing, as long as it goes on.

        It is `again` where the badge was left half done, or where the same would go well another time.
        """
        if not self.is_over:
            return None
        if self.phase == "done":
            return "done"
        is_to_be_tried_anew = self.refusal.is_passing if self.refusal else self.is_begun
        return "again" if is_to_be_tried_anew else "refused"

    @property
    def ends_in_silence(self) -> bool:
        """Whether nobody at the reader has to turn around: it ended before a badge was written to, and refused none."""
        return self.phase in ("over", "cancelled") and not self.is_begun


def after(state: CardSessionState, event: SessionEvent, now_s: float) -> CardSessionState:
    """How the session stands after that."""
    if state.is_over:
        return state
    match event:
        case CardHeld(uid):
            return _held(state, uid)
        case StepBegan(step) if state.may_proceed and step in STEPS[state.kind]:
            return replace(state, phase="working", step=step, is_begun=state.is_begun or step in WRITING)
        case CardTaken() if state.may_proceed or state.phase == "another":
            return _left(state)
        case SessionDone() if state.phase == "working":
            return replace(state, phase="done")
        case SessionRefused():
            return replace(state, phase="refused", refusal=event)
        case SessionCancelled():
            return replace(state, phase="cancelled")
        case NothingNew() if now_s >= state.until_s and not state.may_proceed:
            return replace(state, phase="over")
    return state


def _held(state: CardSessionState, uid: str) -> CardSessionState:
    if state.is_begun and uid != state.uid:
        return replace(state, phase="another", other=uid, step=None)
    return replace(state, phase="held", uid=uid, other="", step=None)


def _left(state: CardSessionState) -> CardSessionState:
    if state.is_begun:
        return replace(state, phase="left", other="", step=None)
    return replace(state, phase="waiting", uid="", step=None)
