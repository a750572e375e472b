"""A door with its controller in a world that is made by hand: what the server sends arrives, nothing goes out."""

from queue import SimpleQueue

from device.contract.channels import COMMAND, OCCUPANCY
from device.contract.messages import Command, Occupancy
from device.contract.unit_settings import UnitSettings, UnitSiteSettings
from device.controller import Controller
from device.inbox import Arrived
from device.updates import UnitUpdates
from tests.device.world import MONDAY_9, DoorWorld, HandClock

SENT = MONDAY_9
VALID_S = 10


class NoLink:
    """A line that is down."""

    is_up, address = False, ""

    def publish(self, channel, message):
        raise AssertionError("nothing is sent while the line is down")


class UnitWorld:
    """A door with its controller; each thing that arrives is a round of it."""

    def __init__(self, folder, clock=None, cache=None, heard=None, updater=None, link=None, readers=()):
        self.clock = clock or HandClock()
        self.world = DoorWorld(folder, clock=self.clock, cache=cache, heard=heard)
        settings = UnitSettings(UnitSiteSettings("place"), "front", "door")
        self.controller = Controller(
            settings,
            "1",
            self.world.station,
            self.world.door,
            link=link or NoLink(),
            inbox=SimpleQueue(),
            data=folder,
            alive=lambda: None,
            updates=UnitUpdates(self.world.station, updater, readers),
        )
        self.controller._begin(self.world.station.moment())

    def take(self, happening=None):
        """One round."""
        self.controller._go_round(happening, self.world.station.moment())

    def order(self, kind="release", sent_at=SENT, name="c-1", **more):
        """An order of the desk arrives that was sent at some time; what the unit answered, None where nothing."""
        order = Command(id=name, kind=kind, expires_at=sent_at.after(VALID_S), by="concierge", **more)
        before = len(self.world.events)
        self.take(Arrived(COMMAND, "front", order, retained=False))
        done = [event for event in self.world.events[before:] if event.startswith("commanddone")]
        return done[-1].removeprefix("commanddone ") if done else None

    def server_says(self, at, retained=False):
        """The server's word on how many are in, made when it was sent."""
        told = Occupancy(present=3, guests=0, comfortable=25, max=35, level="comfortable", uncertain=0, as_of=at)
        self.take(Arrived(OCCUPANCY, "", told, retained))

    @property
    def releases(self):
        return sum(line.startswith("released") for line in self.world.told)
