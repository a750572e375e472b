"""Tells the pages that something changed, without either side waiting for the other."""

from collections import deque
from collections.abc import Iterator
from threading import Condition
from typing import Literal, NamedTuple

Topic = Literal["occupancy", "hours", "room", "presence", "tap", "unit", "fault", "people", "line"]

MAX_WAITING = 100
"""What a slow listener may be behind; past that the oldest is dropped, since pages want the newest."""


class Ring(NamedTuple):
    """Something changed; `payload` is its message as JSON, empty where listeners look it up themselves."""

    topic: Topic
    payload: bytes = b""


class Listener:
    """One page's ear."""

    def __init__(self, topics: frozenset[Topic]) -> None:
        self.topics = topics
        self._waiting: deque[Ring] = deque(maxlen=MAX_WAITING)
        self._changed = Condition()

    def heard(self, ring: Ring) -> None:
        """Called by the bell."""
        with self._changed:
            self._waiting.append(ring)
            self._changed.notify()

    def wait(self, timeout_s: float) -> list[Ring]:
        """What rang since the last call, oldest first; empty after `timeout_s` of silence."""
        with self._changed:
            if not self._waiting:
                self._changed.wait(timeout_s)
            rings = list(self._waiting)
            self._waiting.clear()
            return rings


class Bell:
    """Rings for every listener of a topic."""

    def __init__(self) -> None:
        self._listeners: tuple[Listener, ...] = ()
        self._joining = Condition()

    def listen(self, *topics: Topic) -> Listener:
        """A new listener; `leave` ends it."""
        listener = Listener(frozenset(topics))
        with self._joining:
            self._listeners = (*self._listeners, listener)
        return listener

    def leave(self, listener: Listener) -> None:
        """Ends a listener; a second time does nothing."""
        with self._joining:
            self._listeners = tuple(other for other in self._listeners if other is not listener)

    def ring(self, topic: Topic, payload: bytes = b"") -> None:
        """Tells whoever listens to `topic`."""
        ring = Ring(topic, payload)
        for listener in self._interested(topic):
            listener.heard(ring)

    def _interested(self, topic: Topic) -> Iterator[Listener]:
        return (listener for listener in self._listeners if topic in listener.topics)
