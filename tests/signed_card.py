"""A virtual NTAG 424 DNA whose maker's signature is real: NXP published that of this one UID."""

from device.core.badge.apdu import Random
from device.simulation.cards import FACTORY_KEYS, Ntag424

SIGNED_UID = bytes.fromhex("047728824D6580")
SIGNATURE = bytes.fromhex(
    "9C7068636A285FEBA1E2406654009DCE6E8A9C9CE318BE0262ED162519B970B32FB802858420D667D12CEBCD32BB4BC8AFE21C753A5A6C26"
)
CREDENTIAL = f"ntag424:{SIGNED_UID.hex().upper()}"


def signed_card(random: Random) -> Ntag424:
    """As it left its maker."""
    return Ntag424(SIGNED_UID, list(FACTORY_KEYS), random, signature=SIGNATURE)
