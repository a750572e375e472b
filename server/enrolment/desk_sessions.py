"""The card sessions of the running server: one at a unit, each on a thread of its own, followed by whoever looks.

    session = sessions.begin("enrol", "comptoir", member=17, by="Marie")
    sessions.look(session).state.says          "waiting", "held", "look", "write", …: `card_labels.SAYS` has the words
    sessions.cancel(session)

Each change is announced; a page that follows looks again then.
"""

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from functools import partial
from threading import Event, Lock, Thread
from typing import Protocol

from device.contract.instant import Instant
from server.enrolment.badge_work import BadgeOutcome, BadgeWork
from server.enrolment.card_order import CardOrder, act_of, must_lend
from server.enrolment.card_session import CardSessionState, Kind, SessionCancelled, after
from server.enrolment.lent_reader import CardLine, LentReader, new_session
from server.enrolment.session_run import Act, SessionRun
from server.errors import Refusal

log = logging.getLogger(__name__)

FOR_S = 60.0
"""How long a badge is awaited."""
MOST_KEPT = 50
"""Sessions that are over and can still be looked at."""
ENDS_WITHIN_S = 3.0
"""How long the server, told to end, waits for a badge that is being written to."""

Lines = Callable[[str, str], AbstractContextManager[CardLine]]
"""The way to a unit's reader for a session, as long as the block lasts."""


class WorkOf(Protocol):
    """What a session's means are made by, anew each time a badge is held."""

    def __call__(self, unit: str, by: str, /) -> BadgeWork:
        """What `by` ordered at `unit` is done with, by the keys of now; raises `Refusal` where none can be read."""


@dataclass(frozen=True, kw_only=True)
class SessionProgress:
    """How a session stands; `outcome` is what it came to, once it is done."""

    session: str
    unit: str
    order: CardOrder
    by: str
    state: CardSessionState
    outcome: BadgeOutcome | None = None


class DeskSessions:
    """All card sessions; from any thread. `announce` is called after each change."""

    def __init__(
        self,
        lines: Lines,
        work_of: WorkOf,
        *,
        announce: Callable[[], None],
        now: Callable[[], Instant],
        monotonic_s: Callable[[], float],
    ) -> None:
        self._lines, self._work_of, self._announce = lines, work_of, announce
        self._now, self._monotonic_s = now, monotonic_s
        self._changing = Lock()
        self._sessions: dict[str, SessionProgress] = {}
        self._given_up: dict[str, Event] = {}
        self._threads: list[Thread] = []
        self._is_ending = False

    def begin(
        self,
        kind: Kind,
        unit: str,
        *,
        by: str,
        member: int | None = None,
        as_copyable: bool = False,
        for_s: float = FOR_S,
    ) -> str:
        """A session at `unit` that begins now; its id.

        Raises `Refusal` where somebody has the reader of that unit already. All else that is not to be is told by the
        session itself.
        """
        order = CardOrder(kind, member, as_copyable)
        state = CardSessionState(kind=kind, until_s=self._monotonic_s() + for_s)
        with self._changing:
            open_already = self._open_at(unit)
            if open_already is not None:
                raise Refusal("reader_lent_already", unit=unit, by=open_already.by)
            if self._is_ending:
                raise Refusal("server_is_ending")
            session = new_session()
            self._forget_oldest()
            self._sessions[session] = SessionProgress(session=session, unit=unit, order=order, by=by, state=state)
            self._given_up[session] = Event()
            thread = Thread(target=self._run, args=(session, for_s), name=f"card-{unit}", daemon=True)
            self._threads = [*(each for each in self._threads if each.is_alive()), thread]
            thread.start()
        self._announce()
        return session

    def look(self, session: str) -> SessionProgress:
        """How it stands; raises `Refusal` where there is no such session, or it was over long ago."""
        found = self._sessions.get(session)
        if found is None:
            raise Refusal("no_such_session")
        return found

    def left_s(self, session: str) -> float:
        """How long a badge is awaited from now on; raises `Refusal` where there is no such session."""
        return max(0.0, self.look(session).state.until_s - self._monotonic_s())

    def open_at(self, unit: str) -> SessionProgress | None:
        """The session that has the reader of `unit`, if one has."""
        with self._changing:
            return self._open_at(unit)

    def cancel(self, session: str) -> None:
        """Gives it up: at once where a badge is awaited, else when the badge that is spoken to is done or left.

        Raises `Refusal` where there is no such session; nothing where it is over.
        """
        self.look(session)
        self._given_up[session].set()

    def start(self) -> None:
        """Nothing to begin: sessions begin when they are asked for."""

    def stop(self) -> None:
        """Gives up all sessions; a badge that is being written to is waited for a little."""
        with self._changing:
            self._is_ending = True
            for given_up in self._given_up.values():
                given_up.set()
        for thread in self._threads:
            thread.join(ENDS_WITHIN_S)

    def _open_at(self, unit: str) -> SessionProgress | None:
        at_unit = (each for each in self._sessions.values() if each.unit == unit and not each.state.is_over)
        return next(at_unit, None)

    def _forget_oldest(self) -> None:
        over = [session for session, each in self._sessions.items() if each.state.is_over]
        for session in over[: len(over) - MOST_KEPT + 1]:
            del self._sessions[session], self._given_up[session]

    def _run(self, session: str, for_s: float) -> None:
        progress = self._sessions[session]
        try:
            with self._lines(progress.unit, session) as line:
                run: SessionRun[BadgeOutcome] = SessionRun(
                    progress.order.kind,
                    for_s,
                    LentReader(line, self._monotonic_s),
                    monotonic_s=self._monotonic_s,
                    show=lambda state: self._show(session, state, run.outcome),
                    gave_up=self._given_up[session].is_set,
                )
                run.carry_through(lambda: self._prepared(progress), by=progress.by, now=self._now())
        except Exception:
            log.exception("a card session failed unit=%s kind=%s", progress.unit, progress.order.kind)
            self._show(session, after(self._sessions[session].state, SessionCancelled(), self._monotonic_s()), None)

    def _prepared(self, progress: SessionProgress) -> Act[BadgeOutcome]:
        means = partial(self._work_of, progress.unit, progress.by)
        means().books(lambda books: must_lend(books, progress.unit, is_live=True))
        return act_of(means, progress.order)

    def _show(self, session: str, state: CardSessionState, outcome: BadgeOutcome | None) -> None:
        with self._changing:
            self._sessions[session] = replace(self._sessions[session], state=state, outcome=outcome)
        self._announce()
