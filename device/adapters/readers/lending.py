"""A lent reader: the badge that is held to it is reported, frames are passed to it, and its answers come back.

No key and no decision is here, and nothing of what goes over the air is logged.
"""

import time
from collections.abc import Callable
from itertools import count
from queue import Empty, SimpleQueue
from threading import Event

from device.adapters.readers.card import Card
from device.core.badge.errors import BadgeError, BadgeGone
from device.core.badge.loan import BadgeAnswered, BadgeHeld, BadgeLeft, PassOn, ReaderWord, is_refused

ACTIVATION_S = 1.0
FRAME_S = 1.0
"""All the time for one frame; writing a key takes 20 to 50 ms."""
MESSAGE_S = 5.0
"""All the time for the frames of one message."""
PRESENCE_S = 0.1
MISSES = 2
"""As beside a door: a badge that did not answer so many presence checks in a row is gone."""
ANSWER_BYTES = range(2, 256)
"""How long an answer is, status included, that the contract takes."""


class Lending:
    """What of a reader is lent. The unit's thread lends and takes back; the reader's serves the badges.

    `tell` is called from the reader's thread and is to return at once.
    """

    def __init__(self, tell: Callable[[ReaderWord], None], monotonic_s: Callable[[], float] = time.monotonic) -> None:
        self._tell = tell
        self._monotonic_s = monotonic_s
        self._session: str | None = None
        self._orders: SimpleQueue[PassOn] = SimpleQueue()
        self._holds = count()

    @property
    def is_on(self) -> bool:
        """Whether the reader is lent."""
        return self._session is not None

    def begin(self, session: str) -> None:
        """Lends it for a session, in place of whatever was before."""
        self._session = session

    def end(self) -> None:
        """Takes it back: no badge hears of that session any more."""
        self._session = None

    def pass_on(self, order: PassOn) -> None:
        """Frames for the badge that is held; dropped where another one is by then."""
        self._orders.put(order)

    def serve(self, card: Card, stopping: Event) -> bool:
        """Serves one badge until it leaves or the session ends; whether it still lies there then."""
        session = self._session
        if session is None:
            return True
        card.allow(ACTIVATION_S)
        try:
            card.activate()
        except BadgeGone:
            return False
        except BadgeError:
            pass  # it is reported without an ATS
        hold = next(self._holds)
        self._tell(BadgeHeld(session, hold, card.uid, card.sak, card.ats))
        try:
            return self._attend(card, hold, lambda: stopping.is_set() or self._session != session)
        finally:
            self._tell(BadgeLeft(hold))

    def _attend(self, card: Card, hold: int, is_over: Callable[[], bool]) -> bool:
        misses = 0
        while not is_over():
            try:
                order = self._orders.get(timeout=PRESENCE_S)
            except Empty:
                misses = 0 if card.is_present() else misses + 1
                if misses == MISSES:
                    return False
                continue
            if order.hold != hold:
                continue
            answered = self._passed(card, order, is_over)
            self._tell(answered)
            if answered.gone:
                return False
            misses = 0
        return True

    def _passed(self, card: Card, order: PassOn, is_over: Callable[[], bool]) -> BadgeAnswered:
        got: list[bytes] = []
        until_s = self._monotonic_s() + MESSAGE_S
        for frame in order.frames:
            left_s = until_s - self._monotonic_s()
            answer = b"" if is_over() or left_s <= 0 else _answer(card, frame, min(FRAME_S, left_s))
            if len(answer) not in ANSWER_BYTES:
                return BadgeAnswered(order.hold, order.n, tuple(got), gone=True)
            got.append(answer)
            if is_refused(answer):
                break
        return BadgeAnswered(order.hold, order.n, tuple(got), gone=False)


def _answer(card: Card, frame: bytes, within_s: float) -> bytes:
    """What the badge answers; nothing where it is silent, or what it says is no answer: it is activated anew then."""
    card.allow(within_s)
    try:
        return card.transceive(frame)
    except BadgeError:
        return b""
