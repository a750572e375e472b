"""How often something is told: soon after it changed, not too often, and from time to time all the same."""

from dataclasses import dataclass
from math import inf


@dataclass
class Throttle:
    """Due `gap_s` after the last time where it is wanted, and `refresh_s` after it in any case; monotonic seconds."""

    gap_s: float
    refresh_s: float
    wanted: bool = True
    last_s: float = -inf

    @property
    def due_s(self) -> float:
        """When it is next due."""
        return self.last_s + (self.gap_s if self.wanted else self.refresh_s)

    def take(self, now_s: float) -> bool:
        """Whether it is due, and if so counts it as told."""
        if now_s < self.due_s:
            return False
        self.wanted, self.last_s = False, now_s
        return True

    def again(self) -> None:
        """Forgets that it was ever told."""
        self.wanted, self.last_s = True, -inf
