"""Blank virtual badges: their UIDs, and for an NTAG 424 DNA the signature of a maker over it."""

from collections.abc import Collection, Sequence

from device.core.badge.apdu import Random
from device.simulation.cards import FACTORY_KEYS, Desfire, Ntag424
from device.simulation.maker import signature

SIGNED_BY_NXP = {
    bytes.fromhex(uid): bytes.fromhex(signed)
    for uid, signed in (
        (  # AN12196, 7.2
            "047728824D6580",
            (
                "9C7068636A285FEBA1E2406654009DCE6E8A9C9CE318BE0262ED1625"
                "19B970B32FB802858420D667D12CEBCD32BB4BC8AFE21C753A5A6C26"
            ),
        ),
        (  # these two: among the samples by which proxmark3 (tools/recover_pk.py) finds makers' public keys
            "0463474AA26A80",
            (
                "27E9A50E6CA4BA9037C02F7D20A80D0284D0C1D83C67F5A5AC1D8A4E"
                "F86C9508417E4E9C6F85AA7920F0ABDED984CAF20467D66EA54BBF08"
            ),
        ),
        (
            "04C46C222A6380",
            (
                "344A806EBF704C05C19215D2F840529CE365AAD2D08A469A95896D75"
                "D477D9FAB02A0C827E9F215BD8EB0E56A3A9A008FB75D706AABBD4DA"
            ),
        ),
    )
}
"""The UIDs of real badges whose signatures were published: by these alone a virtual one passes for genuine."""
NXP = b"\x04"
"""With which NXP's UIDs of seven bytes begin."""
CASCADE_TAG = b"\x88"
RANDOM_UID = b"\x08"
"""With which a UID of four bytes begins that is made anew each time (ISO/IEC 14443-3, 6.5.4)."""


def blank_ntag424(random: Random, taken: Collection[bytes] = ()) -> Ntag424:
    """An NTAG 424 DNA as it leaves its maker, with a UID that is not among `taken`.

    The first few are NXP's own, and pass for genuine; all others are signed by the maker of virtual badges.
    """
    left = [uid for uid in SIGNED_BY_NXP if uid not in taken]
    return signed_ntag424(left[random(1)[0] % len(left)] if left else new_uid(random, taken), FACTORY_KEYS, random)


def signed_ntag424(uid: bytes, keys: Sequence[bytes], random: Random) -> Ntag424:
    """The NTAG 424 DNA of that UID, signed by NXP where that signature was published."""
    return Ntag424(uid, keys, random, signature=SIGNED_BY_NXP.get(uid) or signature(uid))


def blank_desfire(random: Random, taken: Collection[bytes] = ()) -> Desfire:
    """A DESFire EV3 as it leaves its maker, with a UID that is not among `taken`."""
    return Desfire.blank(new_uid(random, taken), random)


def new_uid(random: Random, taken: Collection[bytes] = ()) -> bytes:
    """Seven bytes, as NXP numbers its badges, and none of `taken`."""
    while True:
        uid = NXP + random(6)
        if uid not in taken and uid[3:4] != CASCADE_TAG:
            return uid


def telephone_uid(random: Random) -> bytes:
    """The UID that a telephone makes up each time it is called."""
    return RANDOM_UID + random(3)
