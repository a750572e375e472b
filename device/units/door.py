"""A door: badges are decided on, the strike follows at once, and what happened is written down before it is shown."""

from zoneinfo import ZoneInfo

from device.contract.messages import (
    Access,
    AlarmName,
    AnyEvent,
    Command,
    DoorMode,
    Message,
    Passage,
    Receipt,
    Unused,
)
from device.contract.unit_settings import PinSettings, UnitRules
from device.core.door.decision import Circumstances, Decision, Presented, decide
from device.core.door.door import Door, DoorTimes, deadline_s, step
from device.core.door.events import (
    AlarmSet,
    Contact,
    DoorInput,
    Fire,
    Free,
    Granted,
    NotUsed,
    Passed,
    Release,
    Rex,
    Secure,
    Tamper,
    TimePassed,
)
from device.core.door.mode import Mode
from device.core.door.taps import Debounce, ToggleGuard, direction_of
from device.core.lights.door_ring import Picture
from device.door_panel import DoorPanel
from device.inbox import Input, InputLevel, ReaderState, Removed, StrikeState, Tap
from device.journal.journal import EventId
from device.ports import Moment, Strike
from device.unit_context import UnitContext, stamp
from device.units.idle_picture import idle_picture
from device.units.receipt import AwaitedReceipt

NOT_AUTHENTIC_ALARM_S = 60
"""How long the desk is told of a badge that could not prove its key."""


