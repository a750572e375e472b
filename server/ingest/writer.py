"""The one thread that writes the books while the server runs, and so needs no lock: arrivals, the desk's orders, time,
and at night what is past its time.

Whatever waits is kept in one durable transaction; only then do units hear that their events are kept.
"""

import logging
import time
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import partial
from threading import Event, Thread
from typing import Any, TypeVar

from device.contract.channels import ACK, RECEIPT
from device.contract.instant import Instant
from device.contract.messages import Ack
from server.accounts.accounts import AccountChange
from server.accounts.work import Work
from server.core.house_rules import HouseRules
from server.ingest import recount
from server.ingest.ingest import Ingest
from server.ingest.order import Order
from server.ingest.outcome import Outcome
from server.ingest.receipt import receipt
from server.ingest.writer_inbox import LinkIsUp, WriterInbox
from server.ingest.writer_stats import WriterStats
from server.mqtt.inbound import Arrival
from server.mqtt.outbound import BrokerPort
from server.publishing.changes import ChangeFeed, Topic
from server.publishing.publisher import Publisher
from server.site.settings import ServerSettings
from server.store.damage import DamagedDatabase, each_despite_damage, is_busy, is_damage, is_of_the_disk
from server.store.database import Database
from server.store.journal import journal

log = logging.getLogger(__name__)

T = TypeVar("T")

TICK_S = 0.2
"""How often time is looked at, and what another process wrote: well within the 2 s that the command line promises."""
CHECK_OUT_EVERY_S = 1.0
DISK_PAUSE_S = 1.0
ORDER_TIMEOUT_S = 30.0
CHECK_AGAIN_S = 600.0
"""How often, where messages fail that should not, the pages of the books are suspected and looked through."""


