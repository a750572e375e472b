"""The ring and the buzzer of a door or desk: an answer for its time, and a picture while nobody is answered."""

from collections.abc import Sequence

from device.animation import Animation
from device.contract.messages import Receipt
from device.core.lights.door_ring import Picture, Show, frame, lasts_s, next_frame_s
from device.core.lights.light import Rgb
from device.ports import Buzzer, Ring


class DoorPanel(Animation):
    """Shows one picture at a time; without a ring or a buzzer that part stays silent."""

    def __init__(self, ring: Ring | None, buzzer: Buzzer | None, leds: int = 12) -> None:
        super().__init__(ring, self._painted)
        self._buzzer, self._leds = buzzer, leds
        self._idle = Show(Picture.IDLE, 0)
        self._answer: Show | None = None

    def idle(self, picture: Picture, now_s: float) -> None:
        """Sets what is shown while nobody is answered."""
        if picture is not self._idle.picture:
            self._idle = Show(picture, now_s)
            self.changed(now_s)

    def answer(self, picture: Picture, now_s: float, receipt: Receipt | None = None) -> None:
        """Shows an answer for its time, and sounds it."""
        self._answer = Show(picture, now_s, receipt)
        self.changed(now_s)
        if self._buzzer and receipt is None:
            self._buzzer.play(picture.value)

    def dismiss(self, now_s: float) -> None:
        """Ends an answer before its time: what is there from now on is more than it was."""
        self._answer = None
        self.changed(now_s)

    def identify(self, now_s: float) -> None:
        """Shows that this is the unit that somebody looks for."""
        self.answer(Picture.IDENTIFY, now_s)

    def sound(self, alarm: str, active: bool) -> None:
        """Sounds an alarm, or silences it."""
        if self._buzzer is None:
            return
        if active:
            self._buzzer.play(alarm)
        else:
            self._buzzer.silence()

    def _painted(self, now_s: float) -> tuple[Sequence[Rgb], float | None]:
        show = self._current(now_s)
        next_s = next_frame_s(show, now_s)
        if next_s is None and show is self._answer:
            next_s = show.since_s + (lasts_s(show.picture) or 0)
        return frame(show, now_s, self._leds), next_s

    def _current(self, now_s: float) -> Show:
        if self._answer is not None:
            lasts = lasts_s(self._answer.picture)
            if lasts is not None and now_s >= self._answer.since_s + lasts:
                self._answer = None
        return self._answer or self._idle
