"""Blank virtual badges: their UIDs, and the signature of a maker over each."""

from collections.abc import Collection, Sequence

from device.core.badge.apdu import Random
from device.simulation.cards import FACTORY_KEYS, Desfire, Ntag424
from device.simulation.maker import signature

NTAG424, DESFIRE_EV2, DESFIRE_EV3 = "NTAG 424 DNA", "DESFire EV2", "DESFire EV3"
SIGNED_BY_NXP = {
    NTAG424: {
        # AN12196, 7.2; all others are among the samples by which proxmark3 (tools/recover_pk.py) finds public keys
        bytes.fromhex("047728824D6580"): bytes.fromhex(
            "9C7068636A285FEBA1E2406654009DCE6E8A9C9CE318BE0262ED1625"
            "19B970B32FB802858420D667D12CEBCD32BB4BC8AFE21C753A5A6C26"
        ),
        bytes.fromhex("0463474AA26A80"): bytes.fromhex(
            "27E9A50E6CA4BA9037C02F7D20A80D0284D0C1D83C67F5A5AC1D8A4E"
            "F86C9508417E4E9C6F85AA7920F0ABDED984CAF20467D66EA54BBF08"
        ),
        bytes.fromhex("04C46C222A6380"): bytes.fromhex(
            "344A806EBF704C05C19215D2F840529CE365AAD2D08A469A95896D75"
            "D477D9FAB02A0C827E9F215BD8EB0E56A3A9A008FB75D706AABBD4DA"
        ),
    },
    DESFIRE_EV2: {
        bytes.fromhex("042A41CAE45380"): bytes.fromhex(
            "B2769F8DDB575AEA2A680ADCA8FFED4FAB81A1E9908E2B82FE0FABB6"
            "97BBD9B23835C416970E75768F12902ACA491349E94E6589EAF4F508"
        ),
    },
    DESFIRE_EV3: {
        bytes.fromhex("04448BD2DB6B80"): bytes.fromhex(
            "5CBB5632795C8F15263FEFB095B51C7B541AFD914A1AE44EF6FB8AF6"
            "05EDF13DBFEE6C3A2DB372245E671DFE0D42CB1F0D0B8FE67A89D2F6"
        ),
        bytes.fromhex("04445DD2DB6B80"): bytes.fromhex(
            "166BFD9F9BFAA451172566101580DF9894F582C4A4E258C15037AD2F"
            "35A475CF1D7FB817618623A6569F991931AFB2766984E21A18512A6D"
        ),
    },
}
"""Real badges' signatures that were published, by product and UID: by these alone a virtual one passes for genuine."""
NXP = b"\x04"
"""With which NXP's UIDs of seven bytes begin."""
CASCADE_TAG = b"\x88"
RANDOM_UID = b"\x08"
"""With which a UID of four bytes begins that is made anew each time (ISO/IEC 14443-3, 6.5.4)."""


def blank_ntag424(random: Random, taken: Collection[bytes] = ()) -> Ntag424:
    """An NTAG 424 DNA as it leaves its maker, with a UID that is not among `taken`.

    The first few are NXP's own, and pass for genuine; all others are signed by the maker of virtual badges.
    """
    return signed_ntag424(_blank_uid(NTAG424, random, taken), FACTORY_KEYS, random)


def signed_ntag424(uid: bytes, keys: Sequence[bytes], random: Random) -> Ntag424:
    """The NTAG 424 DNA of that UID, signed by NXP where that signature was published."""
    return Ntag424(uid, keys, random, signature=_signature(NTAG424, uid))


def blank_desfire(random: Random, taken: Collection[bytes] = ()) -> Desfire:
    """A DESFire EV3 as it leaves its maker, with a UID that is not among `taken`, and signed like those."""
    uid = _blank_uid(DESFIRE_EV3, random, taken)
    return Desfire.blank(uid, random, DESFIRE_EV3, signed=_signature(DESFIRE_EV3, uid))


def signed_desfire(uid: bytes, keys: Sequence[bytes], random: Random) -> Desfire:
    """The DESFire EV2 of that UID, signed by NXP where that signature was published."""
    return Desfire(uid, keys, random, signature=_signature(DESFIRE_EV2, uid))


def _blank_uid(product: str, random: Random, taken: Collection[bytes]) -> bytes:
    left = [uid for uid in SIGNED_BY_NXP[product] if uid not in taken]
    return left[random(1)[0] % len(left)] if left else new_uid(random, taken)


def _signature(product: str, uid: bytes) -> bytes:
    return SIGNED_BY_NXP[product].get(uid) or signature(uid)


def new_uid(random: Random, taken: Collection[bytes] = ()) -> bytes:
    """Seven bytes, as NXP numbers its badges, and none of `taken`."""
    while True:
        uid = NXP + random(6)
        if uid not in taken and uid[3:4] != CASCADE_TAG:
            return uid


def telephone_uid(random: Random) -> bytes:
    """The UID that a telephone makes up each time it is called."""
    return RANDOM_UID + random(3)