class DoorUnit:
    """Carries out what the core says about one door."""

    def __init__(
        self, station: UnitContext, panel: DoorPanel, strike: Strike, rules: UnitRules, pins: PinSettings
    ) -> None:
        self._station, self._panel, self._strike, self._rules = station, panel, strike, rules
        self._zone: ZoneInfo = station.knowledge.zone
        self._figures = figures_of(rules, pins)
        self._door = Door(is_open=None if pins.contact is None else False, contact_known=pins.contact is None)
        self._debounce = Debounce(rules.debounce_s)
        self._toggle_guard = ToggleGuard(rules.toggle_guard_s)
        self._lost_readers: set[str] = set()
        self._not_authentic_until_s: float | None = None
        self._awaited = AwaitedReceipt()

    def begin(self, moment: Moment) -> None:
        """Secures the strike, whatever was before, and takes up the mode that was kept."""
        self._strike.secure()
        self.tick(moment)

    def end(self, moment: Moment) -> None:
        """Secures the strike; a held one too, for nobody watches it any more."""
        self._strike.secure()

    def take(self, happening: Input, moment: Moment) -> None:
        """One thing that happened at the door."""
        match happening:
            case Tap():
                self._tap(happening, moment)
            case Removed(side, uid):
                self._debounce.seen((side, uid), moment.now_s)
            case ReaderState(side, lost):
                (self._lost_readers.add if lost else self._lost_readers.discard)(side)
                self._record(self._station.set_alarm("reader", bool(self._lost_readers), moment))
            case StrikeState(lost):
                self._record(self._station.set_alarm("strike", lost, moment))
            case InputLevel(name, active):
                self._level(name, active, moment)

    def heard(self, message: Message, moment: Moment) -> None:
        """A message of the server for this door."""
        if isinstance(message, Receipt):
            self._awaited.show(message, self._panel, moment)

    def obey(self, command: Command, moment: Moment) -> str | None:
        """Carries out a command; the reason where it cannot."""
        if command.kind == "release":
            self._step(Granted(None, "entry", "command"), moment)
            self._panel.answer(Picture.GRANTED, moment.now_s)
            return None
        if command.kind == "mode":
            mode = Mode(command.value or "normal", command.until)
            if not self._station.knowledge.set_mode(mode, moment.reckoned, moment.now_s):
                return f"no {mode.value} until {mode.until}: by what this unit knows of the time that is past"
            self.tick(moment)
            return None
        return f"a door cannot {command.kind}"

    def tick(self, moment: Moment) -> None:
        """Lets time pass."""
        self._station.knowledge.look_at_mode(moment.trusted, moment.now_s)
        free = self._mode(moment) == "free"
        self._step(Free(free) if free != self._door.free else TimePassed(), moment)
        if self._door.holds_open:
            self._strike.hold(in_fire=self._door.fire)
        if self._not_authentic_until_s is not None and moment.now_s >= self._not_authentic_until_s:
            self._not_authentic_until_s = None
            self._record(self._station.set_alarm("not_authentic", False, moment))

    def deadline_s(self, moment: Moment) -> float | None:
        """When time next matters to this door."""
        mode_s = self._station.knowledge.mode_deadline_s(moment.trusted, moment.now_s)
        waits = [deadline_s(self._door, self._figures), self._not_authentic_until_s, mode_s]
        return min((wait for wait in waits if wait is not None), default=None)

    def show(self, moment: Moment, is_connected: bool) -> None:
        """Sets what the ring shows while nobody is answered."""
        self._panel.idle(self._own_picture(moment) or idle_picture(self._station, is_connected), moment.now_s)

    def is_quiet(self, moment: Moment) -> bool:
        """Not while somebody was let in and may still be pulling, nor in a fire."""
        released_until_s = self._door.released_until_s
        return not self._door.fire and (released_until_s is None or moment.now_s >= released_until_s)

    def _own_picture(self, moment: Moment) -> Picture | None:
        alarms: dict[AlarmName, Picture] = {"fire": Picture.FIRE, "forced": Picture.FORCED, "held": Picture.HELD}
        for name, picture in alarms.items():
            if name in self._door.alarms:
                return picture
        if self._station.alarms & {"reader", "strike", "tamper"}:
            return Picture.FAULT
        mode = self._mode(moment)
        return {"free": Picture.FREE, "locked": Picture.LOCKED}.get(mode)

    def _tap(self, tap: Tap, moment: Moment) -> None:
        credential = tap.badge.credential
        if not self._debounce.is_new((tap.side, tap.badge.uid), moment.now_s):
            return
        presented, decision = self._decided(tap, moment)
        access = Access(
            **stamp(moment),
            credential=credential,
            side=tap.side,
            decision=decision.verdict,
            reason=decision.reason,
            key_version=tap.badge.key_version,
            list_issued_at=self._station.knowledge.list_that_refused(decision.reason),
        )
        if decision.granted:
            first = self._step(Granted(credential, presented.direction, "badge"), moment, access)
            self._awaited.tapped(first, moment.now_s)
        else:
            self._record_denial(access, moment)
        self._panel.answer(Picture(decision.reason), moment.now_s)
        self._station.monitor.decided(decision.verdict, decision.reason, credential)

    def _decided(self, tap: Tap, moment: Moment) -> tuple[Presented, Decision]:
        knowledge, credential = self._station.knowledge, tap.badge.credential
        grant = knowledge.access_list.grants.get(credential)
        inside = grant is not None and knowledge.insiders.is_in(grant.member, moment.trusted)
        guarded = self._toggle_guard.holds(credential, moment.now_s)
        presented = Presented(credential, direction_of(tap.side, inside, guarded), tap.badge.authentic)
        around = Circumstances(
            now=moment.trusted,
            local=moment.at.astimezone(self._zone) if moment.trusted else None,
            mode=self._mode(moment),
            present=knowledge.present_at(moment.trusted),
            inside=inside,
            list_max_age_h=self._rules.list_max_age_h,
        )
        return presented, decide(presented, knowledge.access_list, around)

    def _record_denial(self, access: Access, moment: Moment) -> None:
        events: list[AnyEvent] = [access]
        if access.reason == "not_authentic":
            self._not_authentic_until_s = moment.now_s + NOT_AUTHENTIC_ALARM_S
            events += self._station.set_alarm("not_authentic", True, moment)
        self._record(events)

    def _level(self, name: str, active: bool, moment: Moment) -> None:
        happenings: dict[str, DoorInput] = {
            "contact": Contact(active),
            "rex": Rex(active),
            "fire": Fire(active),
            "tamper": Tamper(active),
        }
        before = self._door
        self._step(happenings[name], moment)
        if name == "rex" and self._door.released_until_s not in (None, before.released_until_s):
            self._panel.answer(Picture.EXIT, moment.now_s)

    def _step(self, happening: DoorInput, moment: Moment, access: Access | None = None) -> EventId:
        """One step of the door; the identity of the first event written, that of the tap where there was one."""
        self._door, consequences = step(self._door, happening, moment.now_s, self._figures)
        events: list[AnyEvent] = [access] if access else []
        for consequence in consequences:
            match consequence:
                case Release(None):
                    self._strike.hold(in_fire=self._door.fire)
                case Release(until_s) if until_s is not None:
                    self._strike.release(until_s)
                case Secure():
                    self._strike.secure()
                case Passed():
                    events.append(self._passed(consequence, moment))
                case NotUsed(credential, side):
                    events.append(Unused(**stamp(moment), credential=credential, side=side))
                case AlarmSet(name, active):
                    events += self._station.set_alarm(name, active, moment)
                    self._panel.sound(name, active)
        return self._record(events)

    def _passed(self, passed: Passed, moment: Moment) -> Passage:
        credential, direction, _ = passed
        grant = self._station.knowledge.access_list.grants.get(credential) if credential else None
        if grant is not None:
            self._station.knowledge.insiders.passed(grant.member, direction, moment.trusted)
        if credential is not None and direction == "entry":
            self._toggle_guard.entered(credential, moment.now_s)
        return Passage(**stamp(moment), credential=credential, side=direction, by=passed.by)

    def _record(self, events: list[AnyEvent]) -> EventId:
        if not events:
            return EventId("", 0)
        last = self._station.record(events)
        return EventId(last.epoch, last.seq - len(events) + 1)

    def _mode(self, moment: Moment) -> DoorMode:
        return self._station.knowledge.mode_at(moment.trusted, moment.now_s)


def figures_of(rules: UnitRules, pins: PinSettings) -> DoorTimes:
    """The figures of the door, in seconds."""
    return DoorTimes(
        rules.release_s,
        rules.held_s,
        contact_settle_s=pins.contact_settle_ms / 1000,
        tamper_settle_s=pins.tamper_settle_ms / 1000,
        fire_settle_s=pins.fire_settle_ms / 1000,
        rex_settle_s=pins.rex_settle_ms / 1000,
    )
