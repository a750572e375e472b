"""The keys of one application on a virtual card, their versions, and what wrong proofs cost."""

from collections.abc import Mapping, Sequence
from typing import Any

from device.simulation.card_status import DELAY, NO_SUCH_KEY, NOT_ALLOWED, CardDeclines

FAILURES_WITHOUT_DELAY = 49
"""Wrong proofs of a key in a row; from the next on, authentication has to be waited for (NT4H2421Gx, 9.1.10)."""
LONGEST_DELAY = 255
"""Times that an authentication is put off at the most."""
MOST_FAILURES = 1000
"""Wrong proofs of a key, less ten for each right one: there it is refused for good."""
FORGIVEN = 10


class KeySet:
    """Five keys or so. `delays`: so many times the next authentication is answered with "ask again" (91AD)."""

    def __init__(self, keys: Sequence[bytes], delays: int = 0) -> None:
        self.keys = list(keys)
        self.versions = [0] * len(self.keys)
        self.delays = delays
        self.failures = [0] * len(self.keys)
        self.failures_in_all = [0] * len(self.keys)

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> "KeySet":
        """The key set that said `state`."""
        made = cls([bytes.fromhex(key) for key in state["keys"]], state["delays"])
        made.versions = list(state["versions"])
        made.failures = list(state["failures"])
        made.failures_in_all = list(state["failures_in_all"])
        return made

    def state(self) -> dict[str, Any]:
        """All of it in JSON's values; keys in hex."""
        return {
            "keys": [key.hex() for key in self.keys],
            "versions": list(self.versions),
            "delays": self.delays,
            "failures": list(self.failures),
            "failures_in_all": list(self.failures_in_all),
        }

    def admit(self, slot: int) -> bytes:
        """The key of `slot`, for an authentication that begins; raises `CardDeclines`."""
        if slot >= len(self.keys):
            raise CardDeclines(NO_SUCH_KEY)
        if self.failures_in_all[slot] >= MOST_FAILURES:
            raise CardDeclines(NOT_ALLOWED)
        if self.delays:
            self.delays -= 1
            raise CardDeclines(DELAY)
        return self.keys[slot]

    def proved(self, slot: int) -> None:
        """A right proof of `slot`."""
        self.failures[slot] = 0
        self.failures_in_all[slot] = max(0, self.failures_in_all[slot] - FORGIVEN)

    def failed(self, slot: int) -> None:
        """A wrong proof of `slot`."""
        self.failures[slot] += 1
        self.failures_in_all[slot] += 1
        self.delays = min(LONGEST_DELAY, max(0, self.failures[slot] - FAILURES_WITHOUT_DELAY))

    def write(self, slot: int, key: bytes, version: int) -> None:
        """Sets one key; its failures are forgotten."""
        self.keys[slot], self.versions[slot] = key, version
        self.failures[slot] = self.failures_in_all[slot] = 0
