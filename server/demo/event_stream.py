"""Publish/subscribe for the pages of the bench: each gets the whole state when it joins, and then every change.

A slow page gets the latest state of a thing once; only the lines of the narration are all kept.
"""

from collections import deque
from threading import Condition

Frame = bytes
"""One server-sent event, as it goes over the wire."""

MOST_SUBSCRIBERS = 24
LINES_KEPT = 200
LEAVING_S = 1.0


class Subscriber:
    """One open page: the thread that serves it waits, the one that publishes tells."""

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
        """Called by the stream."""
        with self._changed:
            self._waiting.pop(about, None)
            self._waiting[about] = frame
            self._changed.notify()

    def end(self) -> None:
        """Called by the stream."""
        with self._changed:
            self._over = True
            self._changed.notify()


class EventStream:
    """Sends each frame to every subscriber; from any thread."""

    def __init__(self) -> None:
        self._lock = Condition()
        self._subscribers: list[Subscriber] = []
        self._latest: dict[str, Frame] = {}
        self._lines: deque[tuple[int, Frame]] = deque(maxlen=LINES_KEPT)
        self._told = 0
        self._over = False

    def join(self, after: int = 0) -> Subscriber | None:
        """A subscriber with the whole state, and the lines after number `after`; None where there are too many."""
        with self._lock:
            if len(self._subscribers) >= MOST_SUBSCRIBERS:
                return None
            missed = {_about_line(nth): frame for nth, frame in self._lines if nth > after}
            subscriber = Subscriber(self._latest | missed)
            self._subscribers.append(subscriber)
            if self._over:
                subscriber.end()
            return subscriber

    def leave(self, subscriber: Subscriber) -> None:
        """Removes a subscriber."""
        with self._lock:
            self._subscribers.remove(subscriber)
            self._lock.notify_all()

    def show(self, event: str, name: str, payload: bytes) -> None:
        """How the thing `name` stands now."""
        frame = b"event: %b\ndata: %b\n\n" % (event.encode(), payload)
        with self._lock:
            if self._latest.get(name) == frame:
                return
            self._latest[name] = frame
            for subscriber in self._subscribers:
                subscriber.tell(name, frame)

    def tell(self, payload: bytes) -> None:
        """The next line of the narration."""
        with self._lock:
            self._told += 1
            frame = b"id: %d\nevent: story\ndata: %b\n\n" % (self._told, payload)
            self._lines.append((self._told, frame))
            for subscriber in self._subscribers:
                subscriber.tell(_about_line(self._told), frame)

    def end(self) -> None:
        """Nothing more will be told; returns when all have left, or are slow to."""
        with self._lock:
            self._over = True
            for subscriber in self._subscribers:
                subscriber.end()
            self._lock.wait_for(lambda: not self._subscribers, LEAVING_S)


def _about_line(nth: int) -> str:
    return f"story {nth}"
