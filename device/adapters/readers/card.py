"""One card in a reader's field, whatever it is: nothing that it does gets past here but as an error of a badge."""

from typing import Any

import nfc.clf
import nfc.tag

from device.adapters.readers.frontend import Frontend
from device.core.badge.errors import BadgeGone, Garbled

UID_SIZES = (4, 7, 10)
ISO_DEP = 0x20
"""The bit in SAK (SEL_RES) that says that a card speaks ISO 14443-4."""
CHECK_S = 0.1
"""All the time for one presence check."""

SILENCE = (nfc.tag.TIMEOUT_ERROR, nfc.tag.RECEIVE_ERROR)
CARD_FAULTS = (
    nfc.clf.Error,
    nfc.tag.TagCommandError,
    # what nfcpy lets through when a card answers too short: ATS 01, 0208 and 032871 and one byte of WTX, for some
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
)


class Card:
    """The card that `target` describes. `uid` is in upper-case hex; `ats` is empty until it is activated."""

    def __init__(self, frontend: Frontend, target: Any, uid: str) -> None:
        self.uid = uid
        self.ats = b""
        self._frontend = frontend
        self._target = target
        self._tag: Any = None

    @classmethod
    def sensed(cls, frontend: Frontend, target: Any) -> "Card | None":
        """The card that the reader sensed; None where its UID is of no size that there is."""
        uid = _uid(target)
        return cls(frontend, target, uid.hex().upper()) if len(uid) in UID_SIZES else None

    @property
    def sak(self) -> int:
        """What it said when it was selected; a type 1 tag is not, and says nothing: 0."""
        return int(self._target.sel_res[0]) if self._target.sel_res else 0

    def allow(self, seconds: float) -> None:
        """Gives the card so long from now for all that it is asked."""
        self._frontend.allow(seconds)

    def activate(self) -> None:
        """Opens ISO-DEP. Raises `Garbled` for a card that has none or does it wrongly, `BadgeGone` for silence."""
        if not self.sak & ISO_DEP:
            raise Garbled("the card does not speak ISO 14443-4")
        try:
            self._tag = nfc.tag.activate(self._frontend, self._target)
        except CARD_FAULTS as fault:
            raise Garbled(f"activation: {fault!r}") from fault
        if self._tag is None:
            raise BadgeGone("it did not answer to its activation")
        self.ats = self._frontend.ats

    def transceive(self, apdu: bytes) -> bytes:
        """Passes one APDU to the activated card; raises `BadgeGone` or `Garbled`."""
        try:
            return bytes(self._tag.transceive(apdu))
        except nfc.clf.CommunicationError as fault:
            raise BadgeGone(repr(fault)) from fault
        except nfc.tag.TagCommandError as fault:
            raise (BadgeGone if fault.errno in SILENCE else Garbled)(str(fault)) from fault
        except CARD_FAULTS as fault:
            raise Garbled(repr(fault)) from fault

    def is_present(self) -> bool:
        """Asks an activated card for a sign of life, and calls any other by its UID."""
        self.allow(CHECK_S)
        try:
            if self._tag is not None:
                return bool(self._tag.is_present)
            found = self._frontend.sense(nfc.clf.RemoteTarget("106A", sel_req=self._target.sdd_res))
            return found is not None and _uid(found).hex().upper() == self.uid
        except CARD_FAULTS:
            self._tag = None  # what it answers as ISO-DEP is not to be built on
            return False


def _uid(target: Any) -> bytes:
    """The UID; a type 1 tag shows the four bytes of it that its answer to RID ends with."""
    return bytes(target.sdd_res or (target.rid_res or b"")[2:])
