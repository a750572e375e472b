"""What counts as a tap: a badge seen again at once does not, and on a toggle reader the side is found (rules 2)."""

from collections.abc import Hashable
from dataclasses import dataclass, field

from device.contract.messages import Direction, Side


@dataclass
class Debounce:
    """The same credential at the same reader within `window_s` of when it was last seen is not a second tap."""

    window_s: float
    _seen_s: dict[Hashable, float] = field(default_factory=dict)

    def is_new(self, tap: Hashable, now_s: float) -> bool:
        """Whether this is a tap; it also counts as seen."""
        self._seen_s = {kept: at_s for kept, at_s in self._seen_s.items() if now_s - at_s < self.window_s}
        is_new = tap not in self._seen_s
        self._seen_s[tap] = now_s
        return is_new

    def seen(self, tap: Hashable, now_s: float) -> None:
        """The badge was still there at `now_s`: a badge left on the reader and taken away is one tap."""
        if tap in self._seen_s:
            self._seen_s[tap] = now_s


@dataclass
class ToggleGuard:
    """Remembers entries on a toggle reader: less than `guard_s` after one, a tap is not an exit."""

    guard_s: float
    _entered_s: dict[str, float] = field(default_factory=dict)

    def entered(self, credential: str, now_s: float) -> None:
        """Takes an entry."""
        self._entered_s[credential] = now_s

    def holds(self, credential: str, now_s: float) -> bool:
        """Whether the entry is so recent that a tap cannot be an exit."""
        self._entered_s = {kept: at_s for kept, at_s in self._entered_s.items() if now_s - at_s < self.guard_s}
        return credential in self._entered_s


def direction_of(side: Side, inside: bool, guarded: bool) -> Direction:
    """Which way a tap at a reader of `side` goes: who is in leaves, unless the entry was just now."""
    if side != "toggle":
        return side
    return "exit" if inside and not guarded else "entry"
