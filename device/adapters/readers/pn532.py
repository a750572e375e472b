"""Opening a PN532 on a serial port, also after a crash.

nfcpy raises the link to 921,600 baud (an authentication then takes 7 ms on the wire instead of 58), and lowers it when
it closes. A program that was killed leaves the chip there, deaf to the 115,200 baud of the next one.
"""

import contextlib
import errno
import time
from typing import Any

import nfc.clf.pn532
from nfc.clf.transport import TTY

FAST_BAUD = 921_600
_WAKE = bytes(10)
_SLOW_DOWN = bytes.fromhex("0000FF03FDD410041800")
"""SetSerialBaudRate to 115,200 (PN532 user manual, 7.2.6), which holds once its answer was acknowledged."""
_ACK = bytes.fromhex("0000FF00FF00")
ANSWER_MS = 1_000
"""The chip answers within milliseconds; whoever opens it may be one of many programs that start at once."""
_CHANGE_S = 0.001
"""The chip's time to change over, as nfcpy has it."""


def connect(path: str) -> Any:
    """The PN532 at `tty:AMA0:pn532` and the like, the first where a path names several; OSError where there is none."""
    found = TTY.find(path)
    if not found or not found[0]:
        raise OSError(errno.ENODEV, f"no serial port for {path}")
    *others, last = found[0]
    for port in others:
        with contextlib.suppress(OSError):
            return open_port(port)
    return open_port(last)


def open_port(port: str) -> Any:
    """The PN532 on the serial port `port`, at whichever of both speeds it was left; OSError where none answers."""
    tty = TTY(port)
    try:
        device = nfc.clf.pn532.init(tty)
    except OSError:
        try:
            _slow_down(tty, port)
            device = nfc.clf.pn532.init(tty)
        except OSError:
            tty.close()
            raise
    device._path = port
    return device


def _slow_down(tty: Any, port: str) -> None:
    tty.open(port, FAST_BAUD)
    tty.write(_WAKE + _SLOW_DOWN)
    tty.read(timeout=ANSWER_MS)
    tty.read(timeout=ANSWER_MS)
    tty.write(_ACK)
    time.sleep(_CHANGE_S)
