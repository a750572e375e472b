"""The hand that holds cards to a desk's reader, in a process of its own (`enrolments.py`)."""

import os
from collections.abc import Callable, Sequence
from threading import Event, Thread

from device.simulation.cards import CardApplication, Desfire, Ntag424
from device.simulation.iso_dep import IsoDep
from device.simulation.virtual_badge import VirtualBadge

NTAG_UID, DESFIRE_UID = bytes.fromhex("04D1B2C3D4E5F6"), bytes.fromhex("04C1B2C3D4E5F6")
PRODUCTS: dict[str, tuple[str, Callable[[], CardApplication]]] = {
    "NTAG 424 DNA": (f"ntag424:{NTAG_UID.hex().upper()}", lambda: Ntag424.blank(NTAG_UID, os.urandom)),
    "DESFire EV3": (f"desfire:{DESFIRE_UID.hex().upper()}", lambda: Desfire.blank(DESFIRE_UID, os.urandom)),
}
LONGEST_S = 60.0

_cards: dict[str, CardApplication] = {}
"""What was written to each stays on it."""
_held: list[tuple[VirtualBadge, Thread]] = []


class RecordedCard:
    """A card that gives the answers of a card that was heard before, whatever it is asked, and computes nothing."""

    def __init__(self, answers: Sequence[bytes]) -> None:
        self._answers = answers
        self.power_on()

    def power_on(self) -> None:
        self._left = iter(self._answers)

    def answer(self, apdu: bytes) -> bytes:
        return next(self._left)


def hold(port: int, product: str, answers: Sequence[bytes] = ()) -> None:
    """Holds the card of that product to a reader, or one in its place that gives these answers."""
    credential, blank = PRODUCTS[product]
    card = RecordedCard(answers) if answers else _cards.setdefault(product, blank())
    badge, begun = VirtualBadge(port, credential, protocol=IsoDep(card)), Event()

    def present() -> None:
        begun.set()
        badge.present(LONGEST_S, LONGEST_S)

    thread = Thread(target=present, daemon=True)
    thread.start()
    begun.wait()
    _held.append((badge, thread))


def take_away() -> None:
    """Takes it away."""
    for badge, thread in _held:
        badge.close()
        thread.join()
    _held.clear()
