"""A virtual DESFire EV2, EV3 or EV1 (MF3D(H)x3): its PICC level and applications with keys, without files.

`picc_settings` and an application's settings are the bytes of the data sheet: bit 0 its master key may be changed,
bit 1 lists are free, bit 2 creating and deleting is free, bits 4 to 7 which key changes the others (0 the master, F
none). The key of the PICC level is the maker's (DES) or somebody's own: nobody proves it to this card.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from device.core.badge.apdu import DESFIRE_APPLICATION, Random
from device.simulation.card_status import (
    AUTHENTICATION,
    DUPLICATE,
    FULL,
    ILLEGAL,
    LENGTH,
    NO_APPLICATION,
    NOT_ALLOWED,
    OK,
    PARAMETER,
    UNKNOWN_COMMAND_ISO,
    CardDeclines,
)
from device.simulation.key_set import KeySet
from device.simulation.maker import signature
from device.simulation.secure_card import Command, SecureCard, required
from device.simulation.secure_channel import EV1_AES, EV2_FIRST

PICC = bytes(3)
FACTORY_PICC_SETTINGS = 0x0F
OWN_SETTINGS = 0x0B
"""Of an application that a card is made with: the master key changes the others."""
AES_KEYS = 0x80
"""The bit beside the number of an application's keys."""
MEMORY = 2304
"""Free bytes of a new card of 2 KiB."""
BYTES_EACH = 192
"""Of memory that an application with five keys takes, about; deleting it gives none back."""
MOST_KEYS = 14
FREE_LISTS, FREE_CHANGES = 0x02, 0x04
MASTER_CHANGES = 0x01
FROZEN = 0xF

HARDWARE = {
    "DESFire EV1": bytes.fromhex("04010101001605"),
    "DESFire EV2": bytes.fromhex("04010112001605"),
    "DESFire EV3": bytes.fromhex("04010133001605"),
}
"""The first frame of GetVersion of the cards of 2 KiB."""


@dataclass
class HeldApplication:
    """One application: its key settings and its keys."""

    settings: int
    key_set: KeySet

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> "HeldApplication":
        """The application that said `state`."""
        return cls(state["settings"], KeySet.from_state(state["keys"]))

    def state(self) -> dict[str, Any]:
        """All of it in JSON's values."""
        return {"settings": self.settings, "keys": self.key_set.state()}


