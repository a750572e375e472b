"""A badge is pulled away from a lent reader before and after every exchange, through nfcpy: finished, or made blank.

Here at a moment of each kind; `make faults` tries them all (`TEARS` says how many, `SEED` which).
"""

import os
import random
from functools import partial
from itertools import product

import pytest

from device.adapters.readers.pn532 import open_port
from device.contract.keys import DOOR_SLOT
from device.core.badge.enrolment import enrol
from device.core.badge.errors import BadgeGone
from device.core.badge.identification import identify
from device.core.badge.keys import FACTORY, Keys
from device.core.badge.reading import read
from device.core.badge.wiping import wipe
from tests.device.adapters.readers.held_badge import ChipField, HeldBadge, UdpField
from tests.device.core.badge.tapping import (
    ADDRESS,
    BLANKS,
    MAKER,
    NEW,
    ROTATED,
    UID,
    counted,
    drawn,
    enrolled,
    holds,
    is_blank,
    prove,
)
from tests.pn532 import Chip, SerialPort

TEARS = int(os.environ.get("TEARS", "1"))
SEED = os.environ.get("SEED") or "1"
ISO_DEP = 0x20

KNOWN: dict[str, tuple[Keys, ...]] = {"enrol": (NEW, FACTORY), "re-key": (ROTATED, NEW), "wipe": (FACTORY, NEW)}
"""What a badge may hold, slot by slot, after a tear of that."""


@pytest.fixture(params=["udp", "pn532"])
def held_badge(request, reader_at, heard, port, tmp_path):
    """Whoever speaks to badges over that wire."""
    if request.param == "udp":
        field = UdpField(port)
        yield HeldBadge(reader_at(f"udp:127.0.0.1:{port}"), heard, field, UID)
        field.take()
        return
    serial_port = SerialPort(tmp_path / "ttyUSB0", Chip())
    serial_port.plug()
    reader = reader_at(str(serial_port.path), connect=open_port)
    yield HeldBadge(reader, heard, ChipField(serial_port.chip), UID)
    reader.stop()
    serial_port.unplug()


def prepared(kind, act):
    """A badge as it is before that is done to it."""
    card = BLANKS[kind]() if act == "enrol" else enrolled(BLANKS[kind](), kind)
    card.power_on()
    return card


def carry_out(transceive, act, known):
    """Enrols with NEW, gives ROTATED, or wipes the badge that is held."""
    product = identify(transceive, UID, ISO_DEP)
    if act == "wipe":
        wipe(transceive, UID, product, known, drawn("desk"))
        return
    address = ADDRESS if product.scheme == "ntag424" else b""
    new = NEW if act == "enrol" else ROTATED
    enrol(transceive, UID, product, new, known, drawn("desk"), address=address, makers=[MAKER])


def carry_through(held_badge, card, exchange):
    """Holds the badge there until it is done: on a busy machine it may be called anew, though nobody took it away."""
    held_badge.hold(card)
    while True:
        try:
            return exchange(held_badge.transceive)
        except BadgeGone:
            held_badge.await_it()


def proved(transceive):
    """The keys that a badge proves to a desk, and to a door."""
    product = identify(transceive, UID, ISO_DEP)
    held = read(transceive, UID, product, [FACTORY, NEW, ROTATED], drawn("desk"), [MAKER]).held
    assert held is not None
    prove(product.scheme, transceive, [held.slots[DOOR_SLOT]], DOOR_SLOT, drawn("door"))
    return held


def moments(kind, act, name):
    """Some of all, in their order: before and after each exchange, and what is done to the badge then."""
    card = prepared(kind, act)
    exchanges = counted(card, lambda through: carry_out(through, act, KNOWN[act][1:]))
    every = list(product(range(exchanges), (False, True), (act, "enrol" if act == "wipe" else "wipe")))
    return sorted(random.Random(f"{SEED} {name}").sample(every, min(TEARS, len(every))))


@pytest.mark.faults
@pytest.mark.parametrize("act", KNOWN)
@pytest.mark.parametrize("kind", BLANKS)
def test_pulled_away_at_any_exchange_a_badge_is_finished_or_wiped(held_badge, kind, act, request):
    """After a torn wiping it is given out again instead."""
    for at, arrived, then in moments(kind, act, request.node.name):
        moment, card = (SEED, at, arrived, then), prepared(kind, act)
        held_badge.tear(card, at, arrived=arrived)
        with pytest.raises(BadgeGone):
            carry_out(held_badge.transceive, act, KNOWN[act][1:])
        carry_through(held_badge, card, partial(carry_out, act=then, known=KNOWN[act]))
        if then == "wipe":
            assert is_blank(card), moment
            continue
        new = NEW if then == "enrol" else ROTATED
        assert carry_through(held_badge, card, proved) == new, moment
        assert holds(card, new), moment
