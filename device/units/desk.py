"""A desk: a reader and a ring, no door. A badge held to it is answered as at a door, and opens nothing."""

from device.contract.messages import Access, Command, Message, Receipt
from device.contract.unit_settings import UnitRules
from device.core.door.decision import Circumstances, Presented, decide
from device.core.door.taps import Debounce
from device.core.lights.door_ring import Picture
from device.door_panel import DoorPanel
from device.inbox import Input, ReaderState, Removed, Tap
from device.ports import Moment
from device.unit_context import UnitContext, stamp
from device.units.idle_picture import idle_picture
from device.units.receipt import AwaitedReceipt


class DeskUnit:
    """Answers a badge as a door would, hours apart, so that the concierge sees what the member would be told."""

    def __init__(self, station: UnitContext, panel: DoorPanel, rules: UnitRules) -> None:
        self._station, self._panel, self._rules = station, panel, rules
        self._debounce = Debounce(rules.debounce_s)
        self._awaited = AwaitedReceipt()

    def begin(self, moment: Moment) -> None:
        """Nothing to take up."""

    def end(self, moment: Moment) -> None:
        """Nothing to leave."""

    def take(self, happening: Input, moment: Moment) -> None:
        """One thing that happened at the desk."""
        match happening:
            case Tap():
                self._tap(happening, moment)
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

    def obey(self, command: Command, moment: Moment) -> str | None:
        """Carries out a command; the reason where it cannot."""
        return f"a desk cannot {command.kind}"

    def tick(self, moment: Moment) -> None:
        """Time changes nothing here."""

    def deadline_s(self, moment: Moment) -> float | None:
        """Never."""
        return None

    def show(self, moment: Moment, is_connected: bool) -> None:
        """Sets what the ring shows while no badge is answered."""
        fault = Picture.FAULT if "reader" in self._station.alarms else None
        self._panel.idle(fault or idle_picture(self._station, is_connected), moment.now_s)

    def is_quiet(self, moment: Moment) -> bool:
        """Always: a desk opens nothing."""
        return True

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
        )
        recorded = self._station.record([access])
        if decision.granted:
            self._awaited.tapped(recorded, moment.now_s)
        self._panel.answer(Picture(decision.reason), moment.now_s)
        self._station.monitor.decided(decision.verdict, decision.reason, presented.credential)
