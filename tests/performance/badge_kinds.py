"""The badges that the bench holds to doors: what the access list has of each kind, and what each holds itself."""

from typing import NamedTuple

from msgspec.structs import replace

from device.contract.access_list import AccessList, Grant
from device.core.badge.aes import encrypt
from device.core.badge.apdu import NTAG424_APPLICATION, wrapped
from device.simulation.virtual_badge import VirtualBadge
from tests.performance.decisions import access_list, uid

KEY, OTHER_KEY = bytes(range(16)), bytes(range(16, 32))
SLOT = 2
SELECT = b"\x00\xa4\x04\x0c" + bytes((len(NTAG424_APPLICATION),)) + NTAG424_APPLICATION + b"\x00"


class BadgeKind(NamedTuple):
    """`tried`: the keys of the list, in the door's order; `held`: the one that the badge holds, None without one."""

    name: str
    tried: tuple[bytes, ...] = ()
    held: bytes | None = None

    @property
    def frames(self) -> list[bytes]:
        """What a door says to a badge of this kind, known beforehand: both sides draw zeros."""
        if self.held is None:
            return []
        said = [SELECT]
        for key in self.tried[: self.tried.index(self.held) + 1]:
            said += [wrapped(0x71, bytes((SLOT, 0))), wrapped(0xAF, encrypt(key, bytes(32)))]
        return said

    def badge(self, port: int, nth: int, *, is_foreseen: bool = False) -> VirtualBadge:
        """Badge number `nth` of those in the list, which is to be of this kind; `is_foreseen`: it draws zeros."""
        more = {"random": bytes} if is_foreseen else {}
        return VirtualBadge(port, self._credential(nth), self.held, **more)  # type: ignore[arg-type]

    def grant(self, of: Grant, nth: int) -> Grant:
        """The grant `of` somebody whose badge, number `nth`, is of this kind."""
        keys = dict(zip(("key", "other_key"), (key.hex().upper() for key in self.tried), strict=False))
        versions = {f"{name}_version": number for number, name in enumerate(keys, start=1)}
        return replace(of, credential=self._credential(nth), **keys, **versions)

    def _credential(self, nth: int) -> str:
        return f"{'ntag424' if self.tried else 'uid'}:{uid(nth)}"


KINDS = (
    BadgeKind("known by its ID"),
    BadgeKind("that proves its key", (KEY,), KEY),
    BadgeKind("that proves the first of two keys", (KEY, OTHER_KEY), KEY),
    BadgeKind("that proves the second of two keys", (KEY, OTHER_KEY), OTHER_KEY),
)


def list_of_all_kinds(size: int) -> AccessList:
    """So many grants, of each kind in turn: number `nth` is of `KINDS[nth % len(KINDS)]`."""
    bare = access_list(size)
    return replace(bare, grants=[KINDS[nth % len(KINDS)].grant(each, nth) for nth, each in enumerate(bare.grants)])
