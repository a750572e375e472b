"""Everybody who looks at the bench: each sees how things stand when they come, and then whatever changes.

What is told between two looks of a slow page is told once, as it stands then; only the story keeps every line.
"""

from collections import deque
from threading import Condition

Frame = bytes
"""One server-sent event, as it goes over the wire."""

MOST_SEATS = 24
STORY_KEPT = 200
LEAVING_S = 1.0


class Seat:
    """One page's place; for the thread that serves it, and the one that tells."""

    def __init__(self, waiting: dict[str, Frame]) -> None:
        self._waiting = waiting
        self._changed = Condition()
        self._over = False

    def wait(self, timeout_s: float) -> list[Frame]:
        """What is new, oldest first; nothing after `timeout_s` of silence."""
        with self._changed:
            if not self._waiting and not self._over:
                self._changed.wait(timeout_s)
            frames, self._waiting = list(self._waiting.values()), {}
            return frames

    @property
    def is_over(self) -> bool:
        """Whether all was told that ever will be."""
        with self._changed:
            return self._over and not self._waiting

    def tell(self, about: str, frame: Frame) -> None:
        """Called by the audience."""
        with self._changed:
            self._waiting.pop(about, None)
            self._waiting[about] = frame
            self._changed.notify()

    def end(self) -> None:
        """Called by the audience."""
        with self._changed:
            self._over = True
            self._changed.notify()


class Audience:
    """Tells every seat; from any thread."""

    def __init__(self) -> None:
        self._lock = Condition()
        self._seats: list[Seat] = []
        self._latest: dict[str, Frame] = {}
        self._story: deque[tuple[int, Frame]] = deque(maxlen=STORY_KEPT)
        self._told = 0
        self._over = False

    def join(self, after: int = 0) -> Seat | None:
        """A seat that has everything as it stands, and the story after line `after`; None where none is free."""
        with self._lock:
            if len(self._seats) >= MOST_SEATS:
                return None
            missed = {_about_line(nth): frame for nth, frame in self._story if nth > after}
            seat = Seat(self._latest | missed)
            self._seats.append(seat)
            if self._over:
                seat.end()
            return seat

    def leave(self, seat: Seat) -> None:
        """Frees the seat."""
        with self._lock:
            self._seats.remove(seat)
            self._lock.notify_all()

    def show(self, event: str, name: str, payload: bytes) -> None:
        """How the thing `name` stands now."""
        frame = b"event: %b\ndata: %b\n\n" % (event.encode(), payload)
        with self._lock:
            if self._latest.get(name) == frame:
                return
            self._latest[name] = frame
            for seat in self._seats:
                seat.tell(name, frame)

    def tell(self, payload: bytes) -> None:
        """The next line of the story."""
        with self._lock:
            self._told += 1
            frame = b"id: %d\nevent: story\ndata: %b\n\n" % (self._told, payload)
            self._story.append((self._told, frame))
            for seat in self._seats:
                seat.tell(_about_line(self._told), frame)

    def end(self) -> None:
        """Nothing more will be told; returns when all have left, or are slow to."""
        with self._lock:
            self._over = True
            for seat in self._seats:
                seat.end()
            self._lock.wait_for(lambda: not self._seats, LEAVING_S)


def _about_line(nth: int) -> str:
    return f"story {nth}"
