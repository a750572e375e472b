"""The ring and the buzzer of a unit: an answer for its time, and what stands when nothing is answered."""

from collections.abc import Sequence

from device.contract.messages import Receipt
from device.core.lights.door_ring import Picture, Show, frame, lasts_s, next_frame_s
from device.core.lights.light import Rgb
from device.ports import Buzzer, Ring


class Panel:
    """Shows one picture at a time; without a ring or a buzzer that part stays silent."""

    def __init__(self, ring: Ring | None, buzzer: Buzzer | None, leds: int = 12) -> None:
        self._ring, self._buzzer, self.leds = ring, buzzer, leds
        self._standing = Show(Picture.IDLE, 0)
        self._answer: Show | None = None
        self._next_s: float | None = 0

    def stand(self, picture: Picture, now_s: float) -> None:
        """What to show while nobody is answered."""
        if picture is not self._standing.picture:
            self._standing = Show(picture, now_s)
            self._next_s = now_s

    def answer(self, picture: Picture, now_s: float, receipt: Receipt | None = None) -> None:
        """Shows an answer for its time, and sounds it."""
        self._answer = Show(picture, now_s, receipt)
        self._next_s = now_s
        if self._buzzer and receipt is None:
            self._buzzer.play(picture.value)

    def sound(self, alarm: str, active: bool) -> None:
        """An alarm begins to sound, or is silenced."""
        if self._buzzer is None:
            return
        if active:
            self._buzzer.play(alarm)
        else:
            self._buzzer.silence()

    def deadline_s(self) -> float | None:
        """When the picture next changes."""
        return self._next_s if self._ring else None

    def dim(self, brightness: float, now_s: float) -> None:
        """The share of full light from now on."""
        if self._ring is not None and brightness != self._ring.brightness:
            self._ring.brightness = brightness
            self._next_s = now_s

    def render(self, now_s: float) -> None:
        """Shows what is due."""
        if self._ring is None or self._next_s is None or now_s < self._next_s:
            return
        colours, self._next_s = self._painted(now_s)
        self._ring.show(colours)

    def _painted(self, now_s: float) -> tuple[Sequence[Rgb], float | None]:
        """The ring now, and when it next looks different."""
        show = self._current(now_s)
        next_s = next_frame_s(show, now_s)
        if next_s is None and show is self._answer:
            next_s = show.since_s + (lasts_s(show.picture) or 0)
        return frame(show, now_s, self.leds), next_s

    def _current(self, now_s: float) -> Show:
        if self._answer is not None:
            lasts = lasts_s(self._answer.picture)
            if lasts is not None and now_s >= self._answer.since_s + lasts:
                self._answer = None
        return self._answer or self._standing
