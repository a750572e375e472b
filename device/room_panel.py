"""The ring of a room: the camembert stands there, and shows at once what is done to the dial."""

from collections.abc import Sequence
from dataclasses import replace

from device.animation import Animation
from device.core.lights.light import Rgb
from device.core.lights.room_ring import Room, RoomSigns, frame, next_frame_s
from device.ports import Ring


class RoomPanel(Animation):
    """Shows `room` and what happens to it."""

    def __init__(self, ring: Ring | None, leds: int, room: Room) -> None:
        super().__init__(ring, self._painted)
        self._leds, self._room, self._signs = leds, room, RoomSigns()

    def tell(self, room: Room, signs: RoomSigns, now_s: float) -> None:
        """Sets what holds now. A touch of the dial ends the light that runs to identify the unit: it is found."""
        if signs.touched_s == self._signs.touched_s:
            signs = replace(signs, identify_s=self._signs.identify_s)
        if (room, signs) != (self._room, self._signs):
            self._room, self._signs = room, signs
            self.changed(now_s)

    def identify(self, now_s: float) -> None:
        """Shows that this is the unit that somebody looks for."""
        self._signs = replace(self._signs, identify_s=now_s)
        self.changed(now_s)

    def _painted(self, now_s: float) -> tuple[Sequence[Rgb], float | None]:
        return frame(self._room, now_s, self._signs, self._leds), next_frame_s(self._room, now_s, self._signs)
