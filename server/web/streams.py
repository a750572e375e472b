"""Server-sent events: pages that stay open. Each holds a thread, so there are only so many.

What is over the limit is told to come back (503); a part is kept for the desk, so that walls cannot shut it out.
"""

from collections.abc import Callable, Iterable, Iterator
from threading import BoundedSemaphore

from flask import Flask, Response, current_app, request

from server.publishing.changes import Change, ChangeFeed, Topic

EXTENSION = "poincon.streams"

KEPT_FOR_DESKS = 8
RETRY_AFTER_S = 5

BREATH_S = 10.0
"""How often an open stream shows that it lives; a page that hears nothing for 25 s knows that it is cut off."""
LOOK_S = 2.0
"""How often it is looked at whether the page is still there."""

Event = bytes


def event(name: str, data: bytes) -> Event:
    """One event; `data` is one line of JSON."""
    return b"event: %s\ndata: %s\n\n" % (name.encode(), data)


class Streams:
    """The seats for open streams."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._everybody = BoundedSemaphore(max(1, most - KEPT_FOR_DESKS))
        self._desks = BoundedSemaphore(min(KEPT_FOR_DESKS, most))
        self.open = 0

    def join(self, app: Flask) -> None:
        """The streams of `app` are seated here."""
        app.extensions[EXTENSION] = self

    def take_seat(self, *, desk: bool) -> BoundedSemaphore | None:
        """A seat to be released, None where all are taken."""
        if self._everybody.acquire(blocking=False):
            return self._everybody
        return self._desks if desk and self._desks.acquire(blocking=False) else None


def stream(
    feed: ChangeFeed,
    topics: Iterable[Topic],
    first: Callable[[], Iterable[Event]],
    told: Callable[[Change], Iterable[Event]],
    *,
    desk: bool = False,
    goes_on: Callable[[], bool] = lambda: True,
) -> Response:
    """A stream that begins with `first` and then tells each change of `topics`, while it `goes_on`.

    `first` is asked within the request, after subscribing: nothing falls between the two. The rest is asked outside of
    any request.
    """
    streams: Streams = current_app.extensions[EXTENSION]
    seat = streams.take_seat(desk=desk)
    if seat is None:
        return _full()
    is_gone: Callable[[], bool] = request.environ.get("waitress.client_disconnected", lambda: False)
    open_stream = _Stream(feed, tuple(topics), seat, told, lambda: goes_on() and not is_gone())
    try:
        open_stream.opening = b"retry: 2000\n\n" + b"".join(first())
    except BaseException:
        open_stream.close()
        raise
    answer = Response(open_stream, mimetype="text/event-stream")
    answer.headers["X-Accel-Buffering"] = "no"  # a proxy in front would keep events back
    return answer


class _Stream:
    """The body of one answer; `close` is called whatever ends it."""

    def __init__(
        self,
        feed: ChangeFeed,
        topics: tuple[Topic, ...],
        seat: BoundedSemaphore,
        told: Callable[[Change], Iterable[Event]],
        goes_on: Callable[[], bool],
    ) -> None:
        self._feed, self._seat, self._told, self._goes_on = feed, seat, told, goes_on
        self._subscription = feed.subscribe(*topics)
        self._is_open = True
        self.opening: Event = b""

    def __iter__(self) -> Iterator[Event]:
        yield self.opening
        silent_s = 0.0
        while self._goes_on():
            rings = self._subscription.wait(LOOK_S)
            said = b"".join(line for ring in rings for line in self._told(ring))
            silent_s = 0.0 if said else silent_s + LOOK_S
            if silent_s >= BREATH_S:
                said, silent_s = event("alive", b"{}"), 0.0
            if said:
                yield said

    def close(self) -> None:
        """Gives the seat back."""
        if self._is_open:
            self._is_open = False
            self._feed.unsubscribe(self._subscription)
            self._seat.release()


def _full() -> Response:
    answer = Response(
        iter([b"too many open streams\n"]), 503, mimetype="text/plain"
    )  # no length: closes the connection
    answer.headers["Retry-After"] = str(RETRY_AFTER_S)
    return answer
