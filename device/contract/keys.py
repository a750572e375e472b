"""The keys of a badge that proves itself: which slot holds what, on units and server alike (NTAG 424 DNA, DESFire)."""

SLOTS = range(5)
"""The numbers of the keys that a badge has."""
MASTER_SLOT = 0
"""The key under which the others are changed."""
DOOR_SLOT = 2
"""The key that doors ask a badge to prove."""
UID_SIZES = (4, 7, 10)
"""Bytes of a UID (ISO 14443-3)."""
