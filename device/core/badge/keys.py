"""The keys of one badge, slot by slot."""

from collections.abc import Sequence
from typing import NamedTuple

from device.contract.keys import MIRROR_SLOT, SLOTS


class Keys(NamedTuple):
    """What the five slots of a badge hold, and the version byte that tells one rotation from the next.

    Beside the key of the mirror a badge shows the number of its `enrolment` in that byte, which that key is derived
    with: so whoever has the site's key knows all five from the badge itself. None: the version there, too.
    """

    slots: Sequence[bytes]
    version: int
    enrolment: int | None = None

    def shown_version(self, slot: int) -> int:
        """The version byte of `slot`."""
        return self.version if slot != MIRROR_SLOT or self.enrolment is None else self.enrolment

    def __repr__(self) -> str:
        """Without the keys: what holds some is printed in a traceback or a log sooner or later."""
        return f"Keys(version={self.version})"


FACTORY = Keys([bytes(16)] * len(SLOTS), 0)
"""As a badge leaves its maker."""
