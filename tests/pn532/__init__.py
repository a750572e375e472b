"""A PN532 on a pseudo-terminal, as far as nfcpy's driver talks to one: a substitute for hardware, not a mock."""

from tests.pn532.chip import Chip
from tests.pn532.serial_port import SerialPort

__all__ = ["Chip", "SerialPort"]
