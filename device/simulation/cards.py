"""The virtual cards: what each says to an APDU, and how one is made again from what it held."""

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from device.core.badge.apdu import Random
from device.core.badge.keys import FACTORY
from device.simulation.desfire import Desfire
from device.simulation.desfire_light import DesfireLight
from device.simulation.ntag424 import Ntag424

__all__ = ["FACTORY_KEYS", "Blank", "CardApplication", "Desfire", "DesfireLight", "Ntag424", "VirtualCard", "card_of"]

FACTORY_KEYS = list(FACTORY.slots)

VirtualCard = Ntag424 | Desfire | DesfireLight
"""A card that holds keys, and has a state."""
KINDS: dict[str, Callable[[Mapping[str, Any], Random], VirtualCard]] = {
    "ntag424": Ntag424.from_state,
    "desfire": Desfire.from_state,
    "desfire-light": DesfireLight.from_state,
}
"""By what a state calls itself."""


class CardApplication(Protocol):
    """The application side of a badge."""

    def power_on(self) -> None:
        """It came into the field: nothing is selected, nobody is authenticated."""

    def answer(self, apdu: bytes) -> bytes:
        """Data and status bytes."""


class Blank:
    """A card that speaks ISO 14443-4 and has no application: it can be known by its UID alone."""

    def power_on(self) -> None:
        """Nothing to forget."""

    def answer(self, apdu: bytes) -> bytes:
        """Nothing is known here."""
        return b"\x6d\x00"


def card_of(state: Mapping[str, Any], random: Random) -> VirtualCard:
    """The card that said `state`; raises KeyError and ValueError for what is no such thing."""
    return KINDS[state["kind"]](state, random)
