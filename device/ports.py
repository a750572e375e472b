"""What a unit needs of the world, as protocols: each has a real adapter and a simulated one."""

from collections.abc import Sequence
from typing import Any, NamedTuple, Protocol

from device.contract.channels import Channel
from device.contract.instant import Instant
from device.contract.messages import Clock as ClockWord
from device.contract.messages import Message
from device.core.badge.loan import PassOn
from device.core.clock import Reading
from device.core.lights.light import Rgb
from device.core.room.room_page import RoomPage


class Badge(NamedTuple):
    """A badge at a reader: `uid` in upper-case hex; `authentic` is None where it was known by its ID alone.

    `sensed_s` is the monotonic time at which the reader had activated it: what follows is the program's own share.
    `key_version` is that of the key which it proved, where the list told one.
    """

    scheme: str
    uid: str
    authentic: bool | None
    sensed_s: float
    key_version: int | None = None

    @property
    def credential(self) -> str:
        """`scheme:ID`, as in the access list."""
        return f"{self.scheme}:{self.uid}"


class Part(Protocol):
    """Something with a life of its own, started and stopped by the composition root."""

    def start(self) -> None:
        """Begins; returns at once."""

    def stop(self) -> None:
        """Ends, and waits until it has; may be called twice."""


class Reader(Part, Protocol):
    """A badge reader, which can be lent: what becomes of badges meanwhile comes as inputs of the unit."""

    def lend(self, session: str) -> None:
        """Lends it for a session: until it is taken back, no badge is decided on."""

    def take_back(self) -> None:
        """Ends the loan; a badge that still lies there is no tap."""

    def pass_on(self, order: PassOn) -> None:
        """Frames for the badge that is held while the reader is lent."""


class Strike(Protocol):
    """The lock's actuator. What it was told ends by itself, whatever becomes of the unit."""

    def release(self, until_s: float) -> None:
        """Drives it until monotonic `until_s`."""

    def hold(self, *, in_fire: bool) -> None:
        """Drives it until it is secured. It lapses unless it is said again in each round; in a fire it does not."""

    def secure(self) -> None:
        """Stops driving it."""

    def close(self) -> None:
        """Secures it and gives its line back."""


class Ring(Protocol):
    """A ring of LEDs; `brightness` is a share of full light."""

    brightness: float

    def show(self, frame: Sequence[Rgb]) -> None:
        """Shows one colour a LED; a frame like the last one is not sent again."""


class Screen(Part, Protocol):
    """A small screen that shows a room's page; `fault` is why it showed nothing the last time, or nothing."""

    fault: str

    def show(self, page: RoomPage | None) -> None:
        """Shows the page, soon; None leaves the screen dark."""


class Buzzer(Protocol):
    """Something that beeps."""

    def play(self, pattern: str) -> None:
        """Plays a pattern by its name, without waiting for its end."""

    def silence(self) -> None:
        """Stops what it plays."""

    def close(self) -> None:
        """Silences it and gives its pin back."""


class Panel(Protocol):
    """What a unit shows, as the controller needs it: frames in time, their brightness, a picture that identifies it."""

    def deadline_s(self) -> float | None:
        """When the next frame is due."""

    def render(self, now_s: float) -> None:
        """Shows the frame that is due."""

    def dim(self, brightness: float, now_s: float) -> None:
        """Sets the share of full light."""

    def identify(self, now_s: float) -> None:
        """Shows that this is the unit that somebody looks for."""


class WallClock(Protocol):
    """The clocks of the machine."""

    def monotonic_s(self) -> float:
        """Seconds that never jump; they go on while the machine sleeps."""

    def read(self) -> Reading:
        """One look at the wall clock, and what is known of its synchronisation."""


class BrokerPort(Protocol):
    """The link, as the controller needs it."""

    @property
    def is_up(self) -> bool:
        """Whether messages go out."""

    @property
    def address(self) -> str:
        """The unit's own address on the network, empty where unknown."""

    def publish(self, channel: Channel[Any], message: Message | bytes) -> None:
        """Sends a message."""


class Monitor(Protocol):
    """Who watches the unit from outside: the log on a Pi, the standard output of a simulation."""

    def decided(self, verdict: str, reason: str, credential: str) -> None:
        """A badge was answered."""

    def alarm(self, name: str, active: bool) -> None:
        """An alarm began or ended."""


class Moment(NamedTuple):
    """When something happened: by the wall clock and what that was worth, and by the monotonic one.

    `reckoned` is what time it was by all that is known, None where nothing is: what has an end is counted from it.
    """

    at: Instant
    clock: ClockWord
    now_s: float
    reckoned: Instant | None

    @property
    def trusted(self) -> Instant | None:
        """The wall time, or None where rules must not go by it."""
        return None if self.clock == "unset" else self.at
