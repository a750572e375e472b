"""Cards that do what no honest badge does, for whoever speaks to badges: doors, desks, the server behind a desk.

Those that break the framing are `IsoDep`s; those that are well framed and lie are applications for one.
"""

import random
from collections.abc import Iterable, Iterator
from itertools import chain, repeat

from device.contract.keys import DOOR_SLOT
from device.simulation.cards import FACTORY_KEYS, Blank, CardApplication, Desfire, Ntag424
from device.simulation.iso_dep import NTAG424_ATS, IsoDep

SHORT_ATS = ("01", "0208", "032871")
"""Each is one that nfcpy stumbles over."""
ODD_ATS = (
    *SHORT_ATS,
    "",
    "00",
    "05",
    "0578",
    "FF" * 40,
    "067FFFFF0280",
    "0600F70280",
    "067777E10280",
    "067777710280" * 9,
)
FWI_14 = bytes.fromhex("067777E10280")
"""Asks for 4.95 s for each answer."""
MORE_TIME = bytes.fromhex("F23B")
"""Asks for 59 times that."""


def card_with(uid: str, key: bytes, scheme: str = "ntag424") -> Ntag424 | Desfire:
    """An honest card that holds `key` in the slot of doors."""
    keys = [*FACTORY_KEYS[:DOOR_SLOT], key, *FACTORY_KEYS[DOOR_SLOT + 1 :]]
    return (Ntag424 if scheme == "ntag424" else Desfire)(bytes.fromhex(uid), keys, random.randbytes)


class Stuck(IsoDep):
    """Answers every block with the same frame, after an ATS of its own; None: with nothing."""

    def __init__(self, frame: bytes | None, ats: bytes = NTAG424_ATS) -> None:
        super().__init__(Blank(), ats)
        self._frame = frame

    def feed(self, frame: bytes) -> bytes | None:
        """The same."""
        return self._frame if self.active else super().feed(frame)


class Scripted(IsoDep):
    """Answers with these frames in their order, whatever it is asked, the ATS first; and then over again."""

    def __init__(self, frames: Iterable[bytes | None]) -> None:
        super().__init__(Blank())
        self._frames = list(frames) or [None]
        self._nth = 0

    def feed(self, frame: bytes) -> bytes | None:
        """The next one."""
        self.active = True
        self._nth += 1
        return self._frames[(self._nth - 1) % len(self._frames)]


class Babbling(IsoDep):
    """Answers anything at all."""

    def __init__(self, card: CardApplication, seed: int) -> None:
        super().__init__(card)
        self._dice = random.Random(seed)

    def feed(self, frame: bytes) -> bytes | None:
        """Noise, but for the activation, more often than not."""
        if not self.active and self._dice.random() < 0.8:
            return super().feed(frame)
        self.active = True
        return self._dice.randbytes(self._dice.choice((1, 1, 2, 3, 17, 19, 35, 250)))


class Leaving(IsoDep):
    """Honest for so many frames, its ATS among them, and out of the field from the next on for good.

    `hears`: the frame on which it leaves is still carried out, and its answer lost.
    """

    def __init__(self, card: CardApplication, frames: int, *, hears: bool = False) -> None:
        super().__init__(card)
        self._left, self._hears = frames, hears

    def feed(self, frame: bytes) -> bytes | None:
        """The answer, as long as it is there."""
        self._left -= 1
        if self._left >= 0:
            return super().feed(frame)
        if self._left == -1 and self._hears:
            super().feed(frame)
        return None


class WrongNumbers(IsoDep):
    """Honest but for the numbers of its blocks: wrong from the nth on that bears data."""

    def __init__(self, card: CardApplication, from_nth: int = 0) -> None:
        super().__init__(card)
        self._right = from_nth

    def feed(self, frame: bytes) -> bytes | None:
        """The answer under another number."""
        answer = super().feed(frame)
        if answer is None or answer[0] & 0xEE != 0x02 or not self.active:
            return answer
        self._right -= 1
        return answer if self._right >= 0 else bytes((answer[0] ^ 1,)) + answer[1:]


class Recording:
    """An honest card; `answers` is what it said, for a `Replay`."""

    def __init__(self, card: CardApplication) -> None:
        self._card = card
        self.answers: list[bytes] = []

    def power_on(self) -> None:
        """It came into the field."""
        self._card.power_on()

    def answer(self, apdu: bytes) -> bytes:
        """What the card says."""
        self.answers.append(self._card.answer(apdu))
        return self.answers[-1]


class Replay:
    """Says these answers in their order, well framed, each time that it comes into the field; `last` from then on."""

    def __init__(self, answers: Iterable[bytes], last: bytes = b"\x91\x00") -> None:
        self._answers, self._last = list(answers), last
        self.power_on()

    def power_on(self) -> None:
        """From the beginning."""
        self._to_come: Iterator[bytes] = chain(self._answers, repeat(self._last))

    def answer(self, apdu: bytes) -> bytes:
        """The next one."""
        return next(self._to_come)


def lying(card: Ntag424 | Desfire, real: str) -> Ntag424 | Desfire:
    """`card`, which says in GetVersion and in a session that it is another than the one it is shown as."""
    card.uid = bytes.fromhex(real)
    return card
