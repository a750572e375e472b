"""The dial of a room: turned for how many, pressed for what for, held for free and empty.

The change holds at once, by the unit alone; one event goes out when the dial has rested. Between the dial and the
server's word the later in time wins.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from device.contract.instant import Instant
from device.contract.messages import MOST_PEOPLE
from device.contract.uses import FREE
from device.core.clock import SKEW_S

REST_S = 1.0
"""How long the dial must rest before its event goes out."""
PRESS_GAP_S = 0.15
"""Presses closer than this are one, of a worn contact: nobody presses seven times a second."""
_NEXT_S = 0.001


@dataclass(frozen=True)
class Setting:
    """How many people, and what for (the name of a use)."""

    people: int
    use: str


@dataclass
class Dial:
    """What the room is set to, and what of it the server has not been told yet.

    Monotonic times are `now_s`; `at` is the wall clock's, None where it is not to be trusted. A dial that starts with
    an `at` was set then, and the server has not said so yet.
    """

    uses: Sequence[str]
    seats: int
    setting: Setting = Setting(0, FREE)
    at: Instant | None = None
    """When the dial was last touched, as far as that is later than the server's word; None where its word holds."""
    touched_s: float | None = None
    """When the setting last changed, by the dial or by the server's word."""
    _heard: Instant | None = field(default=None, init=False)
    _told: Setting = field(init=False)
    _rests_s: float | None = field(default=None, init=False)
    _pressed_s: float | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        self._told = self.setting

    @property
    def deadline_s(self) -> float | None:
        """When `step` has something to say at the earliest."""
        return self._rests_s

    def turn(self, steps: int, now_s: float, at: Instant | None) -> None:
        """Turned by `steps` detents, negative to the left.

        To the right it ends at twice the seats (a few more in a small room): a child at the dial fills no stadium.
        """
        before = self.setting.people
        most = min(MOST_PEOPLE, max(2 * self.seats, self.seats + 4))
        people = max(0, min(before + steps, max(before, most)))
        self._touch(Setting(people, self.setting.use), now_s, at)

    def press(self, now_s: float, at: Instant | None) -> None:
        """Pressed: the next use."""
        if self._pressed_s is not None and now_s < self._pressed_s + PRESS_GAP_S:
            return
        self._pressed_s = now_s
        here = self.uses.index(self.setting.use) if self.setting.use in self.uses else -1
        self._touch(Setting(self.setting.people, self.uses[(here + 1) % len(self.uses)]), now_s, at)

    def hold(self, now_s: float, at: Instant | None) -> None:
        """Held for the long press: free and empty."""
        self._pressed_s = now_s
        self._touch(Setting(0, FREE), now_s, at)

    def step(self, now_s: float) -> Setting | None:
        """What to tell the server now: once, when the dial has rested, and only what it was not told before."""
        if self._rests_s is None or now_s < self._rests_s:
            return None
        self._rests_s = None
        if self.setting == self._told:
            self.at = None  # turned to and fro: nothing was set
            return None
        self._told = self.setting
        return self.setting

    def take(self, word: Setting, since: Instant, seats: int, now_s: float, now: Instant | None = None) -> bool:
        """The server's word of the room, in force since then; whether it holds. It is `now`, None where not known.

        It does not where its use is unknown here, or where the dial was touched later. Under an untrusted clock a
        touch is later than any word that comes before its event went out.
        """
        if self.at is not None and now is not None and self.at > now.after(SKEW_S):
            self.at = None  # touched under a clock that was wrong
        if word.use not in self.uses:
            return False
        self.seats = seats
        self._told = word
        untold = self._rests_s is not None
        if since < self.at if self.at is not None else untold:
            return False
        if word != self.setting:
            self.touched_s = now_s
        self.setting, self._heard = word, since
        self.at = self._rests_s = None
        return True

    def _touch(self, setting: Setting, now_s: float, at: Instant | None) -> None:
        # Whoever touches it has seen what holds, so that is earlier, whatever the clocks of unit and server say.
        self.at = at if at is None or self._heard is None else max(at, self._heard.after(_NEXT_S))
        self.setting = setting
        self.touched_s = now_s
        self._rests_s = now_s + REST_S
