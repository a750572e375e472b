"""The ring of a room: the camembert stands there, and shows at once what is done to the dial."""

from collections.abc import Sequence
from dataclasses import replace

from device.contract.messages import Receipt
from device.core.lights.door_ring import Picture
from device.core.lights.light import Rgb
from device.core.lights.room_ring import Room, RoomSigns, frame, next_frame_s
from device.panel import Panel
from device.ports import Ring


class RoomPanel(Panel):
    """A panel that shows `room` and what happens to it; the pictures of doors are not for it, save to identify it."""

    def __init__(self, ring: Ring | None, leds: int, room: Room) -> None:
        super().__init__(ring, None, leds)
        self._room, self._happening = room, RoomSigns()

    def tell(self, room: Room, happening: RoomSigns, now_s: float) -> None:
        """What holds now. A touch of the dial ends the running light: the unit is found."""
        if happening.touched_s == self._happening.touched_s:
            happening = replace(happening, identify_s=self._happening.identify_s)
        if (room, happening) != (self._room, self._happening):
            self._room, self._happening = room, happening
            self._next_s = now_s

    def stand(self, picture: Picture, now_s: float) -> None:
        """It stands as it was told."""

    def answer(self, picture: Picture, now_s: float, receipt: Receipt | None = None) -> None:
        """Shows that this is the unit that somebody looks for."""
        if picture is Picture.IDENTIFY:
            self._happening = replace(self._happening, identify_s=now_s)
            self._next_s = now_s

    def _painted(self, now_s: float) -> tuple[Sequence[Rgb], float | None]:
        return frame(self._room, now_s, self._happening, self.leds), next_frame_s(self._room, now_s, self._happening)
