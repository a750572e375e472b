"""A desk: a reader and a ring, no door. A badge held to it is answered as at a door, and opens nothing.

Its reader can be lent to the server: then badges are the server's, until the loan is over.
"""

from device.contract.lent_reader import CardFrames
from device.contract.messages import Access, Command, Message, Receipt
from device.contract.unit_settings import UnitRules
from device.core.badge.loan import Reconnected, Ticked
from device.core.door.decision import Circumstances, Presented, decide
from device.core.door.taps import Debounce
from device.core.lights.door_ring import Picture
from device.door_panel import DoorPanel
from device.inbox import Connected, Input, OfLoan, ReaderState, Removed, Tap
from device.ports import Moment
from device.unit_context import UnitContext, stamp
from device.units.desk_reader import DeskReader
from device.units.idle_picture import idle_picture
from device.units.receipt import AwaitedReceipt


class DeskUnit:
    """Answers a badge as a door would, hours apart, so that the concierge sees what the member would be told.

    `lends` is the reader that it lends, None where it has none.
    """

    def __init__(
        self, station: UnitContext, panel: DoorPanel, rules: UnitRules, lends: DeskReader | None = None
    ) -> None:
        self._station, self._panel, self._rules, self._lends = station, panel, rules, lends
        self._debounce = Debounce(rules.debounce_s)
        self._awaited = AwaitedReceipt()

    def begin(self, moment: Moment) -> None:
        """Nothing to take up."""

    def end(self, moment: Moment) -> None:
        """Nothing to leave."""

    def take(self, happening: Input, moment: Moment) -> None:
        """One thing that happened at the desk."""
        match happening:
            case Tap(side):
                if not (self._lends and self._lends.is_lent and side == self._lends.side):
                    self._tap(happening, moment)
            case OfLoan(word) if self._lends:
                self._lends.take(word, self._panel, moment)
            case Connected() if self._lends:
                self._lends.take(Reconnected(), self._panel, moment)
            case Removed(side, uid):
                self._debounce.seen((side, uid), moment.now_s)
            case ReaderState(_, lost):
                events = self._station.set_alarm("reader", lost, moment)
                if events:
                    self._station.record(events)

    def heard(self, message: Message, moment: Moment) -> None:
        """A message of the server for this desk."""
        if isinstance(message, Receipt):
            self._awaited.show(message, self._panel, moment)
        elif isinstance(message, CardFrames) and self._lends:
            self._lends.take(message, self._panel, moment)

    def obey(self, command: Command, moment: Moment) -> str | None:
        """Carries out a command; the reason where it cannot."""
        if command.kind != "lend":
            return f"a desk cannot {command.kind}"
        if self._lends is None:
            return "this desk has no reader to lend"
        if "reader" in self._station.alarms:
            return "the reader does not answer"
        self._lends.lend(command, self._panel, moment)
        return None

    def tick(self, moment: Moment) -> None:
        """Lets a loan end."""
        if self._lends:
            self._lends.take(Ticked(), self._panel, moment)

    def deadline_s(self, moment: Moment) -> float | None:
        """When a loan ends."""
        return self._lends.deadline_s() if self._lends else None

    def show(self, moment: Moment, is_connected: bool) -> None:
        """Sets what the ring shows while no badge is answered."""
        fault = Picture.FAULT if "reader" in self._station.alarms else None
        lent = self._lends.picture if self._lends and is_connected else None
        self._panel.idle(fault or lent or idle_picture(self._station, is_connected), moment.now_s)

    def is_quiet(self, moment: Moment) -> bool:
        """Not while the server speaks to a badge: it would be torn off."""
        return not (self._lends and self._lends.is_lent)

    def _tap(self, tap: Tap, moment: Moment) -> None:
        if not self._debounce.is_new((tap.side, tap.badge.uid), moment.now_s):
            return
        presented = Presented(tap.badge.credential, "entry", tap.badge.authentic)
        around = Circumstances(None, None, "normal", None, inside=False, list_max_age_h=self._rules.list_max_age_h)
        decision = decide(presented, self._station.knowledge.access_list, around)
        access = Access(
            **stamp(moment),
            credential=presented.credential,
            side=tap.side,
            decision=decision.verdict,
            reason=decision.reason,
            key_version=tap.badge.key_version,
            list_issued_at=self._station.knowledge.list_that_refused(decision.reason),
        )
        recorded = self._station.record([access])
        if decision.granted:
            self._awaited.tapped(recorded, moment.now_s)
        self._panel.answer(Picture(decision.reason), moment.now_s)
        self._station.monitor.decided(decision.verdict, decision.reason, presented.credential)
