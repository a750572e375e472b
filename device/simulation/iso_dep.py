"""The card's side of ISO/IEC 14443-4: RATS, PPS, and blocks with their numbers, chaining and repetition.

Sans I/O: a frame goes in, the frame to answer with comes out, or None where a card keeps silent. The rules named are
those of ISO/IEC 14443-4, 7.5.5.
"""

from device.simulation.cards import CardApplication

NTAG424_ATS = bytes.fromhex("067777710280")
"""Frames of 128 bytes (FSCI 7), and 39 ms to answer (FWI 7)."""
FRAME_SIZES = (16, 24, 32, 40, 48, 64, 96, 128, 256)
BLOCK_OVERHEAD = 3
"""One byte of protocol control, two of checksum, which UDP leaves out."""

WTX_REQUEST = b"\xf2\x01"


class IsoDep:
    """One card in the field. `waits`: so many times it asks for more time before each answer."""

    def __init__(self, card: CardApplication, ats: bytes = NTAG424_ATS, waits: int = 0) -> None:
        self._card = card
        self._ats = ats
        self._waits = waits
        self.power_on()

    def power_on(self) -> None:
        """It came into the field anew."""
        self.active = False
        self._card.power_on()
        self._number = 1  # rule C: a card starts at 1
        self._piece = FRAME_SIZES[0] - BLOCK_OVERHEAD
        self._command = b""
        self._answer = b""
        self._asked = 0
        self._last: bytes | None = None

    def feed(self, frame: bytes) -> bytes | None:
        """The answer to one frame."""
        if not self.active:
            return self._activate(frame) if len(frame) == 2 and frame[0] == 0xE0 else None
        control = frame[0]
        if control & 0xEE == 0x02:
            return self._take(frame)
        if control & 0xEE == 0xA2:
            return self._acknowledged(control)
        if control & 0xF7 == 0xC2:
            self.active = False
            self._card.power_on()
            return frame
        if control & 0xF7 == 0xF2:
            return self._work() if self._asked else None
        if control & 0xF0 == 0xD0:
            return frame[:1]
        return None

    def _activate(self, rats: bytes) -> bytes:
        self.active = True
        self._piece = FRAME_SIZES[min(rats[1] >> 4, 8)] - BLOCK_OVERHEAD
        return self._ats

    def _take(self, block: bytes) -> bytes:
        self._number ^= 1  # rule D: toggles with each I-block, whatever its number
        self._command += block[1:]
        if block[0] & 0x10:
            return self._keep(bytes((0xA2 | self._number,)))
        return self._work()

    def _work(self) -> bytes:
        if self._asked < self._waits:
            self._asked += 1
            return self._keep(WTX_REQUEST)
        self._asked = 0
        command, self._command = self._command, b""
        self._answer = self._card.answer(command)
        return self._next_piece()

    def _acknowledged(self, control: int) -> bytes | None:
        if control & 1 == self._number:
            return self._last  # rule 11: the last block again
        if control & 0x10:
            return bytes((0xA2 | self._number,))  # rule 12: also how a reader asks whether the card is there
        if not self._answer:
            return None
        self._number ^= 1  # rule E
        return self._next_piece()

    def _next_piece(self) -> bytes:
        piece, self._answer = self._answer[: self._piece], self._answer[self._piece :]
        return self._keep(bytes((0x02 | (0x10 if self._answer else 0) | self._number,)) + piece)

    def _keep(self, block: bytes) -> bytes:
        self._last = block
        return block