class Writer:
    """Keeps what arrives, carries out orders, watches the clock, and has the publisher tell what changed.

    `purge` removes a little of what is past its time whenever nothing waits, and says whether there was any.
    """

    def __init__(
        self,
        db: Database,
        house: HouseRules,
        ingest: Ingest,
        publisher: Publisher,
        *,
        settings: ServerSettings,
        line: BrokerPort,
        feed: ChangeFeed,
        now: Callable[[], Instant],
        monotonic_s: Callable[[], float] = time.monotonic,
        patience_s: float = ORDER_TIMEOUT_S,
        disk_pause_s: float = DISK_PAUSE_S,
        alive: Callable[[], None] = lambda: None,
        purge: Callable[[Work], bool] = lambda work: False,
    ) -> None:
        self._db, self._house, self._ingest, self._publisher = db, house, ingest, publisher
        self._line, self._feed = line, feed
        self._work = partial(Work, db=db, house=house, settings=settings, accounts=ingest.accounts)
        self._now, self._monotonic_s = now, monotonic_s
        self._patience_s, self._disk_pause_s, self._alive = patience_s, disk_pause_s, alive
        self._inbox = WriterInbox()
        self._stopping = Event()
        self._foreign_version = db.foreign_version()
        self._check_out_s = 0.0
        self._today: date | None = None
        self._purge = purge
        self._checked_s: float | None = None
        self.stats = WriterStats()
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
        if not self._inbox.offer(arrival):
            self.stats.dropped += 1

    def connected(self) -> None:
        """The link is up again; from any thread."""
        self._inbox.put(LinkIsUp())

    def order(self, act: Callable[[Work], T], operator: str = "") -> T:
        """Has `act` done on the books in a transaction of its own, and gives back what it gave, once it is durable.

        From any other thread; raises what `act` raises, and nothing of it is kept then. Where the writer does not come
        to it in time the order is taken back (`NeverBegun`); one that runs already cannot be (`StillGoing`).
        """
        order = Order(act, operator)
        self._inbox.put(order)
        return order.result_within(self._patience_s)

    def _run(self) -> None:
        while not (self._stopping.is_set() and self._inbox.is_empty):
            try:
                self._step()
                self._alive()  # not of a step that failed: where all do, the watchdog starts the server anew
            except Exception as error:
                if is_of_the_disk(error):  # a full disk, for one: no ack, units send again
                    self._disk_failed(error)
                    continue
                self.stats.failures += 1
                log.exception("a step of the books failed")
                self._ingest.drop_cache()
                self._stopping.wait(TICK_S)

    def _step(self) -> None:
        until_due_s = max(self._publisher.due_s - self._monotonic_s(), 0.0)
        batch = self._inbox.take(min(until_due_s, TICK_S))
        if batch.connected:
            self._publisher.drop_cache()
            self._repeat_acks()
        for order in batch.orders:
            self._carry_out(order)
        each_despite_damage(
            lambda: self._keep(batch.arrivals),
            self._look_at_the_time,
            self._purge_a_little,
            lambda: self._publisher.publish_due(self._now(), self._monotonic_s()),
        )

    def _keep(self, arrivals: Sequence[Arrival]) -> None:
        if not arrivals:
            return
        kept = self._attempt(arrivals)
        if isinstance(kept, Outcome):
            self._tell(kept, arrivals)
        else:
            each_despite_damage(*(partial(self._keep_alone, arrival) for arrival in arrivals))
        self.stats.lag_s = (self._now() - arrivals[0].at).total_seconds()

    def _keep_alone(self, arrival: Arrival) -> None:
        attempted = self._attempt([arrival])
        kept = attempted if isinstance(attempted, Outcome) else self._give_up(arrival, attempted)
        if kept is not None:
            self._tell(kept, [arrival])

    def _attempt(self, arrivals: Sequence[Arrival]) -> Outcome | Exception:
        try:
            with self._db.writing():
                self._notice_others()
                return self._ingest.keep(arrivals, self._now())
        except Exception as error:  # one message that we fail on must not take the others with it
            self._ingest.drop_cache()
            if is_of_the_disk(error) and not (is_damage(error) and len(arrivals) > 1):
                raise  # not the message's fault: a damaged page may stand against one of many
            log.exception("%d messages could not be kept", len(arrivals))
            return error

    def _give_up(self, arrival: Arrival, error: Exception) -> Outcome | None:
        """What can be kept of a message that we fail on; None, and a word to the desk, where that is nothing."""
        self.stats.failures += 1
        self._look_for_damage()
        for way in (self._ingest.keep_in_journal, self._ingest.give_up):
            try:
                with self._db.writing():
                    return way(arrival, error, self._now())
            except Exception as worse:
                self._ingest.drop_cache()
                if is_of_the_disk(worse):
                    raise
                log.exception("a message could not be set aside topic=%s", arrival.topic)
        self.stats.stuck[arrival.topic] = f"{type(error).__name__}: {error}"
        return None

    def _look_for_damage(self) -> None:
        """Raises `DamagedDatabase` where pages contradict each other: what fails may be no message's fault."""
        if self.stats.damage:
            raise DamagedDatabase(self.stats.damage)
        now_s = self._monotonic_s()
        if self._checked_s is None or now_s >= self._checked_s + CHECK_AGAIN_S:
            self._checked_s = now_s
            self._db.look_for_damage()

    def _tell(self, outcome: Outcome, arrivals: Sequence[Arrival]) -> None:
        self._tell_of_credit(outcome.changes)
        for (unit, epoch), through in outcome.heads.items():
            self._line.publish(ACK, unit, Ack(epoch=epoch, through=through))
        for tap in outcome.taps:
            self._line.publish(RECEIPT, tap.unit, receipt(self._ingest.accounts, tap, self._now()))
        self.stats.kept += outcome.kept
        self.stats.faults += outcome.faults
        self.stats.transactions += 1
        self.stats.disk_fault = ""
        self.stats.goes_on(arrival.topic for arrival in arrivals)
        if outcome.passed_units:
            self._publisher.passed()
            self._feed.publish("presence")
        if outcome.rooms:
            self._publisher.rooms_said(outcome.rooms)
        if outcome.keys_proved:
            self._publisher.keys_proved()
        for arrived in outcome.states:
            self._publisher.reported(arrived.unit, arrived.state.list_version)
        happened: tuple[tuple[Topic, bool], ...] = (
            ("tap", bool(outcome.kept)),
            ("unit", bool(outcome.states)),
            ("fault", bool(outcome.faults)),
        )
        for topic, has_happened in happened:
            if has_happened:
                self._feed.publish(topic)

    def _repeat_acks(self) -> None:
        """What units sent while the server was not there is gone; hearing their last ack again, they send it again."""
        for unit, epoch, through in journal.latest_heads(self._db):
            self._line.publish(ACK, unit, Ack(epoch=epoch, through=through))

    def _carry_out(self, order: Order[Any]) -> None:
        if not order.begin():
            return  # nobody waits for it any more: who ordered it was told that it was not done
        try:
            with self._db.writing():
                self._notice_others()
                work = self._work(now=self._now(), operator=order.operator)
                done = order.act(work)
        except Exception as error:  # whoever ordered gets it, and decides
            self._ingest.drop_cache()  # what was looked up since the transaction began is not in the books
            if is_of_the_disk(error) and not is_busy(error):
                self.stats.note_disk_fault(error)
            order.set_exception(error)
            return
        self._ingest.drop_cache()
        order.set_result(done)  # first of all: it is durable, whatever fails of the telling
        self._tell_of_credit(work.changes)
        self._publisher.ordered()
        self._feed.publish("people")

    def _look_at_the_time(self) -> None:
        self._notice_others()
        now_s = self._monotonic_s()
        today = self._house.day_of(self._now())
        if now_s >= self._check_out_s or today != self._today:  # at midnight at once: nobody may seem to be out
            self._check_out_s, self._today = now_s + CHECK_OUT_EVERY_S, today
            work = self._work(now=self._now())
            if recount.check_out_due(work):
                self._publisher.passed()
                self._tell_of_credit(work.changes)
                self._feed.publish("presence")
            if changes := self._ingest.accounts.bring_up_due(self._now()):
                self._tell_of_credit(changes)
                self._feed.publish("people")

    def _purge_a_little(self) -> None:
        if self._inbox.is_empty and self._purge(self._work(now=self._now())):
            self._ingest.drop_cache()

    def _tell_of_credit(self, changes: Iterable[AccountChange]) -> None:
        if any(change.credit_changed for change in changes):
            self._publisher.credit_changed()

    def _notice_others(self) -> None:
        version = self._db.foreign_version()
        if version != self._foreign_version:
            self._foreign_version = version
            self._ingest.drop_cache()
            self._publisher.database_changed()
            self._feed.publish("people")

    def _disk_failed(self, error: Exception) -> None:
        self.stats.failures += 1
        self._ingest.drop_cache()
        self.stats.note_disk_fault(error)
        self._alive()  # a new start frees no disk, and the desk that says so would be gone with it
        self._stopping.wait(self._disk_pause_s)
