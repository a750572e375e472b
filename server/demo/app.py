"""The composition root of the demo: a fresh place, its processes, the bench, until it is told to end."""

import random
import signal
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from queue import Empty, SimpleQueue

from device.contract.errors import Refused
from device.contract.instant import Instant
from server.demo.broker import mosquitto, mosquitto_user
from server.demo.controller import DemoController
from server.demo.event_stream import EventStream
from server.demo.fixtures import BADGES, OPERATOR, PEOPLE, SITE, UNITS
from server.demo.folder import fresh_folder
from server.demo.inbox import Happening, Over
from server.demo.listener import BrokerListener
from server.demo.page import Login, PageServer, make_page
from server.demo.place import DemoPlace, make_place
from server.demo.ports import LOOPBACK, Ports, is_free, listens
from server.demo.processes import BROKER, SERVER, Processes
from server.demo.texts import Saying, both
from server.demo.view_state import PLACES, ViewState

START_S = 60.0
"""How long all of it may take to come up, on a Pi with a slow card too."""
BROKER_START_S = 10.0
LOOK_S = 0.02
"""How often it is looked whether somebody listens yet."""
LONGEST_WAIT_S = 3600.0
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

Say = Callable[[Saying], None]


class NotStarted(Refused):
    """The demo could not begin; `saying` is why."""

    def __init__(self, saying: Saying) -> None:
        super().__init__(saying["en"])
        self.saying = saying


class Demo:
    """One demo in `base`. The dashboard is at `web_port` and the bench at the next one; else at any that are free.

    To be run on the main thread, since it takes the signals that end it, and every process hangs on that thread.
    """

    def __init__(self, base: Path, say: Say, web_port: int | None = None) -> None:
        self._base, self._say = base, say
        self._inbox: SimpleQueue[Happening] = SimpleQueue()
        self._ports = Ports(random.Random())
        self._web_port = web_port or self._ports.tcp()
        self._bench_port = web_port + 1 if web_port else self._ports.tcp()

    def run(self, for_s: float | None) -> None:
        """Returns when it is over, `for_s` seconds after it was ready at the latest; raises `NotStarted`."""
        for port in (self._web_port, self._bench_port):
            if not is_free(socket.SOCK_STREAM, LOOPBACK, port):
                raise NotStarted(both("port {port} is taken; choose another one with --port", port=port))
        with self._signals(), fresh_folder(self._base, time.time()) as folder, ExitStack() as closing:
            place = self._made_place(folder)
            controller = self._opened(place, closing)
            if self._await_ready(controller):
                self._announce(place.password)
                self._play(controller, for_s)
            self._say(both("\nEnding…"))

    def _made_place(self, folder: Path) -> DemoPlace:
        place = make_place(folder, self._ports.tcp(), self._web_port, Instant.of(datetime.now(UTC)), mosquitto_user())
        self._done(both("a place with {people} members and {badges} badges", people=len(PEOPLE), badges=len(BADGES)))
        return place

    def _opened(self, place: DemoPlace, closing: ExitStack) -> DemoController:
        """Everything begun, and put on `closing` to be ended."""
        events, broker_port = EventStream(), place.site.settings.broker.port
        login = Login(f"http://{LOOPBACK}:{self._web_port}/", OPERATOR, place.password)
        page = PageServer(make_page(events, self._inbox.put, login), self._bench_port)
        closing.callback(page.stop)
        closing.callback(events.end)
        processes = Processes(place, [unit.name for unit in UNITS], self._ports, self._inbox.put)
        closing.callback(processes.end)
        self._begin_broker(processes, broker_port)
        listener = BrokerListener(SITE, broker_port, self._inbox.put, time.monotonic)
        listener.start()
        closing.callback(listener.stop)
        controller = DemoController(processes, ViewState(events, _wall_time), time.monotonic)
        controller.begin()
        page.start()
        return controller

    def _begin_broker(self, processes: Processes, port: int) -> None:
        """Returns when it listens: who finds no broker tries again after a second only."""
        processes.begin_broker()
        patience_s = time.monotonic() + BROKER_START_S
        while not listens(port):
            if not processes.runs(BROKER) or time.monotonic() > patience_s:
                raise NotStarted(
                    both("{name} does not come up: {words}", name=PLACES[BROKER], words=processes.last_words(BROKER))
                )
            time.sleep(LOOK_S)
        broker = "Mosquitto" if mosquitto() else "amqtt"
        self._done(both("the broker: {broker}, port {port}", broker=broker, port=port))

    def _await_ready(self, controller: DemoController) -> bool:
        """Whether all of it came up before the demo was told to end; raises `NotStarted` where it does not."""
        patience_s = time.monotonic() + START_S
        awaited = [SERVER, *(unit.name for unit in UNITS)]
        while awaited:
            if controller.failures:
                name, status, words = controller.failures[0]
                raise NotStarted(
                    both("{name} ended ({status}): {words}", name=PLACES[name], status=status, words=words)
                )
            if time.monotonic() > patience_s:
                name = awaited[0]
                raise NotStarted(
                    both("{name} does not come up: {words}", name=PLACES[name], words=controller.last_words(name))
                )
            if not self._step(controller, LOOK_S):
                return False
            missing = controller.awaited or ([] if listens(self._web_port) else [SERVER])
            for name in awaited:
                if name not in missing:
                    self._done(PLACES[name])
            awaited = [name for name in awaited if name in missing]
        return True

    def _play(self, controller: DemoController, for_s: float | None) -> None:
        end_s = time.monotonic() + for_s if for_s is not None else float("inf")
        while (left_s := end_s - time.monotonic()) > 0:
            due_s = controller.deadline_s
            wait_s = LONGEST_WAIT_S if due_s is None else max(0.0, due_s - time.monotonic())
            if not self._step(controller, min(left_s, wait_s)):
                return

    def _step(self, controller: DemoController, wait_s: float) -> bool:
        """Takes the next happening; False when it is the end."""
        try:
            happening = self._inbox.get(timeout=wait_s)
        except Empty:
            happening = None
        if isinstance(happening, Over):
            return False
        if happening is not None:
            controller.take(happening)
        controller.tick()
        return True

    def _done(self, what: Saying) -> None:
        self._say(both("  ✓ {what}", what=what))

    def _announce(self, password: str) -> None:
        self._say(
            both(
                ANNOUNCEMENT,
                bench=f"http://{LOOPBACK}:{self._bench_port}/",
                desk=f"http://{LOOPBACK}:{self._web_port}/",
                operator=OPERATOR,
                password=password,
            )
        )

    @contextmanager
    def _signals(self) -> Iterator[None]:
        former = {number: signal.signal(number, lambda *_: self._inbox.put(Over())) for number in SIGNALS}
        try:
            yield
        finally:
            for number, handler in former.items():
                signal.signal(number, handler)


ANNOUNCEMENT = """
The place runs on this machine, and is open day and night.

  the bench      {bench}
                 hold a badge to a reader, open a door, pull a cable
  the dashboard  {desk}
                 name {operator}, password {password}

Ctrl-C ends it all and leaves nothing behind."""


def _wall_time() -> str:
    return datetime.now().strftime("%H:%M:%S")
