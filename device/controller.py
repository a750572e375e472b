"""The one thread that thinks: it takes inputs from one queue, lets the unit act on each, and sees to link and light.

So the order of what happened is one list, and the core needs no lock.
"""

import logging
from collections.abc import Callable
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Protocol

from device.contract.channels import ACCESS_LIST, EVENTS, HOURS, INSIDE, OCCUPANCY
from device.contract.lent_reader import CardFrames
from device.contract.messages import Ack, Command, CommandDone, Message, Started
from device.contract.unit_settings import UnitSettings, brightness_hours
from device.core.lights.light import brightness_at
from device.inbox import Arrived, Connected, Disconnected, Input, Kept, LinkFailed, NotKept, StopAsked, UpdateFetched
from device.parts import FoundParts
from device.ports import BrokerPort, Moment
from device.state_report import StateReport
from device.unit_context import UnitContext, stamp
from device.updates import UnitUpdates

log = logging.getLogger(__name__)

DISK_RETRY_S = 10
LONGEST_WAIT_S = 5
"""The loop comes round at least this often, to look at the clocks and to tell the watchdog that it lives."""
AGE_UNKNOWN = "this unit does not know the time yet, nor so how old the order is; try again in a minute"
"""To an order that may be old, but for those that open nothing: within a minute the server says what time it is."""
KNOWLEDGE = (ACCESS_LIST, INSIDE, OCCUPANCY, HOURS)


class Behaviour(Protocol):
    """What a kind of unit does."""

    def begin(self, moment: Moment) -> None:
        """The unit starts."""

    def end(self, moment: Moment) -> None:
        """The unit stops."""

    def take(self, happening: Input, moment: Moment) -> None:
        """Something happened."""

    def heard(self, message: Message, moment: Moment) -> None:
        """The server said something that only this kind of unit cares for."""

    def obey(self, command: Command, moment: Moment) -> str | None:
        """Carries out a command; the reason where it cannot."""

    def tick(self, moment: Moment) -> None:
        """Time passed."""

    def deadline_s(self, moment: Moment) -> float | None:
        """When time next matters."""

    def show(self, moment: Moment, is_connected: bool) -> None:
        """Sets what the ring shows while nobody is answered."""

    def is_quiet(self, moment: Moment) -> bool:
        """Whether the unit may end now without taking anything from anybody."""


