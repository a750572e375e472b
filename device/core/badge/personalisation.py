"""Enrolment: the keys of a place are written to an NTAG 424 DNA.

Keys 1 to 4 first, key 0 last: so a badge pulled away in between still opens with the old key 0, and holding it to the
reader again goes on where it stopped.
"""

from typing import NamedTuple

from device.contract.keys import MASTER_SLOT, SLOTS
from device.core.badge.apdu import INTEGRITY_ERROR, Random, Transceive, select_ntag424
from device.core.badge.authentication import authenticate_ev2
from device.core.badge.errors import Declined, NotAuthentic, WrongKey
from device.core.badge.keys import FACTORY, Keys
from device.core.badge.originality import NXP_PUBLIC_KEY, check_original
from device.core.badge.session import CardSession, card_uid, change_key


def personalise(
    transceive: Transceive,
    uid: bytes,
    new: Keys,
    random: Random,
    old: Keys = FACTORY,
    maker: bytes = NXP_PUBLIC_KEY,
) -> None:
    """Writes `new` over `old` on the badge that showed `uid`; may be repeated until it returns.

    Raises `NotAuthentic` for a copy, a badge under other keys, or one whose real UID is another.
    """
    select_ntag424(transceive)
    check_original(transceive, uid, maker)
    enrolment = _Enrolment(transceive, uid, random, _present_master(transceive, new, old, random))
    session = enrolment.session()
    for slot in SLOTS[1:]:
        session = enrolment.write(session, slot, new, old)
    change_key(transceive, session, MASTER_SLOT, new.slots[MASTER_SLOT], new.version, enrolment.master)
    authenticate_ev2(transceive, new.slots[MASTER_SLOT], MASTER_SLOT, random)


def _present_master(transceive: Transceive, new: Keys, old: Keys, random: Random) -> bytes:
    """The key 0 that the badge holds now: the new one where an earlier enrolment got to its end."""
    try:
        authenticate_ev2(transceive, new.slots[MASTER_SLOT], MASTER_SLOT, random)
    except WrongKey:
        return old.slots[MASTER_SLOT]
    return new.slots[MASTER_SLOT]


class _Enrolment(NamedTuple):
    transceive: Transceive
    uid: bytes
    random: Random
    master: bytes

    def session(self) -> CardSession:
        """A fresh session under the badge's key 0, with the badge that showed the UID and no other."""
        session = authenticate_ev2(self.transceive, self.master, MASTER_SLOT, self.random)
        if card_uid(self.transceive, session) != self.uid:
            raise NotAuthentic("the badge's real UID is another than the one it shows")
        return session

    def write(self, session: CardSession, slot: int, new: Keys, old: Keys) -> CardSession:
        """Writes one slot; a slot that refuses the old key was reached by an earlier try, and holds the new one."""
        try:
            change_key(self.transceive, session, slot, new.slots[slot], new.version, old.slots[slot])
        except Declined as refusal:
            if refusal.status != INTEGRITY_ERROR:
                raise
            session = self.session()  # a refusal ends the session
            change_key(self.transceive, session, slot, new.slots[slot], new.version, new.slots[slot])
        return session
