"""A badge's application, open under its key 0: what enrolling, wiping and reading begin with.

A refusal ends a session, so one is opened anew where it is needed. Wrong keys move the badge's counter of failures
(after 50 in a row it makes everybody wait), so its key's version is asked first, and tells which keys are tried.
"""

from collections.abc import Sequence

from device.contract.keys import MASTER_SLOT
from device.core.badge.apdu import INTEGRITY_ERROR, Random, Transceive
from device.core.badge.authentication import authenticate_ev2
from device.core.badge.errors import Declined, Foreign, OtherUid, ReadOnly, WrongKey
from device.core.badge.keys import FACTORY, Keys
from device.core.badge.session import CardSession, card_uid, change_key, delete_application, key_version


class Master:
    """The selected application of the badge `uid`, whose key 0 is that of `held`; made by `opened`."""

    def __init__(self, transceive: Transceive, uid: bytes, held: Keys, random: Random) -> None:
        self.held = held
        self._likely = held
        self._transceive, self._uid, self._random = transceive, uid, random
        self._session: CardSession | None = None

    def session(self) -> CardSession:
        """The session there is, or a fresh one: under key 0, with the badge that showed the UID and no other.

        Raises `WrongKey` and `OtherUid`.
        """
        if self._session is None:
            session = authenticate_ev2(self._transceive, self.held.slots[MASTER_SLOT], MASTER_SLOT, self._random)
            if card_uid(self._transceive, session) != self._uid:
                raise OtherUid("the badge's real UID is another than the one it shows")
            self._session = session
        return self._session

    def write(self, slot: int, new: Keys, known: Sequence[Keys]) -> None:
        """Writes one of the slots 1 to 4 over whatever of `known` it holds, or zeros.

        A slot that refuses one old key was reached by an earlier try, or not reached by it. Raises `Foreign` where it
        holds none of them.
        """
        for old in _distinct(slot, [self._likely, self.held, new, *known, FACTORY]):
            try:
                change_key(
                    self._transceive, self.session(), slot, new.slots[slot], new.shown_version(slot), old.slots[slot]
                )
            except Declined as refusal:
                if refusal.status != INTEGRITY_ERROR:
                    raise
                self._session = None
            else:
                self._likely = old
                return
        raise Foreign(f"slot {slot} of the badge holds another key than those that are known")

    def write_master(self, new: Keys) -> None:
        """Writes key 0, and has the badge prove it: the answer to the writing bears no MAC."""
        key = new.slots[MASTER_SLOT]
        change_key(self._transceive, self.session(), MASTER_SLOT, key, new.version, self.held.slots[MASTER_SLOT])
        authenticate_ev2(self._transceive, key, MASTER_SLOT, self._random)

    def delete_application(self, name: bytes) -> bool:
        """Deletes the application; False where the card's own settings keep it."""
        session, self._session = self.session(), None
        try:
            delete_application(self._transceive, session, name)
        except (ReadOnly, WrongKey):
            return False
        return True


def opened(transceive: Transceive, uid: bytes, candidates: Sequence[Keys], random: Random) -> Master:
    """The selected application, under the key 0 of one of `candidates`; raises `Foreign` where it is none of theirs."""
    return opened_as(key_version(transceive, MASTER_SLOT), transceive, uid, candidates, random)


def opened_as(
    version: int | None, transceive: Transceive, uid: bytes, candidates: Sequence[Keys], random: Random
) -> Master:
    """The same, where the badge was asked for the version of its key 0 already."""
    for held in _likely(_distinct(MASTER_SLOT, candidates), version):
        master = Master(transceive, uid, held, random)
        try:
            master.session()
        except WrongKey:
            continue
        return master
    raise Foreign("key 0 of the badge is none of those that are known")


def _likely(candidates: Sequence[Keys], version: int | None) -> list[Keys]:
    """Those to be tried on a badge that says `version`, in their order.

    Version 0 says nothing, since many a tool writes none; and keys of zeros may have been left with any.
    """
    if not version:
        return sorted(candidates, key=lambda keys: keys.version != version)
    fitting = [keys for keys in candidates if keys.version == version]
    return fitting + [keys for keys in candidates if keys.slots[MASTER_SLOT] == FACTORY.slots[MASTER_SLOT]]


def _distinct(slot: int, sets: Sequence[Keys]) -> list[Keys]:
    """The sets in their order, each key of `slot` once."""
    first: dict[bytes, Keys] = {}
    for keys in sets:
        first.setdefault(keys.slots[slot], keys)
    return list(first.values())
