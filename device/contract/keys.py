"""The keys of a badge that proves itself: which slot holds what, on units and server alike (NTAG 424 DNA, DESFire)."""

SLOTS = range(5)
"""The numbers of the keys that a badge has."""
MASTER_SLOT = 0
"""The key under which the others are changed."""
ADDRESS_SLOT = 1
"""The key that hides the UID in the badge's own address: one for all badges of a place."""
DOOR_SLOT = 2
"""The key that doors ask a badge to prove."""
MIRROR_SLOT = 3
"""The key that signs the badge's own address."""
TRAVEL_SLOT = 4
"""The key that doors of other places ask for."""
UID_SIZES = (4, 7, 10)
"""Bytes of a UID (ISO 14443-3)."""
