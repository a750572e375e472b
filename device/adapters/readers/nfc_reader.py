"""A badge reader: one thread that looks for badges, lets them prove their keys, and says when they are gone.

While it is lent, `lending.py` serves the badges.
"""

import contextlib
import logging
import os
import termios
import threading
import time
from collections.abc import Callable, Iterator

import nfc.clf

from device.adapters.readers.card import CARD_FAULTS, Card
from device.adapters.readers.frontend import Connect, Frontend, connect
from device.adapters.readers.lending import MISSES, PRESENCE_S, Lending
from device.core.badge.apdu import Random
from device.core.badge.authentication import Proof
from device.core.badge.candidates import Candidates, Keyring
from device.core.badge.errors import AuthenticationDelay, BadgeError, BadgeGone, NotAuthentic
from device.core.badge.loan import PassOn, ReaderWord
from device.ports import Badge

POLL_S = 0.04
"""From one look for a badge to the next. A look takes a PN532 about 12 ms, the UDP device 50 ms by itself."""
SLOW_POLL_S = 0.3
SLOW_POLLS = 3
"""So many looks in a row that took that long: the reader is out of step and is opened anew."""
TRANSACTION_S = 1.0
"""All the time that a badge has to prove its key; good ones take 10 to 80 ms."""
LONGEST_PAUSE_S = 2.0
STOP_S = 1.0

log = logging.getLogger(__name__)


class SlowReader(OSError):
    """A reader whose looks for a badge take ever longer."""


class NfcReader:
    """The reader at `device`, as nfcpy names it.

    The callbacks come from the reader's own thread and are to return at once. `on_badge`: a badge was presented, and
    what it proved. `on_gone`: the UID of the badge that was taken away. `on_fault`: the reader was lost (True), or is
    back (False). `on_ready`: it works for the first time. `on_loan`: what becomes of a badge while the reader is lent.
    `keyring` answers from any thread.
    """

    def __init__(
        self,
        device: str,
        *,
        keyring: Keyring,
        on_badge: Callable[[Badge], None],
        on_gone: Callable[[str], None],
        on_fault: Callable[[bool], None],
        on_ready: Callable[[], None] = lambda: None,
        on_loan: Callable[[ReaderWord], None] = lambda word: None,
        connect: Connect = connect,
        random: Random = os.urandom,
        monotonic_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self.device = device
        self._keyring = keyring
        self._on_badge = on_badge
        self._on_gone = on_gone
        self._on_fault, self._on_ready = on_fault, on_ready
        self._connect = connect
        self._random = random
        self._monotonic_s = monotonic_s
        self._stopping = threading.Event()
        self._lending = Lending(on_loan, monotonic_s)
        self._lost = self._has_worked = False
        self._pauses = pauses()
        self._thread = threading.Thread(target=self._run, name=f"reader {device}", daemon=True)

    def start(self) -> None:
        """Begins to look for badges; an absent reader is a fault like one that is lost later."""
        self._thread.start()

    def stop(self) -> None:
        """Ends, within a second; may be called twice."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(STOP_S)

    def lend(self, session: str) -> None:
        """Lends it for a session: until it is taken back, no badge is decided on."""
        self._lending.begin(session)

    def take_back(self) -> None:
        """Ends the loan; a badge that still lies there is no tap."""
        self._lending.end()

    def pass_on(self, order: PassOn) -> None:
        """Frames for the badge that is held while the reader is lent."""
        self._lending.pass_on(order)

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._serve()
            except Exception as fault:  # the thread's top: whatever a driver raises, the reader is opened anew
                self._lose(fault)

    def _serve(self) -> None:
        frontend = Frontend(self._connect(self.device), self._monotonic_s)
        try:
            self._look(frontend)
        finally:
            _close(frontend)

    def _lose(self, fault: Exception) -> None:
        """The first fault since the reader last worked is tried again at once: most are over by then."""
        pause_s = next(self._pauses)
        if pause_s == 0:
            log.info("%s: %r; opening it anew", self.device, fault)
        elif not self._lost:
            log.warning("%s: lost: %r", self.device, fault)
            self._lost = True
            self._on_fault(True)
        self._stopping.wait(pause_s)

    def _works(self) -> None:
        if self._lost:
            log.info("%s: back", self.device)
            self._lost = False
            self._on_fault(False)
        elif not self._has_worked:
            self._on_ready()
        self._has_worked = True
        self._pauses = pauses()

    def _look(self, frontend: Frontend) -> None:
        slow = 0
        while not self._stopping.is_set():
            began_s = self._monotonic_s()
            target = frontend.sense(nfc.clf.RemoteTarget("106A"))
            took_s = self._monotonic_s() - began_s
            self._works()
            card = Card.sensed(frontend, target) if target else None
            if card:
                self._attend(card)
                continue
            slow = slow + 1 if took_s > SLOW_POLL_S else 0
            if slow == SLOW_POLLS:
                raise SlowReader(f"a look for a badge takes {took_s:.1f} s")
            self._stopping.wait(max(0.0, POLL_S - took_s))

    def _attend(self, card: Card) -> None:
        if not self._lending.is_on:
            self._tapped(card)
        elif self._lending.serve(card, self._stopping):
            self._watch(card)

    def _tapped(self, card: Card) -> None:
        enrolled = self._keyring(card.uid)
        badge = self._proved(card, enrolled) if enrolled else Badge("uid", card.uid, None, self._monotonic_s())
        if badge is None:
            return
        self._on_badge(badge)
        try:
            if not enrolled:
                _activate(card)
            self._watch(card)
        finally:
            self._on_gone(badge.uid)

    def _proved(self, card: Card, enrolled: Candidates) -> Badge | None:
        """A badge that was enrolled with keys, and whether it holds one; None where nothing can be said of it."""
        scheme, keys, slot = enrolled
        proof = Proof(scheme, [each.key for each in keys], slot, self._random)
        card.allow(TRANSACTION_S)
        sensed_s = self._monotonic_s()
        try:
            card.activate()
            sensed_s = self._monotonic_s()
            nth = proof.ask(card.transceive)
        except NotAuthentic as fault:
            log.warning("%s: a badge did not prove its key: %s", self.device, fault)
            return Badge(scheme, card.uid, False, sensed_s)
        except (BadgeGone, AuthenticationDelay) as fault:
            log.info("%s: a badge says nothing: %s", self.device, fault)
            return None
        return Badge(scheme, card.uid, True, sensed_s, keys[nth].version)

    def _watch(self, card: Card) -> None:
        """Until the badge is taken away, or the reader is lent: it is called anew then."""
        misses = 0
        while misses < MISSES and not self._lending.is_on and not self._stopping.wait(PRESENCE_S):
            misses = 0 if card.is_present() else misses + 1


def _activate(card: Card) -> None:
    """Makes a card that proves nothing ready for presence checks: called anew, a phone shows another UID each time."""
    card.allow(TRANSACTION_S)
    with contextlib.suppress(BadgeError):
        card.activate()


def _close(frontend: Frontend) -> None:
    """Closes what may have been pulled out; whatever that raises tells nothing new."""
    with contextlib.suppress(OSError, termios.error, *CARD_FAULTS):
        frontend.close()


def pauses() -> Iterator[float]:
    """Between the tries to open a reader that fails: none, then growing ones."""
    yield 0
    pause_s = 0.1
    while True:
        yield pause_s
        pause_s = min(2 * pause_s, LONGEST_PAUSE_S)
