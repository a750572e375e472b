"""A room in a world that is made by hand: the real unit, journal and core; time, ring, dial and server are ours."""

from zoneinfo import ZoneInfo

from device.contract.codec import decode_event
from device.contract.instant import Instant
from device.contract.messages import Hours, Reserved, RoomSet, RoomStatus
from device.contract.uses import USES
from device.core.clock import ClockWatch
from device.core.lights.room_ring import Room
from device.core.lights.room_use import DEFAULT_USES
from device.core.room.room_page import RoomPage
from device.inbox import Pressed, Turned
from device.journal.journal import Journal
from device.knowledge import Knowledge
from device.room_panel import RoomPanel
from device.unit_context import UnitContext
from device.units.room import RoomUnit
from tests.device.world import Drawer, HandClock, Witness, outbox_of

ROUND_S = 5
"""The controller comes round at least this often."""


class Pages(list[RoomPage]):
    """A screen that keeps what it was shown."""

    fault = ""

    def start(self):
        pass

    def stop(self):
        pass

    def show(self, page):
        if not self or self[-1] != page:
            self.append(page)


class RoomWorld:
    """One room unit; a second world on the same folder and cache is the same unit after a power cut."""

    def __init__(self, folder, *, clock=None, cache=None, seats=12, uses=DEFAULT_USES):
        self.clock = clock or HandClock()
        self.cache = Drawer() if cache is None else cache
        self.journal = Journal(folder / "outbox.db", "boot-1", lambda: "0000abcd", self.clock.monotonic_s)
        self.knowledge = Knowledge(self.cache, ZoneInfo("Europe/Paris"), 10)
        self.witness, self.pages = Witness(self.clock), Pages()
        self.panel = RoomPanel(self.witness, 24, Room(0, seats, uses[0]))
        watch = ClockWatch(Instant.parse("2026-11-01T00:00:00.000Z"))
        self.station = UnitContext(self.clock, watch, self.journal, self.knowledge, self.panel, self.witness)
        self.unit = RoomUnit(
            self.station, self.panel, name="open-space", seats=seats, uses=uses, screen=self.pages, debounce_s=3
        )
        self.unit.begin(self.station.moment())
        self.settle()

    @property
    def now(self):
        return self.clock.wall

    @property
    def ring(self):
        """What the ring was last told."""
        return self.witness.frames[-1]

    @property
    def lit(self):
        """How many LEDs shine brighter than the faint circle."""
        return sum(max(colour) > 80 for colour in self.ring)

    @property
    def told(self):
        """The room's events in the journal: `5 focus`."""
        outbox = outbox_of(self.journal)
        events = [decode_event(entry.payload) for entry in outbox.entries(1, outbox.recorded)]
        return [f"{event.people} {event.use}" for event in events if isinstance(event, RoomSet)]

    @property
    def last_event(self):
        outbox = outbox_of(self.journal)
        return decode_event(outbox.entries(outbox.recorded, outbox.recorded)[0].payload)

    def settle(self):
        """One round of the controller."""
        moment = self.station.moment()
        self.unit.tick(moment)
        self.panel.render(moment.now_s)

    def wait(self, seconds):
        """Lets time pass; the unit is called at its deadlines and on the controller's rounds."""
        end_s = self.clock.now_s + seconds
        while self.clock.now_s < end_s:
            waits = [self.unit.deadline_s(self.station.moment()), end_s, self.clock.now_s + ROUND_S]
            self.clock.pass_(max(0.001, min(wait for wait in waits if wait is not None) - self.clock.now_s))
            self.settle()

    def turn(self, steps):
        for _ in range(abs(steps)):
            self.unit.take(Turned(1 if steps > 0 else -1), self.station.moment())
            self.settle()

    def press(self, long=False):
        self.unit.take(Pressed(long), self.station.moment())
        self.settle()

    def hear(self, message):
        """The server's word arrives, just now."""
        self.station.heard_s = self.clock.now_s
        if isinstance(message, Hours):
            self.knowledge.heard(message)
        else:
            self.unit.heard(message, self.station.moment())
        self.settle()

    def desk_sets(self, people, use="meeting", **more):
        self.hear(status(people, use, since=self.now, set_by="desk", **more))


KNOWN = {use.id: use for use in USES}


def status(people, use="free", *, since, seats=12, set_by="dial", colour=None, reservation=None):
    """The server's word on the room."""
    known = KNOWN.get(use)
    return RoomStatus(
        name="Open space",
        seats=seats,
        people=people,
        use=use,
        label=known.label if known else use,
        colour=colour or (known.colour if known else "#112233"),
        since=since,
        set_by=set_by,
        reservation=reservation,
    )


def reserved(begins, ends, let_go_at=None):
    """A reservation between two moments."""
    return Reserved(from_=begins, until=ends, let_go_at=let_go_at)