class Controller:
    """Runs a unit until it is asked to stop."""

    def __init__(
        self,
        settings: UnitSettings,
        version: str,
        station: UnitContext,
        behaviour: Behaviour,
        *,
        link: BrokerPort,
        inbox: SimpleQueue[Input],
        data: Path,
        alive: Callable[[], None],
        parts: FoundParts | None = None,
        updates: UnitUpdates | None = None,
    ) -> None:
        self._settings, self._version = settings, version
        self._station, self._behaviour, self._link, self._inbox = station, behaviour, link, inbox
        self._alive, self._parts = alive, parts
        self._updates = updates or UnitUpdates(station)
        self._report = StateReport(settings, version, station, link, data, parts=parts, updates=self._updates)
        self._is_leaving = False
        self._brightness_hours = brightness_hours(settings.ring)
        self._stop: StopAsked | None = None
        self._round_due_s = 0.0
        self._disk_due_s = 0.0
        self.failures = 0

    def run(self) -> bool:
        """Returns when asked to stop; True where a new start was asked for."""
        moment = self._station.moment()
        self._begin(moment)
        while self._stop is None:
            happening = self._next_input(moment)
            try:
                if happening is None and self._station.now_s() < self._round_due_s:
                    self._station.panel.render(self._station.now_s())  # many times a second, so nothing else is done
                else:
                    moment = self._station.moment()
                    self._go_round(happening, moment)
                self._alive()  # not of a round that failed: where all do, the watchdog starts the unit anew
            except Exception:
                self.failures += 1
                log.exception("input not handled failures=%d", self.failures)
        self._behaviour.end(self._station.moment())
        self._updates.note_alarms()
        self._station.journal.set_note("clean", "yes")
        return self._stop.restart

    def _next_input(self, before: Moment) -> Input | None:
        """What happens next; None when a deadline comes first. It was last looked at how things stand `before`."""
        deadlines = [self._behaviour.deadline_s(before), self._station.journal.deadline_s(), self._report.due_s]
        if self._parts is not None:
            deadlines.append(self._parts.deadline_s())
        self._round_due_s = min(before.now_s + LONGEST_WAIT_S, *(due for due in deadlines if due is not None))
        frame_s = self._station.panel.deadline_s()
        due_s = self._round_due_s if frame_s is None else min(self._round_due_s, frame_s)
        wait_s = due_s - self._station.now_s()
        try:
            return self._inbox.get(timeout=wait_s) if wait_s > 0 else self._inbox.get_nowait()
        except Empty:
            return None

    def _go_round(self, happening: Input | None, moment: Moment) -> None:
        if happening is not None:
            self._updates.take(happening)
            self._take(happening, moment)
        self._behaviour.tick(moment)
        self._follow_up(moment)
        if self._is_leaving and self._behaviour.is_quiet(moment) and not self._station.journal.disk_fails:
            self._stop = StopAsked()

    def _take(self, happening: Input, moment: Moment) -> None:
        if self._parts is not None:
            self._parts.take(happening, moment)
        match happening:
            case StopAsked(quietly=True):
                self._is_leaving = True
            case StopAsked():
                self._stop = happening
            case UpdateFetched(order, fault):
                self._answer(order, fault, moment)
            case Connected():
                self._station.journal.connected(True)
                self._report.forget()
                self._behaviour.take(happening, moment)
            case Disconnected():
                self._station.journal.connected(False)
            case Arrived():
                self._arrived(happening, moment)
            case Kept(name, payload):
                self._station.knowledge.kept(name, payload)
            case NotKept(name):
                self._station.knowledge.not_kept(name)
            case LinkFailed():
                pass  # of which only the parts take note
            case _:
                self._behaviour.take(happening, moment)

    def _arrived(self, arrived: Arrived, moment: Moment) -> None:
        if not arrived.retained:  # what is retained may be of a server that is long silent
            self._station.heard_s = moment.now_s
        match arrived.message:
            case Ack():
                self._station.journal.acknowledged(arrived.message, moment.now_s)
            case Command():
                self._command(arrived.message, arrived.retained, moment)
            case CardFrames() if arrived.retained:
                log.warning("frames for a badge dropped: retained")
            case message if arrived.channel in KNOWLEDGE:
                self._station.learn(message, arrived.retained, moment)
            case message:
                self._behaviour.heard(message, moment)

    def _follow_up(self, moment: Moment) -> None:
        for run in self._station.journal.due_runs(moment.at, moment.now_s):
            self._link.publish(EVENTS, run)
        self._watch_disk(moment)
        if self._parts is not None:
            self._parts.look(moment, self._station.alarms)
        self._report.publish(moment)
        panel = self._station.panel
        self._updates.look(moment, is_connected=self._link.is_up)
        panel.dim(self._brightness(moment), moment.now_s)
        self._behaviour.show(moment, self._link.is_up)
        panel.render(moment.now_s)

    def _command(self, command: Command, retained: bool, moment: Moment) -> None:
        if retained:
            log.warning("command dropped: retained id=%s", command.id)
            return
        if moment.reckoned is not None and command.expires_at <= moment.reckoned:
            log.warning("command dropped: expired id=%s", command.id)
            return
        if self._station.journal.was_carried_out(command.id):
            log.info("command dropped: carried out before id=%s", command.id)
            return
        if command.kind == "update":
            error = self._updates.begin(command)
            if error is None:
                return  # answered when it is fetched
        else:
            error = self._obeyed(command, moment)
        self._answer(command, error, moment)

    def _answer(self, command: Command, error: str | None, moment: Moment) -> None:
        done = CommandDone(**stamp(moment), id=command.id, ok=error is None, error=error)
        self._station.record([done], command=command.id)
        log.info("command kind=%s id=%s error=%s", command.kind, command.id, error)

    def _obeyed(self, command: Command, moment: Moment) -> str | None:
        if command.kind == "identify":
            self._station.panel.identify(moment.now_s)
            return None
        if command.kind == "restart":
            self._stop = StopAsked(restart=True)
            return None
        return AGE_UNKNOWN if moment.reckoned is None else self._behaviour.obey(command, moment)

    def _brightness(self, moment: Moment) -> float:
        """By the hour of the place, while the clock is to be trusted."""
        if self._brightness_hours and moment.trusted is not None:
            local = moment.trusted.astimezone(self._station.knowledge.zone).time()
            return brightness_at(local, self._brightness_hours)
        return self._settings.ring.brightness if self._settings.ring else 1.0

    def _watch_disk(self, moment: Moment) -> None:
        journal = self._station.journal
        if journal.disk_fails and moment.now_s >= self._disk_due_s and "disk" in self._station.alarms:
            self._disk_due_s = moment.now_s + DISK_RETRY_S
            journal.retry_disk()
        journal.let_go(moment.at, moment.now_s)
        knowledge = self._station.knowledge
        wrong = journal.disk_fails or journal.is_damaged or knowledge.is_damaged or bool(knowledge.not_on_disk)
        events = self._station.set_alarm("disk", wrong, moment)
        if events:
            self._disk_due_s = moment.now_s + DISK_RETRY_S
            self._station.record(events)

    def _begin(self, moment: Moment) -> None:
        """The door first; whatever the disk holds then, the loop comes after it."""
        self._report.begin(moment)
        for part in (self._behaviour.begin, self._take_up, self._follow_up):
            try:
                part(moment)
            except Exception:
                self.failures += 1
                log.exception("start not complete failures=%d", self.failures)

    def _take_up(self, moment: Moment) -> None:
        """Goes on from what was written before this start."""
        journal, knowledge = self._station.journal, self._station.knowledge
        grants = knowledge.access_list.grants
        knowledge.insiders.replay(
            (grant.member, passage.side, passage.at)
            for passage in journal.recent_passages()
            if passage.clock != "unset" and (grant := grants.get(passage.credential or ""))
        )
        cause = journal.began(self._updates.release or self._version)
        self._station.record([Started(**stamp(moment), version=self._version, cause=cause)])
