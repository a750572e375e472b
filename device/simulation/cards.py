"""The virtual cards: what each says to an APDU, and how one is made again from what it held."""

from collections.abc import Mapping
from typing import Any, Protocol

from device.core.badge.apdu import Random
from device.core.badge.keys import FACTORY
from device.simulation.desfire import Desfire
from device.simulation.ntag424 import Ntag424

__all__ = ["FACTORY_KEYS", "Blank", "CardApplication", "Desfire", "Ntag424", "card_of"]

FACTORY_KEYS = list(FACTORY.slots)


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


def card_of(state: Mapping[str, Any], random: Random) -> Ntag424 | Desfire:
    """The card that said `state`; raises KeyError and ValueError for what is no such thing."""
    kind: type[Ntag424] | type[Desfire] = {"ntag424": Ntag424, "desfire": Desfire}[state["kind"]]
    return kind.from_state(state, random)
