"""Virtual cards in the hands of the desk: keys, makers, and cards that are pulled away."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from itertools import count
from typing import Any

from device.core.badge.address import ndef_of
from device.core.badge.apdu import DESFIRE_APPLICATION, Random, Transceive
from device.core.badge.authentication import Proof
from device.core.badge.enrolment import enrol
from device.core.badge.errors import BadgeGone
from device.core.badge.identification import Product
from device.core.badge.keys import FACTORY, Keys
from device.core.badge.wiping import wipe
from device.simulation.cards import Desfire, DesfireLight, Ntag424
from device.simulation.maker import public_key

UID = bytes.fromhex("04A1B2C3D4E5F6")
MAKER = public_key()
NEW = Keys([bytes((0x10 + slot,)) * 16 for slot in range(5)], 1)
ROTATED = Keys([bytes((0x20 + slot,)) * 16 for slot in range(5)], 2)
AGAIN = Keys([*NEW.slots[:3], bytes(range(16)), NEW.slots[4]], 1)
"""Of the same site key, for another enrolment: slot 3 alone is another."""
ADDRESS = ndef_of("https://lieu.example")

NTAG424 = Product("ntag424", "NTAG 424 DNA")
EV3 = Product("desfire", "DESFire EV3")
LIGHT = Product("desfire", "DESFire Light")
PRODUCTS = {"ntag424": NTAG424, "desfire": EV3, "desfire light": LIGHT}

Card = Any


def drawn(seed: str) -> Callable[[int], bytes]:
    """Bytes that are the same in each run, and never the same twice in one."""
    numbers = count()
    return lambda size: hashlib.shake_128(f"{seed} {next(numbers)}".encode()).digest(size)


BLANKS: dict[str, Callable[[], Card]] = {
    "ntag424": lambda: Ntag424.blank(UID, drawn("badge")),
    "desfire": lambda: Desfire.blank(UID, drawn("badge")),
    "desfire light": lambda: DesfireLight.blank(UID, drawn("badge")),
}


def prove(scheme: str, transceive: Transceive, keys: Sequence[bytes], slot: int, random: Random) -> int:
    """Which of the keys the badge proved, as a door asks for them."""
    return Proof(scheme, keys, slot, random).ask(transceive)


def enrolled(card: Card, kind: str, new: Keys = NEW, held: Any = (FACTORY,), through: Any = None) -> Card:
    """The card, put on the reader anew and enrolled with the keys `new`."""
    card.power_on()
    address = ADDRESS if kind == "ntag424" else b""
    enrol(through or card.answer, UID, PRODUCTS[kind], new, held, drawn("desk"), address=address, makers=[MAKER])
    return card


def wiped(card: Card, kind: str, held: Any = (NEW, FACTORY), through: Any = None) -> Card:
    """The card, put on the reader anew and wiped."""
    card.power_on()
    wipe(through or card.answer, UID, PRODUCTS[kind], held, drawn("desk"))
    return card


def holds(card: Card, keys: Keys) -> bool:
    """Whether the card holds these keys, all with their version."""
    return (card.keys, card.versions) == (list(keys.slots), [keys.version] * 5)


def failures(card: Card) -> list[int]:
    """How often each key of the place's application was proved wrongly."""
    if isinstance(card, Desfire):
        return card.applications[DESFIRE_APPLICATION].key_set.failures_in_all
    return card.key_set.failures_in_all  # type: ignore[no-any-return]


def is_blank(card: Card) -> bool:
    """Whether it is as its maker made it, the wear of a DESFire's memory apart."""
    if isinstance(card, Desfire):
        return card.applications == {}
    blank = type(card).blank(UID, drawn("badge")).state()
    return {**card.state(), "signature": ""} == {**blank, "signature": ""}


def counted(card: Card, exchange: Callable[[Any], object]) -> int:
    """How many exchanges with the card `exchange` takes."""
    sent: list[bytes] = []

    def through(apdu: bytes) -> bytes:
        sent.append(apdu)
        return card.answer(apdu)  # type: ignore[no-any-return]

    exchange(through)
    return len(sent)


def pulled_away(card: Card, after: int, *, arrived: bool) -> Callable[[bytes], bytes]:
    """The card, gone after so many exchanges; `arrived`: it still took the next command, and its answer was lost."""
    left: Iterator[int] = iter(range(after))

    def through(apdu: bytes) -> bytes:
        if next(left, None) is None:
            if arrived:
                card.answer(apdu)
            raise BadgeGone
        return card.answer(apdu)  # type: ignore[no-any-return]

    return through
