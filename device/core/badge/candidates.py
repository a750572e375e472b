"""What a door lets one badge prove: a key, and where its keys are being changed, the other one as well."""

from collections.abc import Callable
from typing import NamedTuple

from device.contract.keys import DOOR_SLOT


class DoorKey(NamedTuple):
    """A key and its version; None where the list tells none, as those of former servers do."""

    key: bytes
    version: int | None = None

    def __repr__(self) -> str:
        """Without the key, as `Keys`."""
        return f"DoorKey(version={self.version})"


class Candidates(NamedTuple):
    """The keys that a badge of `scheme` may prove in `slot`, the likeliest first; without any it can prove nothing."""

    scheme: str
    keys: tuple[DoorKey, ...]
    slot: int = DOOR_SLOT


Keyring = Callable[[str], Candidates | None]
"""What the badge with this UID must prove; None where it was not enrolled with keys."""
