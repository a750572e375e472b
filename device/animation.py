"""Frames of a ring in time: each is shown when it is due, and the next is asked for."""

from collections.abc import Callable, Sequence

from device.core.lights.light import Rgb
from device.ports import Ring

Painter = Callable[[float], tuple[Sequence[Rgb], float | None]]
"""Monotonic time to the frame of it, and to when the next one differs; None where it stands still."""


class Animation:
    """Runs `painter` on a ring; without a ring it does nothing."""

    def __init__(self, ring: Ring | None, painter: Painter) -> None:
        self._ring, self._painter = ring, painter
        self._next_s: float | None = 0

    def changed(self, now_s: float) -> None:
        """Has the next frame painted now: there is something else to show."""
        self._next_s = now_s

    def deadline_s(self) -> float | None:
        """When the next frame is due."""
        return self._next_s if self._ring else None

    def dim(self, brightness: float, now_s: float) -> None:
        """Sets the share of full light."""
        if self._ring is not None and brightness != self._ring.brightness:
            self._ring.brightness = brightness
            self.changed(now_s)

    def render(self, now_s: float) -> None:
        """Shows the frame that is due."""
        if self._ring is None or self._next_s is None or now_s < self._next_s:
            return
        frame, self._next_s = self._painter(now_s)
        self._ring.show(frame)
