"""The reader of a desk as the server sees it: the unit's own state machine, virtual cards, a wire that may do mischief.

Time goes on as somebody waits, and only then; what people do at the desk they do while the server waits for them.
"""

import heapq
from collections import deque
from collections.abc import Callable
from itertools import count
from typing import Literal, NamedTuple

from device.contract.lent_reader import CardAnswer, CardFrames, End
from device.contract.messages import Command
from device.core.badge.loan import (
    BadgeAnswered,
    BadgeHeld,
    BadgeLeft,
    Consequence,
    Happening,
    Lent,
    Loan,
    LoanOver,
    PassOn,
    Reconnected,
    Say,
    is_refused,
    step,
)
from device.simulation.cards import CardApplication
from server.store.journal.answers import CommandAnswer

SESSION = "c4f1c4f1c4f1c4f1"
Message = CardFrames | CardAnswer
Mischief = Callable[[Message], list[float]]
"""In how many seconds a message arrives, once for each copy; never where there is none."""


def faithful(message: Message) -> list[float]:
    return [0.0]


class Shown(NamedTuple):
    """A card as it shows itself to a reader."""

    uid: bytes
    application: CardApplication
    sak: int = 0x20
    ats: bytes = bytes.fromhex("067777710280")


class PlayedDesk:
    """Keeps the contract of `CardLine`; `plan` is what people do, one after the other, each when the server waits."""

    unit = "comptoir"

    def __init__(self, mischief: Mischief = faithful, session: str = SESSION) -> None:
        self.session = session
        self.now_s = 100.0
        self.plan: deque[Callable[[], None]] = deque()
        self.mischief = mischief
        self.refuses: str | None = None
        self.is_silent = False
        self.tears: dict[int, Literal["before", "after"]] = {}
        """At which exchange, counted over all, the badge leaves: before it hears the frame, or before it is heard."""
        self.orders: list[Command] = []
        self.sent: list[CardFrames] = []
        self.heard: list[bytes] = []
        """Every APDU that came to a card."""
        self.told: list[bytes] = []
        """Every answer of a card."""
        self.ended: list[End | str] = []
        self._loan: Loan | None = None
        self._card: Shown | None = None
        self._holds, self._order = count(1), count()
        self._events: list[tuple[float, int, Callable[[], None]]] = []
        self._inbox: deque[CardAnswer] = deque()

    def monotonic_s(self) -> float:
        return self.now_s

    def hold(self, card: Shown) -> None:
        """Holds a card to the reader."""
        self._card = card
        card.application.power_on()
        uid = card.uid.hex().upper()
        self._happen(BadgeHeld(self.session, next(self._holds), uid, card.sak, card.ats))

    def take_away(self) -> None:
        """Takes the card away."""
        self._card = None
        if self._loan is not None and self._loan.held is not None:
            self._happen(BadgeLeft(self._loan.held.hold))

    def reconnects(self) -> None:
        """Its line to the broker is a new one."""
        self._happen(Reconnected())

    def dies(self) -> None:
        """Its power is cut: it knows of no loan any more."""
        self._card, self._loan, self.is_silent = None, None, True

    @property
    def is_lent(self) -> bool:
        return self._loan is not None

    def ask(self, order: Command, timeout_s: float) -> CommandAnswer | None:
        self.orders.append(order)
        if self.is_silent:
            self.now_s += timeout_s
            return None
        if self.refuses is not None:
            return CommandAnswer(False, self.refuses)
        assert order.session is not None
        assert order.for_s is not None
        self._happen(Lent(order.session, order.for_s))
        return CommandAnswer(True, "")

    def send(self, frames: CardFrames) -> None:
        self.sent.append(frames)
        self._travel(frames, lambda: self._happen(frames))

    def hear(self, timeout_s: float) -> CardAnswer | None:
        until_s = self.now_s + timeout_s
        while not self._inbox and self._events and self._events[0][0] <= until_s:
            at_s, _, happen = heapq.heappop(self._events)
            self.now_s = max(self.now_s, at_s)
            happen()
        if self._inbox:
            return self._inbox.popleft()
        self.now_s = max(self.now_s, until_s)
        if timeout_s > 0 and self.plan:
            self.plan.popleft()()
        return None

    def _travel(self, message: Message, arrive: Callable[[], None]) -> None:
        for after_s in self.mischief(message):
            heapq.heappush(self._events, (self.now_s + after_s, next(self._order), arrive))

    def _happen(self, happening: Happening) -> None:
        if self.is_silent:
            return
        self._loan, consequences = step(self._loan, happening, self.now_s)
        for each in consequences:
            self._carry_out(each)

    def _carry_out(self, consequence: Consequence) -> None:
        match consequence:
            case Say(answer):
                self._travel(answer, lambda: self._inbox.append(answer))
            case PassOn():
                self._pass_on(consequence)
            case LoanOver(_, how):
                self.ended.append(how)

    def _pass_on(self, order: PassOn) -> None:
        got: list[bytes] = []
        for frame in order.frames:
            answer = self._answered(frame)
            if answer is None:
                self._happen(BadgeAnswered(order.hold, order.n, tuple(got), gone=True))
                return
            got.append(answer)
            if is_refused(answer):
                break
        self._happen(BadgeAnswered(order.hold, order.n, tuple(got), gone=False))

    def _answered(self, frame: bytes) -> bytes | None:
        """What the card says, None where it is not there any more."""
        if self._card is None:
            return None
        how = self.tears.pop(len(self.heard), None)
        self.heard.append(frame)
        if how == "before":
            self._card = None
            return None
        answer = self._card.application.answer(frame)
        self.told.append(answer)
        if how == "after":
            self._card = None
            return None
        return answer
