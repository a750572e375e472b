"""A badge at a lent reader that can be pulled away, and whoever speaks to it: what the server is, without a broker."""

import threading
from collections.abc import Callable
from itertools import count
from typing import Any, Protocol

from device.adapters.readers import NfcReader
from device.core.badge.errors import BadgeGone
from device.core.badge.loan import BadgeAnswered, BadgeHeld, BadgeLeft, PassOn, ReaderWord
from device.simulation.cards import CardApplication
from device.simulation.iso_dep import IsoDep
from device.simulation.virtual_badge import VirtualBadge
from tests.patience import PATIENCE_S
from tests.pn532 import Chip

SESSION = "c4f10a2b3c4d5e6f"


class Field(Protocol):
    """The field of a reader."""

    def put(self, uid: bytes, protocol: IsoDep) -> None:
        """A badge comes into it, in place of whatever was there."""

    def take(self) -> None:
        """It leaves, also in the middle of an answer."""


class UdpField:
    """That of nfcpy's UDP device on `port`."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._badge: VirtualBadge | None = None

    def put(self, uid: bytes, protocol: IsoDep) -> None:
        """On a thread of its own."""
        self.take()
        self._badge = VirtualBadge(self._port, f"uid:{uid.hex().upper()}", protocol=protocol, sak=0x20)
        threading.Thread(target=self._badge.present, args=(10 * PATIENCE_S, PATIENCE_S)).start()

    def take(self) -> None:
        """The port is free for the next one then, but where the badge itself calls this."""
        if self._badge is not None:
            self._badge.close()


class ChipField:
    """That of an emulated PN532."""

    def __init__(self, chip: Chip) -> None:
        self._chip = chip

    def put(self, uid: bytes, protocol: IsoDep) -> None:
        """Onto the chip."""
        self._chip.lay(uid, card=protocol)

    def take(self) -> None:
        """Off the chip."""
        self._chip.lift()


class PulledAway:
    """A card that leaves at its exchange number `at`: before it hears of that, or `arrived`, and its answer is lost."""

    def __init__(self, card: CardApplication, leave: Callable[[], None], at: int, *, arrived: bool) -> None:
        self._card, self._leave = card, leave
        self._left, self._arrived = at, arrived

    def power_on(self) -> None:
        """It came into the field."""
        self._card.power_on()

    def answer(self, apdu: bytes) -> bytes:
        """What the card says, as long as it is there."""
        self._left -= 1
        if self._left >= 0:
            return self._card.answer(apdu)
        if self._arrived:
            self._card.answer(apdu)
        self._leave()
        return b""


class HeldBadge:
    """Speaks to the badge that is held to `reader`, whose words are `heard`; `uid` is what it shows."""

    def __init__(self, reader: NfcReader, heard: Any, field: Field, uid: bytes) -> None:
        self._reader, self._heard, self._field, self._uid = reader, heard, field, uid
        self._numbers = count(1)
        self._hold = 0
        reader.lend(SESSION)

    def hold(self, card: CardApplication) -> None:
        """Holds a badge to the reader until another comes, or it leaves by itself."""
        self._field.put(self._uid, IsoDep(card))
        self.await_it()

    def tear(self, card: CardApplication, at: int, *, arrived: bool) -> None:
        """Holds one to it that leaves at its exchange number `at`."""
        self.hold(PulledAway(card, self._field.take, at, arrived=arrived))

    def await_it(self) -> None:
        """Until the reader reports a badge that speaks."""
        while not (isinstance(told := self._told(), BadgeHeld) and told.ats):
            pass
        self._hold = told.hold

    def transceive(self, apdu: bytes) -> bytes:
        """As the server's: one APDU and its answer; raises `BadgeGone`, also where the reader itself was lost."""
        n = next(self._numbers)
        self._reader.pass_on(PassOn(self._hold, n, (apdu,)))
        while True:
            match self._told():
                case BadgeAnswered(n=answered, gone=False, got=(answer,)) if answered == n:
                    return answer
                case BadgeAnswered(n=answered) if answered == n:
                    raise BadgeGone("it was pulled away")
                case BadgeLeft(hold) if hold == self._hold:
                    raise BadgeGone("it left")

    def _told(self) -> ReaderWord | None:
        """The next word of the loan; None for what the reader says of itself."""
        kind, value = self._heard.any()
        return value if kind == "loan" else None
