"""A desk with its controller in a world that is made by hand: the reader is ours, and so is what goes to the server."""

from queue import SimpleQueue
from zoneinfo import ZoneInfo

from device.contract.channels import CARD, CARD_ANSWER, COMMAND, STATE
from device.contract.codec import decode_event
from device.contract.instant import Instant
from device.contract.lent_reader import CardFrames
from device.contract.messages import Command
from device.contract.unit_settings import ReaderSettings, UnitRules, UnitSettings, UnitSiteSettings
from device.controller import Controller
from device.core.badge.loan import BadgeHeld
from device.core.clock import ClockWatch
from device.core.lights.door_ring import Picture
from device.door_panel import DoorPanel
from device.inbox import Arrived, Connected, Disconnected, OfLoan, ReaderState, Removed, Tap
from device.journal.journal import Journal
from device.knowledge import Knowledge
from device.ports import Badge
from device.unit_context import UnitContext
from device.units.desk import DeskUnit
from device.units.desk_reader import DeskReader
from tests.device.world import Drawer, HandClock, Witness, access_list, outbox_of, short

SESSION = "c4f10a2b3c4d5e6f"
UID = "04A1B2C3D4E5F6"
ATS = bytes.fromhex("067777710280")


class LentReader:
    """A reader that notes what it is told."""

    def __init__(self):
        self.told = []

    def start(self):
        self.told.append("started")

    def stop(self):
        self.told.append("stopped")

    def lend(self, session):
        self.told.append(f"lent {session}")

    def take_back(self):
        self.told.append("taken back")

    def pass_on(self, order):
        self.told.append(order)


class Line:
    """The line to the broker: it notes what goes out while it is up."""

    def __init__(self):
        self.is_up, self.address, self.sent = True, "192.0.2.17", []

    def publish(self, channel, message):
        if self.is_up:
            self.sent.append((channel, message))


class DeskWorld:
    """One desk; each thing that happens is a round of its controller."""

    def __init__(self, folder, *, has_reader=True):
        self.clock, self.line, self.reader = HandClock(), Line(), LentReader()
        self.journal = Journal(folder / "outbox.db", "boot-1", lambda: "0000abcd", self.clock.monotonic_s)
        knowledge = Knowledge(Drawer(), ZoneInfo("Europe/Paris"), 10)
        knowledge.heard(access_list())
        self.witness = Witness(self.clock)
        self.panel = DoorPanel(self.witness, self.witness)
        watch = ClockWatch(Instant.parse("2026-11-01T00:00:00.000Z"))
        self.station = UnitContext(self.clock, watch, self.journal, knowledge, self.panel, self.witness)
        readers = [ReaderSettings("entry", "udp")] if has_reader else []
        lent = DeskReader("entry", self.reader, self._say) if has_reader else None
        self.desk = DeskUnit(self.station, self.panel, UnitRules(), lent)
        self.controller = Controller(
            UnitSettings(UnitSiteSettings("place"), "desk", "desk", readers=readers),
            "1",
            self.station,
            self.desk,
            link=self.line,
            inbox=SimpleQueue(),
            data=folder,
            alive=lambda: None,
        )
        self.controller._begin(self.station.moment())

    def take(self, happening=None):
        """One round."""
        self.controller._go_round(happening, self.station.moment())

    def order(self, kind="lend", name="c-1", **more):
        """An order of the server; what the desk answered, None where nothing."""
        if kind == "lend":
            more = {"session": SESSION, "for_s": 60} | more
        order = Command(id=name, kind=kind, expires_at=self.clock.wall.after(10), by="Marie", **more)
        before = len(self.events)
        self.take(Arrived(COMMAND, "desk", order, retained=False))
        done = [event for event in self.events[before:] if event.startswith("commanddone")]
        return done[-1].removeprefix("commanddone ") if done else None

    def send(self, n, *frames, end=None, session=SESSION, retained=False, **more):
        """A message of the server for the badge."""
        message = CardFrames(session=session, n=n, send=list(frames) or None, end=end, **more)
        self.take(Arrived(CARD, "desk", message, retained))

    def reader_says(self, word):
        self.take(OfLoan(word))

    def hold(self, number=1, session=SESSION):
        self.reader_says(BadgeHeld(session, number, UID, 0x20, ATS))

    def tap(self, side="entry"):
        self.take(Tap(side, Badge("uid", UID, None, self.clock.now_s)))
        self.take(Removed(side, UID))

    def copy(self, credential):
        """A badge that shows the number of that one and holds no key of it."""
        scheme, _, uid = credential.partition(":")
        self.take(Tap("entry", Badge(scheme, uid, False, self.clock.now_s)))

    def lose_reader(self, lost=True):
        self.take(ReaderState("entry", lost))

    def cut(self):
        self.line.is_up = False
        self.take(Disconnected())

    def mend(self):
        self.line.is_up = True
        self.take(Connected())

    def wait(self, seconds):
        self.clock.pass_(seconds)
        self.take()

    @property
    def shows(self):
        """The picture on the ring."""
        return Picture(self.panel._current(self.clock.now_s).picture)

    @property
    def answers(self):
        """What was said of the badge."""
        return [message for channel, message in self.line.sent if channel is CARD_ANSWER]

    @property
    def state(self):
        return [message for channel, message in self.line.sent if channel is STATE][-1]

    @property
    def events(self):
        outbox = outbox_of(self.journal)
        return [short(decode_event(entry.payload)) for entry in outbox.entries(1, outbox.recorded)]

    def _say(self, answer):
        self.line.publish(CARD_ANSWER, answer)
