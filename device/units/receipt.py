"""The receipt of the last tap: the server answers a granted badge, and the ring shows what will be left."""

from device.contract.messages import Receipt
from device.core.lights.door_ring import Picture
from device.door_panel import DoorPanel
from device.journal.journal import EventId
from device.ports import Moment

WITHIN_S = 5
"""The contract: a receipt later than this after its tap is not shown."""


class AwaitedReceipt:
    """Remembers the last granted tap; somebody else's receipt, or a late one, is not shown."""

    def __init__(self) -> None:
        self._tap: EventId | None = None
        self._tapped_s = 0.0

    def tapped(self, tap: EventId, now_s: float) -> None:
        """A badge was granted."""
        self._tap, self._tapped_s = tap, now_s

    def show(self, receipt: Receipt, panel: DoorPanel, moment: Moment) -> None:
        """Shows the receipt if it is the one awaited."""
        if self._tap == (receipt.epoch, receipt.seq) and moment.now_s - self._tapped_s <= WITHIN_S:
            panel.answer(Picture.RECEIPT, moment.now_s, receipt)
