"""An update as the running unit sees it: ordered, fetched while the door goes on, left for when nothing is under way,
and judged by the unit itself after its start."""

from collections.abc import Iterable
from typing import Protocol, TypedDict

from device.contract.messages import AlarmName, Command, ReleaseId, Side
from device.contract.state import UpdateOutcome
from device.inbox import Input, ReaderState, UpdateFetched
from device.ports import Moment
from device.unit_context import UnitContext

SETTLE_S = 15
"""How long after its start a unit is watched before it says that all is well: a reader that is lost is told in 10 s."""
LOOK_S = 2
"""How often it is looked for what the updater wrote."""
OWN_ALARMS: frozenset[AlarmName] = frozenset({"reader", "strike", "disk"})
"""Those that a release can bring about; the others are of the door and who goes through it."""
NOTE = "alarms"


class Updater(Protocol):
    """The machine's updater, as the unit needs it."""

    @property
    def release(self) -> str:
        """The release that runs."""

    @property
    def takes_updates(self) -> bool:
        """Whether a release would be taken at all."""

    def fetch(self, order: Command) -> None:
        """Begins to fetch; `UpdateFetched` comes on the queue."""

    def outcome(self) -> UpdateOutcome | None:
        """How the last update ended."""

    def tell_health(self, fault: str | None) -> None:
        """Says that all is well, or what is not yet."""


class UpdateWords(TypedDict, total=False):
    """What a state says of updates."""

    updates: bool
    release: ReleaseId
    update: UpdateOutcome


class UnitUpdates:
    """Used by the controller's thread alone; `updater` is None where the program runs from a checkout.

    `readers` are the sides that have one.
    """

    def __init__(self, station: UnitContext, updater: Updater | None = None, readers: Iterable[Side] = ()) -> None:
        self._station, self._updater = station, updater
        self._began_s = station.now_s()
        self._fetching: str | None = None
        self._outcome: UpdateOutcome | None = None
        self._look_due_s = 0.0
        self._told: str | None = ""
        noted = station.journal.note(NOTE)
        self._alarms_before = frozenset((noted or "").split(","))
        self._awaited = set(readers) if "reader" not in self._alarms_before else set()

    @property
    def release(self) -> str | None:
        """The release that runs, if the program was installed from one."""
        return self._updater.release if self._updater else None

    def begin(self, order: Command) -> str | None:
        """Begins with an order; why it cannot. The same order again changes nothing."""
        if self._updater is None or not self._updater.takes_updates:
            return "no_updater"
        if self._fetching is not None:
            return None if self._fetching == order.id else "under_way"
        if order.release == self._updater.release:
            return "same"
        self._fetching = order.id
        self._updater.fetch(order)
        return None

    def take(self, happening: Input) -> None:
        """Notes what matters here: that an order was fetched, or could not be; that a reader answers."""
        match happening:
            case UpdateFetched():
                self._fetching = None
            case ReaderState(side, lost=False):
                self._awaited.discard(side)

    def words(self, now_s: float) -> UpdateWords:
        """What the state says."""
        if self._updater is None:
            return {}
        if now_s >= self._look_due_s:
            self._look_due_s = now_s + LOOK_S
            self._outcome = self._updater.outcome()
        words: UpdateWords = {"release": self._updater.release}
        if self._updater.takes_updates:
            words["updates"] = True
        if self._outcome is not None:
            words["update"] = self._outcome
        return words

    def look(self, moment: Moment, *, is_connected: bool) -> None:
        """Says to the updater how this release does, until all is well."""
        if self._updater is None or self._told is None:
            return
        fault = self._fault(is_connected)
        if fault is None and moment.now_s - self._began_s < SETTLE_S:
            fault = "settling"
        if fault != self._told:
            self._updater.tell_health(fault)
            self._told = fault

    def note_alarms(self) -> None:
        """Keeps which alarms there are, so that the next release is not blamed for them."""
        self._station.journal.set_note(NOTE, ",".join(sorted(self._station.alarms)))

    def _fault(self, is_connected: bool) -> str | None:
        alarms = (self._station.alarms & OWN_ALARMS) - self._alarms_before
        if alarms:
            return f"alarm {min(alarms)}"
        if self._awaited:
            return f"reader_awaited {min(self._awaited)}"
        if not is_connected:
            return "no_broker"
        return "no_ack" if self._station.journal.pending else None
