"""What lent readers answer, on its way from the link's thread to the session that waits for it."""

import queue
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from device.contract.codec import decode
from device.contract.errors import Malformed
from device.contract.lent_reader import CardAnswer

MOST_WAITING = 1_000
"""Answers that may wait for their session; a desk that says more of itself is not listened to."""

Answers = queue.Queue[CardAnswer]


def next_answer(answers: Answers, timeout_s: float) -> CardAnswer | None:
    """The next that waits or comes; None where none does in time."""
    try:
        return answers.get(timeout=timeout_s) if timeout_s > 0 else answers.get_nowait()
    except queue.Empty:
        return None


class CardAnswers:
    """Hands each answer to the session that it is of; those of no session, and what is none, are dropped."""

    def __init__(self) -> None:
        self._sessions: dict[tuple[str, str], Answers] = {}
        self._joining = Lock()

    @contextmanager
    def of(self, unit: str, session: str) -> Iterator[Answers]:
        """The answers of a session at the reader of `unit`, as long as the block lasts."""
        answers: Answers = queue.Queue(MOST_WAITING)
        with self._joining:
            self._sessions = {**self._sessions, (unit, session): answers}
        try:
            yield answers
        finally:
            with self._joining:
                self._sessions = {key: kept for key, kept in self._sessions.items() if key != (unit, session)}

    def take(self, unit: str, payload: bytes) -> None:
        """Takes a message of a unit; at once, from the link's thread."""
        if not self._sessions:
            return
        try:
            answer = decode(payload, CardAnswer)
        except Malformed:
            return  # nothing of it may stand in a log
        answers = self._sessions.get((unit, answer.session))
        if answers is not None and not answers.full():
            answers.put_nowait(answer)
