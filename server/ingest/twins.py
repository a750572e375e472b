"""Two machines under the name of one unit: the folder of one card was copied onto two.

The broker lets in whoever came last and cuts the other off, which comes back: their states arrive in turn. A program
has one beginning (`since`); one that was heard, was followed by another, and is heard again runs on a machine of its
own.
"""

from dataclasses import dataclass, field
from datetime import timedelta

from device.contract.instant import Instant
from device.contract.state import State

TOLD_FOR = timedelta(minutes=10)
"""So long after they were last heard in turn."""
REMEMBERED = 4
"""Beginnings of a unit that are kept in mind, the present one apart."""


@dataclass
class _Heard:
    """The present beginning of a unit and the address it is at, and those before it, the oldest first."""

    since: Instant
    address: str
    former: dict[Instant, str] = field(default_factory=dict)


@dataclass
class TwinWatch:
    """In memory: after a restart of the server two machines are found out again within a minute."""

    _heard: dict[str, _Heard] = field(default_factory=dict)
    _twins: dict[str, tuple[Instant, tuple[str, ...]]] = field(default_factory=dict)

    def hear(self, unit: str, state: State, at: Instant) -> None:
        """The unit said how it is."""
        if state.since is None:
            return
        address = state.address or ""
        heard = self._heard.setdefault(unit, _Heard(state.since, address))
        if heard.since == state.since:
            heard.address = address
            return
        if state.since in heard.former:
            both = (heard.address, address)
            self._twins = self._twins | {unit: (at, tuple(sorted({each for each in both if each})))}
            del heard.former[state.since]
        heard.former[heard.since] = heard.address
        for old in list(heard.former)[:-REMEMBERED]:
            del heard.former[old]
        heard.since, heard.address = state.since, address

    def seen(self, now: Instant) -> dict[str, tuple[str, ...]]:
        """The units under whose name two machines spoke lately, with the addresses that both said; from any thread."""
        return {unit: addresses for unit, (at, addresses) in self._twins.items() if now - at < TOLD_FOR}
