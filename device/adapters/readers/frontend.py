"""nfcpy's contactless front end, with a deadline over everything that a card may be given time for."""

import errno
import logging
import time
from collections.abc import Callable
from typing import Any

import nfc
import nfc.clf
import nfc.clf.device
import nfc.tag.tt4  # so that its logger is there to be silenced

from device.adapters.readers import pn532
from device.adapters.readers.udp import Cable

Connect = Callable[[str], Any]
"""Opens a reader by its device string and gives nfcpy's device; raises OSError where there is none."""

LONGEST_ANSWER_S = 0.3
"""For one frame. A card may ask for 4.95 s (FWI 14); those in use ask for 39 ms."""


class Overdue(nfc.clf.Error):  # type: ignore[misc]  # nfcpy has no types
    """A card that goes on answering beyond the deadline, such as one that asks for more time for ever."""


RATS = 0xE0
"""The command that asks a card for its ATS, and opens ISO 14443-4 with it."""


class Frontend(nfc.ContactlessFrontend):  # type: ignore[misc]  # nfcpy has no types
    """A reader in use. `ats` is what the last card said that was asked for one: nfcpy keeps it to itself."""

    def __init__(self, device: Any, monotonic_s: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self.device = device
        self._deadline_s = 0.0
        self._monotonic_s = monotonic_s
        self._silent = False
        self.ats = b""

    def allow(self, seconds: float) -> None:
        """Sets the deadline of all exchanges that follow: so long from now."""
        self._deadline_s = self._monotonic_s() + seconds
        self._silent = False

    def exchange(self, send_data: bytes, timeout: float) -> Any:
        """As nfcpy's, until the deadline; then raises `Overdue`, or TimeoutError where the card was silent already."""
        left_s = self._deadline_s - self._monotonic_s()
        if left_s <= 0:
            raise nfc.clf.TimeoutError("the deadline passed") if self._silent else Overdue("the deadline passed")
        self._silent = True
        answer = super().exchange(send_data, min(timeout, left_s, LONGEST_ANSWER_S))
        self._silent = False
        if send_data[0] == RATS:
            self.ats = bytes(answer)
        return answer


def connect(path: str) -> Any:
    """Opens the reader at `path`: `udp:HOST:PORT`, or nfcpy's own `tty:AMA0:pn532`, `usb:072f:2200` and so on."""
    if path.startswith("udp"):
        device = Cable().connect(path)
    else:
        device = nfc.clf.device.connect(path) if not path.endswith(":pn532") else pn532.connect(path)
    if device is None:
        raise OSError(errno.ENODEV, f"no reader at {path}")
    silence_frames()
    return device


def silence_frames() -> None:
    """Keeps nfcpy's logs above DEBUG whatever the settings of logging: there it writes every APDU.

    Its part for cards is kept mute altogether: it calls each badge that is taken away an error.
    """
    for name in list(logging.root.manager.loggerDict):
        if name == "nfc" or name.startswith("nfc."):
            logger = logging.getLogger(name)
            logger.setLevel(logging.CRITICAL if name.startswith("nfc.tag") else logging.INFO)
            if _is_told not in logger.filters:
                logger.addFilter(_is_told)


def _is_told(record: logging.LogRecord) -> bool:
    return record.levelno >= logging.INFO
