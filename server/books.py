"""The one thread that writes the books while the server runs, and so needs no lock: arrivals, the desk's orders, time.

Whatever waits is kept in one durable transaction; only then do units hear that their events are kept.
"""

import logging
import sqlite3
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from threading import Event, Thread
from typing import Any, TypeVar

from device.contract.channels import ACK, RECEIPT
from device.contract.instant import Instant
from device.contract.messages import Ack
from server import attendance
from server.arrivals import Arrival
from server.bell import Bell
from server.core.house import House
from server.ingest import Ingest, Outcome
from server.line import Line
from server.publish import Publisher
from server.receipts import receipt
from server.store import journal
from server.store.database import Books

log = logging.getLogger(__name__)

T = TypeVar("T")

TICK_S = 0.2
"""How often time is looked at, and what another process wrote: well within the 2 s that the command line promises."""
CHECK_OUT_EVERY_S = 1.0
MAX_BATCH = 500
MAX_BATCH_BYTES = 128 * 1024
"""A transaction of at most some 700 events, so that a tap never waits long behind somebody's month in an outbox."""
MAX_WAITING = 20_000
"""Messages; past that new ones are dropped, and units send them again."""
DISK_PAUSE_S = 1.0
ORDER_TIMEOUT_S = 30.0


@dataclass
class Diary:
    """What the writer did since the start, in figures."""

    kept: int = 0
    faults: int = 0
    dropped: int = 0
    transactions: int = 0
    failures: int = 0
    disk_fault: str = ""
    lag_s: float = 0.0


@dataclass(frozen=True)
class _Order:
    work: Callable[[Books, Instant], Any]
    result: "Future[Any]"


class _Connected:
    """The link is up again."""


