"""The keys of one badge, slot by slot."""

from collections.abc import Sequence
from typing import NamedTuple

from device.contract.keys import SLOTS


class Keys(NamedTuple):
    """What the five slots of a badge hold, and the version byte that tells one rotation from the next."""

    slots: Sequence[bytes]
    version: int

    def __repr__(self) -> str:
        """Without the keys: what holds some is printed in a traceback or a log sooner or later."""
        return f"Keys(version={self.version})"


FACTORY = Keys([bytes(16)] * len(SLOTS), 0)
"""As a badge leaves its maker."""
