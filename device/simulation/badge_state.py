"""What a virtual badge is between two taps, in JSON's values, and what it shows to a reader."""

from collections.abc import Callable, Collection, Mapping
from typing import Any, Literal, NamedTuple, get_args

from device.core.badge.apdu import Random
from device.simulation.blank import blank_desfire, blank_ntag424, new_uid, telephone_uid
from device.simulation.cards import Blank, VirtualCard, card_of
from device.simulation.iso_dep import IsoDep

Kind = Literal["ntag424", "desfire", "uid", "phone"]
"""A badge with keys, a sticker that is known by its UID alone, a telephone."""
KINDS: tuple[Kind, ...] = get_args(Kind)

State = Mapping[str, Any]
"""`kind`, `uid` in hex, and of a badge with keys all that its card holds; a telephone has no UID of its own."""
Keep = Callable[[State], None]


class Shown(NamedTuple):
    """What a reader meets: the credential, what speaks ISO 14443-4 (None for a sticker), and whence new UIDs come."""

    credential: str
    protocol: IsoDep | None = None
    next_uid: Callable[[], bytes] | None = None


class KeptCard:
    """A card of which each change is kept before it answers, as in its own memory."""

    def __init__(self, card: VirtualCard, keep: Keep) -> None:
        self._card, self._keep = card, keep
        self._kept = card.state()

    def power_on(self) -> None:
        """It came into the field."""
        self._card.power_on()

    def answer(self, apdu: bytes) -> bytes:
        """What the card answers; raises what `keep` raises."""
        answer = self._card.answer(apdu)
        state = self._card.state()
        if state != self._kept:
            self._keep(state)
            self._kept = state
        return answer


def blank(kind: Kind, random: Random, taken: Collection[bytes] = ()) -> State:
    """One as it leaves its maker, with a UID that is not among `taken`."""
    match kind:
        case "ntag424":
            return blank_ntag424(random, taken).state()
        case "desfire":
            return blank_desfire(random, taken).state()
        case "uid":
            return {"kind": kind, "uid": new_uid(random, taken).hex()}
        case "phone":
            return {"kind": kind}


def shown(state: State, random: Random, keep: Keep = lambda state: None) -> Shown:
    """What the badge of `state` shows, its changes going to `keep`.

    Raises KeyError, ValueError, TypeError or AttributeError for what is no such thing.
    """
    kind = state["kind"]
    if kind == "phone":
        return Shown(_credential("uid", telephone_uid(random)), IsoDep(Blank()), lambda: telephone_uid(random))
    if kind == "uid":
        return Shown(_credential(kind, bytes.fromhex(state["uid"])))
    card = card_of(state, random)
    scheme = "desfire" if kind.startswith("desfire") else kind
    return Shown(_credential(scheme, card.uid), IsoDep(KeptCard(card, keep)))


def _credential(scheme: str, uid: bytes) -> str:
    return f"{scheme}:{uid.hex().upper()}"