class Bookkeeper:
    """Keeps what arrives, carries out orders, watches the clock, and has the publisher tell what changed."""

    def __init__(
        self,
        books: Books,
        house: House,
        ingest: Ingest,
        publisher: Publisher,
        *,
        line: Line,
        bell: Bell,
        now: Callable[[], Instant],
        monotonic_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self._books, self._house, self._ingest, self._publisher = books, house, ingest, publisher
        self._line, self._bell = line, bell
        self._now, self._monotonic_s = now, monotonic_s
        self._inbox: SimpleQueue[Arrival | _Order | _Connected | None] = SimpleQueue()
        self._stopping = Event()
        self._foreign_version = books.foreign_version()
        self._check_out_s = 0.0
        self.diary = Diary()
        self._thread = Thread(target=self._run, name="books", daemon=True)

    def start(self) -> None:
        """Begins; the books' connection is the thread's own from now on."""
        self._thread.start()

    def stop(self) -> None:
        """Keeps what has arrived, and ends."""
        self._stopping.set()
        self._inbox.put(None)
        self._thread.join()

    @property
    def is_alive(self) -> bool:
        """Whether the thread runs."""
        return self._thread.is_alive()

    def arrived(self, arrival: Arrival) -> None:
        """Takes a message; from any thread, at once."""
        if self._inbox.qsize() < MAX_WAITING:
            self._inbox.put(arrival)
        else:
            self.diary.dropped += 1

    def connected(self) -> None:
        """The link is up again; from any thread."""
        self._inbox.put(_Connected())

    def order(self, work: Callable[[Books, Instant], T]) -> T:
        """Has `work` done on the books in a transaction of its own, and gives back what it gave, once it is durable.

        From any other thread; raises what `work` raises, and nothing of it is kept then, or `TimeoutError`.
        """
        result: Future[T] = Future()
        self._inbox.put(_Order(work, result))
        return result.result(ORDER_TIMEOUT_S)

    # ---- the thread -------------------------------------------------------------------------------------------------

    def _run(self) -> None:
        while not (self._stopping.is_set() and self._inbox.empty()):
            try:
                self._step()
            except sqlite3.OperationalError as error:  # a full disk, for one: no ack, units send again
                self._disk_failed(error)
            except Exception:
                self.diary.failures += 1
                log.exception("a step of the books failed")
                self._ingest.forget()
                self._stopping.wait(TICK_S)

    def _step(self) -> None:
        arrivals, orders = self._collect()
        for order in orders:
            self._carry_out(order)
        if arrivals:
            self._keep(arrivals)
        self._look_at_the_time()
        self._publisher.publish_due(self._now(), self._monotonic_s())

    def _collect(self) -> tuple[list[Arrival], list[_Order]]:
        arrivals: list[Arrival] = []
        orders: list[_Order] = []
        size = 0
        wait_s = min(max(self._publisher.due_s - self._monotonic_s(), 0.0), TICK_S)
        try:
            item = self._inbox.get(timeout=wait_s)
            while True:
                if isinstance(item, Arrival):
                    arrivals.append(item)
                    size += len(item.payload)
                elif isinstance(item, _Order):
                    orders.append(item)
                elif isinstance(item, _Connected):
                    self._publisher.forget()
                    self._repeat_acks()
                if len(arrivals) >= MAX_BATCH or size >= MAX_BATCH_BYTES:
                    break
                item = self._inbox.get_nowait()
        except Empty:
            pass
        return arrivals, orders

    def _keep(self, arrivals: Sequence[Arrival]) -> None:
        kept = self._attempt(arrivals)
        if isinstance(kept, Outcome):
            self._tell(kept)
        else:
            for arrival in arrivals:
                self._keep_alone(arrival)
        self.diary.lag_s = (self._now() - arrivals[0].at).total_seconds()

    def _keep_alone(self, arrival: Arrival) -> None:
        kept = self._attempt([arrival])
        if not isinstance(kept, Outcome):
            self.diary.failures += 1
            with self._books.writing():
                kept = self._ingest.give_up(arrival, kept, self._now())
        self._tell(kept)

    def _attempt(self, arrivals: Sequence[Arrival]) -> Outcome | Exception:
        try:
            with self._books.writing():
                self._notice_others()
                return self._ingest.keep(arrivals, self._now())
        except sqlite3.OperationalError:
            raise  # the disk's fault, not the message's
        except Exception as error:  # one message that we fail on must not take the others with it
            log.exception("%d messages could not be kept", len(arrivals))
            self._ingest.forget()
            return error

    def _tell(self, outcome: Outcome) -> None:
        for (unit, epoch), through in outcome.heads.items():
            self._line.publish(ACK, unit, Ack(epoch=epoch, through=through))
        for tap in outcome.taps:
            self._line.publish(RECEIPT, tap.unit, receipt(self._ingest.accounts, tap, self._now()))
        self.diary.kept += outcome.kept
        self.diary.faults += outcome.faults
        self.diary.transactions += 1
        self.diary.disk_fault = ""
        if outcome.passed_units:
            self._publisher.passed()
            self._bell.ring("presence")
            self._tell_of_credit()
        if outcome.rooms:
            self._publisher.rooms_said(outcome.rooms)
        for arrived in outcome.states:
            self._publisher.reported(arrived.unit, arrived.state.list_version)
        for topic, happened in (("tap", outcome.kept), ("unit", outcome.states), ("fault", outcome.faults)):
            if happened:
                self._bell.ring(topic)  # type: ignore[arg-type]

    def _repeat_acks(self) -> None:
        """What units sent while the server was not there is gone; hearing their last ack again, they send it again."""
        for unit, epoch, through in journal.latest_heads(self._books):
            self._line.publish(ACK, unit, Ack(epoch=epoch, through=through))

    def _carry_out(self, order: _Order) -> None:
        try:
            with self._books.writing():
                done = order.work(self._books, self._now())
        except Exception as error:  # whoever ordered gets it, and decides
            order.result.set_exception(error)
            return
        self._ingest.forget()
        self._publisher.books_changed()
        self._bell.ring("people")
        order.result.set_result(done)

    def _look_at_the_time(self) -> None:
        self._notice_others()
        now_s = self._monotonic_s()
        if now_s >= self._check_out_s:
            self._check_out_s = now_s + CHECK_OUT_EVERY_S
            if attendance.check_out_due(self._books, self._house, self._now()):
                self._ingest.accounts.forget()
                self._publisher.passed()
                self._publisher.credit_changed()
                self._bell.ring("presence")
            if self._ingest.accounts.bring_up_due(self._now()):
                self._tell_of_credit()
                self._bell.ring("people")

    def _tell_of_credit(self) -> None:
        if self._ingest.accounts.credit_changed:
            self._ingest.accounts.credit_changed = False
            self._publisher.credit_changed()

    def _notice_others(self) -> None:
        version = self._books.foreign_version()
        if version != self._foreign_version:
            self._foreign_version = version
            self._ingest.forget()
            self._publisher.books_changed()
            self._bell.ring("people")

    def _disk_failed(self, error: sqlite3.OperationalError) -> None:
        self.diary.failures += 1
        self._ingest.forget()
        if str(error) != self.diary.disk_fault:
            log.error("the books cannot be written error=%s", error)
        self.diary.disk_fault = str(error)
        self._stopping.wait(DISK_PAUSE_S)
