"""Publish and subscribe in one process: threads publish changes, open pages wait, slow pages drop the oldest."""

from collections import deque
from collections.abc import Iterator
from threading import Condition
from typing import Literal, NamedTuple

Topic = Literal["occupancy", "hours", "room", "presence", "tap", "unit", "fault", "people", "line", "card"]

MAX_WAITING = 100
"""How many changes a slow page may be behind; past that the oldest is dropped, since pages want the newest."""


class Change(NamedTuple):
    """Something changed; `payload` is its message as JSON, empty where subscribers look it up themselves."""

    topic: Topic
    payload: bytes = b""


class Subscription:
    """The changes that one page waits for. `add` is called by publishers, `wait` by the page's own thread."""

    def __init__(self, topics: frozenset[Topic]) -> None:
        self.topics = topics
        self._waiting: deque[Change] = deque(maxlen=MAX_WAITING)
        self._changed = Condition()

    def add(self, change: Change) -> None:
        """Adds a change; never waits for the page."""
        with self._changed:
            self._waiting.append(change)
            self._changed.notify()

    def wait(self, timeout_s: float) -> list[Change]:
        """The changes since the last call, oldest first; empty after `timeout_s` without one."""
        with self._changed:
            if not self._waiting:
                self._changed.wait(timeout_s)
            changes = list(self._waiting)
            self._waiting.clear()
            return changes


class ChangeFeed:
    """Hands every change to the subscriptions of its topic; from any thread."""

    def __init__(self) -> None:
        self._subscriptions: tuple[Subscription, ...] = ()
        self._joining = Condition()

    @property
    def subscribers(self) -> int:
        """How many subscriptions there are."""
        return len(self._subscriptions)

    def subscribe(self, *topics: Topic) -> Subscription:
        """Makes a subscription; `unsubscribe` ends it."""
        made = Subscription(frozenset(topics))
        with self._joining:
            self._subscriptions = (*self._subscriptions, made)
        return made

    def unsubscribe(self, subscription: Subscription) -> None:
        """Ends a subscription; a second time does nothing."""
        with self._joining:
            self._subscriptions = tuple(other for other in self._subscriptions if other is not subscription)

    def publish(self, topic: Topic, payload: bytes = b"") -> None:
        """Tells every subscriber of `topic`."""
        change = Change(topic, payload)
        for subscription in self._interested(topic):
            subscription.add(change)

    def _interested(self, topic: Topic) -> Iterator[Subscription]:
        return (subscription for subscription in self._subscriptions if topic in subscription.topics)
