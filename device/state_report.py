"""What a unit says of itself to the server: its state, as soon as it is news, and now and then all the same."""

import shutil
from pathlib import Path

from msgspec.structs import replace

from device.contract.channels import STATE
from device.contract.instant import Instant
from device.contract.state import State
from device.contract.unit_settings import UnitSettings, lends
from device.parts import FoundParts
from device.ports import BrokerPort, Moment
from device.unit_context import UnitContext
from device.updates import UnitUpdates

STATE_EVERY_S = 60


class StateReport:
    """Used by the controller's thread alone; `data` is the folder whose disk is told of.

    `due_s` is when the state goes out next although it is no news: never while the link is down.
    """

    def __init__(
        self,
        settings: UnitSettings,
        version: str,
        station: UnitContext,
        link: BrokerPort,
        data: Path,
        *,
        parts: FoundParts | None,
        updates: UnitUpdates,
    ) -> None:
        self._settings, self._version, self._station, self._link = settings, version, station, link
        self._data, self._parts, self._updates = data, parts, updates
        self._since: Instant | None = None
        self._told: State | None = None
        self.due_s = float("inf")

    def begin(self, moment: Moment) -> None:
        """The unit is up since now."""
        self._since = moment.at

    def forget(self) -> None:
        """Whatever was told before counts no more: the link is a new one."""
        self._told = None

    def publish(self, moment: Moment) -> None:
        """Sends the state where it is due, or news."""
        if not self._link.is_up:
            self.due_s = float("inf")
            return
        state = self._state(moment)
        if self._told is not None and not _is_news(self._told, state):
            if moment.now_s < self.due_s:
                return
            state = replace(state, disk_free_mb=self._free_mb())
        self._told, self.due_s = state, moment.now_s + STATE_EVERY_S
        self._link.publish(STATE, state)

    def _state(self, moment: Moment) -> State:
        return State(
            online=True,
            kind=self._settings.kind,
            version=self._version,
            since=self._since,
            outbox=self._station.journal.pending,
            list_version=self._station.knowledge.kept_version,
            clock=moment.clock,
            address=self._link.address,
            alarms=sorted(self._station.alarms),
            disk_free_mb=self._told.disk_free_mb if self._told else self._free_mb(),
            findings=self._parts.found if self._parts else None,
            lends=lends(self._settings) or None,
            slots=True if self._settings.kind == "door" else None,
            **self._updates.words(moment.now_s),
        )

    def _free_mb(self) -> int:
        try:
            return shutil.disk_usage(self._data).free // 1_000_000
        except OSError:
            return 0


def _is_news(told: State, state: State) -> bool:
    """The length of the outbox changes with every event: it is told with the next state, and only its end makes one."""
    return state != replace(told, outbox=state.outbox) or bool(told.outbox and not state.outbox)
