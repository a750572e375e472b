"""Badge readers: nfcpy behind one class, with its UDP device for readers without hardware."""

from device.adapters.readers.nfc_reader import NfcReader
from device.adapters.readers.udp import Cable

__all__ = ["Cable", "NfcReader"]
