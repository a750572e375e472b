"""The chip's side of the host protocol (PN532 user manual, 6.2 and 7), and the card in its field.

Sans I/O: commands go in, answers come out. Timing is left out, as is all of the radio: a card is a pair of functions.
"""

from device.simulation.iso_dep import IsoDep

FIFO_DATA = 0x6339
BAUD_RATES = (9600, 19200, 38400, 57600, 115200, 230400, 460800, 921600, 1288000)
TIME_OUT = 0x01
ACK = bytes.fromhex("0000FF00FF00")
START = b"\x00\x00\xff"
SENS_REQ = 0x26
"""What stays in the chip's FIFO when nobody answered the call."""


class Chip:
    """A PN532 that was powered on. `lay` puts a card on it, `lift` takes it away."""

    def __init__(self) -> None:
        self.baud = BAUD_RATES[4]
        self.next_baud = self.baud
        self.commands = 0
        self._uid: bytes | None = None
        self._sak = 0
        self._card: IsoDep | None = None

    def lay(self, uid: bytes, sak: int = 0x20, card: IsoDep | None = None) -> None:
        """A card comes into the field; `card` is what it speaks when it is no mere UID."""
        self._uid, self._sak, self._card = uid, sak, card

    def lift(self) -> None:
        """It is taken away."""
        self._uid = self._card = None

    def acknowledged(self) -> None:
        """The host sent an ACK: a change of speed takes effect."""
        self.baud = self.next_baud

    def hear(self, heard: bytes) -> tuple[bytes, bytes]:
        """What the chip says to the whole frames in `heard`, and what is left of it."""
        said = b""
        while (start := heard.find(START)) >= 0 and len(heard) >= start + 6:
            heard = heard[start:]
            if heard.startswith(ACK):
                self.acknowledged()
                heard = heard[len(ACK) :]
                continue
            head, size = (8, int.from_bytes(heard[5:7], "big")) if heard[3:5] == b"\xff\xff" else (5, heard[3])
            if len(heard) < head + size + 2:
                break
            command, heard = heard[head + 1 : head + size], heard[head + size + 2 :]
            said += ACK + framed(bytes((command[0] + 1,)) + self.answer(command))
        return said, heard

    def answer(self, command: bytes) -> bytes:
        """The data of the response to one command (code and parameters)."""
        self.commands += 1
        code, data = command[0], command[1:]
        if code == 0x00:
            return data  # Diagnose: the line test's echo
        if code == 0x02:
            return bytes.fromhex("32010607")
        if code == 0x06:
            return bytes(self._register(data[i : i + 2]) for i in range(0, len(data), 2))
        if code == 0x10:
            self.next_baud = BAUD_RATES[data[0]]
        if code == 0x32 and data[0] == 0x01 and self._card:
            self._card.power_on()
        if code == 0x4A:
            return self._list_target(data[2:])
        if code == 0x42:
            return self._pass_on(data)
        return b"\x00" if code == 0x16 else b""

    def _register(self, address: bytes) -> int:
        return SENS_REQ if int.from_bytes(address, "big") == FIFO_DATA else 0

    def _list_target(self, wanted: bytes) -> bytes:
        if self._uid is None or (wanted and not wanted.endswith(self._uid)):
            return b"\x00"
        if self._card:
            self._card.power_on()
        sens_res = b"\x03\x44" if len(self._uid) == 7 else b"\x00\x04"
        return b"\x01\x01" + sens_res + bytes((self._sak, len(self._uid))) + self._uid

    def _pass_on(self, frame: bytes) -> bytes:
        card = self._card
        answer = card.feed(frame) if card else None
        if answer is None or self._card is not card:  # lifted over its answer
            return bytes((TIME_OUT,))
        return b"\x00" + answer


def framed(data: bytes) -> bytes:
    """A response frame, extended where it is long."""
    body = b"\xd5" + data
    if len(body) < 256:
        head = bytes((len(body), -len(body) & 0xFF))
    else:
        size = len(body).to_bytes(2, "big")
        head = b"\xff\xff" + size + bytes((-sum(size) & 0xFF,))
    return b"\x00\x00\xff" + head + body + bytes((-sum(body) & 0xFF, 0))
