"""A virtual DESFire Light (MF2DLHX0): one application under a name of its own, as far as its keys go."""

from collections.abc import Mapping
from typing import Any, ClassVar

from device.core.badge.apdu import DESFIRE_LIGHT_APPLICATION, Random
from device.simulation.card_status import ILLEGAL, NOT_FOUND_ISO, OK_ISO, UNKNOWN_COMMAND_ISO, CardDeclines
from device.simulation.key_set import KeySet
from device.simulation.maker import signature
from device.simulation.secure_card import SecureCard

HARDWARE = bytes.fromhex("04080130001305")
"""The first frame of GetVersion."""


class DesfireLight(SecureCard):
    """One card; SelectApplication is unknown to it, and so are native frames."""

    SOFTWARE: ClassVar[bytes] = bytes.fromhex("04080101001305")

    def __init__(self, uid: bytes, random: Random, *, signature: bytes) -> None:
        self.key_set = KeySet([bytes(16)] * 5)
        super().__init__(uid, random, signature)

    @classmethod
    def blank(cls, uid: bytes, random: Random) -> "DesfireLight":
        """As it leaves its maker: signed, and keys of zeros."""
        return cls(uid, random, signature=signature(uid))

    @classmethod
    def from_state(cls, state: Mapping[str, Any], random: Random) -> "DesfireLight":
        """The card that said `state`, put into the field anew."""
        made = cls(bytes.fromhex(state["uid"]), random, signature=bytes.fromhex(state["signature"]))
        made.key_set = KeySet.from_state(state["keys"])
        return made

    def state(self) -> dict[str, Any]:
        """What the card holds without a field, in JSON's values; bytes in hex."""
        return {
            "kind": "desfire-light",
            "uid": self.uid.hex(),
            "signature": self.signature.hex(),
            "keys": self.key_set.state(),
        }

    @property
    def hardware(self) -> bytes:
        """The first frame of GetVersion."""
        return HARDWARE

    @property
    def keys(self) -> list[bytes]:
        """The five keys."""
        return self.key_set.keys

    @property
    def versions(self) -> list[int]:
        """Their version bytes."""
        return self.key_set.versions

    def _deselect(self) -> None:
        super()._deselect()
        self._selected = False

    def _iso(self, apdu: bytes) -> bytes:
        if apdu[1:3] != b"\xa4\x04":
            raise CardDeclines(UNKNOWN_COMMAND_ISO)
        self._deselect()
        self._selected = apdu[5 : 5 + apdu[4]] == DESFIRE_LIGHT_APPLICATION
        if not self._selected:
            raise CardDeclines(NOT_FOUND_ISO)
        return OK_ISO

    def _selected_keys(self) -> KeySet:
        if not self._selected:
            raise CardDeclines(ILLEGAL)
        return self.key_set
