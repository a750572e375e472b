"""A door in a world that is made by hand: the real unit, journal and core; time, strike, ring and buzzer are ours."""

from math import inf
from zoneinfo import ZoneInfo

from device.contract.access_list import AccessList, Capacity, Grant, Schedule
from device.contract.codec import decode_event
from device.contract.instant import Instant
from device.contract.messages import TimeOfDay, Weekday
from device.contract.unit_settings import PinSettings, UnitRules
from device.core.clock import ClockWatch, Reading
from device.door_panel import DoorPanel
from device.inbox import InputLevel, ReaderState, Removed, Tap
from device.journal.journal import Journal
from device.knowledge import Knowledge
from device.ports import Badge
from device.unit_context import UnitContext
from device.units.door import DoorUnit

MONDAY_9 = Instant.parse("2026-11-23T08:00:00.000Z")
ANNE, BRUNO, KEYED = "uid:04A1B2C3D4E5F6", "uid:04B1B2C3D4E5F6", "ntag424:04C1B2C3D4E5F6"
DAY = [("08:00", "18:00")]
WEEK: dict[Weekday, list[tuple[TimeOfDay, TimeOfDay]]] = {"mon": DAY, "tue": DAY, "wed": DAY, "thu": DAY, "fri": DAY}


def grant(credential, member, **more):
    fields = {
        "schedule": "house",
        "standing": "ok",
        "role": "member",
        "from_": "2026-01-01",
        "until": "9999-12-31",
    } | more
    return Grant(credential=credential, member=member, **fields)


def access_list(version=1, *, grants=None, issued_at=MONDAY_9, free=(), hard=False, **more):
    default = [grant(ANNE, 17), grant(BRUNO, 42), grant(KEYED, 43, key="00" * 16)]
    return AccessList(
        version=version,
        issued_at=issued_at,
        hard_anti_passback=hard,
        schedules={"house": Schedule(weekly=WEEK, dates={})},
        free_passage=list(free),
        capacity=Capacity(mode="deny", max=35),
        grants=default if grants is None else grants,
        **more,
    )


class HandClock:
    """Clocks that stand until they are moved."""

    def __init__(self, wall=MONDAY_9):
        self.wall, self.now_s = wall, 1000.0
        self.confirmed = self.kept = True

    def monotonic_s(self):
        return self.now_s

    def read(self):
        return Reading(self.wall, self.now_s, self.confirmed, self.kept)

    def pass_(self, seconds):
        self.now_s += seconds
        self.wall = self.wall.after(seconds)

    def jump(self, seconds):
        self.wall = self.wall.after(seconds)
        self.confirmed = False


class Drawer(dict[str, bytes]):
    """A cache that keeps at once."""

    def load(self, name):
        return [self[name]] if name in self else []

    def keep(self, name, payload):
        self[name] = payload


def outbox_of(journal):
    """The outbox of a journal that has its disk."""
    assert journal._disk is not None
    return journal._disk.outbox


class Witness:
    """Strike, ring, buzzer and monitor: it notes what they are told."""

    def __init__(self, clock):
        self._clock, self.told, self.frames = clock, [], []
        self.brightness = 1.0
        self.driven_until_s = None
        """Until when the strike is driven: for ever where it is held, None where it is secured."""
        self.holds = []

    def release(self, until_s):
        self.driven_until_s = until_s
        self.told.append(f"released for {until_s - self._clock.now_s:g} s")

    def hold(self, *, in_fire):
        if self.driven_until_s != inf:  # said again in every round
            self.told.append("held")
        self.driven_until_s = inf
        self.holds.append(in_fire)

    def secure(self):
        self.driven_until_s = None
        self.told.append("secured")

    def show(self, frame):
        self.frames.append(tuple(frame))

    def play(self, pattern):
        self.told.append(f"buzzer {pattern}")

    def silence(self):
        self.told.append("buzzer silent")

    def close(self):
        self.told.append("closed")

    def decided(self, verdict, reason, credential):
        self.told.append(f"{verdict} {reason}")

    def alarm(self, name, active):
        self.told.append(f"alarm {name} {'on' if active else 'off'}")


class DoorWorld:
    """One door; `folder` holds its outbox, so that a second world on it is the same door after a restart."""

    def __init__(self, folder, *, clock=None, cache=None, rules=None, has_contact=True, heard=None, settle_ms=0):
        self.clock = clock or HandClock()
        self.cache = Drawer() if cache is None else cache
        self.journal = Journal(folder / "outbox.db", "boot-1", lambda: "0000abcd", self.clock.monotonic_s)
        self.knowledge = Knowledge(self.cache, ZoneInfo("Europe/Paris"), 10)
        for message in [access_list()] if heard is None else heard:
            self.knowledge.heard(message)
        self.witness = Witness(self.clock)
        self.panel = DoorPanel(self.witness, self.witness)
        watch = ClockWatch(Instant.parse("2026-11-01T00:00:00.000Z"))
        self.station = UnitContext(self.clock, watch, self.journal, self.knowledge, self.panel, self.witness)
        settled = {f"{name}_settle_ms": settle_ms for name in ("contact", "tamper", "fire")}
        pins = PinSettings(contact=27 if has_contact else None, **settled)
        self.door = DoorUnit(self.station, self.panel, self.witness, rules or UnitRules(), pins)
        self.door.begin(self.station.moment())
        if has_contact:
            self.level("contact", False)
        self.told.clear()

    @property
    def told(self):
        return self.witness.told

    @property
    def events(self):
        """What the journal holds, each as a short line."""
        outbox = outbox_of(self.journal)
        return [short(decode_event(entry.payload)) for entry in outbox.entries(1, outbox.recorded)]

    def tap(self, credential=ANNE, side="entry", authentic=None, key_version=None):
        scheme, _, uid = credential.partition(":")
        badge = Badge(scheme, uid, authentic, self.clock.now_s, key_version)
        self.door.take(Tap(side, badge), self.station.moment())
        self.door.take(Removed(side, uid), self.station.moment())

    def level(self, name, active):
        self.door.take(InputLevel(name, active), self.station.moment())

    def walk_through(self):
        self.level("contact", True)
        self.level("contact", False)

    def reader(self, lost, side="entry"):
        self.door.take(ReaderState(side, lost), self.station.moment())

    def hear(self, message):
        self.knowledge.heard(message)
        self.door.tick(self.station.moment())

    def wait(self, seconds):
        """Lets time pass, with a tick at each deadline, as the controller gives them."""
        end_s = self.clock.now_s + seconds
        while (due_s := self.door.deadline_s(self.station.moment())) is not None and due_s <= end_s:
            self.clock.pass_(due_s - self.clock.now_s)
            self.door.tick(self.station.moment())
        self.clock.pass_(end_s - self.clock.now_s)
        self.door.tick(self.station.moment())


def short(event):
    """`passage entry badge uid:…`: an event without its time."""
    kind = type(event).__name__.lower()
    names = ("side", "decision", "reason", "by", "alarm", "active", "credential", "ok", "error", "cause")
    return " ".join([kind, *(str(getattr(event, name)) for name in names if hasattr(event, name))])
