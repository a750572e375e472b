"""What a room can be used for, as the settings of both sides say it: the server's, and those of a room's unit."""

from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

from device.contract.messages import Colour, Name
from device.contract.wording import Wording

FREE = "free"
"""Id of the use that a long press, and closing time, go back to. Every place has it."""


class Gesture(StrEnum):
    """How the light of a use moves, so that it is known without its colour."""

    STILL = "still"
    BREATHE = "breathe"
    TURN = "turn"
    KNOCK = "knock"
    TINKER = "tinker"
    BUILD = "build"


class UseSettings(Struct, frozen=True):
    """One use: `id` is its name on the wire, `label` what people read."""

    id: Name
    label: Annotated[str, Meta(min_length=1, max_length=200)]
    colour: Colour
    movement: Gesture


USES = (
    UseSettings(FREE, "Libre", "#8BC34A", Gesture.STILL),
    UseSettings("focus", "Travail calme", "#2A9D8F", Gesture.BREATHE),
    UseSettings("meeting", "Réunion", "#3D6BFF", Gesture.TURN),
    UseSettings("call", "Appel", "#E5391F", Gesture.KNOCK),
    UseSettings("workshop", "Atelier", "#FFA000", Gesture.TINKER),
    UseSettings("training", "Formation", "#A04CE0", Gesture.BUILD),
)
"""The six of the place."""


def use_faults(uses: list[UseSettings]) -> list[str]:
    """What is wrong with a list of uses."""
    ids = [use.id for use in uses]
    faults: list[str] = [Wording('the id "{id}" stands twice', id=id) for id in dict.fromkeys(ids) if ids.count(id) > 1]
    if FREE not in ids:
        faults.append(Wording('the use "{use}" is missing; a room goes back to it', use=FREE))
    return faults