class Desfire(SecureCard):
    """One card with the application of the house under `keys`; `blank` makes one without.

    `ev1`: the older one, which knows AuthenticateAES alone. `delays`: of the house's application.
    """

    SOFTWARE: ClassVar[bytes] = bytes.fromhex("04010112001605")
    KNOWS_NATIVE_FRAMES: ClassVar[bool] = True

    def __init__(
        self,
        uid: bytes,
        keys: Sequence[bytes],
        random: Random,
        *,
        signature: bytes = bytes(56),
        ev1: bool = False,
        delays: int = 0,
    ) -> None:
        self.product = "DESFire EV1" if ev1 else "DESFire EV2"
        self.picc_settings = FACTORY_PICC_SETTINGS
        self.memory = MEMORY
        self.applications = {DESFIRE_APPLICATION: HeldApplication(OWN_SETTINGS, KeySet(keys, delays))}
        super().__init__(uid, random, signature)
        self._commands |= {
            EV1_AES: lambda data: self._authenticate(EV1_AES, data),
            0x45: self._key_settings,
            0x5A: self._select,
            0x6A: self._application_list,
            0x6E: self._free_memory,
            0xCA: self._create,
            0xDA: self._delete,
        }

    @classmethod
    def blank(
        cls, uid: bytes, random: Random, product: str = "DESFire EV3", *, signed: bytes | None = None
    ) -> "Desfire":
        """As it leaves its maker: without applications, which everybody may create. `signed`: the maker's signature
        where that is not the maker of virtual badges.
        """
        made = cls(uid, [], random, signature=signed or signature(uid))
        made.product = product
        made.applications.clear()
        return made

    @classmethod
    def from_state(cls, state: Mapping[str, Any], random: Random) -> "Desfire":
        """The card that said `state`, put into the field anew."""
        made = cls(bytes.fromhex(state["uid"]), [], random, signature=bytes.fromhex(state["signature"]))
        made.product = state["product"]
        made.applications.clear()
        made.picc_settings, made.memory = state["picc_settings"], state["memory"]
        for name, each in state["applications"].items():
            made.applications[bytes.fromhex(name)] = HeldApplication.from_state(each)
        return made

    def state(self) -> dict[str, Any]:
        """What the card holds without a field, in JSON's values; bytes in hex."""
        return {
            "kind": "desfire",
            "product": self.product,
            "uid": self.uid.hex(),
            "signature": self.signature.hex(),
            "picc_settings": self.picc_settings,
            "memory": self.memory,
            "applications": {name.hex(): each.state() for name, each in self.applications.items()},
        }

    @property
    def hardware(self) -> bytes:
        """The first frame of GetVersion."""
        return HARDWARE[self.product]

    @property
    def keys(self) -> list[bytes]:
        """The keys of the house's application; KeyError where there is none."""
        return self.applications[DESFIRE_APPLICATION].key_set.keys

    @property
    def versions(self) -> list[int]:
        """Their version bytes."""
        return self.applications[DESFIRE_APPLICATION].key_set.versions

    def _deselect(self) -> None:
        """The PICC level is selected then."""
        super()._deselect()
        self._application: bytes = PICC

    def _iso(self, apdu: bytes) -> bytes:
        raise CardDeclines(UNKNOWN_COMMAND_ISO)

    def _command(self, instruction: int) -> Command | None:
        is_newer = instruction in (EV2_FIRST, 0x3C, 0x51, 0xC4, 0xDA)
        return None if self.product == "DESFire EV1" and is_newer else super()._command(instruction)

    def _selected_keys(self) -> KeySet:
        if self._application not in self.applications:
            raise CardDeclines(AUTHENTICATION)  # the PICC level has a key of another cipher
        return self.applications[self._application].key_set

    def _may_change(self, slot: int) -> bool:
        settings = self.applications[self._application].settings
        if slot == 0:
            return bool(settings & MASTER_CHANGES) and self.channel.slot == 0
        changer = settings >> 4
        return changer != FROZEN and self.channel.slot == changer

    def _select(self, name: bytes) -> bytes:
        self.channel.reset()
        if len(name) != len(PICC):
            raise CardDeclines(LENGTH)
        if name != PICC and name not in self.applications:
            raise CardDeclines(NO_APPLICATION)
        self._application = name
        return OK

    def _key_settings(self, data: bytes) -> bytes:
        if self._application == PICC:
            return self._told(0x45, data, bytes((self.picc_settings, 1)))
        application = self.applications[self._application]
        required(bool(application.settings & FREE_LISTS) or self.channel.slot == 0, self.channel.slot is not None)
        number = len(application.key_set.keys) | AES_KEYS
        return self._told(0x45, data, bytes((application.settings, number)))

    def _application_list(self, data: bytes) -> bytes:
        self._demand_picc(bool(self.picc_settings & FREE_LISTS))
        return self._told(0x6A, data, b"".join(self.applications))

    def _free_memory(self, data: bytes) -> bytes:
        return self._told(0x6E, data, self.memory.to_bytes(3, "little"))

    def _create(self, data: bytes) -> bytes:
        self._demand_picc(bool(self.picc_settings & FREE_CHANGES))
        if len(data) != 5:
            raise CardDeclines(LENGTH)
        name, settings, number = data[:3], data[3], data[4] & 0xF
        if name == PICC or data[4] & 0xF0 != AES_KEYS or not 1 <= number <= MOST_KEYS:
            raise CardDeclines(PARAMETER)
        if name in self.applications:
            raise CardDeclines(DUPLICATE)
        if self.memory < BYTES_EACH:
            raise CardDeclines(FULL)
        self.memory -= BYTES_EACH
        self.applications[name] = HeldApplication(settings, KeySet([bytes(16)] * number))
        return OK

    def _delete(self, data: bytes) -> bytes:
        """DeleteApplication by the application's own master key, where the PICC level lets it; it ends the session."""
        if self._application == PICC:
            raise CardDeclines(AUTHENTICATION)
        name = self.channel.verified(0xDA, data)
        if self.channel.slot != 0 or name != self._application or not self.picc_settings & FREE_CHANGES:
            raise CardDeclines(NOT_ALLOWED)
        del self.applications[name]
        self._deselect()
        return OK

    def _demand_picc(self, is_free: bool) -> None:
        if self._application != PICC:
            raise CardDeclines(ILLEGAL)
        required(is_free, is_authenticated=False)
