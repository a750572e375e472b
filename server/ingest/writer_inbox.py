"""What waits for the writer of the books: filled from any thread, taken by the writer's own in batches."""

from queue import Empty, SimpleQueue
from typing import Any, NamedTuple

from server.ingest.order import Order
from server.mqtt.inbound import Arrival

MAX_BATCH = 500
MAX_BATCH_BYTES = 128 * 1024
"""A transaction of at most some 700 events, so that a tap never waits long behind somebody's month in an outbox."""
MAX_WAITING = 20_000
"""Messages; past that new ones are dropped, and units send them again."""


class LinkIsUp:
    """The link is up again."""


class Batch(NamedTuple):
    """What is worked on in one step; `connected` where the link came up again meanwhile."""

    arrivals: list[Arrival]
    orders: list[Order[Any]]
    connected: bool


class WriterInbox:
    """A queue of messages and orders, in the order in which they came."""

    def __init__(self) -> None:
        self._waiting: SimpleQueue[Arrival | Order[Any] | LinkIsUp | None] = SimpleQueue()

    @property
    def is_empty(self) -> bool:
        """Whether nothing waits."""
        return self._waiting.empty()

    def put(self, item: Order[Any] | LinkIsUp | None) -> None:
        """Adds what must not be dropped; None only wakes who waits."""
        self._waiting.put(item)

    def offer(self, arrival: Arrival) -> bool:
        """Adds a message; False where too many wait already, and it is dropped."""
        if self._waiting.qsize() >= MAX_WAITING:
            return False
        self._waiting.put(arrival)
        return True

    def take(self, wait_s: float) -> Batch:
        """What waits, as much as goes into one transaction; waits at most `wait_s` for the first."""
        arrivals: list[Arrival] = []
        orders: list[Order[Any]] = []
        connected, size = False, 0
        try:
            item = self._waiting.get(timeout=wait_s)
            while True:
                if isinstance(item, Arrival):
                    arrivals.append(item)
                    size += len(item.payload)
                elif isinstance(item, Order):
                    orders.append(item)
                elif isinstance(item, LinkIsUp):
                    connected = True
                if len(arrivals) >= MAX_BATCH or size >= MAX_BATCH_BYTES:
                    break
                item = self._waiting.get_nowait()
        except Empty:
            pass
        return Batch(arrivals, orders, connected)
