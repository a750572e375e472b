"""The answer to a granted tap: what is left to its member. With no tickets in the books yet, a friendly word."""

from device.contract.messages import Left, Receipt
from server.ingest import Tap


def friendly_receipt(tap: Tap) -> Receipt:
    """A receipt that takes nothing."""
    return Receipt(
        epoch=tap.epoch,
        seq=tap.seq,
        paid_by="free",
        left=Left(hour=0, half_day=0, day=0, golden=0, nomade=None),
        of=None,
        owed_cents=0,
        expires=None,
        greeting="À bientôt" if tap.event.side == "exit" else "Bonjour",
    )
